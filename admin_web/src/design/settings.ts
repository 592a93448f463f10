import type { SchemaKeySettings, SchemaSettingsChanges } from '@/api/schema'

export type Kind = 'poster' | 'logo' | 'backdrop'
export const KINDS = ['poster', 'logo', 'backdrop'] as const

/** What a design consists of: the settings, without what the service says about them. */
export type Design = Omit<Required<SchemaKeySettings>, 'fanart_available' | 'is_default' | 'maxBytes'> & { maxBytes: number }
export type Changes = SchemaSettingsChanges

/** What the service answers: a number whose two ranges the document cannot say in a type. */
export type SettingsAnswer = Omit<Design, 'maxBytes'> & { maxBytes: unknown }

const MEMBERS = [
  'poster_source', 'fanart_lang', 'fanart_textless', 'ratings_limit', 'ratings_order', 'ratings_exclude', 'poster_position',
  'logo_ratings_limit', 'backdrop_ratings_limit', 'poster_badge_style', 'logo_badge_style', 'backdrop_badge_style',
  'poster_label_style', 'logo_label_style', 'backdrop_label_style', 'poster_badge_direction', 'fit', 'chroma', 'maxBytes',
] as const satisfies readonly (keyof Design)[]

/** The design in an answer of the service. */
export function designOf(answer: SettingsAnswer): Design {
  return Object.fromEntries(MEMBERS.map((member) => [member, answer[member]])) as unknown as Design
}

/** The members of `draft` that differ from `saved`: a save sends these alone, so that it undoes nobody else's. */
export function changesBetween(saved: Design, draft: Design): Changes {
  return Object.fromEntries(MEMBERS.filter((member) => saved[member] !== draft[member]).map((member) => [member, draft[member]])) as Changes
}

/** What to draw when the saved design is another by now: theirs, with our changes on top. */
export function rebase(draft: Design, before: Design, now: Design): Design {
  return { ...now, ...changesBetween(before, draft) } as Design
}
