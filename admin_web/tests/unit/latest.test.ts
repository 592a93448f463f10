import { expect, it } from 'vitest'
import { latestOnly } from '@/design/latest'
import { answered, failures, series } from '@/pages/rates'
import { imagePath, splitKey } from '@/pages/imageKeys'

it('asks at once, and then for the latest alone', async () => {
  const asked: number[] = []
  const waiting: (() => void)[] = []
  const ask = latestOnly<number>((input) => { asked.push(input); return new Promise((done) => waiting.push(done)) })
  ask(1)
  ask(2)
  ask(3)
  expect(asked).toEqual([1])
  waiting.shift()?.()
  await Promise.resolve()
  await Promise.resolve()
  expect(asked).toEqual([1, 3])
})

it('counts what the layers answered', () => {
  expect(answered({ hot: { hits: 8, misses: 0 }, memory: { hits: 1, misses: 1 }, store: { hits: 0, misses: 1 } })).toEqual({ hits: 9, all: 10 })
  expect(failures({ ok: 3, not_found: 1, timeout: 2 })).toEqual({ all: 6, failed: 2 })
  expect(series([1, 4, 4, 2])).toEqual([3, 0, 2])
})

it('splits cache keys at the first slash', () => {
  expect(splitKey('tmdb/movie-278@ilr.zm')).toEqual({ type: 'tmdb', value: 'movie-278@ilr.zm', title: 'movie-278' })
  expect(imagePath('logos', 'tmdb/movie-278@a', 'image')).toBe('/api/admin/logos/tmdb/movie-278%40a/image')
})
