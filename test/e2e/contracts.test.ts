import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(root + path, 'utf8')

it('schemas/openapi.yaml names every route of the gateway, and no other', () => {
  const described = Object.entries(parse(read('schemas/openapi.yaml')).paths as Record<string, object>).flatMap(
    ([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`),
  )
  const sources = ['server.ts', 'routes/messages.ts', 'routes/receipts.ts', 'routes/stories.ts']
    .map((file) => read(`services/gateway/src/${file}`))
    .join('\n')
  const served = [...sources.matchAll(/server\.(get|post)(?:<[\s\S]*?>)?\(\s*'([^']+)'/g)].map(
    (found) => `${found[1]} ${(found[2] ?? '').replaceAll(/:(\w+)/g, '{$1}')}`,
  )
  const probes = [...sources.matchAll(/'(\/health\/\w+|\/metrics)'/g)].map((found) => `get ${found[1]}`)
  expect(served.length).toBeGreaterThan(5)
  expect(new Set(described)).toEqual(new Set([...served, ...probes]))
})

it('schemas/asyncapi.yaml names every topic, and no other', () => {
  const described = Object.values(
    parse(read('schemas/asyncapi.yaml')).channels as Record<string, { address: string }>,
  ).map((channel) => channel.address)
  const topics = (JSON.parse(read('infra/topics.json')) as { topics: { name: string }[] }).topics.map((topic) =>
    topic.name.replace('<feed>', '{feed}'),
  )
  expect(described.toSorted()).toEqual(topics.toSorted())
})

it('every schema that they point to is there', () => {
  for (const file of ['schemas/openapi.yaml', 'schemas/asyncapi.yaml']) {
    const pointed = [...read(file).matchAll(/"([a-z-]+\.schema\.json)/g)].map((found) => found[1] ?? '')
    expect(pointed.length).toBeGreaterThan(1)
    for (const name of pointed) expect(JSON.parse(read(`schemas/${name}`))).toHaveProperty('$id')
  }
})
