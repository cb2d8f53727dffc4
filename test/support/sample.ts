import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A real page of the Dutch wire. It belongs to its agency and is not part of the repository: tests that need it skip where it is missing. */
export const samplePage = fileURLToPath(new URL('../../../shared/samples/anp-page-capture.txt', import.meta.url))
export const hasSamplePage = existsSync(samplePage)

/** The page, and the same page an hour later: only its relative times have changed. */
export function pageVariants(): { readonly first: Buffer; readonly later: Buffer } {
  const text = readFileSync(samplePage, 'utf8')
  const later = text
    .replaceAll(/\b(\d+) uur geleden/g, (_whole, hours: string) => `${Number(hours) + 1} uur geleden`)
    .replaceAll(/\b\d+ minuten geleden/g, '1 uur geleden')
  return { first: Buffer.from(text), later: Buffer.from(later) }
}
