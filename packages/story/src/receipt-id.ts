import { parsePosition } from './position.ts'

const prefix = 'rcp_'

/** A receipt id is the message's position in a form that travels well, so that every gateway can answer for it. */
export const receiptId = (position: string): string => prefix + Buffer.from(position).toString('base64url')

/** The position again; null for what is no receipt id. */
export function positionOfReceipt(id: string): string | null {
  if (!id.startsWith(prefix) || id.length > 600) return null
  const position = Buffer.from(id.slice(prefix.length), 'base64url').toString('utf8')
  const parsed = parsePosition(position)
  return parsed === null || parsed.index !== null ? null : position
}
