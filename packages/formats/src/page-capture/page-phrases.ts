/** How a news page words its times and its "more from this section" line. A further language is a further entry. */
export interface PagePhrases {
  readonly language: string
  /** Around `<count> <unit>`: "vor" …, … "geleden". */
  readonly before: string
  readonly after: string
  /** Between `before` and the count: "ongeveer", "about". */
  readonly about: readonly string[]
  /** Words for a count of one. */
  readonly one: readonly string[]
  readonly units: Readonly<Record<RelativeUnit, readonly string[]>>
  /** Whole phrases, with the count of units that they stand for. */
  readonly fixed: Readonly<Record<string, readonly [count: number, unit: RelativeUnit]>>
  /** Days that a clock time may follow, and how many days ago they are. */
  readonly days: Readonly<Record<string, number>>
  /** Between such a day and its clock time. */
  readonly at: readonly string[]
  /** Before a time, and no part of the news: "Bijgewerkt:". */
  readonly labels: readonly string[]
  /** What comes before the section's name. */
  readonly moreFrom: readonly string[]
}

export type RelativeUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month'

export const pagePhrases: readonly PagePhrases[] = [
  {
    language: 'nl',
    before: '',
    after: ' geleden',
    about: ['ongeveer', 'circa', 'zo’n', "zo'n"],
    one: ['een', 'één'],
    units: {
      second: ['seconde', 'seconden', 'sec', 'sec.'],
      minute: ['minuut', 'minuten', 'min', 'min.'],
      hour: ['uur', 'uren', 'u'],
      day: ['dag', 'dagen'],
      week: ['week', 'weken'],
      month: ['maand', 'maanden'],
    },
    fixed: {
      zojuist: [0, 'minute'],
      zonet: [0, 'minute'],
      'een half uur geleden': [30, 'minute'],
      'anderhalf uur geleden': [90, 'minute'],
    },
    days: { vandaag: 0, gisteren: 1, eergisteren: 2 },
    at: ['om'],
    labels: ['Bijgewerkt', 'Laatste update', 'Gepubliceerd', 'Geplaatst', 'Aangepast'],
    moreFrom: ['Meer uit', 'Meer nieuws uit', 'Meer in', 'Lees meer uit', 'Meer nieuws over', 'Het laatste nieuws uit'],
  },
  {
    language: 'en',
    before: '',
    after: ' ago',
    about: ['about', 'around', 'over', 'almost'],
    one: ['a', 'an', 'one'],
    units: {
      second: ['second', 'seconds', 'sec', 'secs', 's'],
      minute: ['minute', 'minutes', 'min', 'mins', 'm'],
      hour: ['hour', 'hours', 'hr', 'hrs', 'h'],
      day: ['day', 'days', 'd'],
      week: ['week', 'weeks'],
      month: ['month', 'months'],
    },
    fixed: { 'just now': [0, 'minute'], 'moments ago': [0, 'minute'], 'half an hour ago': [30, 'minute'] },
    days: { today: 0, yesterday: 1 },
    at: ['at'],
    labels: ['Updated', 'Last updated', 'Published', 'Posted'],
    moreFrom: ['More from', 'More in', 'More news from', 'More stories from', 'Latest from', 'Latest in'],
  },
  {
    language: 'de',
    before: 'vor ',
    after: '',
    about: ['etwa', 'rund', 'ca.', 'knapp'],
    one: ['einer', 'einem'],
    units: {
      second: ['Sekunde', 'Sekunden', 'Sek.'],
      minute: ['Minute', 'Minuten', 'Min.', 'Min'],
      hour: ['Stunde', 'Stunden', 'Std.', 'Std'],
      day: ['Tag', 'Tagen'],
      week: ['Woche', 'Wochen'],
      month: ['Monat', 'Monaten'],
    },
    fixed: { 'gerade eben': [0, 'minute'], soeben: [0, 'minute'], 'vor einer halben Stunde': [30, 'minute'] },
    days: { heute: 0, gestern: 1, vorgestern: 2 },
    at: ['um'],
    labels: ['Aktualisiert', 'Zuletzt aktualisiert', 'Veröffentlicht', 'Stand'],
    moreFrom: [
      'Mehr aus',
      'Mehr in',
      'Mehr aus dem Ressort',
      'Weitere Meldungen aus',
      'Weitere Nachrichten aus',
      'Aus dem Ressort',
      'Weitere Artikel aus',
    ],
  },
  {
    language: 'fr',
    before: 'il y a ',
    after: '',
    about: ['environ', 'près de', 'plus de'],
    one: ['un', 'une'],
    units: {
      second: ['seconde', 'secondes', 'sec', 's'],
      minute: ['minute', 'minutes', 'min', 'mn', 'min.'],
      hour: ['heure', 'heures', 'h'],
      day: ['jour', 'jours', 'j'],
      week: ['semaine', 'semaines'],
      month: ['mois'],
    },
    fixed: {
      "à l'instant": [0, 'minute'],
      'à l’instant': [0, 'minute'],
      'il y a une demi-heure': [30, 'minute'],
      'il y a quelques instants': [0, 'minute'],
    },
    days: { "aujourd'hui": 0, 'aujourd’hui': 0, hier: 1, 'avant-hier': 2 },
    at: ['à', 'vers'],
    labels: ['Mis à jour', 'Mise à jour', 'Publié', 'Modifié', 'Actualisé'],
    moreFrom: [
      'Plus dans',
      'Plus de nouvelles de',
      'Dans la rubrique',
      'Dans la même rubrique :',
      'Plus sur',
      'Plus d’actualités en',
      "Plus d'actualités en",
      'Toute l’actualité',
      "Toute l'actualité",
      'À lire aussi dans',
    ],
  },
]
