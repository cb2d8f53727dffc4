import type { AgencyMessage, AgencyStory } from './lively-hour.ts'
import { livelyPage } from './lively-page.ts'

interface Times {
  readonly startedMs: number
  readonly nowMs: number
}

/** The bytes that the made-up agency sends for a move. A version has the same time whenever it is sent; times are milliseconds since 1970. */
export function agencyMessage(
  message: AgencyMessage,
  at: Times,
): { readonly bytes: Buffer; readonly contentType: string } {
  switch (message.format) {
    case 'ninjs':
      return { bytes: Buffer.from(JSON.stringify(ninjs(message.story, at))), contentType: 'application/json' }
    case 'newsml-g2':
      return { bytes: Buffer.from(newsmlG2(message.story, at)), contentType: 'application/vnd.iptc.g2.newsitem+xml' }
    case 'page':
      return {
        bytes: Buffer.from(livelyPage(message.page === 'first' ? 0 : 7)),
        contentType: 'text/plain; charset=utf-8',
      }
    case 'raw':
      return { bytes: Buffer.from(message.bytes), contentType: message.contentType }
  }
}

/** As ninjs 2.x has it: arrays, lower case. */
function ninjs(story: AgencyStory, at: Times): unknown {
  return {
    uri: story.id,
    type: 'text',
    version: String(story.version),
    versioncreated: createdAt(story, at),
    pubstatus: story.pubStatus ?? 'usable',
    language: 'nl',
    ...(story.urgency === undefined ? {} : { urgency: story.urgency }),
    ...(story.embargoSeconds === undefined
      ? {}
      : { embargoed: new Date(at.nowMs + story.embargoSeconds * 1_000).toISOString() }),
    ...(story.edNote === undefined ? {} : { ednote: story.edNote }),
    headlines: [{ role: 'main', value: story.headline }],
    bodies:
      story.body.length === 0
        ? []
        : [
            {
              role: 'main',
              contenttype: 'text/html',
              value: story.body.map((paragraph) => `<p>${paragraph}</p>`).join(''),
            },
          ],
    infosources: [{ name: 'NZP' }],
  }
}

function newsmlG2(story: AgencyStory, at: Times): string {
  const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="${story.id}" version="${story.version}" standard="NewsML-G2" standardversion="2.35" conformance="power" xml:lang="nl">
  <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"/>
  <itemMeta>
    <itemClass qcode="ninat:text"/>
    <provider literal="NZP"/>
    <versionCreated>${createdAt(story, at)}</versionCreated>
    <pubStatus qcode="stat:${story.pubStatus ?? 'usable'}"/>
    ${story.edNote === undefined ? '' : `<edNote>${escaped(story.edNote)}</edNote>`}
    ${story.isCorrection ? '<signal qcode="sig:correction"/>' : ''}
  </itemMeta>
  <contentMeta>
    ${story.urgency === undefined ? '' : `<urgency>${story.urgency}</urgency>`}
    <headline>${escaped(story.headline)}</headline>
  </contentMeta>
  <contentSet>
    <inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>${story.body.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join('')}</body></html></inlineXML>
  </contentSet>
</newsItem>
`
}

const createdAt = (story: AgencyStory, at: Times): string =>
  new Date(at.startedMs + story.version * 1_000).toISOString()
