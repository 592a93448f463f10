import { describe, expect, it } from 'vitest'
import { excludedOf, moved, orderOf, toggled } from '@/design/order'

describe('order', () => {
  it('appends what a stored order leaves out, and skips what nobody knows', () => {
    expect(orderOf('mal, imdb,nobody,mal')).toEqual(['mal', 'imdb', 'tmdb', 'rt', 'rta', 'mc', 'trakt', 'lb'])
    expect(orderOf('')).toHaveLength(8)
  })

  it.each([
    [0, 2, ['b', 'c', 'a']],
    [2, 0, ['c', 'a', 'b']],
    [1, 1, ['a', 'b', 'c']],
    [0, 99, ['b', 'c', 'a']],
    [2, -5, ['c', 'a', 'b']],
  ])('moves %i to %i', (from, to, expected) => {
    expect(moved(['a', 'b', 'c'], from, to)).toEqual(expected)
  })

  it('leaves sources out and lets them in again', () => {
    expect(toggled('', 'rt', false)).toBe('rt')
    expect(toggled('rt,imdb', 'mal', false)).toBe('imdb,rt,mal')
    expect(toggled('rt,imdb', 'rt', true)).toBe('imdb')
    expect(excludedOf('x, rt')).toEqual(new Set(['rt']))
  })
})
