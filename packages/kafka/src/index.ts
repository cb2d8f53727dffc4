export { openKafkaEventLog } from './event-log.ts'
export type { KafkaLog, KafkaLogLevel, KafkaOptions, KafkaSasl, KafkaTls } from './kafka-options.ts'
export { type ParsedKafkaUrl, parseKafkaUrl } from './parse-kafka-url.ts'
