/** Throws RangeError for an id that some engine would not take: work moves between engines. */
export function requireJobId(id: string): void {
  if (/^[A-Za-z0-9_-]{1,200}$/.test(id) && !/^\d+$/.test(id)) return
  throw new RangeError(`${JSON.stringify(id)} is not a job id: letters, digits, _ and -, not all digits`)
}

/** Throws RangeError for a name that some engine would not take. */
export function requireQueueName(name: string): void {
  if (/^[A-Za-z0-9_.-]{1,200}$/.test(name)) return
  throw new RangeError(`${JSON.stringify(name)} is not the name of a queue: letters, digits and _ . -`)
}
