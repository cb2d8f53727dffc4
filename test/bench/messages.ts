import { newsmlG2Message, ninjsMessage } from '@dateline/testkit'

export type BenchFormat = 'newsml-g2' | 'ninjs'

/** One of many distinct messages: NewsML-G2 of about 6 KB, ninjs of about 3 KB. */
export function benchMessage(
  format: BenchFormat,
  index: number,
  set = 'drain',
): { readonly id: string; readonly bytes: Buffer } {
  const id =
    format === 'ninjs' ? `https://bench.example/${set}/${index}` : `urn:newsml:bench.example:20260120:/${set}/${index}`
  const text = { version: '1', headline: `Bericht nummer ${index} van de meting` }
  return {
    id,
    bytes: Buffer.from(
      format === 'ninjs' ? ninjsMessage({ uri: id, ...text }) : newsmlG2Message({ guid: id, ...text }),
    ),
  }
}
