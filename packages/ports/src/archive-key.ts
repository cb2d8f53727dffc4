/** S3's bounds, so that what is archived in one engine can move to another: keys up to 1,024 bytes, 2 KB of metadata less what an adapter adds of its own. */
const longestKey = 1_024
const largestMetadata = 2_048 - 64

/** Segments of `[A-Za-z0-9._=-]`, each under 255 bytes and none of dots alone, joined by single slashes. */
export const isArchiveKey = (key: string): boolean =>
  key.length <= longestKey && key.split('/').every((segment) => /^(?!\.{1,2}$)[A-Za-z0-9._=-]{1,254}$/.test(segment))

/** Throws RangeError for a key that some engine would fold, misread or refuse. */
export function requireArchiveKey(key: string): void {
  if (isArchiveKey(key)) return
  throw new RangeError(
    `${JSON.stringify(key)} is not an archive key: segments of letters, digits and . _ = - under 255 bytes, joined by single slashes`,
  )
}

/** S3 sends user metadata as HTTP headers: names fold their case, other text than ASCII is mangled. Throws RangeError for what would be lost there. */
export function requireArchiveMetadata(metadata: Readonly<Record<string, string>>): void {
  let bytes = 0
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z0-9-]{1,60}$/.test(name))
      throw new RangeError(`${JSON.stringify(name)} is not a metadata name: lower-case letters, digits and -`)
    if (!/^[\x20-\x7e]*$/.test(value) || value !== value.trim())
      throw new RangeError(`The metadata ${name} is not printable ASCII without spaces at its ends`)
    bytes += name.length + value.length
  }
  if (bytes > largestMetadata)
    throw new RangeError(`The metadata take ${bytes} bytes; up to ${largestMetadata} are kept`)
}
