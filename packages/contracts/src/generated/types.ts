// Generated from schemas/ by generate.ts. Do not edit.
/**
 * Why an item was published.
 */
export type PublishedReason =
  'new' | 'new-version' | 'new-content' | 'correction' | 'repeat' | 'metadata' | 'reprocessed' | 'restored' | 'released'
/**
 * Why an item was a duplicate.
 */
export type DuplicateReason = 'same-version' | 'same-content' | 'same-output' | 'already-killed' | 'already-withheld'
/**
 * Why an item was stale.
 */
export type StaleReason = 'older-version' | 'too-old' | 'killed' | 'contained'
/**
 * Why an item is held.
 */
export type HeldReason = 'embargoed'
/**
 * What recalled a story.
 */
export type RecalledReason = 'killed' | 'withheld'
/**
 * Why a message or an item was rejected.
 */
export type RejectReason =
  | 'empty'
  | 'too-large'
  | 'too-deep'
  | 'too-complex'
  | 'charset'
  | 'doctype'
  | 'malformed'
  | 'unsafe-key'
  | 'unknown-format'
  | 'invalid'
  | 'unsupported'
  | 'no-story'
  | 'kill-without-id'
  | 'invalid-output'
  | 'bug'
/**
 * Why a message or an item was ignored.
 */
export type IgnoreReason = 'not-a-story' | 'test-message' | 'heartbeat' | 'release-not-held' | 'lift-not-killed'
/**
 * What became of an item.
 */
export type OutcomeKind = 'published' | 'duplicate' | 'stale' | 'held' | 'recalled' | 'rejected' | 'ignored'
/**
 * The closed list of reasons, over all outcomes.
 */
export type Reason =
  PublishedReason | DuplicateReason | StaleReason | HeldReason | RecalledReason | RejectReason | IgnoreReason
/**
 * The way a record took up to the publisher.
 */
export type Lane = 'flash' | 'live' | 'replay'
/**
 * Where a wire message lies: `<topic>@<log id>/<partition>/<offset>`.
 */
export type Position = string
/**
 * The i-th item of a wire message: `<position>#<i>`.
 */
export type ItemPosition = string
/**
 * RFC 3339, with Z or an offset.
 */
export type Instant = string
/**
 * 64 hexadecimal digits.
 */
export type Sha256 = string
/**
 * A feed: lower case letters, digits and single hyphens.
 */
export type FeedName = string
/**
 * `<supplier>:<the supplier's own stable id>`.
 */
export type StoryKey = string
/**
 * What kind of change an event is.
 */
export type Change = 'new' | 'content' | 'metadata' | 'correction' | 'repeat' | 'reprocessed' | 'status'
/**
 * The line before the document in a record of `stories.parsed`: an item or a command.
 */
export type ParsedRecord = Item | Release | DeskKill | DeskLift
/**
 * A record of `wire.receipts`: what became of the messages or items of one batch.
 */
export type ReceiptBatch =
  | {
      writer: 'normalizer'
      messages: MessageReceipt[]
    }
  | {
      writer: 'publisher'
      outcomes: ItemOutcome[]
    }
/**
 * A record of `stories.state`. Key: the story key, or `~<feed>/<story key>` for a capture of a feed's window, whose end is a tombstone with the headers `dateline-input` and `dateline-log-id`. The newest input offset wins on restore.
 */
export type ChangelogRecord =
  | {
      /**
       * Input offset of stories.parsed: up to there every effect is done once this record is. The first of two records of one input says the one before.
       */
      input: number
      logId: string
      state: StoryState
    }
  | {
      input: number
      logId: string
      capture: Capture
    }

export interface Contracts {
  PublishedReason?: PublishedReason
  DuplicateReason?: DuplicateReason
  StaleReason?: StaleReason
  HeldReason?: HeldReason
  RecalledReason?: RecalledReason
  RejectReason?: RejectReason
  IgnoreReason?: IgnoreReason
  OutcomeKind?: OutcomeKind
  Reason?: Reason
  Lane?: Lane
  Position?: Position
  ItemPosition?: ItemPosition
  Instant?: Instant
  Sha256?: Sha256
  FeedName?: FeedName
  StoryKey?: StoryKey
  Change?: Change
  Config?: Config
  Settings?: Settings
  Item?: Item
  Release?: Release
  DeskKill?: DeskKill
  DeskLift?: DeskLift
  ParsedRecord?: ParsedRecord
  MessageReceipt?: MessageReceipt
  ItemOutcome?: ItemOutcome
  ReceiptBatch?: ReceiptBatch
  Rejected?: Rejected
  ReplaySpec?: ReplaySpec
  StoryState?: StoryState
  Capture?: Capture
  ChangelogRecord?: ChangelogRecord
  NinjsText?: NinjsText
  NinjsBody?: NinjsBody
  NinjsConcept?: NinjsConcept
  NinjsGenre?: NinjsGenre
  NinjsSource?: NinjsSource
  NinjsRendition?: NinjsRendition
  NinjsAssociation?: NinjsAssociation
  NinjsAltId?: NinjsAltId
  PublishedStory?: PublishedStory
  WireEnvelope?: WireEnvelope
}
/**
 * dateline.yaml. Every setting has a default: no file is a valid file.
 */
export interface Config {
  /**
   * Name of this installation; stands in the `source` of every event. Never a host.
   */
  instance?: string
  /**
   * Where the four engines are. Absent: embedded, in the data directory.
   */
  engines?: {
    /**
     * kafka://host:9092,… , kafka+ssl://user:${PW}@host:9093?sasl=scram-sha-512, or file:DIR (absent: the data directory).
     */
    log?: string
    /**
     * s3://bucket/prefix?endpoint=…&region=…, or file:DIR.
     */
    archive?: string
    /**
     * redis://host:6379/0, rediss://…, or file:DIR.
     */
    state?: string
    /**
     * redis://host:6379/0 (another instance than the state's, or both without eviction), or file:DIR.
     */
    jobs?: string
  }
  /**
   * Credentials, where the environment of the AWS SDK does not give them.
   */
  s3?: {
    accessKeyId?: string
    secretAccessKey?: string
    /**
     * WHEN_REQUIRED for S3 clones that refuse CRC trailers.
     */
    checksums?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED'
  }
  http?: {
    /**
     * Address to listen on.
     */
    host?: string
    /**
     * Port of the gateway; other services of `run` take theirs by --port.
     */
    port?: number
    /**
     * Largest wire message at the door.
     */
    maxMessageBytes?: number
  }
  /**
   * Agencies by their short name, which begins every story key.
   */
  suppliers?: {
    [k: string]: {
      /**
       * Language assumed where a message says none, BCP 47.
       */
      language?: string
      /**
       * IANA zone of times that say none.
       */
      timezone?: string
      /**
       * Encoding of messages that declare none or a wrong one.
       */
      charset?: string
      /**
       * A duration: 30s, 15m, 3h, 7d.
       */
      retention?: string
    }
  }
  /**
   * Feeds by name. Absent: any pushed feed name becomes a feed of the supplier named before its first hyphen.
   */
  feeds?: {
    [k: string]: {
      supplier: string
      via?: 'push' | 'folder' | 'kafka'
      /**
       * Watched folder, for via: folder.
       */
      path?: string
      /**
       * Wire format, where it need not be detected.
       */
      format?:
        | 'anp-news-api'
        | 'anpa-1312'
        | 'ap-media-api'
        | 'atom'
        | 'dpa-digitalwires'
        | 'email'
        | 'iptc-7901'
        | 'json-feed'
        | 'newsml-g2'
        | 'newsml12'
        | 'ninjs'
        | 'nitf'
        | 'page-capture'
        | 'plain-text'
        | 'reuters-connect'
        | 'ritzau'
        | 'rss'
      language?: string
      timezone?: string
      charset?: string
      /**
       * Partitions of the wire topic when it is created.
       */
      partitions?: number
      /**
       * How long a silence is normal: a duration, or durations by hours of the day.
       */
      quietAfter?:
        | string
        | {
            /**
             * A duration: 30s, 15m, 3h, 7d.
             */
            [k: string]: string
          }
      /**
       * Cap of messages marked as flash per minute.
       */
      flashPerMinute?: number
      /**
       * Share of rejected messages (over at least 20 in five minutes) that raises an alarm.
       */
      rejectAlarm?: number
    }
  }
  /**
   * Hashed keys, as `dateline keys create` prints them.
   */
  keys?: {
    id: string
    sha256: Sha256
    /**
     * Feeds that this key may push to; "*" is every feed.
     */
    feeds?: (FeedName | '*')[]
    /**
     * Suppliers whose stories this key may read; "*" is all.
     */
    reads?: string[]
    operator?: boolean
  }[]
  subscriptions?: {
    [k: string]: {
      deliver: 'webhook'
      url: string
      /**
       * Standard Webhooks secret: whsec_ and 24 to 64 bytes in base64.
       */
      secret?: string
      where?: {
        suppliers?: string[]
        feeds?: string[]
        language?: string
        subjects?: string[]
        /**
         * 1 is the most urgent.
         */
        maxUrgency?: number
      }
      /**
       * Let the webhook reach private and loopback addresses.
       */
      allowPrivate?: boolean
      /**
       * A duration: 30s, 15m, 3h, 7d.
       */
      timeout?: string
      /**
       * Whether it wants stories that were only processed anew.
       */
      reprocessed?: boolean
      active?: boolean
    }
  }
  archive?: {
    flushBytes?: number
    /**
     * A duration: 30s, 15m, 3h, 7d.
     */
    flushAfter?: string
    /**
     * How often a supplier's retention, the joining of objects and their indexes have a round.
     */
    upkeepEvery?: string
    /**
     * The objects of a day (UTC) are joined into large ones when it ended so long ago. 0s: never.
     */
    joinAfter?: string
    /**
     * Whether an index is made beside every object, by which a message is found by its story.
     */
    index?: boolean
  }
  publisher?: {
    /**
     * Records of lag per story partition at which the live lane waits.
     */
    lagLimit?: number
  }
  /**
   * How replays give way to live.
   */
  replay?: {
    /**
     * Most items a replay publishes a second, unless it asks otherwise.
     */
    perSecond?: number
    /**
     * Most bytes a replay publishes a second, unless it asks otherwise.
     */
    bytesPerSecond?: number
    /**
     * Most messages a replay reads and looks at a second.
     */
    readPerSecond?: number
    /**
     * Records of lag on any story partition at which replays stop. They slow down from half of it on.
     */
    lagLimit?: number
    /**
     * Age of the oldest live record that waits for a worker at which replays stop. They slow down from half of it on.
     */
    latencyLimit?: string
  }
  rejected?: {
    /**
     * Retries in vain after which a rejected message rests.
     */
    mostTries?: number
  }
  consumers?: {
    /**
     * How long a process may be silent before its partitions go to another one. A shorter one moves work sooner after a crash, and sooner by mistake.
     */
    sessionTimeout?: string
  }
  log?: {
    level?: 'error' | 'warn' | 'info' | 'debug'
  }
  /**
   * How long a stop may take before work in hand is abandoned.
   */
  stopWithin?: string
}
/**
 * dateline.yaml. Every setting has a default: no file is a valid file.
 */
export interface Settings {
  /**
   * Name of this installation; stands in the `source` of every event. Never a host.
   */
  instance: string
  /**
   * Where the four engines are. Absent: embedded, in the data directory.
   */
  engines: {
    /**
     * kafka://host:9092,… , kafka+ssl://user:${PW}@host:9093?sasl=scram-sha-512, or file:DIR (absent: the data directory).
     */
    log?: string
    /**
     * s3://bucket/prefix?endpoint=…&region=…, or file:DIR.
     */
    archive?: string
    /**
     * redis://host:6379/0, rediss://…, or file:DIR.
     */
    state?: string
    /**
     * redis://host:6379/0 (another instance than the state's, or both without eviction), or file:DIR.
     */
    jobs?: string
  }
  /**
   * Credentials, where the environment of the AWS SDK does not give them.
   */
  s3: {
    accessKeyId?: string
    secretAccessKey?: string
    /**
     * WHEN_REQUIRED for S3 clones that refuse CRC trailers.
     */
    checksums: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED'
  }
  http: {
    /**
     * Address to listen on.
     */
    host: string
    /**
     * Port of the gateway; other services of `run` take theirs by --port.
     */
    port: number
    /**
     * Largest wire message at the door.
     */
    maxMessageBytes: number
  }
  /**
   * Agencies by their short name, which begins every story key.
   */
  suppliers: {
    [k: string]: {
      /**
       * Language assumed where a message says none, BCP 47.
       */
      language?: string
      /**
       * IANA zone of times that say none.
       */
      timezone?: string
      /**
       * Encoding of messages that declare none or a wrong one.
       */
      charset?: string
      /**
       * A duration: 30s, 15m, 3h, 7d.
       */
      retention?: string
    }
  }
  /**
   * Feeds by name. Absent: any pushed feed name becomes a feed of the supplier named before its first hyphen.
   */
  feeds?: {
    [k: string]: {
      supplier: string
      via: 'push' | 'folder' | 'kafka'
      /**
       * Watched folder, for via: folder.
       */
      path?: string
      /**
       * Wire format, where it need not be detected.
       */
      format?:
        | 'anp-news-api'
        | 'anpa-1312'
        | 'ap-media-api'
        | 'atom'
        | 'dpa-digitalwires'
        | 'email'
        | 'iptc-7901'
        | 'json-feed'
        | 'newsml-g2'
        | 'newsml12'
        | 'ninjs'
        | 'nitf'
        | 'page-capture'
        | 'plain-text'
        | 'reuters-connect'
        | 'ritzau'
        | 'rss'
      language?: string
      timezone?: string
      charset?: string
      /**
       * Partitions of the wire topic when it is created.
       */
      partitions: number
      /**
       * How long a silence is normal: a duration, or durations by hours of the day.
       */
      quietAfter?:
        | string
        | {
            /**
             * A duration: 30s, 15m, 3h, 7d.
             */
            [k: string]: string
          }
      /**
       * Cap of messages marked as flash per minute.
       */
      flashPerMinute: number
      /**
       * Share of rejected messages (over at least 20 in five minutes) that raises an alarm.
       */
      rejectAlarm: number
    }
  }
  /**
   * Hashed keys, as `dateline keys create` prints them.
   */
  keys: {
    id: string
    sha256: Sha256
    /**
     * Feeds that this key may push to; "*" is every feed.
     */
    feeds?: (FeedName | '*')[]
    /**
     * Suppliers whose stories this key may read; "*" is all.
     */
    reads?: string[]
    operator?: boolean
  }[]
  subscriptions: {
    [k: string]: {
      deliver: 'webhook'
      url: string
      /**
       * Standard Webhooks secret: whsec_ and 24 to 64 bytes in base64.
       */
      secret?: string
      where?: {
        suppliers?: string[]
        feeds?: string[]
        language?: string
        subjects?: string[]
        /**
         * 1 is the most urgent.
         */
        maxUrgency?: number
      }
      /**
       * Let the webhook reach private and loopback addresses.
       */
      allowPrivate: boolean
      /**
       * A duration: 30s, 15m, 3h, 7d.
       */
      timeout?: string
      /**
       * Whether it wants stories that were only processed anew.
       */
      reprocessed: boolean
      active: boolean
    }
  }
  archive: {
    flushBytes: number
    /**
     * A duration: 30s, 15m, 3h, 7d.
     */
    flushAfter: string
    /**
     * How often a supplier's retention, the joining of objects and their indexes have a round.
     */
    upkeepEvery: string
    /**
     * The objects of a day (UTC) are joined into large ones when it ended so long ago. 0s: never.
     */
    joinAfter: string
    /**
     * Whether an index is made beside every object, by which a message is found by its story.
     */
    index: boolean
  }
  publisher: {
    /**
     * Records of lag per story partition at which the live lane waits.
     */
    lagLimit: number
  }
  /**
   * How replays give way to live.
   */
  replay: {
    /**
     * Most items a replay publishes a second, unless it asks otherwise.
     */
    perSecond: number
    /**
     * Most bytes a replay publishes a second, unless it asks otherwise.
     */
    bytesPerSecond: number
    /**
     * Most messages a replay reads and looks at a second.
     */
    readPerSecond: number
    /**
     * Records of lag on any story partition at which replays stop. They slow down from half of it on.
     */
    lagLimit: number
    /**
     * Age of the oldest live record that waits for a worker at which replays stop. They slow down from half of it on.
     */
    latencyLimit: string
  }
  rejected: {
    /**
     * Retries in vain after which a rejected message rests.
     */
    mostTries: number
  }
  consumers: {
    /**
     * How long a process may be silent before its partitions go to another one. A shorter one moves work sooner after a crash, and sooner by mistake.
     */
    sessionTimeout: string
  }
  log: {
    level: 'error' | 'warn' | 'info' | 'debug'
  }
  /**
   * How long a stop may take before work in hand is abandoned.
   */
  stopWithin: string
}
/**
 * A parsed story, as the normalizer appends it to `stories.parsed`: this object on one line, then a line feed, then the ninjs document without the `altIds` whose role begins with `dateline:` (for an item without a supplier's id also without `uri`).
 */
export interface Item {
  kind: 'item'
  supplier: string
  feed: FeedName
  storyKey?: StoryKey
  /**
   * Identity by content, for items without a supplier's id. The hash is over headline and text without their variable parts.
   */
  content?: {
    hash: Sha256
    /**
     * Sampled hashes of three-word runs of the text, ascending.
     *
     * @maxItems 400
     */
    shingles: number[]
  }
  position: ItemPosition
  receivedAt: Instant
  wireSha256: Sha256
  /**
   * "0", or the id of a replay or retry with its ordinal: `<id>.<n>`.
   */
  attempt: string
  lane: Lane
  replayId?: string
  /**
   * The wire format that read it.
   */
  format: string
  /**
   * The supplier's version as sent.
   */
  version?: string
  versionCreated?: Instant
  pubStatus: 'usable' | 'withheld' | 'canceled'
  /**
   * RFC 3339 time; `indefinite` (an empty embargo element); `none` (cleared by the supplier). Absent: the item says nothing.
   */
  embargo?: string
  /**
   * @maxItems 50
   */
  signals?: string[]
  /**
   * What the item says of itself.
   */
  change?: 'correction' | 'repeat'
  urgency?: number
  /**
   * Story keys that this one supersedes.
   *
   * @maxItems 50
   */
  replaces?: StoryKey[]
  sourceHash: Sha256
  outputHash: Sha256
  /**
   * What was assumed or mended: `headline-from-body`, `zone-assumed`, `charset-detected` ….
   *
   * @maxItems 50
   */
  flags?: string[]
  traceparent?: string
}
/**
 * An embargo is due: publish the held event. The held document follows the line.
 */
export interface Release {
  kind: 'release'
  storyKey: StoryKey
  eventId: string
  item: Item
}
/**
 * A desk recalls a story. Only the desk lifts it, by `lift`.
 */
export interface DeskKill {
  kind: 'kill'
  storyKey: StoryKey
  supplier: string
  /**
   * The operator.
   */
  by: string
  reason: string
}
/**
 * The desk lifts its own kill; the next usable version is published again.
 */
export interface DeskLift {
  kind: 'lift'
  storyKey: StoryKey
  by: string
}
/**
 * One wire message as the normalizer read it.
 */
export interface MessageReceipt {
  position: Position
  attempt: string
  feed: FeedName
  receivedAt: Instant
  /**
   * How many items the message holds. A message that gives none is one item with its own outcome.
   */
  items: number
  /**
   * The sender's Idempotency-Key.
   */
  reference?: string
  /**
   * Outcomes the normalizer gave itself: rejected or ignored items.
   */
  outcomes: ItemOutcome[]
}
/**
 * The verdict on one item.
 */
export interface ItemOutcome {
  position: ItemPosition
  attempt: string
  outcome: OutcomeKind
  reason: Reason
  detail?: string
  storyKey?: StoryKey
  eventId?: string
  storySeq?: number
  version?: string
  receivedAt: Instant
  feed: FeedName
}
/**
 * The header `dateline-rejected` of a record in `wire.rejected`. The value is the original bytes (null for further items of the same message: its first reject has them), or from the publisher the item.
 */
export interface Rejected {
  /**
   * Position of the message, with `#i` where one item of several was rejected.
   */
  position: string
  feed: FeedName
  supplier?: string
  reason: RejectReason
  /**
   * The stage that rejected it.
   */
  step: string
  detail: string
  attempt: string
  receivedAt: Instant
  contentType?: string
  writer: 'normalizer' | 'publisher'
  /**
   * Version of Dateline.
   */
  app?: string
}
/**
 * What a replay is asked for: what, from where, how, and how fast. Feeds and times choose messages; story keys, receipts or rejected messages name them.
 */
export interface ReplaySpec {
  /**
   * What people call it.
   */
  name?: string
  /**
   * `reprocess`: wire messages through the present code; what changed leaves as a revision. `redeliver`: published stories again, to one reader.
   */
  mode?: 'reprocess' | 'redeliver'
  /**
   * Absent: every feed.
   *
   * @minItems 1
   * @maxItems 200
   */
  feeds?: FeedName[]
  since?: Instant
  until?: Instant
  /**
   * The present version of these stories.
   *
   * @minItems 1
   * @maxItems 1000
   */
  stories?: StoryKey[]
  /**
   * The messages of these receipts (or positions).
   *
   * @minItems 1
   * @maxItems 1000
   */
  receipts?: string[]
  /**
   * Rejected messages that are open, of the feeds and times above.
   */
  rejected?: {
    reason?: RejectReason
  }
  /**
   * `archive` takes from the log what is not archived yet; `log` takes nothing from the archive.
   */
  from?: 'archive' | 'log'
  /**
   * Look first, publish nothing, and wait to be confirmed. Redelivery has no preview.
   */
  preview?: boolean
  /**
   * Most items published a second; absent: `replay.perSecond` of the settings.
   */
  perSecond?: number
  /**
   * Most bytes published a second; absent: `replay.bytesPerSecond` of the settings.
   */
  bytesPerSecond?: number
  /**
   * Who gets what is redelivered.
   */
  to?:
    | {
        subscription: string
      }
    | {
        /**
         * It becomes `stories.replay.<topic>`.
         */
        topic: string
      }
  /**
   * Redeliver only what is the newest event of its story.
   */
  newestOnly?: boolean
}
/**
 * What `decide` remembers of a story. No text.
 */
export interface StoryState {
  /**
   * Story sequence of the last event.
   */
  seq: number
  /**
   * `lifted`: the desk took its kill back; the newest version is published when it comes again.
   */
  status: 'live' | 'held' | 'killed' | 'withheld' | 'lifted'
  /**
   * What readers were told last.
   */
  shown: 'nothing' | 'story' | 'recall'
  /**
   * How far any version came: none (only recalls are known), held under embargo, out to readers.
   */
  reach: 'none' | 'held' | 'out'
  /**
   * Highest version seen, kills included, as sent.
   */
  version?: string
  versionCreated?: Instant
  receivedAt?: Instant
  /**
   * Position of the highest version's item.
   */
  current?: string
  attempt?: string
  /**
   * The highest version's item had neither number nor versionCreated.
   */
  unversioned?: true
  /**
   * Changes within the version.
   */
  revision: number
  sourceHash?: string
  outputHash?: string
  /**
   * The supplier's recall that stands, or stands again when the desk lifts its own.
   */
  recall?: {
    status: 'killed' | 'withheld'
    receivedAt: Instant
    position: string
    versionCreated?: Instant
  }
  /**
   * The operator whose kill stands.
   */
  desk?: string
  /**
   * Binds all versions until it is changed or cleared.
   */
  embargo?: string
  /**
   * Of the last event.
   */
  eventId: string
  /**
   * Of the event in `stories.embargoed`.
   */
  heldEventId?: string
  feed?: FeedName
  lastEventAt: Instant
}
/**
 * The newest capture of a story whose supplier gave no id.
 */
export interface Capture {
  storyKey: StoryKey
  hash: Sha256
  /**
   * Base64 of the item's shingles, four bytes each, the lowest first.
   */
  shingles: string
  receivedAt: Instant
}
/**
 * A headline or description.
 */
export interface NinjsText {
  role?: string
  contentType?: string
  value: string
}
/**
 * The story's text in one form.
 */
export interface NinjsBody {
  role: 'main' | 'text'
  contentType: 'text/html' | 'text/plain'
  /**
   * Characters of the text, without mark-up.
   */
  charCount?: number
  wordCount?: number
  value: string
}
/**
 * Something that a story is about, or names.
 */
export interface NinjsConcept {
  name?: string
  rel?: string
  /**
   * Identifier, where there is one.
   */
  uri?: string
  /**
   * The supplier's own code.
   */
  literal?: string
}
/**
 * A kind of text.
 */
export interface NinjsGenre {
  name?: string
  uri?: string
  literal?: string
}
/**
 * One credit.
 */
export interface NinjsSource {
  /**
   * "Reuters"
   */
  name?: string
  role?: string
  uri?: string
  /**
   * The code as printed: "RTR".
   */
  literal?: string
}
/**
 * One file.
 */
export interface NinjsRendition {
  name: string
  href?: string
  contentType?: string
  title?: string
  width?: number
  height?: number
  sizeInBytes?: number
}
/**
 * An item that goes with the story.
 */
export interface NinjsAssociation {
  uri: string
  type?: 'text' | 'audio' | 'video' | 'picture' | 'graphic' | 'composite'
  /**
   * Headline.
   *
   * @minItems 1
   */
  headlines?: NinjsText[]
  by?: string
  /**
   * Role `caption`.
   *
   * @minItems 1
   */
  descriptions?: NinjsText[]
  /**
   * Its files.
   *
   * @minItems 1
   */
  renditions?: NinjsRendition[]
  /**
   * Its place in the story: "mainImage".
   */
  name: string
}
/**
 * Another identifier.
 */
export interface NinjsAltId {
  role: string
  value: string
}
/**
 * What a consumer receives: a profile of IPTC ninjs 3.1. Every document that is valid here is valid against IPTC's schema. Properties stand in this order.
 */
export interface PublishedStory {
  /**
   * The supplier's id where that is a URI or URN, else `urn:dateline:<supplier>:<percent-encoded id>`; the same for all versions.
   */
  uri: string
  /**
   * Absent from a recall.
   */
  type?: 'text' | 'audio' | 'video' | 'picture' | 'graphic' | 'composite'
  profile?: string
  /**
   * The supplier's version as sent. Order events by `storyseq`, not by this.
   */
  version?: string
  firstCreated?: Instant
  versionCreated?: Instant
  contentCreated?: Instant
  expires?: Instant
  embargoedUntil?: Instant
  /**
   * `canceled` is a kill; `withheld` recalls too. Remove what you hold.
   */
  pubStatus: 'usable' | 'withheld' | 'canceled'
  /**
   * 1 is the most urgent.
   */
  urgency?: number
  /**
   * BCP 47.
   */
  language?: string
  /**
   * The headline has role `main`.
   *
   * @minItems 1
   */
  headlines?: NinjsText[]
  slugline?: string
  /**
   * Byline as printed.
   */
  by?: string
  /**
   * City of the dateline: "Londen".
   */
  located?: string
  /**
   * Role `dateline`: the dateline as printed, "LONDEN (ANP/RTR)", which the bodies do not repeat.
   *
   * @minItems 1
   */
  descriptions?: NinjsText[]
  /**
   * The same text as HTML and as plain text; one has role `main`. A recall has none.
   *
   * @minItems 1
   */
  bodies?: NinjsBody[]
  /**
   * Notes to editors, one a line; not for publication. On a recall: its reason.
   */
  edNote?: string
  /**
   * Section has rel `section`, a keyword rel `keyword`.
   *
   * @minItems 1
   */
  subjects?: NinjsConcept[]
  /**
   * People named.
   *
   * @minItems 1
   */
  people?: NinjsConcept[]
  /**
   * Organisations named.
   *
   * @minItems 1
   */
  organisations?: NinjsConcept[]
  /**
   * Places named.
   *
   * @minItems 1
   */
  places?: NinjsConcept[]
  /**
   * Things named.
   *
   * @minItems 1
   */
  objects?: NinjsConcept[]
  /**
   * Events named.
   *
   * @minItems 1
   */
  events?: NinjsConcept[]
  /**
   * Kinds of text.
   *
   * @minItems 1
   */
  genres?: NinjsGenre[]
  /**
   * Credits in the order printed: ANP, then Reuters.
   *
   * @minItems 1
   */
  infoSources?: NinjsSource[]
  copyrightHolder?: string
  copyrightNotice?: string
  usageTerms?: string
  /**
   * Files of this picture, sound or film.
   *
   * @minItems 1
   */
  renditions?: NinjsRendition[]
  /**
   * Pictures and other items that go with the story.
   *
   * @minItems 1
   */
  associations?: NinjsAssociation[]
  /**
   * What this document conforms to.
   */
  standard: {
    name: 'ninjs'
    version: '3.1'
    /**
     * The IPTC schema.
     */
    schema: string
  }
  /**
   * Always the last property. Roles that begin with `dateline:` repeat the event's story key, sequence, revision and receipt.
   *
   * @minItems 1
   */
  altIds?: NinjsAltId[]
}
/**
 * The headers beside the bytes of a record in `wire.<feed>`. All may be missing where an agency writes to Kafka itself.
 */
export interface WireEnvelope {
  'content-type'?: string
  /**
   * How it came in.
   */
  'dateline-door'?: 'push' | 'folder' | 'poll'
  /**
   * Id of the key that pushed it.
   */
  'dateline-sender'?: string
  /**
   * The sender's Idempotency-Key.
   */
  'dateline-reference'?: string
  /**
   * File name, where it came from a folder.
   */
  'dateline-name'?: string
  'dateline-arrived'?: Instant
  traceparent?: string
}
