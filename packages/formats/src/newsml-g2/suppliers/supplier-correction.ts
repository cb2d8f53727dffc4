import type { XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'
import { afp } from './afp.ts'
import { ansa } from './ansa.ts'
import { ap } from './ap.ts'
import { dpa } from './dpa.ts'
import { ntb } from './ntb.ts'
import { reuters } from './reuters.ts'
import { stt } from './stt.ts'
import { tt } from './tt.ts'

/** Mends what one supplier does otherwise than the standard; runs after the item is read. */
export type SupplierCorrection = (item: XmlElement, reading: Reading) => void

/** Each looks for marks that only its supplier sets, so all may see every item. */
export const supplierCorrections: readonly SupplierCorrection[] = [reuters, dpa, afp, ap, ansa, ntb, stt, tt]
