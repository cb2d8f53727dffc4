import type { Concept } from '@dateline/story'
import { creditName, isCreditCode } from './credit-names.ts'
import type { Enrichment } from './enrichment.ts'

/** Credits in the order given, each agency once, codes with the agency's name. */
export const credits: Enrichment = (story) => {
  const { infoSources } = story
  if (infoSources === undefined) return story
  const seen = new Set<string>()
  const kept: Concept[] = []
  for (const source of infoSources) {
    const named = withName(source)
    const identity = (named.name ?? named.literal ?? named.uri ?? '').toLowerCase()
    if (seen.has(identity)) continue
    seen.add(identity)
    kept.push(named)
  }
  const isSame = kept.length === infoSources.length && kept.every((source, at) => source === infoSources[at])
  return isSame ? story : { ...story, infoSources: kept }
}

function withName(source: Concept): Concept {
  const code = source.literal ?? source.name
  if (code === undefined || !isCreditCode(code)) return source
  const name = creditName(code)
  return source.name === name && source.literal !== undefined ? source : { ...source, name, literal: code }
}
