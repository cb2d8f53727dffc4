import { describe, expect, it } from 'vitest'
import { parseXml } from '../xml/parse-xml.ts'
import { printedLine } from './printed-line.ts'

function lineIn(inside: string): string | undefined {
  const outcome = parseXml(`<a>${inside}</a>`)
  if (outcome.kind !== 'pass') throw new Error(outcome.detail)
  return printedLine(outcome.value.root)
}

describe('printedLine', () => {
  it.each([
    ['  a \n b ', 'a b'],
    ['', undefined],
    [' <b/> ', undefined],
    ['Dijk<br/>houdt', 'Dijk houdt'],
    ['<p>Een.</p><p>Twee.</p>Drie.', 'Een. Twee. Drie.'],
    ['<h3>Kop</h3><ul><li>a</li><li>b</li></ul>', 'Kop a b'],
    ['De <b>dijk</b>en', 'De dijken'],
    ['Fr. 2 , 3', 'Fr. 2 , 3'],
    ['By BO LEE<byttl>AP Writer</byttl>', 'By BO LEE, AP Writer'],
    ['By BO LEE, <byttl>AP Writer</byttl>', 'By BO LEE, AP Writer'],
    ['\n<byttl>AP Writer</byttl>', 'AP Writer'],
    ['\n<city>Hale</city>\n<state>Maine</state>\n', 'Hale, Maine'],
    ['(<city>Hale</city>)', '(Hale)'],
    ['By<person><name.given>Bo</name.given><name.family>Lee</name.family></person>', 'By Bo Lee'],
  ])('prints %j as %j', (inside, line) => {
    expect(lineIn(inside)).toBe(line)
  })
})
