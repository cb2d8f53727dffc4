import type { Association, NewsObjectType, Rendition } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import { contentOf } from './mail-content.ts'
import { decodeWords } from './mime/encoded-words.ts'
import { fieldOf } from './mime/mail-header.ts'
import { bytesOfPart, type MimePart, readMime } from './mime/mime-part.ts'

/** A file that came with a mail. */
export interface AttachedFile {
  readonly bytes: Uint8Array
  /** With its parameters, as sent. */
  readonly contentType: string
  /** True for what says that it is a zip or gzip file; word processors' files are zip files too, and say something else. */
  readonly isArchive: boolean
  readonly isMail: boolean
}

const archives = /^application\/(?:x-)?(?:zip|gzip|zip-compressed|gunzip)$/

/** The files attached to a mail, decoded, in its order. None where it cannot be read: its reader says why. */
export function attachmentsOf(mail: Uint8Array): AttachedFile[] {
  const root = readMime(mail)
  if (root.kind !== 'pass') return []
  return contentOf(root.value).attachments.map((part) => ({
    bytes: bytesOfPart(part),
    contentType: fieldOf(part.fields, 'content-type') ?? part.type,
    isArchive: archives.test(part.type) || /\.(?:zip|gz)$/i.test(part.fileName ?? ''),
    isMail: part.type === 'message/rfc822' || part.type === 'message/global',
  }))
}

const types: ReadonlyMap<string, NewsObjectType> = new Map([
  ['image', 'picture'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['text', 'text'],
  ['message', 'text'],
])

/** Attachments as associations: what they are and how large, without their bytes. `mailId` makes a name for those that have no Content-ID. */
export function associationsOf(attachments: readonly MimePart[], mailId: string | undefined): Association[] {
  return attachments.map((part, at) => {
    const name = `attachment-${at + 1}`
    const association: Draft<Association> & { name: string; uri: string } = {
      name,
      uri: contentIdOf(part) ?? (mailId === undefined ? (part.fileName ?? name) : `${mailId}/${name}`),
    }
    put(association, 'type', types.get(part.type.split('/')[0] ?? ''))
    const description = fieldOf(part.fields, 'content-description')
    put(association, 'caption', description === undefined ? undefined : decodeWords(description))
    const rendition: Draft<Rendition> & { name: string } = { name: 'main', contentType: part.type }
    put(rendition, 'title', part.fileName)
    rendition.sizeInBytes = bytesOfPart(part).byteLength
    association.renditions = [rendition]
    return association
  })
}

/** RFC 2392. */
function contentIdOf(part: MimePart): string | undefined {
  const id = /^<([^<>\s]{1,300})>$/.exec(fieldOf(part.fields, 'content-id') ?? '')?.[1]
  return id === undefined ? undefined : `cid:${id}`
}
