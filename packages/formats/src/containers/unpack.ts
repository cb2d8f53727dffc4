import { type Outcome, pass, reject } from '@dateline/story'
import { attachmentsOf } from '../email/attachments.ts'
import { looksLikeMail } from '../email/look.ts'
import { budgetOf, type UnpackBudget } from './budget.ts'
import { gunzip, isGzip } from './gzip.ts'
import { mediaKind, unopenedArchive } from './media-kind.ts'
import { unzip } from './zip.ts'
import { isZip } from './zip-directory.ts'

/** A message to decode, detect and parse by itself. */
export interface MessagePart {
  readonly bytes: Uint8Array
  readonly contentType?: string
  /** True for an attachment: what it is shows in its bytes, whatever format the feed names. */
  readonly isAttached?: boolean
}

export interface UnpackOptions {
  readonly contentType?: string
  /** Whether a wire format recognises this attachment. */
  isMessage(part: MessagePart): boolean
  /** False: an e-mail is left as one message. */
  readonly opensMail?: boolean
}

const deepest = 2

/**
 * A wire message as the messages in it: a gzip or zip file's contents, an e-mail followed by its attachments that are messages, or itself
 * alone. What is bad among good parts rejects alone. Containers lie in containers no deeper than two. Costs a look at a few bytes where
 * there is nothing to unpack.
 */
export function unpack(bytes: Uint8Array, options: UnpackOptions): Outcome<readonly Outcome<MessagePart>[]> {
  const { contentType } = options
  const part = { bytes, ...(contentType === undefined ? {} : { contentType }) }
  if (!isContainer(part, options)) {
    const archive = unopenedArchive(bytes)
    return archive === null ? pass([pass(part)]) : reject('unsupported', archive)
  }
  const parts = open(part, { options, budget: budgetOf(bytes.byteLength), depth: 1 })
  // One outcome for a container that is bad as a whole.
  const [only] = parts
  if (parts.length === 1 && only !== undefined && only.kind !== 'pass') return only
  return parts.length === 0 ? reject('empty', 'a container without messages') : pass(parts)
}

interface Opening {
  readonly options: UnpackOptions
  readonly budget: UnpackBudget
  /** Of the container that is opened, from 1. */
  readonly depth: number
}

function isContainer({ bytes }: MessagePart, { opensMail = true }: UnpackOptions): boolean {
  return isGzip(bytes) || isZip(bytes) || (opensMail && looksLikeMail(bytes))
}

function open(part: MessagePart, opening: Opening): Outcome<MessagePart>[] {
  const { options, budget, depth } = opening
  if (isGzip(part.bytes)) return within([gunzip(part.bytes, budget)], opening)
  if (isZip(part.bytes)) return within(unzip(part.bytes, budget), opening)
  const attachments = attachmentsOf(part.bytes)
  const opened: Outcome<MessagePart>[] = [pass(part)]
  for (const { bytes, contentType, isArchive, isMail } of attachments) {
    const attached: MessagePart = { bytes, contentType, isAttached: true }
    if (isArchive || isMail) opened.push(...within([pass(attached)], { options, budget, depth }))
    else if (mediaKind(bytes) === null && options.isMessage(attached)) opened.push(pass(attached))
  }
  return opened
}

/** Parts that are containers themselves are opened in their turn. */
function within(parts: readonly Outcome<Uint8Array | MessagePart>[], opening: Opening): Outcome<MessagePart>[] {
  return parts.flatMap((outcome): Outcome<MessagePart>[] => {
    if (outcome.kind !== 'pass') return [outcome]
    const part = 'bytes' in outcome.value ? outcome.value : { bytes: outcome.value }
    const archive = unopenedArchive(part.bytes)
    if (archive !== null) return [reject('unsupported', archive)]
    if (!isContainer(part, opening.options)) return [pass(part)]
    if (opening.depth >= deepest) return [reject('too-deep', `containers nested deeper than ${deepest}`)]
    return open(part, { ...opening, depth: opening.depth + 1 })
  })
}
