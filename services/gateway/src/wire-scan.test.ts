import { describe, expect, it } from 'vitest'
import { looksFlash, visibleId } from './wire-scan.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

describe('looksFlash', () => {
  it.each([
    ['NewsML-G2 urgency 1', '<contentMeta><urgency>1</urgency></contentMeta>'],
    ['NewsML-G2 urgency 1 with white space', '<urgency>\n 1 \n</urgency>'],
    ['NewsML 1.2 urgency 1', '<NewsManagement><Urgency FormalName="1"/></NewsManagement>'],
    ['NITF urgency 1', '<docdata><urgency ed-urg="1"/></docdata>'],
    ['ninjs urgency 1', '{"urgency": 1, "uri": "x"}'],
    ['urgency as a string', '{"urgency":"1"}'],
    ['ANP Persalarm, priority 1', '{"priority":1,"title":"x"}'],
    ['NewsML-G2 canceled', '<pubStatus qcode="stat:canceled"/>'],
    ['NewsML-G2 withheld', '<pubStatus qcode="stat:withheld"/>'],
    ['British spelling and capitals', '<pubStatus qcode="stat:Cancelled"/>'],
    ['NewsML 1.2 canceled', '<Status FormalName="Canceled"/>'],
    ['NITF canceled', '<docdata management-status="canceled">'],
    ['NITF that cancels another document', '<docdata management-doc-idref="x" management-idref-status="canceled">'],
    ['NewsML 1.2 deleted', '<Status FormalName="Usable"/><Instruction FormalName="Delete"/>'],
    ['AP kill', '{"pubstatus":"usable","editorialtypes":["Correction","Kill"]}'],
    ['AP elimination', '{"editorialtypes": [ "Elimination" ]}'],
    ['Fingerpost canceled', '{"status" : "canceled"}'],
    ['Ritzau annulled', '{"Annuleret": true}'],
    ['Ritzau flash', '{"InfoFlash":true}'],
    ['IPTC 7901 priority 1', '\x7f\x7f\r\n\x7f\x01eca0159 1 i 22  dpa 0158\r\n'],
    ['ANPA flash', '\x16\x16\x01a0107KYODO\x1f_koko-\r\nf w\x13\x11 BC-Flash-Quake   10-12 0006\r\n'],
    ['ANPA kill', '\x16\x16\x01W0007\x1f_asian\nb i\x13\x11 BC-EX--Ferri Kill   05-09 0031\n'],
    ['ninjs 2 canceled', '{"pubstatus":"canceled"}'],
    ['ninjs 3 withheld', '{"pubStatus" : "withheld"}'],
    ['Reuters delete', '<signal qcode="edStat:D"/>'],
    ['a mark behind many mentions of the word', `${'urgency '.repeat(20)}<urgency>1</urgency>`],
  ])('sees %s', (_name, text) => {
    expect(looksFlash(bytes(text))).toBe(true)
  })

  it.each([
    ['urgency 3', '<urgency>3</urgency>'],
    ['urgency 10', '{"urgency":10}'],
    ['priority 15', '{"priority":15}'],
    ['IPTC 7901 priority 4', '\x01eca062 4 i 211 ccccb   dpa 061\r\n'],
    ['ANPA urgent', '\x16\x16\x01a0105KYODO\x1f_koko-\r\nu s\x13\x11 BC-Soccer-Cup   09-12 0344\r\n'],
    ['AP correction', '{"editorialtypes":["Correction"]}'],
    ['usable', '<pubStatus qcode="stat:usable"/>'],
    ['a text about cancelled flights', '<p>Flights were cancelled; the names were withheld.</p>'],
    ['another edStat', '<signal qcode="edStat:U"/>'],
    ['nothing', ''],
    ['a mark behind the first 64 KB', `${' '.repeat(70_000)}<urgency>1</urgency>`],
  ])('does not see %s', (_name, text) => {
    expect(looksFlash(bytes(text))).toBe(false)
  })

  it('is done soon with a text that is made of nearly marks', () => {
    const started = process.threadCpuUsage().user / 1_000
    looksFlash(bytes('<urgency '.repeat(9_000)))
    looksFlash(bytes('"priority"   :'.repeat(9_000)))
    expect(process.threadCpuUsage().user / 1_000 - started).toBeLessThan(1_000)
  })
})

describe('visibleId', () => {
  it.each([
    ['<newsItem guid="urn:newsml:x:1" version="3">', 'urn:newsml:x:1'],
    ['<NewsIdentifier><NewsItemId>ANPX-1</NewsItemId>', 'ANPX-1'],
    ['<doc.copyright/><du-key generation="1" key="storm"/>', 'storm'],
    ['{"uri":"https://x.example/1","type":"text"}', 'https://x.example/1'],
    ['{"guid" : "tag:x"}', 'tag:x'],
    ['{"uri":"https://api.example/item?qt=abc","altids":{"itemid":"a1b2"}}', 'a1b2'],
    ['{"urn":"urn:newsml:dpa.com:1"}', 'urn:newsml:dpa.com:1'],
    ['BUITENLAND\nLONDEN (ANP) - tekst', null],
    [`${' '.repeat(9_000)}guid="late"`, null],
  ])('%s', (text, id) => {
    expect(visibleId(bytes(text))).toBe(id)
  })
})
