import type { SchemaRatingSource } from '@/api/schema'

export type Source = SchemaRatingSource
export const SOURCES: readonly Source[] = ['imdb', 'tmdb', 'rt', 'rta', 'mc', 'trakt', 'lb', 'mal']

function known(text: string): Source[] {
  const names = text.split(',').map((name) => name.trim())
  return SOURCES.filter((source) => names.includes(source)).sort((a, b) => names.indexOf(a) - names.indexOf(b))
}

/** All eight sources, those of `text` first, in its order. */
export function orderOf(text: string): Source[] {
  const first = known(text)
  return [...first, ...SOURCES.filter((source) => !first.includes(source))]
}

export function excludedOf(text: string): Set<Source> {
  return new Set(known(text))
}

/** The list with the element at `from` moved to `to`; places beyond the ends are the ends. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, at) => at !== from)
  const place = Math.max(0, Math.min(to, rest.length))
  return [...rest.slice(0, place), ...list.slice(from, from + 1), ...rest.slice(place)]
}

/** `excluded` with one source in or out of it, as the service writes it. */
export function toggled(excluded: string, source: Source, shown: boolean): string {
  const set = excludedOf(excluded)
  if (shown) set.delete(source)
  else set.add(source)
  return SOURCES.filter((name) => set.has(name)).join(',')
}
