/** What the page for visitors tells of; addresses are the visitor's own. */
export const wall = ['imdb/tt0017136', 'imdb/tt0013442', 'imdb/tt0010323', 'imdb/tt0015324', 'imdb/tt0012349', 'imdb/tt0018455']

export const clients: { name: string; how: string; address: (origin: string, key: string) => string }[] = [
  { name: 'Anything that takes RPDB', how: 'Give it this server in place of api.ratingposterdb.com, and your key.', address: (origin: string) => origin },
  { name: 'Stremio add-ons', how: 'Where an add-on asks for a poster address, with the placeholder of its id.', address: (origin: string, key: string) => `${origin}/${key}/imdb/poster-default/{imdb_id}.jpg` },
  { name: 'Kometa, Plex and Jellyfin', how: 'As the url of a poster, by TMDB number.', address: (origin: string, key: string) => `${origin}/${key}/tmdb/poster-default/movie-{tmdb_id}.jpg` },
  { name: 'Series by TVDB number', how: 'For what knows TVDB alone.', address: (origin: string, key: string) => `${origin}/${key}/tvdb/poster-default/{tvdb_id}.jpg` },
]

export const parameters = [
  { name: '?imageSize=medium', what: 'medium, large or very-large; backdrops also small.' },
  { name: '?lang=de', what: 'Art in a language, where there is some.' },
  { name: '?fallback=true', what: 'A picture in any case: art without ratings, else a placeholder.' },
  { name: 'imdb/…, tmdb/…, tvdb/…', what: 'tt0111161, movie-278 or series-1396, 81189.' },
  { name: 'poster-default, logo-default, backdrop-default', what: 'What is drawn. Logos are PNG, the others JPEG.' },
]

export const providers = [
  { name: 'TMDB', url: 'https://www.themoviedb.org' },
  { name: 'Fanart.tv', url: 'https://fanart.tv' },
  { name: 'MDBList', url: 'https://mdblist.com' },
  { name: 'OMDb', url: 'https://www.omdbapi.com' },
]
