import { type Story, storyUri } from '@dateline/story'

interface Exception {
  readonly why: string
  /** What is left of the story's value; undefined: nothing. */
  readonly held: (story: Story, supplier: string) => unknown
}

const nothing = (why: string): Exception => ({ why, held: () => undefined })

/** Every field that comes back from its ninjs document other than it was, and why. All others come back as they were. */
export const exceptions: Readonly<Partial<Record<keyof Story, Exception>>> = {
  id: {
    why: 'uri must be a URI: another id becomes a URN of ours',
    held: ({ id }, supplier) => (id === undefined ? withoutId : storyUri(supplier, id)),
  },
  type: { why: 'always told', held: ({ type = 'text' }) => type },
  pubStatus: { why: 'always told', held: ({ pubStatus = 'usable' }) => pubStatus },
  headlines: {
    why: 'the headline is told to be it, by its role, and comes first',
    held({ headlines }) {
      const at = headlines?.findIndex(({ role }) => role === undefined || role === 'main') ?? -1
      const headline = headlines?.[Math.max(at, 0)]
      return headline && [{ ...headline, role: 'main' }, ...(headlines ?? []).filter((each) => each !== headline)]
    },
  },
  edNotes: { why: 'edNote is one text', held: ({ edNotes }) => edNotes && [edNotes.join('\n')] },
  embargoed: {
    why: 'embargoedUntil is a date-time: no embargo without an end, and none that is taken back',
    held: ({ embargoed }) => (embargoed === 'indefinite' || embargoed === 'none' ? undefined : embargoed),
  },
  supplierUrgency: {
    why: "ninjs has one urgency, on the scale of IPTC, which is what a reader of it then takes for its supplier's",
    held: ({ urgency }) => urgency?.toString(),
  },
  signals: nothing('ninjs has no field for signals'),
  change: nothing('ninjs does not tell a correction from an update'),
  replaces: nothing('ninjs 3.1 has no field for what a story supersedes'),
  altIds: {
    why: 'roles that begin with dateline: are kept for our own',
    held: ({ altIds }) => altIds?.filter(({ role }) => !role.startsWith('dateline:')),
  },
  associations: {
    why: "uri as the story's own, and href must be a URI: the file name of an attachment is none",
    held: ({ associations }, supplier) =>
      associations?.map((each) => ({
        ...each,
        uri: storyUri(supplier, each.uri),
        ...(each.renditions && {
          renditions: each.renditions.map(({ href, ...rest }) => (href?.includes(':') ? { ...rest, href } : rest)),
        }),
      })),
  },
  flags: nothing('of the reading, not of the story'),
  unmapped: nothing('what has no place in a story'),
}

/** The publisher's, for a story without an id. */
export const withoutId = 'urn:dateline:supplier:by-content'

const ofRecalls: ReadonlySet<string> = new Set(
  'id version versionCreated pubStatus type headlines slugline edNotes supplierUrgency'.split(' '),
)

/** What of the story its ninjs document holds: what must come back from it. */
export function heldByNinjs(story: Story, supplier: string): Story {
  const isRecall = story.pubStatus !== undefined && story.pubStatus !== 'usable'
  const names = new Set([...Object.keys(story), ...Object.keys(exceptions)]) as Set<keyof Story>
  const held = [...names].map((name) => {
    const value = exceptions[name]?.held(story, supplier) ?? (name in exceptions ? undefined : story[name])
    return [name, value] as const
  })
  const whole = Object.fromEntries(held.filter(([, value]) => value !== undefined)) as Story
  return isRecall ? recallOf(whole) : whole
}

/** A recall tells what it recalls, and nothing of what it said. */
function recallOf(whole: Story): Story {
  const entries = Object.entries(whole).filter(([name]) => ofRecalls.has(name))
  const { type: _type, supplierUrgency: _urgency, headlines, ...rest } = Object.fromEntries(entries) as Story
  return { ...rest, ...(headlines && { headlines: headlines.slice(0, 1) }) }
}
