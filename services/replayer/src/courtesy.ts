/** Milliseconds that live stories took from the wire to their publication, of those that came in after a time. */
export type TakenSince = (sinceMs: number) => Promise<readonly number[]>

export interface Courtesy {
  /** Of the time, how much the replay may work without live taking notice. 0: it rests, so that live can be seen alone. */
  share(): Promise<number>
  /** Live was in trouble: what it could bear before says nothing. */
  beginAnew(): void
}

const first = 0.1
const least = 0.02
const grows = 1.15
const shrinks = { least: 0.87, most: 0.5 }
const workMs = 3_000
/** What the replay has just sent is worked off before live is alone. */
const settleMs = 200
const aloneMs = 800
const looksBackMs = 10_000
/** One look tells little: what came beside and what came alone are both gathered over so many. */
const looksKept = 3
/** Live may take so much longer beside a replay than alone, and some milliseconds that nobody feels. */
const bearable = { ratio: 1.1, ms: 2 }

/**
 * No figure says beforehand how much a replay costs live: that depends on the machines, the engines and the hour. So it is tried: the replay
 * works for some seconds and rests for one, and what live took in both is compared. It works less as soon as live takes longer beside it,
 * and more, little by little, while it does not. Where no live stories come it does not rest.
 */
export function createCourtesy(
  takenSince: TakenSince,
  { clock = Date.now }: { readonly clock?: () => number } = {},
): Courtesy {
  let share = first
  let rests: (readonly number[])[] = []
  let turn: { readonly isRest: boolean; readonly sinceMs: number } | null = null
  let works: (readonly number[])[] = []
  return {
    async share() {
      const nowMs = clock()
      if (turn === null) await begin(nowMs)
      else if (turn.isRest && nowMs - turn.sinceMs >= aloneMs) await judge(turn.sinceMs + settleMs)
      else if (!turn.isRest && nowMs - turn.sinceMs >= workMs) await look(turn.sinceMs + settleMs)
      return turn?.isRest ? 0 : share
    },
    beginAnew() {
      share = first
      rests = []
      works = []
      // What live took in its trouble is no measure: it is first seen alone.
      turn = { isRest: true, sinceMs: clock() }
    },
  }

  /** Live was alone until now. */
  async function begin(nowMs: number): Promise<void> {
    const alone = await takenSince(nowMs - looksBackMs)
    rests = alone.length > 0 ? [alone] : []
    share = alone.length > 0 ? first : 1
    turn = { isRest: false, sinceMs: clock() }
  }

  async function look(sinceMs: number): Promise<void> {
    const beside = await takenSince(sinceMs)
    const isQuiet = beside.length === 0
    if (isQuiet) share = 1
    else works = [...works, beside].slice(-looksKept)
    turn = { isRest: !isQuiet, sinceMs: clock() }
  }

  async function judge(sinceMs: number): Promise<void> {
    const alone = await takenSince(sinceMs)
    if (alone.length > 0) rests = [...rests, alone].slice(-looksKept)
    turn = { isRest: false, sinceMs: clock() }
    if (rests.length === 0 || works.length === 0) return
    const within = (slow(rests.flat()) * bearable.ratio + bearable.ms) / slow(works.flat())
    const by = within < 1 ? Math.max(shrinks.most, Math.min(shrinks.least, within)) : grows
    share = Math.min(1, Math.max(least, share * by))
  }
}

/** Three in four took no longer. The rest says more of pauses for garbage than of a replay. */
function slow(taken: readonly number[]): number {
  const sorted = taken.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.75)] ?? 0
}
