import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ExpectedReading, formats } from '@dateline/formats'

export interface RecordedBytes {
  /** Of the folder that it lies in. */
  readonly format: string
  /** `<format>/<file>`. */
  readonly name: string
  readonly bytes: Buffer
}

/** A recorded message of a format, and what was written by hand of what it should give. */
export interface Recorded extends RecordedBytes {
  readonly expected: ExpectedReading
}

const packages = fileURLToPath(new URL('../../packages/', import.meta.url))
const folderOf = (format: string): string => `${packages}formats/src/${format}/fixtures/`

/** Every recorded message of every format of the list, in its order. */
export const recordedMessages = (): readonly Recorded[] =>
  formats.flatMap(({ name: format }) =>
    filesIn(folderOf(format)).map((file): Recorded => {
      const expected = `${folderOf(format)}${file.replace(/\.[^.]+$/, '')}.expected.json`
      return {
        format,
        name: `${format}/${file}`,
        bytes: readFileSync(folderOf(format) + file),
        expected: JSON.parse(readFileSync(expected, 'utf8')),
      }
    }),
  )

/** Zip and gzip files and mails that hold messages of several formats. */
export function recordedContainers(): readonly RecordedBytes[] {
  const folder = `${packages}normalize/src/fixtures/`
  return filesIn(folder).map((file) => ({
    format: 'containers',
    name: `containers/${file}`,
    bytes: readFileSync(folder + file),
  }))
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('.expected.json'))
    .sort()
