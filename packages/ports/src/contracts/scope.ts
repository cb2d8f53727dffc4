import { randomBytes } from 'node:crypto'

/** A name that no other run on a shared engine uses. */
export const uniqueName = (stem: string): string => `${stem}-${randomBytes(6).toString('hex')}`

interface Scope<Port> {
  /** Opens another connection to the same engine. */
  another(): Promise<Port>
  undoLater(undo: () => Promise<unknown>): void
}

/** Runs a check and undoes, last first, all that it opened, also when it fails. */
export async function withCleanup<Port extends { close(): Promise<void> }>(
  subject: { readonly open: () => Promise<Port> },
  check: (scope: Scope<Port>) => Promise<void>,
): Promise<void> {
  const undos: (() => Promise<unknown>)[] = []
  const scope: Scope<Port> = {
    async another() {
      const opened = await subject.open()
      undos.push(() => opened.close())
      return opened
    },
    undoLater: (undo) => undos.push(undo),
  }
  try {
    await check(scope)
  } finally {
    // What a broken adapter cannot even close must not hide the promise that failed.
    for (const undo of undos.reverse()) await undo().catch(() => undefined)
  }
}
