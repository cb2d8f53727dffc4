/** S3's own bounds, so that what is archived here can move there: keys up to 1,024 bytes, 2 KB of metadata. */
const longestKey = 1_024
const largestMetadata = 1_984

/** Segments of `[A-Za-z0-9._=-]`, each under 255 bytes and none of dots alone, joined by single slashes. */
const isArchiveKey = (key: string): boolean =>
  key.length <= longestKey && key.split('/').every((segment) => /^(?!\.{1,2}$)[A-Za-z0-9._=-]{1,254}$/.test(segment))

export function requireArchiveKey(key: string): void {
  if (isArchiveKey(key)) return
  throw new RangeError(
    `${JSON.stringify(key)} is not an archive key: segments of letters, digits and . _ = - under 255 bytes, joined by single slashes`,
  )
}

export function requireArchiveMetadata(metadata: Readonly<Record<string, string>>): void {
  let bytes = 0
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z0-9-]{1,60}$/.test(name)) {
      throw new RangeError(`${JSON.stringify(name)} is not a metadata name: lower-case letters, digits and -`)
    }
    if (!/^[\x20-\x7e]*$/.test(value) || value !== value.trim()) {
      throw new RangeError(`The metadata ${name} is not printable ASCII without spaces at its ends`)
    }
    bytes += name.length + value.length
  }
  if (bytes > largestMetadata)
    throw new RangeError(`The metadata take ${bytes} bytes; up to ${largestMetadata} are kept`)
}
