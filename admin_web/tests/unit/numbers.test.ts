import { expect, it } from 'vitest'
import { counting, localeOf } from '@/locale'
import { ago, bytes, kilobytes, list, percent, seconds, span } from '@/numbers'
import { words } from '@/words'

it('numbers are written as in the words’ language, as the browser writes it', () => {
  expect(localeOf('en', ['de-DE', 'en-GB', 'en-US'])).toBe('en-GB')
  expect(localeOf('de', ['de', 'en'])).toBe('de')
  expect(localeOf('en', ['de', 'eng'])).toBe('en')
})

it.each([
  [0, '0 byte'], [999, '999 byte'], [1000, '1.0 kB'], [99_940, '99.9 kB'], [400_000, '400 kB'], [30_000_000_000, '30.0 GB'], [2e15, '2,000 TB'],
])('%s bytes are %s', (count, said) => { expect(bytes(count)).toBe(said) })

it.each([[0.0042, '4.2 ms'], [0.018, '18 ms'], [1.24, '1.2 sec']])('%s seconds are %s', (value, said) => { expect(seconds(value)).toBe(said) })

it.each([[12, '12s'], [400, '6m'], [7260, '2h 1m'], [273_700, '3d 4h']])('a span of %s seconds is %s', (value, said) => { expect(span(value)).toBe(said) })

it('shares, bounds and lists are written out', () => {
  expect([percent(1, 0), percent(3, 4), percent(9995, 10_000), percent(2, 2)]).toEqual(['–', '75%', '99.9%', '100%'])
  expect(kilobytes(50_000)).toBe('50 kB')
  expect([list([]), list(['IMDb']), list(['IMDb', 'TMDB', 'Trakt'])]).toEqual(['–', 'IMDb', 'IMDb, TMDB, Trakt'])
  expect([ago(1_000, 2_000), ago(0, 7_200_000)]).toEqual(['just now', '2 hr. ago'])
})

it('words have the form that their number wants', () => {
  expect([0, 1, 2].map(words.designer.changes)).toEqual(['0 changes', '1 change', '2 changes'])
  expect(words.images.total(1234)).toBe('1,234 images')
  expect(words.keys.usage(30, 1)).toBe('1 request in the last 30 days')
  const { plural } = counting('pl')
  expect([1, 3, 5].map((n) => plural(n, { one: 'obraz', few: 'obrazy', many: 'obrazów', other: 'obrazu' }))).toEqual(['obraz', 'obrazy', 'obrazów'])
})
