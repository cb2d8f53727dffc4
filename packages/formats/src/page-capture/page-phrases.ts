/** How a news page words its times and its "more from this section" line. A further language is a further entry. */
export interface PagePhrases {
  readonly language: string
  /** Around `<count> <unit>`: "vor" …, … "geleden". */
  readonly before: string
  readonly after: string
  /** Words for a count of one. */
  readonly one: readonly string[]
  readonly units: Readonly<Record<RelativeUnit, readonly string[]>>
  /** Whole phrases, with the count of units that they stand for. */
  readonly fixed: Readonly<Record<string, readonly [count: number, unit: RelativeUnit]>>
  /** What comes before the section's name. */
  readonly moreFrom: readonly string[]
}

export type RelativeUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month'

export const pagePhrases: readonly PagePhrases[] = [
  {
    language: 'nl',
    before: '',
    after: ' geleden',
    one: ['een', 'één'],
    units: {
      second: ['seconde', 'seconden', 'sec'],
      minute: ['minuut', 'minuten', 'min', 'min.'],
      hour: ['uur', 'uren'],
      day: ['dag', 'dagen'],
      week: ['week', 'weken'],
      month: ['maand', 'maanden'],
    },
    fixed: { zojuist: [0, 'minute'], zonet: [0, 'minute'], gisteren: [1, 'day'], eergisteren: [2, 'day'] },
    moreFrom: ['Meer uit', 'Meer nieuws uit', 'Meer in', 'Lees meer uit'],
  },
  {
    language: 'en',
    before: '',
    after: ' ago',
    one: ['a', 'an', 'one'],
    units: {
      second: ['second', 'seconds', 'sec', 'secs'],
      minute: ['minute', 'minutes', 'min', 'mins'],
      hour: ['hour', 'hours', 'hr', 'hrs'],
      day: ['day', 'days'],
      week: ['week', 'weeks'],
      month: ['month', 'months'],
    },
    fixed: { 'just now': [0, 'minute'], yesterday: [1, 'day'] },
    moreFrom: ['More from', 'More in', 'More news from'],
  },
  {
    language: 'de',
    before: 'vor ',
    after: '',
    one: ['einer', 'einem'],
    units: {
      second: ['Sekunde', 'Sekunden', 'Sek.'],
      minute: ['Minute', 'Minuten', 'Min.'],
      hour: ['Stunde', 'Stunden', 'Std.'],
      day: ['Tag', 'Tagen'],
      week: ['Woche', 'Wochen'],
      month: ['Monat', 'Monaten'],
    },
    fixed: { 'gerade eben': [0, 'minute'], gestern: [1, 'day'], vorgestern: [2, 'day'] },
    moreFrom: ['Mehr aus', 'Mehr in', 'Weitere Meldungen aus'],
  },
  {
    language: 'fr',
    before: 'il y a ',
    after: '',
    one: ['un', 'une'],
    units: {
      second: ['seconde', 'secondes', 'sec'],
      minute: ['minute', 'minutes', 'min'],
      hour: ['heure', 'heures', 'h'],
      day: ['jour', 'jours'],
      week: ['semaine', 'semaines'],
      month: ['mois'],
    },
    fixed: { "à l'instant": [0, 'minute'], 'à l’instant': [0, 'minute'], hier: [1, 'day'], 'avant-hier': [2, 'day'] },
    moreFrom: ['Plus dans', 'Plus de nouvelles de', 'Dans la rubrique', 'Plus sur'],
  },
]
