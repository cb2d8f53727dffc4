import { type Outcome, pass, reject } from '@dateline/story'

const maxDepth = 60
const maxValues = 200_000
const unsafeKeys = new Set(['__proto__', 'constructor', 'prototype'])

const quote = 34
const backslash = 92

/**
 * Refuses what `JSON.parse` would take without a word: a key twice in a document (readers differ in which they believe), keys anywhere
 * that reach an object's prototype, nesting deeper than 60, more than 200,000 values. One pass; syntax is left to `JSON.parse`.
 * A document is the object at the top, or each one in the array at the top. Deeper keys may repeat: IPTC's own example has two
 * renditions of one name.
 */
export function scanJson(text: string): Outcome<null> {
  const documentDepth = /^\s*\[/.test(text) ? 2 : 1
  /** For each object or array that is open, whether it is an object. */
  const open: boolean[] = []
  let keys = new Set<string>()
  let isKeyNext = false
  let values = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = endOfString(text, at)
        if (end < 0) return pass(null)
        if (isKeyNext) {
          const key = keyOf(text.slice(at + 1, end))
          if (unsafeKeys.has(key)) return reject('unsafe-key', `key ${JSON.stringify(key)}`)
          if (open.length === documentDepth) {
            if (keys.has(key))
              return reject('malformed', `key ${JSON.stringify(key.slice(0, 100))} twice in one document`)
            keys.add(key)
          }
          isKeyNext = false
        }
        at = end
        break
      }
      case 123: // {
        open.push(true)
        if (open.length === documentDepth) keys = new Set()
        isKeyNext = true
        break
      case 91: // [
        open.push(false)
        isKeyNext = false
        break
      case 44: // ,
        isKeyNext = open.at(-1) === true
        values++
        break
      case 125: // }
      case 93: // ]
        open.pop()
        isKeyNext = false
        break
    }
    if (open.length > maxDepth) return reject('too-deep', `nested deeper than ${maxDepth}`)
    if (values > maxValues) return reject('too-complex', `more than ${maxValues} values`)
  }
  return pass(null)
}

/** Where the string that begins at `start` has its closing quote; -1 when it has none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end >= 0) {
    let before = end - 1
    while (text.charCodeAt(before) === backslash) before--
    if ((end - before) % 2 === 1) return end
    end = text.indexOf('"', end + 1)
  }
  return -1
}

function keyOf(raw: string): string {
  if (!raw.includes('\\')) return raw
  try {
    return JSON.parse(`"${raw}"`) as string
  } catch {
    return raw
  }
}
