/** The right to be one of so many at a time; the others wait in line. */
export interface Slot {
  /** Resolves when this one may go on. */
  take(): Promise<void>
  /** Lets the next one go on; nothing when it was given back before. */
  giveBack(): void
}

/** Makes slots of which no more than `count` are taken at a time. */
export function slotsOf(count: number): () => Slot {
  let free = count
  const line: (() => void)[] = []
  return () => {
    let isTaken = false
    return {
      take: () =>
        new Promise((resolve) => {
          const start = () => {
            isTaken = true
            resolve()
          }
          if (free > 0) {
            free--
            start()
          } else line.push(start)
        }),
      giveBack() {
        if (!isTaken) return
        isTaken = false
        const next = line.shift()
        if (next) next()
        else free++
      },
    }
  }
}
