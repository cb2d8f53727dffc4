import type { AgencyEnding } from './agency-ending.ts'

/** "Reuter" or "REUTER", seen on the wire of 1987. */
export const reuters: AgencyEnding = { credit: { literal: 'REUTERS' }, lastLine: /^reuters?$/i }
