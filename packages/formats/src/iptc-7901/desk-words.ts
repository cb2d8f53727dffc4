/** What a line of the head says by a word of its own. */
export type DeskWord = 'correction' | 'repeat' | 'update' | 'kill'

interface DeskLanguage {
  readonly language: string
  readonly correction: readonly string[]
  readonly repeat: readonly string[]
  readonly update: readonly string[]
  readonly kill: readonly string[]
  /** Words of priority, with the urgency that they stand for. */
  readonly urgency: Readonly<Record<string, number>>
  /** How a byline begins. */
  readonly by: readonly string[]
  /** Kinds of text that stand on a line above the headline. */
  readonly genres: readonly string[]
}

/** As dpa and Keystone-ATS write them, in lower case. A further language is a further entry. */
const deskLanguages: readonly DeskLanguage[] = [
  {
    language: 'de',
    correction: ['berichtigung', 'korrektur', 'berichtigte fassung'],
    repeat: ['wiederholung'],
    update: ['aktualisierung', 'neu'],
    kill: ['achtung - bitte nicht verwenden', 'meldung zurückgezogen'],
    urgency: { blitz: 1, eil: 2 },
    by: ['Von'],
    genres: [
      'Vorschau',
      'Zusammenfassung',
      'Überblick',
      'Hintergrund',
      'Porträt',
      'Reportage',
      'Interview',
      'Kommentar',
      'Analyse',
      'Extra',
      'Korr-Bericht',
      'KORR-Bericht',
      'Fragen & Antworten',
      'Chronologie',
      'Dokumentation',
      'Stichwort',
      'Zitat',
      'Feature',
      'Tagesthema',
    ],
  },
  {
    language: 'en',
    correction: ['correction', 'corrected', 'corrective'],
    repeat: ['refile', 'repeat'],
    update: ['update'],
    kill: ['kill kill kill', 'hold hold hold', 'kill', 'story withdrawn'],
    urgency: { flash: 1, urgent: 2 },
    by: ['By'],
    genres: ['Feature', 'Analysis', 'Background', 'Preview', 'Profile', 'Factbox', 'Roundup', 'Chronology'],
  },
  {
    language: 'fr',
    correction: ['correction', 'rectificatif', 'version corrigée'],
    repeat: ['remettre', 'répétition'],
    update: ['mettre à jour', 'mise à jour'],
    kill: ['annulation', 'dépêche annulée'],
    urgency: { flash: 1, "d'urgence": 2, urgent: 2 },
    by: ['Par'],
    genres: ['Portrait', 'Analyse', 'Synthèse', 'Chronologie'],
  },
  {
    language: 'es',
    correction: ['versión corregida', 'corrección'],
    repeat: ['rpt rpt', 'rpt', 'repetición'],
    update: ['actualización'],
    kill: ['eliminar - eliminar', 'anulación'],
    urgency: { flash: 1, urgente: 2 },
    by: ['Por'],
    genres: ['Análisis', 'Perfil', 'Crónica'],
  },
  {
    language: 'pl',
    correction: ['korekta', 'sprostowanie'],
    repeat: ['powtarzanie', 'powtórzenie'],
    update: ['aktualizacja'],
    kill: ['anulowane', 'anulacja'],
    urgency: { flash: 1, pilne: 2 },
    by: ['Autor:', 'Autorka:'],
    genres: ['Analiza', 'Zapowiedź'],
  },
]

const words = new Map<string, DeskWord>()
for (const each of deskLanguages)
  for (const kind of ['correction', 'repeat', 'update', 'kill'] as const)
    for (const word of each[kind]) words.set(word, kind)
const urgencies = new Map(deskLanguages.flatMap(({ urgency }) => Object.entries(urgency)))
const genres = new Map(
  deskLanguages.flatMap((each) => each.genres.map((name): [string, string] => [name.toLowerCase(), name])),
)
const byStarts = deskLanguages.flatMap(({ by }) => by.map((word) => `${word} `))

/** What a line, or the part of it before a colon, says; undefined for any other text. */
export const deskWord = (text: string): DeskWord | undefined => words.get(text.toLowerCase())

/** 1 for a flash, 2 for urgent; undefined where a word is none of priority. */
export const urgencyWord = (text: string): number | undefined => urgencies.get(text.toLowerCase())

/** The genre that a line names, a time behind it left out: "Zusammenfassung 1430". */
export const genreNamed = (text: string): string | undefined =>
  genres.get(text.replace(/\s+\d{1,4}$/, '').toLowerCase())

/** True for a line that begins as bylines do: "By Anna Example, dpa". */
export const startsByline = (line: string): boolean => byStarts.some((start) => line.startsWith(start))
