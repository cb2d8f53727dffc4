import { isArchiveKey } from '@dateline/ports'
import type { S3Options } from './s3-options.ts'

export type ParsedS3Url =
  | { readonly ok: true; readonly options: S3Options }
  | { readonly ok: false; readonly problem: string }

const PARAMETERS = new Set(['endpoint', 'region', 'forcePathStyle', 'checksums', 'maxAttempts', 'requestTimeoutMs'])
const EXAMPLE = 's3://bucket/prefix?endpoint=http://host:9000&region=us-east-1&forcePathStyle=true'

/** Reads `s3://bucket/prefix?…`. Credentials do not belong into it. A problem says what to write instead. */
export function parseS3Url(url: string): ParsedS3Url {
  const parts = /^s3:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url)
  if (parts === null) return no(`This is not an S3 URL. Write ${EXAMPLE}.`)
  const [, bucket = '', path = '', query = ''] = parts
  if (bucket.includes('@'))
    return no('The S3 URL carries credentials. Leave them out: give them by the environment or the settings.')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    return no(`"${bucket}" is not the name of a bucket. Write ${EXAMPLE}.`)
  const prefix = path.replace(/\/$/, '')
  if (prefix !== '' && !isArchiveKey(prefix))
    return no(
      `The S3 URL has the prefix "${prefix}". Use letters, digits and . _ = - in segments joined by single slashes.`,
    )

  const parameters = new URLSearchParams(query)
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.has(name))
  if (unknown !== undefined)
    return no(`The S3 URL has an unknown parameter ${unknown}. Known: ${[...PARAMETERS].join(', ')}.`)
  const endpoint = parameters.get('endpoint')
  if (endpoint !== null && !isHttpUrl(endpoint))
    return no(
      `The S3 URL has endpoint=${withoutPassword(endpoint)}. Write http://host:port or https://host, nothing more.`,
    )
  const forcePathStyle = parameters.get('forcePathStyle')
  if (forcePathStyle !== null && forcePathStyle !== 'true' && forcePathStyle !== 'false')
    return no(`The S3 URL has forcePathStyle=${forcePathStyle}. Write true or false.`)
  const checksums = parameters.get('checksums')
  if (checksums !== null && checksums !== 'WHEN_SUPPORTED' && checksums !== 'WHEN_REQUIRED')
    return no(`The S3 URL has checksums=${checksums}. Write WHEN_SUPPORTED or WHEN_REQUIRED.`)
  const maxAttempts = readCount(parameters, 'maxAttempts')
  if (typeof maxAttempts === 'string') return no(maxAttempts)
  const requestTimeoutMs = readCount(parameters, 'requestTimeoutMs')
  if (typeof requestTimeoutMs === 'string') return no(requestTimeoutMs)
  const region = parameters.get('region')

  return {
    ok: true,
    options: {
      bucket,
      prefix,
      ...(region ? { region } : {}),
      ...(endpoint === null ? {} : { endpoint }),
      ...(forcePathStyle === null ? {} : { forcePathStyle: forcePathStyle === 'true' }),
      ...(checksums === null ? {} : { checksums }),
      ...(maxAttempts === null ? {} : { maxAttempts }),
      ...(requestTimeoutMs === null ? {} : { requestTimeoutMs }),
    },
  }
}

const no = (problem: string): ParsedS3Url => ({ ok: false, problem })

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, pathname, search, hash } = new URL(text)
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '' && pathname === '/'
}

const withoutPassword = (text: string): string => text.replace(/\/\/[^/@]*@/, '//…@')

function readCount(parameters: URLSearchParams, name: string): number | string | null {
  const text = parameters.get(name)
  if (text === null) return null
  const count = Number(text)
  return Number.isSafeInteger(count) && count >= 1
    ? count
    : `The S3 URL has ${name}=${text}. Write a whole number from 1 on.`
}
