import type { Story } from '@dateline/story'
import { credits } from './credits.ts'
import { dateline } from './dateline.ts'
import { edNotes } from './ed-notes.ts'
import type { EnrichContext, Enrichment } from './enrichment.ts'
import { headline } from './headline.ts'
import { language } from './language.ts'

/** In this order: notices go before the dateline is looked for, and the headline is taken from what then is left. */
export const enrichments: readonly Enrichment[] = [edNotes, dateline, credits, language, headline]

/** The story with all that can be read from it. */
export const enrich = (story: Story, context: EnrichContext): Story =>
  enrichments.reduce((enriched, enrichment) => enrichment(enriched, context), story)
