import type { Design } from '@/design/settings'

/** The settings of a new instance, more or less. */
export const DESIGN: Design = {
  poster_source: 't', fanart_lang: 'en', fanart_textless: false, ratings_limit: 3, ratings_order: 'mal,imdb', ratings_exclude: '', poster_position: 'bc',
  logo_ratings_limit: 5, backdrop_ratings_limit: 5, poster_badge_style: 'd', logo_badge_style: 'v', backdrop_badge_style: 'v', poster_label_style: 'i',
  logo_label_style: 'i', backdrop_label_style: 'i', poster_badge_direction: 'd', fit: 'cover', chroma: '420', maxBytes: 0,
}
