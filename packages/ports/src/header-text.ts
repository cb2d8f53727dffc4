import type { LogRecord } from './event-log.ts'

/** The first header of that name as UTF-8 text; undefined when there is none. */
export const headerText = (record: Pick<LogRecord, 'headers'>, name: string): string | undefined =>
  record.headers.find(([found]) => found === name)?.[1].toString('utf8')
