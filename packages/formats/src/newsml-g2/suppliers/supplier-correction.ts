import type { XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'
import { dpa } from './dpa.ts'
import { reuters } from './reuters.ts'

/** Mends what one supplier does otherwise than the standard; runs after the item is read. */
export type SupplierCorrection = (item: XmlElement, reading: Reading) => void

/** Each looks for marks that only its supplier sets, so all may see every item. */
export const supplierCorrections: readonly SupplierCorrection[] = [reuters, dpa]
