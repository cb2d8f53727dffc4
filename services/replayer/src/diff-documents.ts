export interface FieldChange {
  readonly field: string
  /** JSON text, cut; null: absent. */
  readonly before: string | null
  readonly after: string | null
}

const mostFields = 10
const longestValue = 200
const deepest = 12

/** What differs between two documents, leaf by leaf; without the identifiers that a publisher adds. Each side may be no JSON: then all of it differs. */
export function diffDocuments(before: string, after: string): readonly FieldChange[] {
  const changes: FieldChange[] = []
  compare(own(before), own(after), '')
  return changes

  function compare(left: unknown, right: unknown, path: string): void {
    if (changes.length >= mostFields) return
    const depth = path.split('.').length
    if (depth < deepest && isObject(left) && isObject(right)) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
        compare(left[key], right[key], Array.isArray(left) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`)
      return
    }
    const [was, is] = [JSON.stringify(left), JSON.stringify(right)]
    if (was !== is) changes.push({ field: path, before: cut(was), after: cut(is) })
  }
}

function own(text: string): unknown {
  const document = parse(text)
  if (!isObject(document) || Array.isArray(document)) return document
  const { uri: _uri, altIds, ...rest } = document
  const others = Array.isArray(altIds)
    ? altIds.filter((id: unknown) => !isObject(id) || !String(id.role).startsWith('dateline:'))
    : []
  return others.length > 0 ? { ...rest, altIds: others } : rest
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const cut = (text: string | undefined): string | null =>
  text === undefined ? null : text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
