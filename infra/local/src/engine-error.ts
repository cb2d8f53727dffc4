/** Something a person must put right; the message says what is wrong and what to do, in one sentence. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
}
