import { faultOf, type Settings, validateConfig } from '@dateline/contracts'
import { isAlias, isPair, LineCounter, parseDocument, visit } from 'yaml'

export type { Settings } from '@dateline/contracts'

export type SettingsResult =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'faults'; readonly faults: readonly string[] }

/**
 * The settings that a configuration text means, every default filled in. null is no file, which is a valid file.
 * `${NAME}` stands for a variable of the environment; a missing one is a fault. Faults are whole sentences that name the place.
 */
export function readSettings(
  text: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): SettingsResult {
  const lines = new LineCounter()
  const document = parseDocument(text ?? '', { lineCounter: lines, prettyErrors: false })
  const syntax = document.errors.map((error) => `Line ${lines.linePos(error.pos[0]).line}: ${error.message}.`)
  if (syntax.length > 0) return { kind: 'faults', faults: syntax }
  if (hasAlias(document))
    return { kind: 'faults', faults: ['YAML aliases (*name) are not supported: write the value out.'] }

  const missing: string[] = []
  const value = substitute((document.toJS() as unknown) ?? {}, environment, missing)
  if (missing.length > 0) {
    return {
      kind: 'faults',
      faults: [...new Set(missing)].map(
        (name) =>
          `The environment variable ${name} is not set, and the configuration uses it: set it, or write the value there.`,
      ),
    }
  }
  if (!validateConfig(value))
    return { kind: 'faults', faults: [`${describe(faultOf(validateConfig))}${hintOf(value)}.`] }
  const settings = value as Settings
  const faults = crossFaults(settings)
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'settings', settings }
}

/** Where a name is missing, what stands there instead: mostly it is there with a slip of the pen. */
function hintOf(value: unknown): string {
  const [first] = validateConfig.errors ?? []
  if (first?.params?.missingProperty === undefined) return ''
  let at = value
  for (const name of first.instancePath.split('/').slice(1))
    at = (at as Readonly<Record<string, unknown>> | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')]
  const names = at !== null && typeof at === 'object' ? Object.keys(at) : []
  return names.length === 0 ? '' : ` (there are: ${names.join(', ')})`
}

function hasAlias(document: ReturnType<typeof parseDocument>): boolean {
  let found = false
  visit(document, (_key, node) => {
    if (isAlias(node) || (isPair(node) && isAlias(node.value))) found = true
  })
  return found
}

function substitute(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  missing: string[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
      const found = environment[name]
      if (found === undefined) missing.push(name)
      return found ?? ''
    })
  }
  if (Array.isArray(value)) return value.map((entry) => substitute(entry, environment, missing))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, substitute(entry, environment, missing)]),
    )
  }
  return value
}

/** What a schema cannot say: names that must exist elsewhere in the file. */
function crossFaults(settings: Settings): string[] {
  const faults: string[] = []
  const suppliers = Object.keys(settings.suppliers)
  const isNamed = suppliers.length > 0
  if (!isNamed) faults.push(...noSuppliersFault(settings))
  for (const [name, feed] of Object.entries(settings.feeds ?? {})) {
    if (feed.via === 'folder' && feed.path === undefined)
      faults.push(`The feed ${name} comes from a folder: say which with \`path\`.`)
    if (name === 'rejected' || name === 'receipts')
      faults.push(`A feed cannot be called ${name}: wire.${name} is a topic of Dateline's own.`)
    if (isNamed && !suppliers.includes(feed.supplier))
      faults.push(
        `The feed ${name} is of the supplier ${feed.supplier}, which is not among the suppliers (there are: ${suppliers.join(', ')}).`,
      )
    if (feed.timezone !== undefined && !isTimeZone(feed.timezone)) faults.push(zoneFault(`feed ${name}`, feed.timezone))
    if (feed.charset !== undefined && !isCharset(feed.charset)) faults.push(charsetFault(`feed ${name}`, feed.charset))
  }
  for (const [name, { timezone, charset }] of Object.entries(settings.suppliers)) {
    if (timezone !== undefined && !isTimeZone(timezone)) faults.push(zoneFault(`supplier ${name}`, timezone))
    if (charset !== undefined && !isCharset(charset)) faults.push(charsetFault(`supplier ${name}`, charset))
  }
  for (const [name, { url, allowPrivate }] of Object.entries(settings.subscriptions)) {
    if (!allowPrivate && isThisMachine(url))
      faults.push(`The subscription ${name} goes to this machine (${url}): set allowPrivate: true if that is meant.`)
  }
  if (settings.feeds !== undefined) {
    for (const key of settings.keys) {
      for (const feed of key.feeds ?? []) {
        if (feed !== '*' && !(feed in settings.feeds))
          faults.push(`The key ${key.id} is for the feed ${feed}, which is not among the feeds.`)
      }
    }
  }
  return faults
}

/** One sentence over all feeds, with their suppliers side by side: there a slip of the pen is seen. */
function noSuppliersFault({ feeds = {} }: Settings): string[] {
  const feedsOf = Map.groupBy(Object.keys(feeds), (name) => feeds[name]?.supplier ?? '')
  if (feedsOf.size === 0) return []
  const named = [...feedsOf].map(([supplier, names]) => `${supplier} (${names.join(', ')})`).join(', ')
  const missing = [...feedsOf.keys()].map((supplier) => `${supplier}: {}`).join(', ')
  return [`There are no suppliers, but feeds of ${named}: add \`suppliers: { ${missing} }\`.`]
}

/** Those of the WHATWG's list, and the ones that old systems write beside it. */
function isCharset(label: string): boolean {
  if (/^(?:ibm|cp-?|dos-)?(?:437|850)$|^mac[-_]?roman$/i.test(label)) return true
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

const charsetFault = (whose: string, charset: string): string =>
  `The ${whose} has the charset ${charset}, which is not one that is read here: utf-8, windows-1252, iso-8859-15, macintosh, cp850 and the like.`

const zoneFault = (whose: string, zone: string): string =>
  `The ${whose} has the time zone ${zone}, which is not an IANA name such as Europe/Amsterdam.`

/** Only what the address itself says; names are resolved when something is delivered. */
function isThisMachine(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const describe = (fault: string): string =>
  fault.replace(/^\/(\S*)/, (_whole, path: string) => (path === '' ? 'The configuration' : path.replaceAll('/', '.')))
