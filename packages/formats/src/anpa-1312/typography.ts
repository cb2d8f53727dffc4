/** Quotes and dashes as ANPA's character set writes them, which has neither: ``so'', `so', and an underscore between spaces. */
export const typographic = (text: string): string =>
  text
    .replaceAll('``', '“')
    .replaceAll("''", '”')
    .replace(/`([^`']{1,200})'(?!\p{L})/gu, '‘$1’')
    .replaceAll('`', '‘')
    .replace(/(^|\s)_(?=\s)/g, '$1—')
