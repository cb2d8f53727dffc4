import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanHtml } from './clean-html.ts'
import { cleanText } from './clean-text.ts'
import { parseWithSaxes } from './xml/parse-xml.ts'

const allowed = new Set(
  'p h1 h2 h3 h4 h5 h6 a abbr b cite code em i q s strong sub sup u blockquote pre ul ol li dl dt dd table caption thead tbody tfoot tr td th br'.split(
    ' ',
  ),
)

const isClean = (html: string): boolean =>
  parseWithSaxes(`<div>${html}</div>`).kind === 'pass' &&
  [...html.matchAll(/<\/?([^\s>/]+)/g)].every(([, name = '']) => allowed.has(name))

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

describe('cleanHtml', () => {
  it.each([
    ['paragraphs', '<p>Een</p>\n<p>Twee &amp; drie</p>', '<p>Een</p><p>Twee &amp; drie</p>', 'Een\n\nTwee & drie'],
    ['text without a block', 'los<div>blok</div>rest', '<p>los</p><p>blok</p><p>rest</p>', 'los\n\nblok\n\nrest'],
    [
      'inline mark-up',
      '<p>Een <b>vet </b>woord, <i></i>twee</p>',
      '<p>Een <b>vet</b> woord, twee</p>',
      'Een vet woord, twee',
    ],
    ['double breaks', '<p>een<br><br/>twee<br>drie<br></p>', '<p>een</p><p>twee<br />drie</p>', 'een\n\ntwee\ndrie'],
    [
      'a link after double breaks',
      'a<br><br><a href="https://a.example/">b</a>',
      '<p>a</p><p><a href="https://a.example/">b</a></p>',
      'a\n\nb',
    ],
    ['paragraphs left open', '<p>een<p>twee', '<p>een</p><p>twee</p>', 'een\n\ntwee'],
    ['empty paragraphs', '<p>&nbsp;</p><p/><p>a&nbsp;b </p>', '<p>a\u00a0b</p>', 'a b'],
    ['sub-heads of NITF', '<hl2>- kop -</hl2><p>x</p>', '<h3>- kop -</h3><p>x</p>', '- kop -\n\nx'],
    [
      'links',
      '<a href="https://a.example/?b=1&c=2">x</a>',
      '<p><a href="https://a.example/?b=1&amp;c=2">x</a></p>',
      'x',
    ],
    ['links that run something', '<a href=" jAvascript:alert(1)">x</a>', '<p>x</p>', 'x'],
    ['relative links', '<a href="/pad">x</a>', '<p>x</p>', 'x'],
    ['scripts, styles, frames', 'a<script>b("<p>")</script><style>c</style><iframe>d</iframe>e', '<p>ae</p>', 'ae'],
    [
      'what is hidden',
      '<div style="font-size:1px; display : NONE">a<p>b<br></div><p hidden>c</p><br style="display:none"><p>d</p>',
      '<p>d</p>',
      'd',
    ],
    ['pictures and figures', 'a<img src=x onerror=y><figure><figcaption>f</figcaption></figure>', '<p>a</p>', 'a'],
    ['attributes', '<p class="x" onclick="y" style="z">a</p>', '<p>a</p>', 'a'],
    [
      'lists',
      '<ul><li>een<li><p>twee</p><p>drie</p></ul>',
      '<ul><li>een</li><li><p>twee</p><p>drie</p></li></ul>',
      'een\ntwee\ndrie',
    ],
    ['text astray in a list', '<ul>x<li>y</li></ul>', '<ul><li>x</li><li>y</li></ul>', 'x\ny'],
    ['items without a list', '<li>a</li><td>b</td>', '<p>a</p><p>b</p>', 'a\n\nb'],
    [
      'tables with empty cells',
      '<table><tr><td></td><td>5</td></tr><tr><td colspan=2 width=9>a</td></tr></table>',
      '<table><tr><td></td><td>5</td></tr><tr><td colspan="2">a</td></tr></table>',
      '\t5\na',
    ],
    ['quotes', '<blockquote>a<p>b</p></blockquote>', '<blockquote><p>a</p><p>b</p></blockquote>', 'a\n\nb'],
    ['preformatted text', '<pre>a  b\n c</pre>', '<pre>a  b\n c</pre>', 'a  b\n c'],
    ['inline mark-up across blocks', '<b>a<p>b</p></b>c', '<p><b>a</b></p><p><b>b</b></p><p>c</p>', 'a\n\nb\n\nc'],
    [
      'escaped mark-up',
      '&lt;script&gt;a&lt;/script&gt;',
      '<p>&lt;script&gt;a&lt;/script&gt;</p>',
      '<script>a</script>',
    ],
    ['control characters', '<p>a&#1;b\u0007c\ufffe</p>', '<p>abc</p>', 'abc'],
    ['prefixes', '<x:p>a</x:p><x:script>b</x:script>', '<p>a</p>', 'a'],
    ['comments and declarations', '<!DOCTYPE html><!-- a --><p>b<!-- c --></p>', '<p>b</p>', 'b'],
    ['unknown elements', '<Company>Acme</Company> nv', '<p>Acme nv</p>', 'Acme nv'],
    ['nothing', ' <p> </p> ', '', ''],
  ])('reads %s', (_case, fragment, html, text) => {
    expect(cleanHtml(fragment)).toEqual({ html, text })
  })

  const piece = fc.oneof(
    fc.constantFrom(
      ...'<p> </p> <b> </b> <ul> <li> </ul> </li> <table> <tr> <td> </td> </table> <br> <a href="https://a.example/"> </a> <pre> </pre> <script> </script> <blockquote> <svg> <h2> </h2> <dl> <dt> <dd> &amp; &lt; & < > <!-- --> <![CDATA[ ]]> " \n'.split(
        ' ',
      ),
    ),
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.constant(' woord '),
  )
  const soup = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''))

  it('writes valid XHTML of allowed elements whatever comes in, and changes its own output no more', () => {
    fc.assert(
      fc.property(soup, (fragment) => {
        const { html, text } = cleanHtml(fragment)
        expect(isClean(html), html).toBe(true)
        const again = cleanHtml(html)
        expect(again.html).toBe(html)
        expect(words(again.text)).toEqual(words(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['divs', '<div>'.repeat(50_000)],
    ['bold', `${'<b>'.repeat(50_000)}x${'<br><br>y'.repeat(10_000)}`],
    ['lists', '<ul><li>'.repeat(50_000)],
    ['tables', '<table><tr><td>'.repeat(50_000)],
    ['brackets', '<'.repeat(1_000_000)],
    ['ampersands', '&'.repeat(1_000_000)],
    ['ends', `${'<div>'.repeat(200)}${'</x>'.repeat(200_000)}`],
    ['attributes', `<p ${'a=b '.repeat(200_000)}>x`],
    ['comments', '<!--'.repeat(300_000)],
    ['a long link', `<a href="https://x.example/${'y'.repeat(1_900)}">${'x<p>'.repeat(100_000)}`],
    ['line breaks', 'a<br>'.repeat(200_000)],
  ])('takes hostile %s in its stride, without blowing up', (_case, fragment) => {
    const startMs = process.threadCpuUsage().user / 1_000
    const { html } = cleanHtml(`${fragment}einde`)
    expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(5_000)
    expect(html.length).toBeLessThan(fragment.length * 8 + 1_000)
  })

  it('keeps the text where the mark-up is given up', () => {
    expect(cleanHtml(`${'<div>'.repeat(1_000)}tekst &amp; meer${'</div>'.repeat(1_000)}`).text).toBe('tekst & meer')
  })
})

describe('cleanText', () => {
  const long = 'Een regel die door de breedte van de telex is afgebroken en'
  it.each([
    ['empty lines between paragraphs', `${long}\nverder.\n\nTwee.`, `${long} verder.\n\nTwee.`],
    ['a paragraph a line', 'Een.\nTwee.\n', 'Een.\n\nTwee.'],
    ['indents', `${long}\nverder.\n   Twee.`, `${long} verder.\n\nTwee.`],
    ['short lines kept', 'Uitslagen:\nAjax 1\nPSV 2\n\nEinde', 'Uitslagen:\nAjax 1\nPSV 2\n\nEinde'],
    ['mark-up as text', 'a < b & c', 'a < b & c'],
    ['nothing', ' \n ', ''],
  ])('reads %s', (_case, source, text) => {
    const body = cleanText(source)
    expect(body.text).toBe(text)
    expect(cleanHtml(body.html).text).toBe(text)
  })
})
