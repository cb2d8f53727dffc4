import { isSignOff } from '@dateline/story'
import { addConcept } from '../../add-concept.ts'
import { moveNotes } from '../body-notes.ts'
import { type Reading, takeProperties } from '../reading.ts'
import type { Supplier } from './supplier.ts'

const longestCompared = 2_000

/** EFE has the slug in its sub-headline, initials for a byline, and for an abstract the text's start, cut within a word (seen 2019). */
export const efe: Supplier = {
  name: 'efe',
  provider: /^(?:[a-z]+\.)?(?:efeservicios\.com|efe\.com|efe\.es)$/,
  timezone: 'Europe/Madrid',

  correct(_item, reading) {
    const { story, initials } = reading
    if (story.by !== undefined && !/\p{Lu}/u.test(story.by)) {
      initials.push(story.by)
      delete story.by
    }
    putSlugline(reading)
    dropAbstract(reading)
    const classes = takeProperties(reading, 'DescriptiveMetadata/Tesauro').flatMap((value) => value.split(';'))
    for (const literal of classes.slice(0, 50))
      if (literal.trim() !== '') addConcept(reading, 'subjects', { literal: literal.trim(), rel: 'tesauro' })
    takeProperties(reading, 'DescriptiveMetadata/EfePais')
    moveNotes(reading, (text, isLast) => isLast && isSignOff(text))
  },
}

function putSlugline({ story }: Reading): void {
  const slug = story.headlines?.find(({ role, value }) => role === 'subHeadline' && !/\p{Ll}/u.test(value))
  if (slug === undefined || story.headlines === undefined) return
  story.slugline ??= slug.value
  story.headlines = story.headlines.filter((headline) => headline !== slug)
}

function dropAbstract({ story }: Reading): void {
  const start = lettersOf(story.bodyText ?? '')
  const kept = story.descriptions?.filter(
    ({ value }) => !start.startsWith(lettersOf(value).slice(0, longestCompared / 4)),
  )
  if (kept === undefined || kept.length === 0) delete story.descriptions
  else story.descriptions = kept
}

const lettersOf = (text: string): string => text.slice(0, longestCompared).replace(/[^\p{L}\p{N}]+/gu, '')
