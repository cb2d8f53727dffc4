/**
 * What desks write above and below a text, by language. Folded: lower case, without accents, apostrophes straight. A further language is a further entry.
 */
export interface DeskWords {
  readonly language: string
  /** A time follows, or nothing. */
  readonly embargo: readonly string[]
  /** An embargo without an end. */
  readonly untilFurtherNotice: readonly string[]
  readonly embargoLifted: readonly string[]
  readonly kill: readonly string[]
  readonly correction: readonly string[]
  readonly repeat: readonly string[]
  readonly test: readonly string[]
  /** Labels of urgency, with the IPTC value: 1 a flash, 2 urgent. */
  readonly urgency: Readonly<Record<string, number>>
  /** Begins the header of a press release. */
  readonly pressRelease: readonly string[]
  /** Labels without a meaning of their own for the story: "update", "nieuwsbericht". */
  readonly label: readonly string[]
  /** Begins a note: alone on its line, or before a colon, a dash or a bracket. */
  readonly noteToEditors: readonly string[]
  /** Sentences that end what may be published. */
  readonly notForPublication: readonly string[]
  readonly end: readonly string[]
  /** Before the name of the writer. */
  readonly by: readonly string[]
}

export const deskWords: readonly DeskWords[] = [
  {
    language: 'nl',
    embargo: ['onder embargo tot', 'embargo tot', 'onder embargo', 'embargo', 'niet publiceren voor'],
    untilFurtherNotice: ['tot nader order', 'tot nader bericht'],
    embargoLifted: ['embargo opgeheven', 'embargo vervallen', 'embargo vervalt', 'geen embargo'],
    kill: [
      'intrekking',
      'ingetrokken',
      'bericht ingetrokken',
      'bericht vervalt',
      'bericht vervallen',
      'vervalt',
      'niet gebruiken',
      'niet publiceren',
    ],
    correction: ['correctie', 'rectificatie', 'verbeterd bericht', 'gecorrigeerd bericht', 'herhaling met correctie'],
    repeat: ['herhaling', 'herhaald bericht'],
    test: ['test', 'testbericht', 'proefbericht', 'dit is een test', 'dit is een testbericht'],
    urgency: { persalarm: 1, flits: 1, spoed: 2 },
    pressRelease: [
      'dit is een origineel persbericht',
      'origineel persbericht',
      'persbericht',
      'voor directe publicatie',
    ],
    label: ['update', 'nieuw bericht', 'nieuwsbericht', 'bericht'],
    noteToEditors: [
      'noot voor de redactie',
      'noot voor de redacties',
      'noot voor redacties',
      'noot aan de redactie',
      'noot redactie',
      'niet voor publicatie',
      'voor de redactie',
      'ter informatie van de redactie',
    ],
    notForPublication: ['de volgende informatie is niet', 'onderstaande informatie is niet'],
    end: ['einde bericht', 'einde persbericht', 'einde'],
    by: ['door', 'van onze'],
  },
  {
    language: 'en',
    embargo: [
      'under embargo until',
      'strictly embargoed until',
      'embargoed for publication until',
      'embargoed for release until',
      'embargoed until',
      'embargoed till',
      'embargo until',
      'embargo till',
      'under embargo',
      'embargoed',
      'not for release before',
      'not for publication before',
      'hold for release until',
      'hold for release',
    ],
    untilFurtherNotice: ['until further notice'],
    embargoLifted: ['embargo lifted', 'embargo removed', 'no embargo', 'for immediate use'],
    kill: [
      'kill kill kill',
      'kill kill',
      'kill',
      'mandatory kill',
      'story kill',
      'story killed',
      'story withdrawn',
      'withdrawn',
      'withdrawal',
      'hold hold hold',
    ],
    correction: ['correction', 'corrected', 'corrective', 'corrects', 'corrected version', 'refile with correction'],
    repeat: ['repeat', 'repeating', 'refile', 'refiling', 'rpt', 'rpt rpt'],
    test: ['this is a test', 'test message', 'test only', 'test test test', 'test test'],
    urgency: { flash: 1, alert: 2, urgent: 2, bulletin: 2 },
    pressRelease: ['press release', 'news release', 'original press release', 'for immediate release'],
    label: ['lead', '1st lead', '2nd lead', '3rd lead', 'writethru', 'recast'],
    noteToEditors: [
      'note to editors',
      'notes to editors',
      'note to editor',
      "editors' note",
      "editor's note",
      'editors note',
      'attention editors',
      'editors',
      'eds',
      'not for publication',
      'for editors only',
    ],
    notForPublication: ['the following information is not'],
    end: ['ends', 'end', 'end of story', 'end of release', 'endit'],
    by: ['by'],
  },
  {
    language: 'de',
    embargo: ['sperrfrist bis', 'sperrfrist', 'gesperrt bis', 'frei ab', 'embargo bis'],
    untilFurtherNotice: ['bis auf weiteres'],
    embargoLifted: ['sperrfrist aufgehoben', 'sperrfrist ist aufgehoben', 'keine sperrfrist', 'sperrfrist abgelaufen'],
    kill: [
      'zuruckgezogen',
      'meldung zuruckgezogen',
      'zuruckziehung',
      'ruckzug der meldung',
      'bitte nicht verwenden',
      'nicht veroffentlichen',
      'nicht verwenden',
    ],
    correction: [
      'berichtigung',
      'korrektur',
      'korrigiert',
      'berichtigte fassung',
      'korrigierte fassung',
      'wiederholung mit berichtigung',
    ],
    repeat: ['wiederholung', 'wdh'],
    test: ['testmeldung', 'das ist ein test', 'dies ist ein test', 'probemeldung'],
    urgency: { blitz: 1, eilmeldung: 2, eil: 2 },
    pressRelease: [
      'pressemitteilung',
      'presseinformation',
      'medienmitteilung',
      'originaltext',
      'zur sofortigen veroffentlichung',
    ],
    label: ['aktualisierung', 'aktualisiert', 'neu', 'zusammenfassung', 'ausfuhrliche fassung'],
    noteToEditors: [
      'hinweis an die redaktion',
      'hinweis an die redaktionen',
      'hinweis fur die redaktion',
      'hinweis fur die redaktionen',
      'redaktioneller hinweis',
      'redaktionelle hinweise',
      'redaktionshinweis',
      'achtung redaktionen',
      'achtung redaktion',
      'nicht zur veroffentlichung',
      'notizblock',
    ],
    notForPublication: ['die folgenden informationen sind nicht'],
    end: ['ende', 'ende der meldung', 'ende der mitteilung'],
    by: ['von'],
  },
  {
    language: 'fr',
    embargo: [
      'etre soumise a un embargo pour publication jusqu',
      'etre soumis a un embargo pour publication jusqu',
      "sous embargo jusqu'a",
      "sous embargo jusqu'au",
      "embargo jusqu'a",
      "embargo jusqu'au",
      'sous embargo',
      'ne pas publier avant',
      'ne pas diffuser avant',
    ],
    untilFurtherNotice: ["jusqu'a nouvel ordre"],
    embargoLifted: ['embargo leve', 'levee d embargo', "levee de l'embargo", "pas d'embargo"],
    kill: [
      'annulation',
      'depeche annulee',
      'annulee',
      'retrait de depeche',
      'depeche retiree',
      'ne pas utiliser',
      'ne pas publier',
    ],
    correction: [
      'correction',
      'rectificatif',
      'rectification',
      'corrige',
      'version corrigee',
      'annule et remplace',
      'repetition avec correction',
    ],
    repeat: ['repetition'],
    test: ['ceci est un test', 'message de test', "message d'essai", 'depeche test'],
    urgency: { flash: 1, alerte: 2, urgent: 2 },
    pressRelease: ['communique de presse', 'pour diffusion immediate'],
    label: ['mise a jour', 'actualise', 'actualisation', 'lead general'],
    noteToEditors: [
      'note aux redactions',
      'note aux redacteurs',
      'note a la redaction',
      'avis aux redactions',
      "a l'attention des redactions",
      'a destination des redactions',
      'pas pour publication',
      'non destine a la publication',
    ],
    notForPublication: ['les informations suivantes ne sont pas', 'les informations qui suivent ne sont pas'],
    end: ['fin', 'fin du communique', 'fin de la depeche'],
    by: ['par', 'de notre'],
  },
]
