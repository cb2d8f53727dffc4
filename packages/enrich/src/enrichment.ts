import type { Story } from '@dateline/story'

/** What enrichment may know besides the story. */
export interface EnrichContext {
  readonly supplier: string
  /** BCP 47: what the supplier writes in unless its texts say otherwise. */
  readonly language?: string
}

/** Adds to a story what can be read from it, or answers with the same story. Pure; never throws. */
export type Enrichment = (story: Story, context: EnrichContext) => Story
