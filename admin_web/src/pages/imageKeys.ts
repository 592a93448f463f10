export type ListKind = 'posters' | 'logos' | 'backdrops'
export const KIND_OF = { posters: 'poster', logos: 'logo', backdrops: 'backdrop' } as const

/** The two parts of a cache key, split at its first slash, and the title without what is said of art and badges. */
export function splitKey(key: string): { type: string; value: string; title: string } {
  const at = key.indexOf('/')
  const value = key.slice(at + 1)
  return { type: key.slice(0, at), value, title: /^(?:movie|series)-\d+|^[^@_]+/.exec(value)?.[0] ?? value }
}

/** The path of what the service says or shows of one image. */
export function imagePath(kind: ListKind, key: string, what: 'image' | 'details'): string {
  const { type, value } = splitKey(key)
  return `/api/admin/${kind}/${encodeURIComponent(type)}/${encodeURIComponent(value)}/${what}`
}
