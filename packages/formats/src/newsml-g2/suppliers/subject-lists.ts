import type { Concept } from '@dateline/story'

const subjectCodes = 'http://cv.iptc.org/newscodes/subjectcode/'

/** A supplier's code that is IPTC's eight-digit number behind an alias of its own, with IPTC's URI; any other as it is. */
export function subjectCode(subject: Concept, alias: string): Concept {
  const code = subject.literal?.startsWith(alias) ? subject.literal.slice(alias.length) : ''
  if (!/^\d{8}$/.test(code)) return subject
  const { literal: _, ...rest } = subject
  return { ...rest, uri: subjectCodes + code }
}

/** Each concept once, the first of its kind. */
export function distinct(concepts: readonly Concept[]): Concept[] {
  const seen = new Set<string>()
  return concepts.filter(({ uri, literal, name, rel }) => {
    const identity = JSON.stringify([uri ?? literal ?? name, rel])
    if (seen.has(identity)) return false
    seen.add(identity)
    return true
  })
}
