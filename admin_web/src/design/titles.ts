/** The id in what somebody typed or pasted, as `imdb/tt0111161`, `tmdb/movie-278` or `tvdb/81189`; null if there is none. */
export function titleId(text: string): string | null {
  const trimmed = text.trim()
  const imdb = /\btt\d{5,10}\b/i.exec(trimmed)
  if (imdb) return `imdb/${imdb[0].toLowerCase()}`
  const link = /themoviedb\.org\/(movie|tv)\/(\d+)/.exec(trimmed)
  if (link) return `tmdb/${link[1] === 'tv' ? 'series' : 'movie'}-${link[2] ?? ''}`
  const tmdb = /^(?:tmdb[/:])?(movie|series|tv)[-/](\d{1,10})$/i.exec(trimmed)
  if (tmdb) return `tmdb/${tmdb[1]?.toLowerCase() === 'movie' ? 'movie' : 'series'}-${tmdb[2] ?? ''}`
  const tvdb = /^tvdb[/:](\d{1,10})$/i.exec(trimmed)
  if (tvdb) return `tvdb/${tvdb[1] ?? ''}`
  return null
}
