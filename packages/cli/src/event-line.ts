import { paint, safe } from './output.ts'

/** The attributes and the few document fields that a line for people shows. */
export interface ShownEvent {
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly storyseq: number
  readonly storyversion?: string
  readonly data: { readonly headlines?: readonly { readonly value: string }[]; readonly edNote?: string } | null
}

/** `08:21:40  published  v3 #5  anp:ANPX-1  Headline` */
export function eventLine(event: ShownEvent): string {
  const kind = event.type.replace('dateline.story.', '')
  const what = event.data?.headlines?.[0]?.value ?? event.data?.edNote ?? ''
  const version = event.storyversion === undefined || event.storyversion === '' ? '' : `v${event.storyversion} `
  return `${paint.dim(event.time.slice(11, 19))}  ${colour(kind)(kind.padEnd(9))}  ${paint.dim(safe(`${version}#${event.storyseq}  ${event.subject}`))}  ${safe(what)}`
}

function colour(kind: string): (text: string) => string {
  if (kind === 'killed' || kind === 'withheld') return paint.red
  return kind === 'published' ? paint.green : paint.yellow
}
