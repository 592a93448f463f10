/** What the page for visitors tells of, beside its words. */
export const sizes = [
  { name: 'small', poster: null, logo: null, backdrop: '1280 × 720' },
  { name: 'medium', poster: '580 × 859', logo: '780', backdrop: '1920 × 1080' },
  { name: 'large', poster: '1280 × 1896', logo: '1722', backdrop: '3840 × 2160' },
  { name: 'very-large', poster: '2000 × 2962', logo: '2689', backdrop: '3840 × 2160' },
]

export const providers = [
  { name: 'TMDB', url: 'https://www.themoviedb.org' },
  { name: 'Fanart.tv', url: 'https://fanart.tv' },
  { name: 'MDBList', url: 'https://mdblist.com' },
  { name: 'OMDb', url: 'https://www.omdbapi.com' },
]

/** An address of a client with this server and this key in it; other braces are the client's. */
export function filled(pattern: string, origin: string, key: string): string {
  return pattern.replace('{origin}', origin).replace('{key}', encodeURIComponent(key))
}
