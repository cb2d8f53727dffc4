import type { XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'
import { distinct } from './subject-lists.ts'

const prefix = 'urn:newsml:tt.se:'

/**
 * TT gives every version an id of its own and names the one before in an alternative id, with the signal `tt_sig:replace`; its subjects
 * are IPTC's codes between its own (`TT:02000000:LAG`; seen 2017).
 */
export function tt(_item: XmlElement, { story }: Reading): void {
  if (!story.id?.startsWith(prefix)) return
  const former = story.altIds?.find(({ role }) => role === 'refuno')?.value
  if (former !== undefined && story.signals?.includes('tt_sig:replace') && prefix + former !== story.id)
    story.replaces = [...new Set([...(story.replaces ?? []), prefix + former])]
  if (story.subjects === undefined) return
  story.subjects = distinct(
    story.subjects.map((subject) => {
      const code = /^TT:(\d{8})(?::|$)/.exec(subject.literal ?? '')?.[1]
      return code === undefined ? subject : { ...subject, uri: `http://cv.iptc.org/newscodes/subjectcode/${code}` }
    }),
  )
}
