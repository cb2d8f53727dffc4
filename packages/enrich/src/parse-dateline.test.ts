import { describe, expect, it } from 'vitest'
import { cityCase, parseDateline } from './index.ts'

describe('parseDateline', () => {
  it.each([
    ['DEN HAAG (ANP) - De', 'Den Haag', 'ANP', 'DEN HAAG (ANP)'],
    ['LONDEN (ANP/RTR/BLOOMBERG) - De', 'Londen', 'ANP RTR BLOOMBERG', 'LONDEN (ANP/RTR/BLOOMBERG)'],
    ['SÃO PAULO (ANP/AFP) - De', 'São Paulo', 'ANP AFP', 'SÃO PAULO (ANP/AFP)'],
    ['BATTLE CREEK (AFN/BLOOMBERG) - De', 'Battle Creek', 'AFN BLOOMBERG', 'BATTLE CREEK (AFN/BLOOMBERG)'],
    ["'S-HERTOGENBOSCH (ANP) - De", "'s-Hertogenbosch", 'ANP', "'S-HERTOGENBOSCH (ANP)"],
    ['’S-GRAVENHAGE (ANP) – De', '’s-Gravenhage', 'ANP', '’S-GRAVENHAGE (ANP)'],
    ['MÜNCHEN (ANP/DPA/ANP) - De', 'München', 'ANP DPA', 'MÜNCHEN (ANP/DPA/ANP)'],
    ['DEN HAAG/BRUSSEL (ANP/BELGA) - De', 'Den Haag/Brussel', 'ANP BELGA', 'DEN HAAG/BRUSSEL (ANP/BELGA)'],
    ['DEN HAAG 24/04 (ANP) = De', 'Den Haag', 'ANP', 'DEN HAAG 24/04 (ANP)'],
    ['San Mateo (ANP) - Het', 'San Mateo', 'ANP', 'San Mateo (ANP)'],
    ['Berlin (dpa) - Der', 'Berlin', 'DPA', 'Berlin (dpa)'],
    ['Hannover (dpa/lni) - Der', 'Hannover', 'DPA lni', 'Hannover (dpa/lni)'],
    ['Paris, 21 jan 2019 (AFP) - Le', 'Paris', 'AFP', 'Paris, 21 jan 2019 (AFP)'],
    ['ATLANTA (AP) _ The', 'Atlanta', 'AP', 'ATLANTA (AP)'],
    ['BUENOS AIRES, Argentina (AP) — The', 'Buenos Aires', 'AP', 'BUENOS AIRES, Argentina (AP)'],
    ['GROSSETO, Italy (AP) -- The', 'Grosseto', 'AP', 'GROSSETO, Italy (AP)'],
    ['CHICAGO Jan 4 (Reuters) - The', 'Chicago', 'REUTERS', 'CHICAGO Jan 4 (Reuters)'],
    ['CHICAGO, Jan 4 (Reuters) - The', 'Chicago', 'REUTERS', 'CHICAGO, Jan 4 (Reuters)'],
    ['SAITAMA, Japan, Dec. 9 Kyodo - The', 'Saitama', 'KYODO', 'SAITAMA, Japan, Dec. 9 Kyodo'],
    ['MOSCOW, January 21. /TASS/. The (new)', 'Moscow', 'TASS', 'MOSCOW, January 21. /TASS/'],
    ['Madrid, 28 mar (EFE).- El', 'Madrid', 'EFE', 'Madrid, 28 mar (EFE)'],
    ['Paris (ats afp) Les violences', 'Paris', 'ATS AFP', 'Paris (ats afp)'],
    ['Berlin (KNA) Die', 'Berlin', 'KNA', 'Berlin (KNA)'],
    ['MADRID, 21 Nov. 2024 (Europa Press) - El', 'Madrid', 'EUROPA PRESS', 'MADRID, 21 Nov. 2024 (Europa Press)'],
  ])('reads %s', (text, located, credits, printed) => {
    const found = parseDateline(text)
    expect(found).toMatchObject({ located, credits: found?.credits, printed })
    expect(found?.credits.join(' ')).toBe(credits)
    expect(text.slice(found?.length)).toMatch(/^\p{Lu}\p{Ll}+/u)
  })

  it.each([
    'De minister (ANP) - zo blijkt - wil niets.',
    'In Den Haag kwam de kamer bijeen (ANP) - dat was laat.',
    'PvdA-leider Jan Jansen (PVDA) - de grootste partij - wil niets.',
    'UPDATE (VIDEO) - Brug dicht',
    'Topman Jansen (ANP) zei dat',
    'Geen dateline in deze zin.',
    '(ANP) - Zonder stad',
    'AMSTERDAM (ANP)',
    '',
  ])('sees no dateline in "%s"', (text) => expect(parseDateline(text)).toBeNull())

  it('knows the supplier as a credit', () => {
    expect(parseDateline('ZWOLLE (VNB) - De brug')).toBeNull()
    expect(parseDateline('ZWOLLE (VNB) - De brug', 'vnb')?.located).toBe('Zwolle')
  })

  it('takes no longer for a long paragraph', () => {
    const started = process.threadCpuUsage().user / 1_000
    for (const text of ['A'.repeat(1e6), 'A '.repeat(5e5), `${'A-'.repeat(5e5)}(`, `A${" 'A".repeat(3e5)} (ANP) - `])
      parseDateline(text)
    expect(process.threadCpuUsage().user / 1_000 - started).toBeLessThan(200)
  })
})

describe('cityCase', () => {
  it.each([
    ['ALPHEN AAN DEN RIJN', 'Alphen aan den Rijn'],
    ['BERGEN OP ZOOM', 'Bergen op Zoom'],
    ['RIO DE JANEIRO', 'Rio de Janeiro'],
    ['FRANKFURT AM MAIN', 'Frankfurt am Main'],
    ['IJMUIDEN', 'IJmuiden'],
    ['NIEUWERKERK AAN DEN IJSSEL', 'Nieuwerkerk aan den IJssel'],
    ["'T HARDE", "'t Harde"],
    ["L'AQUILA", "L'Aquila"],
    ['GAZA-STAD', 'Gaza-Stad'],
    ['WASHINGTON D.C.', 'Washington D.C.'],
    ['ST. PETERSBURG', 'St. Petersburg'],
    ['LA PAZ', 'La Paz'],
    ['ÉVIAN-LES-BAINS', 'Évian-les-Bains'],
    ['San Mateo', 'San Mateo'],
  ])('of %s is %s', (city, cased) => expect(cityCase(city)).toBe(cased))
})
