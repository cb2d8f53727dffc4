/** The first line of a message: "bdt0709 3 pl 691  dpa 4402  br 2452". */
export interface HeaderLine {
  /** Service of the agency (DNST). */
  readonly service: string
  /** PRIO, 1 to 6. */
  readonly priority: string
  /** Section (RESS), in the agency's own language: pl, wi, sp. */
  readonly section: string
  /** AGNT. */
  readonly agency?: string
  /** The agency's running number (ALFD), of this transmission alone. */
  readonly number?: string
  /** Only where the agency gives one in the place of its number (KNA: "170123-89-00065#2"). */
  readonly id?: string
  readonly version?: string
  /** The item that this one refers to (BEZU): "br 2452". */
  readonly reference?: string
}

const shape = /^(\p{L}[\p{L}-]{0,19})(\d{3,5}) ([1-9]) (\p{L}{1,4}) (\d{1,6})(?: +(\S.*))?$/u
/** What kind of text it is, for machines that set it: "vvvvb", "ccccb". */
const attributes = /^([a-z])\1{3}b$/
const versioned = /^([^#\s]{4,80})#(\d{1,6})$/
const longest = 200

/** Reads the header line; null when a line is none. */
export function readHeaderLine(line: string): HeaderLine | null {
  if (line.length > longest) return null
  const found = shape.exec(line.trim())
  if (found === null) return null
  const [, service = '', , priority = '', section = '', , rest = ''] = found
  const fields = rest.split(/ +/).filter((field) => field !== '' && !attributes.test(field))
  const [agency, number = '', ...reference] = fields
  const identity = versioned.exec(number)
  return {
    service,
    priority,
    section,
    ...(agency === undefined ? {} : { agency }),
    ...(identity === null
      ? number === ''
        ? {}
        : { number }
      : { id: identity[1] ?? number, version: identity[2] ?? '' }),
    ...(reference.length === 0 ? {} : { reference: reference.join(' ') }),
  }
}
