import type { Reading } from '../reading.ts'
import { aap } from './aap.ts'
import { ansa } from './ansa.ts'
import { efe } from './efe.ts'
import type { NitfSupplier } from './nitf-supplier.ts'
import { ntb } from './ntb.ts'
import { pa } from './pa.ts'

/** AP needs none: it sends no id at all, so that its text is its identity. */
const suppliers: readonly NitfSupplier[] = [pa, aap, efe, ntb, ansa]

export const supplierOf = (reading: Reading): NitfSupplier | undefined =>
  suppliers.find((supplier) => supplier.recognises(reading))
