import { anpNewsApi } from './anp-news-api/anp-news-api.ts'
import { anpa1312 } from './anpa-1312/anpa-1312.ts'
import { apMediaApi } from './ap-media-api/ap-media-api.ts'
import { atom } from './atom/atom.ts'
import { dpaDigitalwires } from './dpa-digitalwires/dpa-digitalwires.ts'
import { email } from './email/email.ts'
import { iptc7901 } from './iptc-7901/iptc-7901.ts'
import { jsonFeed } from './json-feed/json-feed.ts'
import { newsmlG2 } from './newsml-g2/newsml-g2.ts'
import { newsml12 } from './newsml12/newsml12.ts'
import { ninjs } from './ninjs/ninjs.ts'
import { nitf } from './nitf/nitf.ts'
import { pageCapture } from './page-capture/page-capture.ts'
import { plainText } from './plain-text/plain-text.ts'
import { reutersConnect } from './reuters-connect/reuters-connect.ts'
import { ritzau } from './ritzau/ritzau.ts'
import { rss } from './rss/rss.ts'
import type { WireFormat } from './wire-format.ts'

/** Every wire format, in the order in which they are asked whether they recognise a message. */
export const formats: readonly WireFormat[] = [
  // By its root alone: it may declare the namespace of NewsML-G2, as NTB's does.
  nitf,
  newsmlG2,
  newsml12,
  rss,
  atom,
  jsonFeed,
  email,
  // What agencies' own interfaces send has properties of ninjs too, so these are asked first.
  apMediaApi,
  anpNewsApi,
  dpaDigitalwires,
  reutersConnect,
  ritzau,
  ninjs,
  iptc7901,
  anpa1312,
  pageCapture,
  // The last: what has no other form.
  plainText,
]
