import type { AgencyEnding } from './agency-ending.ts'

/** Seen in 2018, as Belga receives it. */
export const kyodo: AgencyEnding = { credit: { literal: 'KYODO' }, lastLine: /^==\s?Kyodo$/i }
