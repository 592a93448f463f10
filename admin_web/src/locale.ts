/** How people write numbers, dates and plurals in a language: as their browser says where it speaks it, else as is usual. */
export function localeOf(language: string, spoken: readonly string[] = navigator.languages): string {
  return spoken.find((one) => one === language || one.startsWith(`${language}-`)) ?? language
}

export interface Forms { one: string; other: string; zero?: string; two?: string; few?: string; many?: string }

/** What chooses among the forms of a word by a number, and writes whole numbers. */
export function counting(language: string): { plural: (n: number, forms: Forms) => string; whole: (n: number) => string } {
  const locale = localeOf(language)
  const rules = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  return { plural: (n, forms) => forms[rules.select(n)] ?? forms.other, whole: (n) => numbers.format(n) }
}
