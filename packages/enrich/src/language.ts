import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Enrichment } from './enrichment.ts'

/** Languages that agencies write in; fewer candidates make fewer mistakes. */
const expected = [
  'nl',
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'da',
  'sv',
  'no',
  'fi',
  'pl',
  'cs',
  'hu',
  'ro',
  'tr',
  'ru',
  'uk',
  'el',
  'ar',
  'zh',
  'ja',
  'ko',
]
const require = createRequire(import.meta.url)
let detector: ReturnType<typeof loadDetector> | null = null

/** With the first text that needs it: its table takes 100 MB and half a second, and most messages say their language. */
function loadDetector() {
  // The package has no entry for require, but its file can be required.
  const { eld } = require(fileURLToPath(import.meta.resolve('eld/small'))) as typeof import('eld/small')
  const own = eld.newInstance()
  own.setLanguageSubset(expected)
  return own
}

const longestSample = 300
/** Below this a text is too short to contradict the supplier. */
const shortestSample = 60
/** How far ahead another language must be of the supplier's own. */
const margin = 0.1

/** `language` from the body, where the supplier says none. A supplier's usual language wins a close race; absent when unsure. */
export const language: Enrichment = (story, context) => {
  if (story.language !== undefined) return story
  const found = detect(story.bodyText ?? '', context.language)
  return found === undefined ? story : { ...story, language: found }
}

function detect(text: string, usual: string | undefined): string | undefined {
  const sample = text.slice(0, longestSample)
  if (sample.length < shortestSample) return usual
  detector ??= loadDetector()
  const result = detector.detect(sample)
  const found = result.language === '' ? undefined : result.language
  if (found === undefined) return usual
  if (usual !== undefined) {
    const own = usual.split('-')[0] ?? usual
    if (found === own) return usual
    const scores = result.getScores()
    return (scores[found] ?? 0) - (scores[own] ?? 0) > margin ? found : usual
  }
  return result.isReliable() ? found : undefined
}
