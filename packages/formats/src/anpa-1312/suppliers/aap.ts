import type { AgencyEnding } from './agency-ending.ts'

/** "AAP rtw/kd": the agency and its writer and desk. */
export const aap: AgencyEnding = {
  credit: { literal: 'AAP' },
  lastLine: /^AAP(\s[a-z]{2,4}(?:\/[a-z]{1,4}){0,3})?$/i,
}
