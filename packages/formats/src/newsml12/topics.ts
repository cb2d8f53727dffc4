import { attribute, child, children, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'

/** A person, company, place … that a TopicSet of the message describes. */
export interface Topic {
  readonly type: string | undefined
  readonly name: string | undefined
  /** The name that its vocabulary has for it. */
  readonly code: string | undefined
}

export type Topics = ReadonlyMap<string, Topic>

const mostTopics = 10_000

/** The topics of a message by their Duid; the sets may lie in the message, its items, and components within them. */
export function topicsIn(root: XmlElement): Topics {
  const topics = new Map<string, Topic>()
  look(root, topics)
  return topics
}

function look(parent: XmlElement, topics: Map<string, Topic>): void {
  for (const element of elements(parent)) {
    if (element.name === 'TopicSet') for (const topic of children(element, 'Topic')) add(topic, topics)
    else if (element.name === 'NewsItem' || element.name === 'NewsComponent') look(element, topics)
  }
}

function add(topic: XmlElement, topics: Map<string, Topic>): void {
  const duid = attribute(topic, 'Duid')
  const code = lineOf(child(topic, 'FormalName'))
  const name = lineOf(child(topic, 'Description')) ?? code
  if (duid === undefined || name === undefined || topics.size >= mostTopics) return
  topics.set(duid, { type: formalName(child(topic, 'TopicType')), name, code })
}
