interface Lookups { hits: number; misses: number }

/** Requests that some layer answered, of all: every request asks the layers in turn, and the last one's misses are renders. */
export function answered(layers: Record<string, Lookups>): { hits: number; all: number } {
  const hits = Object.values(layers).reduce((sum, layer) => sum + layer.hits, 0)
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
