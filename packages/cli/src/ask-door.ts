import { Unreachable } from '@dateline/client'
import { CommandFault } from './fault.ts'
import type { Globals } from './globals.ts'
import { keyFor } from './key-for.ts'

/** A request of an operator to the door of a running instance. An answer that is no success is said in the words of its problem. */
export async function askDoor<T>(
  globals: Globals,
  path: string,
  options: { readonly key?: string | undefined; readonly method?: 'GET' | 'POST'; readonly body?: unknown } = {},
): Promise<T> {
  const { method = 'GET', body } = options
  const key = await keyFor(options.key, globals.data)
  const url = globals.url.replace(/\/+$/, '')
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new Unreachable(url, error)
  })
  const text = await response.text()
  if (response.ok) return JSON.parse(text) as T
  throw new CommandFault(detailOf(text) ?? `The answer was ${response.status} ${response.statusText}.`)
}

function detailOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly detail?: string }).detail
  } catch {
    return undefined
  }
}

/** `?feed=x&since=…` of what is given; empty for nothing. */
export function queryOf(given: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}
