import type { Design, Kind } from './settings'

export const SIZES = { poster: ['medium', 'large', 'very-large'], logo: ['medium', 'large', 'very-large'], backdrop: ['small', 'medium', 'large', 'very-large'] } as const
const SUFFIX = { poster: 'jpg', logo: 'png', backdrop: 'jpg' } as const

/** The address of a picture; the key's settings decide how it looks, so only the size is in it. */
export function imageAddress(origin: string, key: string, kind: Kind, id: string, size = 'medium'): string {
  const query = size === 'medium' ? '' : `?imageSize=${size}`
  return `${origin}/${encodeURIComponent(key)}/${id.replace('/', `/${kind}-default/`)}.${SUFFIX[kind]}${query}`
}

/** The path that previews a design. `id` null is the sample. */
export function previewPath(who: 'admin' | 'owner', kind: Kind, design: Design, id: string | null): string {
  const query: Record<string, string> = { ratings_order: design.ratings_order, ratings_exclude: design.ratings_exclude, fit: design.fit }
  if (kind === 'poster') {
    Object.assign(query, {
      ratings_limit: String(design.ratings_limit),
      poster_position: design.poster_position,
      badge_style: design.poster_badge_style,
      badge_direction: design.poster_badge_direction,
      label_style: design.poster_label_style,
      chroma: design.chroma,
      maxBytes: String(design.maxBytes),
    })
    if (id) Object.assign(query, { poster_source: design.poster_source, fanart_lang: design.fanart_lang, fanart_textless: String(design.fanart_textless) })
  } else if (kind === 'logo') {
    Object.assign(query, { ratings_limit: String(design.logo_ratings_limit), badge_style: design.logo_badge_style, label_style: design.logo_label_style })
    if (id) query['fanart_lang'] = design.fanart_lang
  } else {
    Object.assign(query, {
      ratings_limit: String(design.backdrop_ratings_limit),
      badge_style: design.backdrop_badge_style,
      label_style: design.backdrop_label_style,
      chroma: design.chroma,
      maxBytes: String(design.maxBytes),
      imageSize: 'small',
    })
  }
  if (id) query['id'] = id
  return `/api/${who === 'admin' ? 'admin' : 'key/me'}/preview/${kind}?${new URLSearchParams(query).toString()}`
}
