import { SegmentGone } from './segment-metadata.ts'

/** Objects are joined and removed while we look. What takes their place is there before they go, so a second look finds it. */
export async function lookAgain<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof SegmentGone) return look()
    throw error
  }
}
