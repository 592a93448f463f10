import { describe, expect, it } from 'vitest'
import { answered, lately, quantile, series } from '@/pages/rates'

const BOUNDS = [0.01, 0.1, 1]

describe('quantile', () => {
  it('lies within the bucket that holds it', () => {
    expect(quantile([0, 10, 0, 0], BOUNDS, 0.5)).toBeCloseTo(0.055)
    expect(quantile([10, 10, 0, 0], BOUNDS, 0.5)).toBeCloseTo(0.01)
    expect(quantile([99, 0, 1, 0], BOUNDS, 0.99)).toBeCloseTo(0.01)
  })

  it('is the last bound for what took longer than all of them', () => { expect(quantile([0, 0, 0, 5], BOUNDS, 0.5)).toBe(1) })
  it('is nothing when nothing was counted', () => { expect(quantile([0, 0, 0, 0], BOUNDS, 0.99)).toBeNull() })
})

describe('the last minutes', () => {
  it('are what was added since the first reading', () => { expect(lately([[5, 1], [6, 1], [9, 3]])).toEqual([4, 2]) })
  it('are all of it where nothing was added', () => { expect(lately([[5, 1], [5, 1]])).toEqual([5, 1]) })
  it('are nothing without a reading', () => { expect(lately([])).toEqual([]) })
  it('begin anew with a counter that fell', () => { expect(series([5, 9, 2])).toEqual([4, 2]) })
})

it('every layer answers requests, and the last one’s misses are renders', () => {
  const layers = { hot: { hits: 5, misses: 0 }, memory: { hits: 3, misses: 4 }, redis: { hits: 2, misses: 2 }, store: { hits: 1, misses: 1 } }
  expect(answered(layers)).toEqual({ hits: 11, all: 12 })
})
