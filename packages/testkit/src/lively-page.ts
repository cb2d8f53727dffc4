const lead = `Veerdienst vaart weer na storm
HAVENSTAD (NZP) - De veerdienst tussen Havenstad en het eiland Zandoog vaart sinds dinsdagmiddag weer. Door de storm lagen de schepen ruim een dag stil.
Ongeveer driehonderd reizigers brachten de nacht door in een sporthal. De rederij betaalt hun tickets terug.
Woensdag geldt de gewone dienstregeling.`

const briefs: readonly (readonly [text: string, minutesAgo: number])[] = [
  [
    'ZANDOOG (NZP) - Op het strand van Zandoog is een container met tuinstoelen aangespoeld. De gemeente vraagt bewoners ze niet mee te nemen.',
    6,
  ],
  [
    'DUINDORP (NZP/AFP) - De rechtbank in Duindorp heeft de eis tegen een visserijbedrijf afgewezen. Volgens de rechter was de vergunning in orde.',
    44,
  ],
  [
    'HAVENSTAD (NZP/RTR) - De prijs van kabeljauw op de afslag is in een week met een vijfde gestegen. Handelaren wijzen op het slechte weer.',
    61,
  ],
]

/** A page of the made-up agency's site, as text, `minutesLater` than its first capture: the briefs are the same, their relative times are not. */
export function livelyPage(minutesLater: number): string {
  const lines = briefs.map(([text, minutesAgo]) => `${text}\n${ago(minutesAgo + minutesLater)}`)
  return `${lead}\nMeer uit Regio\n${lines.join('')}\n`
}

function ago(minutes: number): string {
  if (minutes < 60) return `${minutes} minuten geleden`
  return `${Math.floor(minutes / 60)} uur geleden`
}
