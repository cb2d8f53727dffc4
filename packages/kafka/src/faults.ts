import { EngineRefusal, OwnershipLost, TransientFault } from '@dateline/ports'
import kafkajs from 'kafkajs'

/** Kafka's error codes that decisions here depend on (https://kafka.apache.org/protocol#protocol_error_codes). */
export const CODE = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  messageTooLarge: 10,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  recordListTooLarge: 18,
  illegalGeneration: 22,
  unknownMember: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  topicAlreadyExists: 36,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  unknownProducerId: 59,
  producerFenced: 90,
} as const

/** Told by the broker to pass: a leader moves, replicas lag, a coordinator loads, a quota is used up. */
const PASSING = new Set([2, 3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 56, 72, 74, 75, 78, 83, 88, 89])

/** The producer's identity is of no use any more. */
export const isIdentityGone = (code: number): boolean =>
  code === CODE.outOfOrderSequence ||
  code === CODE.duplicateSequence ||
  code === CODE.invalidProducerEpoch ||
  code === CODE.unknownProducerId ||
  code === CODE.producerFenced

export const isPassing = (code: number): boolean => PASSING.has(code)

/** The broker's error code in an error of kafkajs, also inside the errors of several topics; null when it is none. */
export function codeOf(error: unknown): number | null {
  if (error instanceof kafkajs.KafkaJSAggregateError) return codeOf(error.errors[0])
  return error instanceof kafkajs.KafkaJSProtocolError ? error.code : null
}

/** The connection broke or the answer did not come: what the request did is not known. */
export const isConnectionTrouble = (error: unknown): boolean =>
  error instanceof kafkajs.KafkaJSConnectionError ||
  error instanceof kafkajs.KafkaJSRequestTimeoutError ||
  error instanceof kafkajs.KafkaJSTimeout ||
  codeOf(error) === ILLEGAL_SASL_STATE

const ILLEGAL_SASL_STATE = 34

/** The engine could not be reached, by kafkajs' word or ours. */
export const isAway = (error: unknown): boolean => error instanceof TransientFault || isConnectionTrouble(error)

export const isAuthenticationFailure = (error: unknown): boolean =>
  error instanceof kafkajs.KafkaJSSASLAuthenticationError || codeOf(error) === 33 || codeOf(error) === 58

const isFault = (error: unknown): boolean =>
  error instanceof TransientFault || error instanceof EngineRefusal || error instanceof OwnershipLost

/**
 * Any error of a request as the ports know it: a passing trouble is a TransientFault, what the broker refuses for good an EngineRefusal.
 * A bug of ours stays what it is.
 */
export function asFault(error: unknown, doing: string, brokers: readonly string[]): unknown {
  if (isFault(error)) return error
  if (isAuthenticationFailure(error)) return authenticationRefusal(error, brokers)
  if (isConnectionTrouble(error)) return away(brokers, error)
  const code = codeOf(error)
  if (code === null) return error instanceof kafkajs.KafkaJSError ? away(brokers, error) : error
  if (isPassing(code)) return passing(code, doing, error)
  return refusal(code, doing, error)
}

export const away = (brokers: readonly string[], cause: unknown): TransientFault =>
  new TransientFault(
    'log',
    codeOf(cause) === ILLEGAL_SASL_STATE
      ? `Kafka at ${brokers.join(', ')} asks for no password there: leave user and sasl out of the log's URL, or name the port that asks.`
      : `Kafka at ${brokers.join(', ')} does not answer (${messageOf(cause)}). Check that it runs and that the log's URL names its brokers, with kafka+ssl:// and a user where they ask for that.`,
    { cause },
  )

export const passing = (code: number, doing: string, cause?: unknown): TransientFault =>
  new TransientFault('log', `Kafka could not ${doing} just now (${nameOf(code, cause)}).`, { cause })

export const refusal = (code: number, doing: string, cause?: unknown): EngineRefusal =>
  new EngineRefusal('log', `Kafka refused to ${doing}: ${nameOf(code, cause)}.${adviceOn(code)}`, { cause })

export const authenticationRefusal = (cause: unknown, brokers: readonly string[]): EngineRefusal =>
  new EngineRefusal(
    'log',
    `Kafka at ${brokers.join(', ')} does not accept the credentials (${messageOf(cause)}). Check user, password and sasl in the log's URL.`,
    { cause },
  )

export const missingTopic = (topic: string): EngineRefusal =>
  new EngineRefusal('log', `The topic ${topic} does not exist. Create it: dateline topics apply.`)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const nameOf = (code: number, cause: unknown): string => {
  const named = cause instanceof kafkajs.KafkaJSProtocolError ? `${cause.type}, ` : ''
  return `${named}code ${code}`
}

function adviceOn(code: number): string {
  if (code === 29) return ' Grant this user read, write and describe on the topic.'
  if (code === 30) return ' Grant this user read on the consumer group.'
  if (code === 31) return ' Grant this user what it needs on the cluster (create, alter, idempotent write).'
  if (code === 38) return ' There are fewer brokers than the replication factor asks for.'
  if (code === 87) return ' A compacted topic takes no record without a key.'
  if (code === 23) return ' The group is used by another kind of client: choose another group name.'
  return ''
}
