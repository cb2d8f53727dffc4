/** How a language names days and months. Folded: lower case, without accents. A further language is a further entry. */
interface CalendarWords {
  readonly language: string
  /** January first; each with its abbreviations. */
  readonly months: readonly (readonly string[])[]
  /** Monday first. */
  readonly weekdays: readonly string[]
  /** Days counted from today. */
  readonly days: Readonly<Record<string, number>>
  /** Words around a date or a time that add nothing to it. */
  readonly around: readonly string[]
  readonly noon: readonly string[]
  readonly midnight: readonly string[]
}

export const calendarWords: readonly CalendarWords[] = [
  {
    language: 'nl',
    months: [
      ['januari', 'jan'],
      ['februari', 'feb', 'febr'],
      ['maart', 'mrt'],
      ['april', 'apr'],
      ['mei'],
      ['juni', 'jun'],
      ['juli', 'jul'],
      ['augustus', 'aug'],
      ['september', 'sep', 'sept'],
      ['oktober', 'okt'],
      ['november', 'nov'],
      ['december', 'dec'],
    ],
    weekdays: ['maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag'],
    days: { vandaag: 0, morgen: 1, overmorgen: 2 },
    around: ['om', 'op', 'vanaf', 'uur', 'u', 'nederlandse tijd', 'lokale tijd', 'plaatselijke tijd', 'de'],
    noon: ['12 uur s middags'],
    midnight: ['middernacht'],
  },
  {
    language: 'en',
    months: [
      ['january', 'jan'],
      ['february', 'feb'],
      ['march', 'mar'],
      ['april', 'apr'],
      ['may'],
      ['june', 'jun'],
      ['july', 'jul'],
      ['august', 'aug'],
      ['september', 'sep', 'sept'],
      ['october', 'oct'],
      ['november', 'nov'],
      ['december', 'dec'],
    ],
    weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
    days: { today: 0, tomorrow: 1 },
    around: ['at', 'on', 'from', 'the', 'hrs', 'hours', 'local time'],
    noon: ['noon'],
    midnight: ['midnight'],
  },
  {
    language: 'de',
    months: [
      ['januar', 'janner', 'jan'],
      ['februar', 'feb'],
      ['marz', 'maerz', 'mar'],
      ['april', 'apr'],
      ['mai'],
      ['juni', 'jun'],
      ['juli', 'jul'],
      ['august', 'aug'],
      ['september', 'sep', 'sept'],
      ['oktober', 'okt'],
      ['november', 'nov'],
      ['dezember', 'dez'],
    ],
    weekdays: ['montag', 'dienstag', 'mittwoch', 'donnerstag', 'freitag', 'samstag', 'sonntag'],
    days: { heute: 0, ubermorgen: 2 },
    around: ['um', 'am', 'ab', 'den', 'dem', 'uhr', 'ortszeit'],
    noon: [],
    midnight: ['mitternacht'],
  },
  {
    language: 'fr',
    months: [
      ['janvier', 'janv'],
      ['fevrier', 'fevr', 'fev'],
      ['mars'],
      ['avril', 'avr'],
      ['mai'],
      ['juin'],
      ['juillet', 'juil'],
      ['aout'],
      ['septembre', 'sept'],
      ['octobre', 'oct'],
      ['novembre', 'nov'],
      ['decembre', 'dec'],
    ],
    weekdays: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
    days: { "aujourd'hui": 0, demain: 1 },
    around: ['a', 'le', 'au', 'des', 'heures', 'heure', 'h', 'heure locale', 'heure de paris'],
    noon: ['midi'],
    midnight: ['minuit'],
  },
  {
    language: 'es',
    months: [
      ['enero', 'ene'],
      ['febrero', 'feb'],
      ['marzo', 'mar'],
      ['abril', 'abr'],
      ['mayo'],
      ['junio', 'jun'],
      ['julio', 'jul'],
      ['agosto', 'ago'],
      ['septiembre', 'setiembre', 'sept'],
      ['octubre', 'oct'],
      ['noviembre', 'nov'],
      ['diciembre', 'dic'],
    ],
    weekdays: ['lunes', 'martes', 'miercoles', 'jueves', 'viernes', 'sabado', 'domingo'],
    days: { hoy: 0 },
    around: ['a las', 'a la', 'el', 'del', 'de', 'horas', 'hora local'],
    noon: ['mediodia'],
    midnight: ['medianoche'],
  },
  {
    language: 'pl',
    months: [
      ['stycznia', 'styczen'],
      ['lutego', 'luty'],
      ['marca', 'marzec'],
      ['kwietnia', 'kwiecien'],
      ['maja', 'maj'],
      ['czerwca', 'czerwiec'],
      ['lipca', 'lipiec'],
      ['sierpnia', 'sierpien'],
      ['wrzesnia', 'wrzesien'],
      ['pazdziernika', 'pazdziernik'],
      ['listopada', 'listopad'],
      ['grudnia', 'grudzien'],
    ],
    // A stroke is no accent: it stays where text is folded.
    weekdays: ['poniedziałek', 'wtorek', 'sroda', 'czwartek', 'piatek', 'sobota', 'niedziela'],
    days: { dzis: 0, dzisiaj: 0, jutro: 1, pojutrze: 2 },
    around: ['godz', 'godzina', 'godziny', 'dnia', 'roku', 'r', 'o'],
    noon: ['południe'],
    midnight: ['połnoc'],
  },
]
