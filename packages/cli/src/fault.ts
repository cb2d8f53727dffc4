/** What a command says when it cannot do what was asked: one sentence that says what is wrong and what to do. Never a stack. */
export class CommandFault extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.name = 'CommandFault'
    this.exitCode = exitCode
  }
}
