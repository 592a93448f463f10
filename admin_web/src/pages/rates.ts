interface Lookups { hits: number; misses: number }

/** Requests that some layer answered, of all: every request asks the layers in turn, and the last one's misses are renders. */
export function answered(layers: Record<string, Lookups>): { hits: number; all: number } {
  const hits = Object.entries(layers).reduce((sum, [name, layer]) => (name === 'prepared' ? sum : sum + layer.hits), 0) // prepared art still costs badges
  const last = layers['store'] ?? layers['memory'] ?? { misses: 0 }
  return { hits, all: hits + last.misses }
}

const GOOD = new Set(['ok', 'not_found', 'not_modified', 'missing'])

/** Calls of an upstream by outcome: how many in all, and how many of them failed. */
export function failures(calls: Record<string, number>): { all: number; failed: number } {
  const all = Object.values(calls).reduce((sum, value) => sum + value, 0)
  const good = Object.entries(calls).reduce((sum, [outcome, value]) => (GOOD.has(outcome) ? sum + value : sum), 0)
  return { all, failed: all - good }
}

/** What was added between each two readings of a counter; a counter that fell began anew. */
export function series(readings: readonly number[]): number[] {
  return readings.slice(1).map((value, at) => { const before = readings[at] ?? 0; return value < before ? value : value - before })
}

/** What the last reading of a histogram counts beyond the first one kept; all of it when that is nothing. */
export function lately(readings: readonly (readonly number[])[]): number[] {
  const last = readings.at(-1) ?? []
  const first = readings[0] ?? []
  const added = last.map((value, at) => Math.max(0, value - (first[at] ?? 0)))
  return added.some((value) => value > 0) ? added : [...last]
}

/**
 * The value below which a share of what a histogram counted lies, as near as its buckets tell; null when it counted
 * nothing. Beyond the last bound it is that bound.
 */
export function quantile(counts: readonly number[], bounds: readonly number[], share: number): number | null {
  const wanted = counts.reduce((sum, value) => sum + value, 0) * share
  if (wanted === 0) return null
  let below = 0
  for (const [at, value] of counts.entries()) {
    const upper = bounds[at]
    if (upper === undefined) break
    if (below + value >= wanted) {
      const lower = bounds[at - 1] ?? 0
      return lower + ((upper - lower) * (wanted - below)) / value
    }
    below += value
  }
  return bounds.at(-1) ?? null
}
