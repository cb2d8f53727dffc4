import { newsmlG2 } from './newsml-g2/newsml-g2.ts'
import { ninjs } from './ninjs/ninjs.ts'
import { pageCapture } from './page-capture/page-capture.ts'
import { plainText } from './plain-text/plain-text.ts'
import type { WireFormat } from './wire-format.ts'

/** Every wire format, in the order in which they are asked whether they recognise a message. */
export const formats: readonly WireFormat[] = [newsmlG2, ninjs, pageCapture, plainText]
