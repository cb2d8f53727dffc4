/** Codes as printed in datelines, and the agency behind each. A code that is not here keeps its own name. */
const names: Readonly<Record<string, string>> = {
  AAP: 'AAP',
  ADP: 'ADP',
  AFN: 'AFN',
  AFP: 'AFP',
  AGI: 'AGI',
  ANP: 'ANP',
  ANSA: 'ANSA',
  AP: 'AP',
  APA: 'APA',
  ATS: 'Keystone-ATS',
  AWP: 'AWP',
  BELGA: 'Belga',
  BLOOMBERG: 'Bloomberg',
  BNS: 'BNS',
  CP: 'The Canadian Press',
  CTK: 'ČTK',
  DJ: 'Dow Jones',
  DPA: 'dpa',
  EFE: 'EFE',
  EPD: 'epd',
  EUROPAPRESS: 'Europa Press',
  FD: 'FD',
  HINA: 'HINA',
  INTERFAX: 'Interfax',
  ITAR: 'TASS',
  JIJI: 'Jiji Press',
  KEYSTONE: 'Keystone-SDA',
  KNA: 'KNA',
  KYODO: 'Kyodo News',
  LUSA: 'Lusa',
  MTI: 'MTI',
  NTB: 'NTB',
  NOVUM: 'Novum',
  PA: 'PA Media',
  PAP: 'PAP',
  PTI: 'PTI',
  REUTERS: 'Reuters',
  RITZAU: 'Ritzau',
  RTR: 'Reuters',
  SDA: 'Keystone-SDA',
  SID: 'SID',
  STT: 'STT',
  TASS: 'TASS',
  TT: 'TT',
  UPI: 'UPI',
  XINHUA: 'Xinhua',
  YONHAP: 'Yonhap',
}

const byCode: ReadonlyMap<string, string> = new Map(Object.entries(names))

/** undefined for a code that is not known. */
const known = (code: string): string | undefined => byCode.get(code.toUpperCase().replaceAll(' ', ''))

export const isCreditCode = (code: string): boolean => known(code) !== undefined

/** "Reuters" for RTR; the code itself where it is not known. */
export const creditName = (code: string): string => known(code) ?? code
