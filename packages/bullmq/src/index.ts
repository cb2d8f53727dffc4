export type { BullmqOptions } from './bullmq-options.ts'
export { openBullmqJobQueue } from './open-bullmq-job-queue.ts'
export { type ParsedBullmqUrl, parseBullmqUrl } from './parse-bullmq-url.ts'
