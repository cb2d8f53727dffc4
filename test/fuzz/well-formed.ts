import type { Random } from './random.ts'

type JsonBranch = Record<string, unknown>

/** A message larger than this is changed no more. */
const largestCharacters = 4_000_000

const oddTexts = [
  ...[
    '',
    ' ',
    'x',
    '0',
    '-1',
    '1e999',
    '99999999999999999999',
    'null',
    'true',
    'canceled',
    'withheld',
    'usable',
    'indefinite',
  ],
  ...[
    '2026-13-45T99:99:99Z',
    '2026-01-20',
    '2026-01-20T12:00:00',
    '20260120T120000+0100',
    '+275760-09-14T00:00:00Z',
    '0000-00-00',
  ],
  ...[
    'http://a.example/ b',
    'urn:',
    'medtop:20000587',
    'sig:correction',
    'nl',
    'de-CH',
    'no such language',
    '🗞',
    '\u202eabc',
    '\ud800',
  ],
  ...[
    '<p>a<p>b',
    '&amp;&lt;',
    '<script>a()</script>',
    '<a href="javascript:a()">b</a>',
    'KILL',
    'a'.repeat(70_000),
    'a b '.repeat(9_000),
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '%',
    '%E0%A4%A',
    'a\nb\r\nc\td',
    '\u0085\u2028',
    ']]>',
    '{"a":1}',
    'data:text/html,a',
  ],
] as const

/** JSON that stays JSON: values and keys that go, come, change places or are of another type. */
export function changeJson(bytes: Buffer, random: Random): Buffer {
  let root: unknown
  try {
    root = JSON.parse(bytes.toString('utf8'))
  } catch {
    return bytes
  }
  const branches = branchesIn(root)
  for (let count = random.below(5); count >= 0; count--) {
    const branch = random.pickFrom(branches)
    const key = branch === undefined ? undefined : random.pickFrom(Object.keys(branch))
    if (branch === undefined || key === undefined) continue
    const other = random.pickFrom(branches) ?? branch
    switch (random.below(7)) {
      case 0:
        if (Array.isArray(branch)) branch.splice(Number(key), 1)
        else delete branch[key]
        break
      case 1:
        branch[key] = structuredClone(random.pickFrom(Object.values(other)))
        break
      case 2:
        branch[key] = [branch[key]]
        break
      case 3:
        branch[key] = Array.from({ length: 1 + random.below(random.oneIn(20) ? 3_000 : 30) }, () => branch[key])
        break
      case 4:
        branch[key] = { [random.pick(['name', 'value', 'uri', 'code', 'x'])]: branch[key] }
        break
      case 5:
        branch[key] = random.pick([
          null,
          true,
          5,
          -0.5,
          1e21,
          [],
          {},
          [null],
          [[]],
          [{}],
          { name: {} },
          { '': '' },
        ] as const)
        break
      default:
        branch[key] = random.pick(oddTexts)
    }
    // Trees that share branches grow out of bounds.
    const text = JSON.stringify(root)
    if (text.length > largestCharacters) return Buffer.from(text)
    root = JSON.parse(text)
    branches.splice(0, branches.length, ...branchesIn(root))
  }
  return Buffer.from(JSON.stringify(root))
}

function branchesIn(value: unknown): JsonBranch[] {
  if (typeof value !== 'object' || value === null) return []
  return [value as JsonBranch, ...Object.values(value).flatMap(branchesIn)]
}

const leaf = /<([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)>([^<>]{0,5000})<\/\1>/g
const attribute = /(\s[\w:.-]+=)("[^"<>]{0,2000}")/g

/** XML that stays XML, but for names and values: leaves that go, come twice, come deep or hold another value, and attributes. */
export function changeXml(bytes: Buffer, random: Random): Buffer {
  let text = bytes.toString('latin1')
  if (!/^\W{0,8}</.test(text)) return bytes
  for (let count = random.below(5); count >= 0; count--) {
    const [pattern, change] = random.oneIn(3)
      ? ([attribute, (_: string, name: string) => (random.oneIn(3) ? '' : `${name}${oddXml(random, true)}`)] as const)
      : ([
          leaf,
          (found: string, name: string, attributes: string) => changedLeaf(random, found, name, attributes),
        ] as const)
    const total = text.match(pattern)?.length ?? 0
    if (total === 0) continue
    const chosen = random.below(total)
    let at = 0
    text = text.replace(pattern, (found: string, name: string, rest: string) =>
      at++ === chosen ? change(found, name, rest) : found,
    )
  }
  return Buffer.from(text, 'latin1')
}

function changedLeaf(random: Random, found: string, name: string, attributes: string): string {
  switch (random.below(5)) {
    case 0:
      return ''
    case 1:
      return found.repeat(2 + random.below(random.oneIn(20) ? 3_000 : 30))
    case 2: {
      const depth = 1 + random.below(random.oneIn(4) ? 250 : 6)
      return `${`<${name}${attributes}>`.repeat(depth)}a${`</${name}>`.repeat(depth)}`
    }
    case 3:
      return `<${name}/>`
    default:
      return `<${name}${attributes}>${oddXml(random, false)}</${name}>`
  }
}

function oddXml(random: Random, isAttribute: boolean): string {
  const escaped = random
    .pick(oddTexts)
    .replace(/[\ud800-\udfff]/g, 'x')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[^\0-\xff]/g, (character) => `&#${character.codePointAt(0)};`)
  return isAttribute ? `"${escaped}"` : escaped
}

/** A line of text gone, doubled, emptied, joined to the next, changed for another, or for an odd one. */
export function changeLines(bytes: Buffer, random: Random): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  for (let count = random.below(5); count >= 0; count--) {
    const [at, other] = [random.below(lines.length), random.below(lines.length)]
    const [line = '', another = ''] = [lines[at], lines[other]]
    switch (random.below(6)) {
      case 0:
        lines.splice(at, 1)
        break
      case 1:
        lines.splice(at, 0, ...Array<string>(1 + random.below(30)).fill(line))
        break
      case 2:
        lines.splice(at, 2, line + another)
        break
      case 3:
        lines[at] = another
        break
      case 4:
        lines[at] = line.replace(/\d+|[A-Za-z]+/g, (word) =>
          random.oneIn(4) ? random.pick(['', '0', '99', 'KILL', word + word]) : word,
        )
        break
      default:
        lines[at] = Buffer.from(random.pick(oddTexts)).toString('latin1')
    }
  }
  return Buffer.from(lines.join('\n'), 'latin1')
}
