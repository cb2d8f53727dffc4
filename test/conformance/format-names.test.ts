import { readFileSync } from 'node:fs'
import { formats } from '@dateline/formats'
import { expect, it } from 'vitest'

it('the settings offer every wire format there is, and no other', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/config.schema.json', import.meta.url), 'utf8'))
  const offered = schema.properties.feeds.additionalProperties.properties.format.enum as string[]
  expect(offered.toSorted()).toEqual(formats.map((format) => format.name).toSorted())
})
