import type { SchemaStats } from '@/api/schema'

const NONE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const SOME = [0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

/** A server that is at work, without Redis for the moment. */
export const STATS: SchemaStats = {
  total_images: 12, total_api_keys: 3, mem_cache_entries: 4, id_cache_entries: 5, ratings_cache_entries: 6, image_mem_cache_mb: 1,
  images: { poster: { images: 8, bytes: 800_000, stored_bytes: 800_000 }, logo: { images: 2, bytes: 40_000, stored_bytes: 40_000 }, backdrop: { images: 2, bytes: 400_000, stored_bytes: 400_000 } },
  memory: { entries: 4, bytes: 400_000, max_bytes: 400_000_000 }, prepared: { entries: 2, bytes: 900_000, max_bytes: 100_000_000 },
  lookups: { hot: { hits: 10, misses: 0 }, memory: { hits: 4, misses: 6 }, redis: { hits: 1, misses: 5 }, store: { hits: 0, misses: 5 } },
  duration_bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
  requests: { answered: { 2: 20 }, durations: SOME }, renders: { images: 5, previews: 7, coalesced: 1, durations: SOME }, queue: { waiting: 2, drawing: 1, limit: 4 },
  degraded: { mdblist: 2 }, refreshes: {}, upstreams: { tmdb: { circuit: 'closed', calls: { ok: 12 }, durations: SOME, left_today: 988 }, omdb: { circuit: 'open', calls: { timeout: 3 }, durations: NONE, left_today: null } },
  preview_bytes: 1, health: { database: 'ok', image_store: 'ok', redis: 'away: refused' }, database: { kind: 'postgresql', milliseconds: 2.1 },
  process: { resident_bytes: 150_000_000, bound_bytes: 512_000_000, processor_seconds: 9 }, disk: { total_bytes: 100_000_000_000, free_bytes: 70_000_000_000, max_bytes: null },
  uptime_seconds: 400, version: '0.1.0', renderer: 2,
}
