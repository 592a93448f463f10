import { describe, expect, it } from 'vitest'
import { imageAddress, previewPath } from '@/design/addresses'
import { changesBetween, designOf, rebase, type Design } from '@/design/settings'
import { titleId } from '@/design/titles'
import { DESIGN } from './design'

describe('settings', () => {
  it('sends what has changed and nothing else', () => {
    expect(changesBetween(DESIGN, { ...DESIGN, ratings_limit: 5, poster_position: 'tl' })).toEqual({ ratings_limit: 5, poster_position: 'tl' })
    expect(changesBetween(DESIGN, { ...DESIGN })).toEqual({})
  })

  it('keeps what others saved meanwhile, under our own changes', () => {
    const theirs = { ...DESIGN, chroma: '444' as const, ratings_limit: 7 }
    expect(rebase({ ...DESIGN, ratings_limit: 1 }, DESIGN, theirs)).toEqual({ ...theirs, ratings_limit: 1 })
  })

  it('takes the design out of an answer', () => {
    expect(designOf({ ...DESIGN, is_default: true } as Design)).toEqual(DESIGN)
  })
})

describe('addresses', () => {
  it('are those of the service', () => {
    expect(imageAddress('http://h', 'k/1', 'logo', 'tmdb/movie-1', 'large')).toBe('http://h/k%2F1/tmdb/logo-default/movie-1.png?imageSize=large')
    expect(imageAddress('', 'k', 'poster', 'imdb/tt1')).toBe('/k/imdb/poster-default/tt1.jpg')
  })

  it('preview each kind with its own settings', () => {
    const query = (path: string) => Object.fromEntries(new URL(path, 'http://h').searchParams)
    expect(query(previewPath('admin', 'poster', { ...DESIGN, poster_position: 'tl' }, null))).toMatchObject({ poster_position: 'tl', ratings_limit: '3' })
    expect(query(previewPath('admin', 'logo', DESIGN, null))).not.toHaveProperty('poster_position')
    expect(query(previewPath('owner', 'logo', DESIGN, 'imdb/tt1'))).toMatchObject({ id: 'imdb/tt1', fanart_lang: 'en', ratings_limit: '5' })
    expect(previewPath('owner', 'logo', DESIGN, null)).toMatch(/^\/api\/key\/me\/preview\/logo\?/)
  })
})

describe('ids', () => {
  it.each([
    ['tt0111161', 'imdb/tt0111161'], [' https://www.imdb.com/title/TT0111161/?ref=x ', 'imdb/tt0111161'], ['tmdb/movie-278', 'tmdb/movie-278'], ['tv/1396', 'tmdb/series-1396'],
    ['https://www.themoviedb.org/tv/1396-breaking-bad', 'tmdb/series-1396'], ['tvdb:81189', 'tvdb/81189'], ['278', null], ['', null], ['imdb/nm0000151', null],
  ])('%s means %s', (text, id) => {
    expect(titleId(text)).toBe(id)
  })
})
