/** S3 allows 1,024 bytes of key with the prefix; what the prefix takes is left to it. */
const LONGEST_KEY = 1_024

/** Segments of `[A-Za-z0-9._=-]`, each under 255 bytes and none of dots alone, joined by single slashes. */
export const isArchiveKey = (key: string): boolean =>
  key.length <= LONGEST_KEY && key.split('/').every((segment) => /^(?!\.{1,2}$)[A-Za-z0-9._=-]{1,254}$/.test(segment))

/** Throws for a key that some engine would fold, misread or refuse. */
export function requireArchiveKey(key: string): void {
  if (isArchiveKey(key)) return
  throw new RangeError(
    `${JSON.stringify(key)} is not an archive key: segments of letters, digits and . _ = - under 255 bytes, joined by single slashes`,
  )
}

/** S3 sends user metadata as HTTP headers: names fold their case, other text than ASCII is mangled, 2 KB is the limit over all. */
export function requireArchiveMetadata(metadata: Readonly<Record<string, string>>): void {
  let bytes = 0
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z0-9-]{1,60}$/.test(name))
      throw new RangeError(`${JSON.stringify(name)} is not a metadata name: lower-case letters, digits and -`)
    if (!/^[\x20-\x7e]*$/.test(value) || value !== value.trim())
      throw new RangeError(`The metadata ${name} is not printable ASCII without spaces at its ends`)
    bytes += name.length + value.length
  }
  if (bytes > LARGEST_METADATA) throw new RangeError(`The metadata take ${bytes} bytes; S3 keeps ${LARGEST_METADATA}`)
}

/** 2 KB less what this adapter adds of its own. */
const LARGEST_METADATA = 2_048 - 64
