import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@dateline/cli'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dateline, type RunningCommand, startDateline } from '../support/command.ts'
import { families, type Installation, install } from '../support/families.ts'
import { hasSamplePage, pageVariants, samplePage } from '../support/sample.ts'

const cities = ['Pyongyang', 'Londen', 'Genève', 'Davos', 'Moskou', 'Kyiv', 'Jeruzalem', 'Straatsburg']
const credits = [['ANP'], ['ANP', 'RTR'], ['ANP'], ['ANP'], ['ANP', 'AFP'], ['ANP', 'RTR'], ['ANP', 'AFP'], ['ANP']]

interface ShownEvent {
  readonly type: string
  readonly data: {
    readonly headlines: readonly { readonly value: string }[]
    readonly located: string
    readonly language: string
    readonly versionCreated?: string
    readonly infoSources: readonly { readonly name?: string; readonly literal?: string }[]
    readonly subjects: readonly { readonly name: string; readonly rel: string }[]
    readonly bodies: readonly { readonly contentType: string; readonly value: string }[]
  }
}

describe.skipIf(!hasSamplePage)('a real page of the Dutch wire (skipped where ../shared/samples is missing)', () => {
  it('parses into eight stories with city, credits, language, section and times', async () => {
    const { code, stdout } = await dateline([
      'parse',
      '--json',
      samplePage,
      '--captured-at',
      '2026-01-20T12:00:00+01:00',
    ])
    expect(code).toBe(0)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ShownEvent)
    expect(events.map((event) => event.data.located)).toEqual(cities)
    expect(events.map((event) => event.data.infoSources.map((source) => source.literal ?? source.name))).toEqual(
      credits,
    )
    expect(new Set(events.map((event) => event.data.language))).toEqual(new Set(['nl']))
    expect(
      new Set(events.map((event) => event.data.subjects.find((subject) => subject.rel === 'section')?.name)),
    ).toEqual(new Set(['Buitenland']))
    expect(events[0]?.data.headlines[0]?.value).toBe('Poetin op zeer zeldzaam bezoek in Noord-Korea')
    const text = events[0]?.data.bodies.find((body) => body.contentType === 'text/plain')?.value ?? ''
    expect(text.startsWith('De Russische president Vladimir Poetin')).toBe(true)
    expect(text.endsWith('Woensdag reist Poetin door naar Vietnam.')).toBe(true)
    expect(events.slice(1).map((event) => Date.parse(event.data.versionCreated ?? ''))).toEqual(
      [7, 60, 60, 60, 60, 120, 120].map((minutes) => Date.parse('2026-01-20T11:00:00Z') - minutes * 60_000),
    )
  })

  it('reads well for people too', async () => {
    const { code, stdout } = await dateline(['parse', samplePage])
    expect(code).toBe(0)
    expect(stdout).toContain('Poetin op zeer zeldzaam bezoek in Noord-Korea')
  })
})

describe.skipIf(!hasSamplePage).each(families.filter((family) => family.isAvailable))(
  'the page through $name engines (skipped where ../shared/samples is missing)',
  (family) => {
    let installation: Installation
    let commands: RunningCommand[] = []
    let url = ''
    const later = join(tmpdir(), `later-${process.pid}.txt`)

    beforeAll(async () => {
      installation = await install(
        family,
        family.name === 'real' ? 'suppliers: { anp: {} }\nfeeds: { anp-site: { supplier: anp } }\n' : '',
      )
      const port = await freePort()
      url = `http://127.0.0.1:${port}`
      const common = ['--config', installation.config, '--data', installation.dataDir]
      const run = (service: string, number = '0'): RunningCommand =>
        startDateline(['run', service, '--port', number, ...common])
      commands =
        family.name === 'embedded'
          ? [startDateline(['up', '--port', String(port), ...common])]
          : [
              run('gateway', String(port)),
              run('normalizer'),
              run('normalizer'),
              run('publisher'),
              run('publisher'),
              run('archiver'),
              run('dispatcher'),
            ]
      await Promise.all(commands.map((command) => command.says('Ready.')))
      await writeFile(later, pageVariants().later)
    }, 90_000)

    afterAll(async () => {
      await Promise.all(commands.map((command) => command.stop()))
      await installation.remove()
      await rm(later, { force: true })
    }, 60_000)

    it('publishes eight stories once, and nothing for the same page again or with other relative times', {
      timeout: 120_000,
    }, async () => {
      const push = async (file: string): Promise<string[]> => {
        const { code, stdout, stderr } = await dateline([
          'push',
          file,
          '--feed',
          'anp-site',
          '--json',
          '--wait',
          '60',
          '--url',
          url,
          '--data',
          installation.dataDir,
        ])
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        return (JSON.parse(stdout) as { outcomes: { outcome: string }[] }).outcomes.map((outcome) => outcome.outcome)
      }
      expect(await push(samplePage)).toEqual(Array(8).fill('published'))
      expect(await push(samplePage)).toEqual(Array(8).fill('duplicate'))
      expect(await push(later)).toEqual(Array(8).fill('duplicate'))

      const audited = await dateline([
        'audit',
        '--json',
        '--wait',
        '30',
        '--config',
        installation.config,
        '--data',
        installation.dataDir,
      ])
      expect(JSON.parse(audited.stdout)).toMatchObject({
        addsUp: true,
        messages: 3,
        items: 24,
        outcomes: { published: 8, duplicate: 16, rejected: 0 },
      })
      expect(audited.code).toBe(0)

      const tail = await dateline([
        'tail',
        '--json',
        '--from-start',
        '--limit',
        '8',
        '--url',
        url,
        '--data',
        installation.dataDir,
      ])
      const events = tail.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ShownEvent)
      expect(events.map((event) => event.type)).toEqual(Array(8).fill('dateline.story.published'))
      expect(new Set(events.map((event) => event.data.located))).toEqual(new Set(cities))
    })

    it('gives the raw bytes back identical, and proves the archive whole', { timeout: 60_000 }, async () => {
      const common = ['--config', installation.config, '--data', installation.dataDir]
      const dir = await mkdtemp(join(tmpdir(), 'dateline-get-'))
      const { stdout } = await dateline([
        'push',
        samplePage,
        '--feed',
        'anp-site',
        '--json',
        '--url',
        url,
        '--data',
        installation.dataDir,
      ])
      const { receipt } = JSON.parse(stdout) as { receipt: string }
      let got = await dateline(['archive', 'get', receipt, '--output', join(dir, 'page'), ...common])
      for (let tries = 0; got.code !== 0 && tries < 20; tries += 1)
        got = await dateline(['archive', 'get', receipt, '--output', join(dir, 'page'), ...common])
      expect((await readFile(join(dir, 'page'))).equals(await readFile(samplePage))).toBe(true)
      const verified = await dateline(['archive', 'verify', '--json', ...common])
      expect(JSON.parse(verified.stdout)).toMatchObject({ isWhole: true, messages: 4 })
      expect(verified.code).toBe(0)
      await rm(dir, { recursive: true })
    })
  },
)
