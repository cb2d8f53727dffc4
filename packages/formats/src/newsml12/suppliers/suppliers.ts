import { afp } from './afp.ts'
import { anp } from './anp.ts'
import { ats } from './ats.ts'
import { belga } from './belga.ts'
import { efe } from './efe.ts'
import { kyodo } from './kyodo.ts'
import type { Supplier } from './supplier.ts'
import { tass } from './tass.ts'

const suppliers: readonly Supplier[] = [anp, afp, belga, ats, efe, tass, kyodo]

/** The supplier that a ProviderId belongs to, if it is one with ways of its own. */
export function supplierOf(providerId: string): Supplier | undefined {
  const provider = providerId.slice(0, 200).toLowerCase()
  return suppliers.find((supplier) => supplier.provider.test(provider))
}
