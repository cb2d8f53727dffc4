import { takeProperties } from '../reading.ts'
import type { Supplier } from './supplier.ts'

/** ATS names the writers by initials, in properties (seen 2019). */
export const ats: Supplier = {
  name: 'ats',
  provider: /^(?:www\.)?(?:sda-ats|sda|keystone-sda)\.ch$/,
  timezone: 'Europe/Zurich',

  correct(_item, reading) {
    reading.initials.push(...takeProperties(reading, 'AdministrativeMetadata/author'))
  },
}
