const prefix = '~'

/** The family of a feed's captures in the state store. A supplier's name begins with a letter or digit, so no story key looks like one. */
export const windowName = (feed: string): string => `${prefix}${feed}`
export const captureKey = (feed: string, storyKey: string): string => `${prefix}${feed}/${storyKey}`

/** The family of a key of `stories.state`; undefined for a story's. */
export const windowOfKey = (key: string): string | undefined =>
  key.startsWith(prefix) ? key.slice(0, key.indexOf('/')) : undefined
