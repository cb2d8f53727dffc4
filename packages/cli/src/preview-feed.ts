import { type Feed, feedFrom, type Settings } from '@dateline/runtime'

export interface PreviewOptions {
  readonly settings: Settings
  readonly feed: string
  readonly capturedAtMs: number
  readonly offset: number
  readonly format?: string
  readonly contentType?: string
}

/** The feed that a previewed message would come from, with the format that the command names. */
export const feedOf = ({ settings, feed, format }: PreviewOptions): Feed => ({
  ...feedFrom(feed, settings),
  ...(format === undefined ? {} : { format }),
})
