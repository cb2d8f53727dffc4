import { startsWithDateline } from '../dateline-look.ts'

const sampleCharacters = 6_000
const mostLines = 60
const fewestLetters = 100
const longestHeadline = 200

/** True for marks of other kinds of text: mark-up, JSON, and the control characters of the teleprinter formats. */
export function isOtherKind(text: string): boolean {
  const start = text.slice(0, 300).trimStart()
  return /^(?:[<{]|\[\s*(?:["{[\d\]]|$))/.test(start) || hasControls(text)
}

/**
 * True for text that reads like news: a paragraph with a dateline, or a short first line and sentences under it. Tables, settings, program text and
 * single words are not.
 */
export function looksLikeNews(text: string): boolean {
  const sample = text.slice(0, sampleCharacters)
  const lines = sample
    .split(/[\n\r\u2028\u2029]+/, mostLines)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.some((line) => startsWithDateline(line) && line.length > 40)) return true
  if (lines.length < 2 || (lines[0]?.length ?? 0) > longestHeadline || !isMostlyWords(sample)) return false
  return lines.slice(1).some((line, at, rest) => isSentence(line) || isSentence(`${line} ${rest[at + 1] ?? ''}`))
}

/** Letters, spaces and the marks of sentences make prose; figures, brackets and signs make tables and programs. */
function isMostlyWords(sample: string): boolean {
  const letters = sample.match(/[\p{L}\p{M}]/gu)?.length ?? 0
  const spaces = sample.match(/\s/g)?.length ?? 0
  const signs = sample.match(/[{}<>;=|\\\t_#$@^~[\]]/g)?.length ?? 0
  const all = sample.length
  return (
    letters >= fewestLetters && (letters + spaces) / all > 0.85 && signs / all < 0.01 && letters / (spaces + 1) < 14
  )
}

const isSentence = (text: string): boolean =>
  text.length >= 50 && /[\p{Ll}\d)"”’'][.!?]["”’')]?(?:\s|$)/u.test(text) && text.split(' ', 9).length >= 8

function hasControls(text: string): boolean {
  for (const character of text.slice(0, 2_000)) if (character < ' ' && !'\n\r\t\f'.includes(character)) return true
  return false
}
