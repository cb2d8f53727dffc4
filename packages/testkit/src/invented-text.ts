/** Parts of sentences that fit together in any order; all invented. */
const subjects = [
  'De gemeenteraad',
  'Het waterschap',
  'De rederij',
  'Een woordvoerder',
  'De vakbond',
  'Het bestuur van de haven',
  'De minister',
]
const verbs = ['besloot', 'meldde', 'bevestigde', 'betwijfelde', 'onderzoekt of', 'verwacht', 'ontkende']
const objects = [
  'dat de brug bij Waterhuizen in het voorjaar wordt vernieuwd',
  'dat de prijs van een kaartje met tien cent omhooggaat',
  'dat er voldoende zand ligt om de duinen te versterken',
  'dat reizigers dit weekend rekening moeten houden met vertraging',
  'dat de proef met elektrische bussen een half jaar langer duurt',
  'dat het plan nog voor de zomer naar de Kamer gaat',
]
const endings = [
  'na overleg met bewoners',
  'volgens een brief van dinsdag',
  'ondanks bezwaren van ondernemers',
  'zo staat in het jaarverslag',
  'tot tevredenheid van de oppositie',
]

/** An invented Dutch sentence; the same number gives the same sentence, neighbouring numbers differ. */
export function inventedSentence(number: number): string {
  const pick = (list: readonly string[], step: number): string => list[Math.floor(number / step) % list.length] ?? ''
  return `${pick(subjects, 1)} ${pick(verbs, 3)} ${pick(objects, 5)}, ${pick(endings, 7)} (${number}).`
}

/** Paragraphs of three sentences, at least `characters` long together. */
export function inventedParagraphs(number: number, characters: number): string[] {
  const paragraphs: string[] = []
  let length = 0
  for (let at = number * 31; length < characters; at += 3) {
    const paragraph = [0, 1, 2].map((step) => inventedSentence(at + step)).join(' ')
    paragraphs.push(paragraph)
    length += paragraph.length
  }
  return paragraphs
}
