/** The archived objects of one partition of one log, each beginning where the one before it ends. */
export interface Chain {
  readonly topic: string
  readonly logId: string
  readonly partition: number
}

const ROOT = 'raw/v1/'
const DIGITS = 20
const KEY_SHAPE = /^raw\/v1\/([A-Za-z0-9._-]+)\/([A-Za-z0-9._=-]+)\/p=(\d{1,9})\/(\d{20})$/

/** The prefix of a topic's objects, of all logs that ever bore the name; without a topic: of everything archived. */
export const topicPrefix = (topic?: string): string => (topic === undefined ? ROOT : `${ROOT}${topic}/`)

export const chainPrefix = (chain: Chain): string => `${topicPrefix(chain.topic)}${chain.logId}/p=${chain.partition}/`

/** Everything in the key is a function of the chain and the position at which the object begins; keys sort as positions do. */
export const objectKey = (chain: Chain, base: number): string => chainPrefix(chain) + String(base).padStart(DIGITS, '0')

/** Behind every object of the chain, to list from there on. */
export const keyBehind = (chain: Chain): string => chainPrefix(chain) + '9'.repeat(DIGITS)

/** null for a key that is not of the archiver's making. */
export function parseObjectKey(key: string): { readonly chain: Chain; readonly base: number } | null {
  const parts = KEY_SHAPE.exec(key)
  if (parts === null) return null
  const [, topic = '', logId = '', partition = '', base = ''] = parts
  const parsed = { chain: { topic, logId, partition: Number(partition) }, base: Number(base) }
  return Number.isSafeInteger(parsed.base) && String(parsed.chain.partition) === partition ? parsed : null
}
