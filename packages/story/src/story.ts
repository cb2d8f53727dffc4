/**
 * One story as a wire format reads it and enrichment completes it. Fields are spelled and shaped as in IPTC ninjs 3.1 where ninjs
 * has them. A value that the supplier did not give is absent, never invented.
 */
export interface Story {
  /** The supplier's own stable id, the same for all versions of the story. Absent: identity by content. */
  readonly id?: string
  /** The supplier's version as sent: "10", "0", "1542761538". */
  readonly version?: string
  /** Instants are RFC 3339 with Z or an offset. */
  readonly versionCreated?: string
  readonly firstCreated?: string
  readonly contentCreated?: string
  readonly expires?: string
  /** ninjs `type`; text unless said. */
  readonly type?: NewsObjectType
  readonly profile?: string
  /** usable unless said. `canceled` is a kill, `withheld` a recall too. */
  readonly pubStatus?: 'usable' | 'withheld' | 'canceled'
  /** An instant; `indefinite` (an empty embargo element); `none` (the supplier clears it). Absent: the item says nothing of it. */
  readonly embargoed?: string
  /** IPTC scale, 1 most urgent to 9. */
  readonly urgency?: number
  /** The supplier's own urgency or priority, as sent. */
  readonly supplierUrgency?: string
  /** BCP 47. */
  readonly language?: string
  /** The first without a role, or with role `main`, is the headline. */
  readonly headlines?: readonly Roled[]
  readonly slugline?: string
  /** Byline as printed. */
  readonly by?: string
  /** Dateline as printed, credits included: "LONDEN (ANP/RTR)". Not repeated in the body. */
  readonly dateline?: string
  /** City of the dateline, in the case of running text: "Londen". */
  readonly located?: string
  /** Clean XHTML fragment; allow-listed elements only. */
  readonly bodyHtml?: string
  /** The same text, paragraphs parted by an empty line. */
  readonly bodyText?: string
  readonly descriptions?: readonly Roled[]
  /** Notes to editors, not for publication. */
  readonly edNotes?: readonly string[]
  /** Section of the paper or site: "Buitenland". */
  readonly section?: string
  readonly keywords?: readonly string[]
  readonly subjects?: readonly Concept[]
  readonly people?: readonly Concept[]
  readonly organisations?: readonly Concept[]
  readonly places?: readonly Concept[]
  readonly objects?: readonly Concept[]
  readonly events?: readonly Concept[]
  readonly genres?: readonly Concept[]
  /** Credits, in the order printed, without repeats: ANP, RTR. */
  readonly infoSources?: readonly Concept[]
  readonly copyrightHolder?: string
  readonly copyrightNotice?: string
  readonly usageTerms?: string
  /** Codes of special handling: `sig:correction`, `edStat:U`. */
  readonly signals?: readonly string[]
  /** What the item says of itself. */
  readonly change?: 'correction' | 'repeat'
  /** Supplier's ids of stories that this one supersedes. */
  readonly replaces?: readonly string[]
  readonly altIds?: readonly { readonly role: string; readonly value: string }[]
  readonly renditions?: readonly Rendition[]
  readonly associations?: readonly Association[]
  /** What was assumed or mended while reading: `zone-assumed`, `headline-from-body`, `charset-detected`. */
  readonly flags?: readonly string[]
  /** Paths of what the supplier sent and the story has no place for; counted per feed. */
  readonly unmapped?: readonly string[]
}

export type NewsObjectType = 'text' | 'audio' | 'video' | 'picture' | 'graphic' | 'composite'

export interface Roled {
  readonly role?: string
  readonly value: string
}

export interface Concept {
  readonly name?: string
  /** Only an absolute URI. */
  readonly uri?: string
  /** The supplier's own code where there is no URI: `medtop:20000587` of an unknown catalog. */
  readonly literal?: string
  readonly rel?: string
  readonly role?: string
}

export interface Rendition {
  readonly name: string
  readonly href?: string
  readonly contentType?: string
  readonly title?: string
  readonly width?: number
  readonly height?: number
  readonly sizeInBytes?: number
}

export interface Association {
  readonly name: string
  readonly uri: string
  readonly type?: NewsObjectType
  readonly headline?: string
  readonly caption?: string
  readonly by?: string
  readonly renditions?: readonly Rendition[]
}
