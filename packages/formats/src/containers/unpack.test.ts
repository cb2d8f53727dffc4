import { Buffer } from 'node:buffer'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type MessagePart, unpack } from './unpack.ts'

interface Entry {
  readonly name?: string
  readonly data: Buffer | string
  readonly method?: number
  readonly flags?: number
  /** Told in the directory instead of the truth. */
  readonly size?: number
  readonly crc?: number
  /** Of the local header, instead of its own. */
  readonly at?: number
}

/** A zip file as it should not be, too. */
function zip(entries: readonly Entry[], { count = entries.length, comment = '' } = {}): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name = 'a.xml', data, method = 8, flags = 0, size, crc, at: told } of entries) {
    const content = Buffer.from(data)
    const packed = method === 8 ? deflateRawSync(content) : content
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt16LE(flags, 8)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(crc ?? crc32(content), 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(size ?? content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(told ?? at, 42)
    files.push(local, Buffer.from(name), packed)
    directory.push(entry, Buffer.from(name))
    at += 30 + name.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...files, ...directory, end, Buffer.from(comment)])
}

const isMessage = ({ bytes }: MessagePart): boolean => Buffer.from(bytes).toString().startsWith('<')

/** Texts of the parts, or why there is none. */
function read(bytes: Buffer, more = {}): string | string[] {
  const unpacked = unpack(bytes, { isMessage, ...more })
  if (unpacked.kind !== 'pass') return unpacked.reason
  return unpacked.value.map((part) => (part.kind === 'pass' ? Buffer.from(part.value.bytes).toString() : part.reason))
}

const mail = (parts: readonly string[], type = 'multipart/mixed; boundary=b'): Buffer =>
  Buffer.from(
    [
      'From: a@b.example',
      'Date: Tue, 20 Jan 2026 09:00:00 +0100',
      'Subject: Bijlagen',
      'Message-ID: <1@b.example>',
      `Content-Type: ${type}`,
      '',
      ...parts.map((part) => `--b\r\n${part}`),
      '--b--',
      '',
    ].join('\r\n'),
  )
const attached = (type: string, content: Buffer): string =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64')}`

describe('unpack', () => {
  it('leaves what is not packed as it is', () => {
    expect(read(Buffer.from('<a/>'))).toEqual(['<a/>'])
    expect(read(Buffer.from('PK is no zip file'))).toEqual(['PK is no zip file'])
    expect(read(Buffer.from('Nieuws: geen brief\nmaar tekst'))).toEqual(['Nieuws: geen brief\nmaar tekst'])
  })

  it('opens gzip, several members after each other too', () => {
    expect(read(gzipSync('<a/>'))).toEqual(['<a/>'])
    expect(read(Buffer.concat([gzipSync('<a>'), gzipSync('</a>')]))).toEqual(['<a></a>'])
    expect(read(Buffer.concat([gzipSync('<a/>'), Buffer.alloc(512)]))).toEqual(['<a/>'])
  })

  it('gives the files of a zip file in its order, without folders, whatever they are called', () => {
    const packed = zip([
      { name: 'map/', data: '', method: 0 },
      { name: 'map\\', data: '', method: 0 },
      { name: '../../etc/passwd', data: '<b/>' },
      { name: 'a.xml', data: '<a/>', method: 0 },
      { name: 'a.xml', data: '<c/>' },
    ])
    expect(read(packed)).toEqual(['<b/>', '<a/>', '<c/>'])
    expect(read(zip([{ data: '<a/>' }], { comment: 'van de agentschap PK\x05\x06' }))).toEqual(['<a/>'])
  })

  it('keeps the good entries when others are bad', () => {
    const packed = zip([
      { data: '<a/>' },
      { data: '<b/>', crc: 1 },
      { data: '<c/>', flags: 1 },
      { data: '<d/>', method: 93 },
      { data: '<e/>', size: 3 },
      { data: '<f/>', size: 5 },
      { data: '<g/>', size: 9 * 1024 * 1024 },
      { data: Buffer.from('ffd8ffe0', 'hex') },
      { data: '' },
      { data: '<h/>' },
    ])
    const outcomes = ['malformed', 'unsupported', 'unsupported', 'malformed', 'malformed', 'too-large', 'not-a-story']
    expect(read(packed)).toEqual(['<a/>', ...outcomes, '', '<h/>'])
  })

  const wide = zip([{ data: '<a/>' }])
  it.each([
    ['a gzip file cut off', gzipSync('<a/>').subarray(0, -9), 'malformed'],
    ['a gzip bomb', gzipSync(Buffer.alloc(20_000_000)), 'too-large'],
    ['a zip file cut off', wide.subarray(0, -1), 'malformed'],
    ['a zip file whose start is missing', Buffer.concat([wide.subarray(0, 4), wide.subarray(20)]), 'malformed'],
    ['a zip file with more entries than it has', zip([{ data: '<a/>' }], { count: 2 }), 'malformed'],
    ['a zip file of very many entries', zip(Array.from({ length: 501 }, () => ({ data: '' }))), 'too-complex'],
    ['entries that share their data', zip([{ data: '<a/>' }, { data: '<a/>', at: 0 }]), 'malformed'],
    ['an entry outside of the file', zip([{ data: '<a/>', at: 1_000 }]), 'malformed'],
    ['a zip bomb', zip(Array.from({ length: 40 }, () => ({ data: Buffer.alloc(4_000_000) }))), 'too-large'],
    ['zip64', zip([{ data: '<a/>', size: 0xffffffff }]), 'unsupported'],
    ['a RAR archive', Buffer.from('526172211a0700cf', 'hex'), 'unsupported'],
    ['a packed tar archive', gzipSync(Buffer.from(`${'a'.repeat(257)}ustar  `)), 'unsupported'],
    ['an empty zip file', zip([]), 'empty'],
    ['only folders', zip([{ name: 'map/', data: '', method: 0 }]), 'empty'],
    ['a word processor’s file', zip([{ name: '[Content_Types].xml', data: '<Types/>' }]), 'not-a-story'],
  ])('refuses %s as one', (_what, bytes, reason) => {
    expect(read(bytes)).toBe(reason)
  })

  it('inflates no entry beyond what the directory says', () => {
    const unpacked = unpack(zip([{ data: '<a/>' }, { data: Buffer.alloc(50_000_000), size: 10 }]), { isMessage })
    expect(unpacked.kind === 'pass' && unpacked.value[1]).toMatchObject({
      reason: 'malformed',
      detail: 'zip: an entry is longer than its 10 bytes',
    })
  })

  it('opens a container in a container, and none below that', () => {
    expect(read(gzipSync(zip([{ data: '<a/>' }])))).toEqual(['<a/>'])
    const inner = zip([{ data: '<b/>' }])
    expect(read(zip([{ data: '<a/>' }, { data: gzipSync('<b/>') }, { data: gzipSync(inner) }]))).toEqual([
      '<a/>',
      '<b/>',
      'too-deep',
    ])
  })

  it('counts what all containers of a message unfold to together', () => {
    const half = gzipSync(Buffer.alloc(7_000_000, 'x'))
    const outcomes = read(zip(Array.from({ length: 12 }, () => ({ data: half, method: 0 }))))
    expect(Array.isArray(outcomes) && outcomes.filter((each) => each === 'too-large').length).toBeGreaterThan(0)
  })

  it('takes the attachments of a mail that are messages after it, packed or not', () => {
    const bytes = mail([
      'Content-Type: text/plain\r\n\r\nZie bijlagen.',
      attached('application/xml', Buffer.from('<a/>')),
      attached('image/png', Buffer.from('89504e470d0a1a0a', 'hex')),
      attached('application/zip', zip([{ data: '<b/>' }, { data: '<c/>', crc: 1 }])),
      attached('application/vnd.openxmlformats', zip([{ name: '[Content_Types].xml', data: '<Types/>' }])),
      `Content-Type: message/rfc822\r\n\r\n${mail(
        [attached('application/xml', Buffer.from('<d/>'))].map((part) => part.replace('--b', '--c')),
        'multipart/mixed; boundary=c',
      )}`,
    ])
    const [whole, ...parts] = read(bytes)
    expect(whole).toBe(bytes.toString())
    expect(parts.map((part) => part.slice(0, 12))).toEqual(['<a/>', '<b/>', 'malformed', 'From: a@b.ex', '<d/>'])
  })

  it('leaves a mail as it is where the feed names another format', () => {
    const bytes = mail([attached('application/xml', Buffer.from('<a/>'))])
    expect(read(bytes)).toHaveLength(2)
    expect(read(bytes, { opensMail: false })).toHaveLength(1)
  })

  it('never throws on changed bytes', () => {
    const packed = zip([{ data: '<a/>'.repeat(50) }, { data: gzipSync('<b/>'.repeat(50)), method: 0 }])
    for (let at = 0; at < packed.length; at++) {
      const changed = Buffer.from(packed)
      changed[at] = (changed[at] ?? 0) ^ 0xff
      expect(() => read(changed)).not.toThrow()
      expect(() => read(packed.subarray(0, at))).not.toThrow()
    }
  })
})
