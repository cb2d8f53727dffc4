import { randomBytes } from 'node:crypto'

/** A name that no other run on a shared engine uses. */
export const uniqueName = (stem: string): string => `${stem}-${randomBytes(6).toString('hex')}`

/** Runs a check and undoes, last first, all that it opened, also when it fails. */
export async function withCleanup(
  check: (undoLater: (undo: () => Promise<unknown>) => void) => Promise<void>,
): Promise<void> {
  const undos: (() => Promise<unknown>)[] = []
  try {
    await check((undo) => undos.push(undo))
  } finally {
    // What a broken adapter cannot even close must not hide the promise that failed.
    for (const undo of undos.reverse()) await undo().catch(() => undefined)
  }
}
