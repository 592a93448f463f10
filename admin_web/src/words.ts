import { counting } from './locale'

const language = 'en'
const product = 'OpenPosterDB'
const { plural, whole } = counting(language)

/** Every string of the interface, in one place: another language is another object of this shape, with plurals of its own. */
export const words = {
  language,
  product,
  errors: {
    offline: 'The service cannot be reached. Check the connection, then try again.',
    other: 'Something went wrong. Try again.',
    tooMany: (seconds: string) => `Too many attempts. Try again in ${seconds} s.`,
    byStatus: {
      401: 'Your session has ended.',
      403: 'That is not allowed.',
      404: 'That is not there any more.',
      429: 'Too many attempts. Try again in a moment.',
      500: 'The service made a mistake. Its log tells more.',
      502: 'A service that is needed is broken.',
      503: 'The service is busy. Try again in a moment.',
      504: 'A service that is needed took too long.',
    } as Record<number, string>,
    title: 'This did not load',
    stale: 'This was not refreshed. What you see may be old.',
    rest: 'The rest did not load.',
    retry: 'Try again',
    network: 'You are offline. What you see may be old.',
  },
  common: {
    cancel: 'Cancel', close: 'Close', save: 'Save', saving: 'Saving…', copy: 'Copy', copied: 'Copied', notCopied: 'This browser did not copy it. Select it and copy it by hand.', dismiss: 'Dismiss', dismissHint: (key: string) => `Dismiss. ${key} leads here.`, more: 'More', loadingMore: 'Loading more…',
    copyNamed: (name: string) => `Copy ${name}`, never: 'never', none: '–', loading: 'Loading…', refresh: 'Refresh', done: 'Done',
  },
  form: { needed: 'This is needed.', unfinished: 'This is not complete.', outside: 'This is not possible here.' },
  nav: {
    main: 'Main', dashboard: 'Dashboard', designer: 'Designer', keys: 'API keys', images: 'Images', admins: 'Admins', audit: 'Audit',
    account: 'Account', docs: 'API reference', signOut: 'Sign out', open: 'Open navigation', skip: 'Skip to content', theme: 'Colours',
  },
  theme: { system: 'System', light: 'Light', dark: 'Dark' },
  login: {
    title: 'Sign in', admin: 'Admin', key: 'API key', username: 'Username', password: 'Password', apiKey: 'API key', how: 'Sign in as',
    submit: 'Sign in', busy: 'Signing in…', wrong: 'The name or the password is wrong.', wrongKey: 'This key opens nothing.',
    keyHint: 'Whoever has a key may see to its settings.', ended: 'Your session has ended. Sign in again.', home: 'What is this?',
  },
  setup: {
    title: 'Welcome', lede: 'Create the first admin of this instance.', username: 'Username', password: 'Password', again: 'Password again',
    token: 'Setup token', tokenHint: 'Only where the server was started with SETUP_TOKEN.', submit: 'Create admin', busy: 'Creating…',
    short: 'At least 8 characters.', differ: 'The passwords differ.', taken: 'There is an admin already. Sign in instead.',
  },
  dashboard: {
    title: 'Dashboard', live: 'Live', paused: 'Not reached', running: (version: string, time: string) => `${product} ${version} · up ${time}`, hitRatio: 'Answered without a render',
    latency: 'Time to answer', slowest: (time: string) => `99 of 100 within ${time}`, requests: 'Requests, last two minutes', failures: 'Requests that failed (5xx)',
    layers: 'Look-ups by layer', layersHint: 'Each is asked when the one before it has nothing.', layer: { hot: 'Hot path', memory: 'Memory', redis: 'Redis', prepared: 'Prepared art', store: 'Image store' } as Record<string, string>, noLookups: 'no look-ups yet',
    hits: (hits: string, all: string) => `${hits} of ${all}`, rendered: 'Renders', renderedHint: (previews: string) => `${previews} previews`, coalesced: 'Joined a render in flight',
    work: 'At work', workHint: 'What the process that answers does. The metrics tell of all of them.', queue: 'Renders now', queued: (drawing: string, limit: string, waiting: string) => `${drawing} of ${limit} · ${waiting} waiting`, rate: 'Renders, last two minutes',
    stored: 'Images stored', memory: 'Images in memory', prepared: 'Prepared art in memory', process: 'Memory of the process', disk: 'Disk of the image store', usedOf: (used: string, of: string) => `${used} of ${of}`, machine: 'Memory and disk',
    keys: 'API keys', upstreams: 'Upstreams', service: 'Service', circuit: 'Circuit', calls: 'Calls', failed: 'Failed', usual: 'Usual time', left: 'Left today', closed: 'healthy', open: 'open', unused: 'idle',
    health: 'Health', database: 'Database', databases: { sqlite: 'SQLite', postgresql: 'PostgreSQL' }, image_store: 'Image store', redis: 'Redis', notUsed: 'not used',
    kinds: { poster: 'Posters', logo: 'Logos', backdrop: 'Backdrops' } as Record<string, string>, degraded: (service: string) => `Answered without ${service}`, refreshed: (outcome: string) => `Refreshes: ${outcome}`, outcomes: { renewed: 'renewed', failed: 'failed', degraded: 'incomplete', elsewhere: 'by another server' } as Record<string, string>, states: { ok: 'ok', off: 'off' } as Record<string, string>, byKind: 'Stored by kind', sinceStart: 'Since this process started.',
  },
  upstreams: { tmdb: 'TMDB', tmdb_images: 'TMDB pictures', fanart: 'Fanart.tv', fanart_images: 'Fanart.tv pictures', mdblist: 'MDBList', omdb: 'OMDb' } as Record<string, string>,
  designer: {
    title: 'Designer', ofKey: (name: string) => `Design of ${name}`, own: 'Your posters', lede: 'What every key shows, unless it has a design of its own.', ledeKey: 'Follows the global design until you save.', ledeOwn: 'A design of its own.',
    kinds: { poster: 'Poster', logo: 'Logo', backdrop: 'Backdrop' }, undo: 'Undo', redo: 'Redo', compare: 'Compare', compareHint: 'Saved on the left, new on the right', discard: 'Discard', reset: 'Follow the global design',
    save: 'Save', saved: 'Saved', changes: (n: number) => `${whole(n)} ${plural(n, { one: 'change', other: 'changes' })}`, unchanged: 'No changes',
    titleLabel: 'Preview on', sample: 'Sample art', titlePlaceholder: 'tt0111161, tmdb/movie-278 or a link', titleWrong: 'Not an id: try tt0111161, tmdb/movie-278 or tvdb/81189.', titleShow: 'Show', titleClear: 'Back to the sample',
    position: 'Badge position', positions: { tl: 'top left', tc: 'top centre', tr: 'top right', l: 'left', r: 'right', bl: 'bottom left', bc: 'bottom centre', br: 'bottom right' },
    style: 'Badges', styles: { d: 'Automatic', h: 'Wide', v: 'Tall' }, direction: 'Arrangement', directions: { d: 'Automatic', h: 'Rows', v: 'Column' }, label: 'Labels', labels: { i: 'Icons', t: 'Text' }, limit: 'At most', all: 'All',
    order: 'Ratings, first ones first', orderHint: 'Drag, or use the arrows.', show: (name: string) => `Show ${name}`, earlier: (name: string) => `Move ${name} up`, later: (name: string) => `Move ${name} down`, moved: (name: string, place: number) => `${name} is number ${whole(place)}`,
    art: 'Artwork', source: 'Posters from', sources: { t: 'TMDB', f: 'Fanart.tv' }, language: 'Language', textless: 'Prefer art without text', noFanart: 'Fanart.tv needs a key of its own on the server.', fit: 'Fit', fits: { cover: 'Fill the frame', native: 'Keep the art’s shape' },
    file: 'File', chroma: 'Colour', chromas: { '420': 'Small files', '444': 'Full colour' }, maxBytes: 'Largest file', unlimited: 'No bound',
    urls: 'Address', urlHint: 'For your media server or player.', yourKey: 'YOUR-KEY', size: 'Size', sizes: { small: 'Small', medium: 'Medium', large: 'Large', 'very-large': 'Very large' }, drawing: 'Drawing…', failed: 'No preview',
    leaveTitle: 'Leave without saving?', leaveText: 'Your changes are lost.', leave: 'Leave', resetTitle: 'Follow the global design?', resetText: 'The design of this key is removed.', own_design: 'own design', global_design: 'global design', kindLabel: 'Kind', free: 'Free key', freeHint: 'Lets everybody in with t0-free-rpdb.', freeLocked: 'FREE_KEY_ENABLED on the server decides.', badgesOn: 'Settings of', declaredTitle: 'Part of this is declared', declaredText: (names: string) => `The server’s configuration (RENDER_SETTINGS) decides ${names}. They cannot be changed here.`, members: { poster_source: 'where posters come from', fanart_lang: 'language', fanart_textless: 'art without text', ratings_limit: 'how many ratings posters have', ratings_order: 'order of ratings', ratings_exclude: 'hidden ratings', poster_position: 'badge position', logo_ratings_limit: 'how many ratings logos have', backdrop_ratings_limit: 'how many ratings backdrops have', poster_badge_style: 'badges of posters', logo_badge_style: 'badges of logos', backdrop_badge_style: 'badges of backdrops', poster_label_style: 'labels of posters', logo_label_style: 'labels of logos', backdrop_label_style: 'labels of backdrops', poster_badge_direction: 'arrangement', fit: 'fit', chroma: 'colour', maxBytes: 'largest file' } as Record<string, string>, signOut: 'Sign out', previews: { poster: 'Preview of the poster', logo: 'Preview of the logo', backdrop: 'Preview of the backdrop' }, dividers: { poster: 'Divider between saved and new, poster', logo: 'Divider between saved and new, logo', backdrop: 'Divider between saved and new, backdrop' },
  },
  sources: { imdb: 'IMDb', tmdb: 'TMDB', rt: 'Rotten Tomatoes', rta: 'Rotten Tomatoes audience', mc: 'Metacritic', trakt: 'Trakt', lb: 'Letterboxd', mal: 'MyAnimeList' },
  keys: {
    title: 'API keys', create: 'New key', name: 'Name', nameHint: 'What it is for: living room, Kodi, a friend.', expires: 'Expires', expiresHint: 'Empty: never.', expiresPast: 'Choose a day that is still to come.', created: (when: string) => `created ${when}`, used: 'Last used', requests: 'requests in 30 days', search: 'Search keys', empty: 'No keys yet', emptyText: 'A key goes into the address of every poster. Create one for each client.', noMatch: 'No key fits.',
    newTitle: 'New API key', createSubmit: 'Create key', readyTitle: 'Copy this key now', readyText: 'It is shown this once. What the server keeps is its hash.', test: 'Open a test poster', dismiss: 'I have copied it', design: 'Design', edit: 'Edit', revoke: 'Revoke', editTitle: 'Edit key',
    revokeTitle: (name: string) => `Revoke “${name}”?`, revokeText: 'Clients that use it get no images from this moment. This cannot be undone.', expired: 'expired', expiresAt: (when: string) => `expires ${when}`, usage: (n: number, total: number) => `${whole(total)} ${plural(total, { one: 'request', other: 'requests' })} in the last ${whole(n)} days`, designOf: (name: string) => `Design: ${name}`, editOf: (name: string) => `Edit: ${name}`, revokeOf: (name: string) => `Revoke: ${name}`, usedNever: 'not used yet',
  },
  images: {
    title: 'Images', kinds: { posters: 'Posters', logos: 'Logos', backdrops: 'Backdrops' }, search: 'Search by id', searchHint: 'tt0111161, tmdb/movie-278 …', size: 'Size', anySize: 'Any size', stale: 'Age', anyAge: 'Any age', fresh: 'Fresh', due: 'Due for refresh', isDue: 'due for refresh', sort: 'Sort', sorts: { created: 'Newest', updated: 'Last drawn', released: 'Release date', key: 'Id' },
    tier: 'Art', anyTier: 'Any art', tiers: { tmdb: 'TMDB', textless: 'Textless', language: 'By language', fanart: 'Fanart.tv' },
    total: (n: number) => `${whole(n)} ${plural(n, { one: 'image', other: 'images' })}`, empty: 'No images yet', emptyText: 'They appear here as soon as somebody asks for them.', noMatch: 'No image fits.', fetch: 'Make one', fetchTitle: 'Make an image', idType: 'Id', idValue: 'Title', fetchSubmit: 'Make it', purge: 'Purge…', purgeTitle: 'Purge images', purgeText: 'Removed images are drawn again when somebody asks for them.', purgeWhat: 'What', purgeKinds: { posters: 'All posters', logos: 'All logos', backdrops: 'All backdrops' }, purgeEverything: 'Every image', purgeOld: 'Not drawn for days', days: 'Days', purgeType: (word: string) => `Type ${word} to confirm`, purgeWord: 'purge', purgeSubmit: 'Purge', purging: 'Purging…', purged: (n: number) => `${whole(n)} removed.`, purgedRunning: (n: number) => `${whole(n)} removed. The rest follow.`,
    refresh: 'Draw again', delete: 'Delete', deleted: 'Deleted.', refreshed: 'Drawn again.', ratings: 'Badges', released: 'Released', drawn: 'Drawn', first: 'First made', bytes: 'Size', layers: 'Held in', aliases: 'Known as', key: 'Cache key', next: 'Due', deleteTitle: 'Delete this image?', deleteText: 'It is drawn again when somebody asks for it.', noPicture: 'No picture', madeFrom: 'Art from', overdue: 'now',
  },
  admins: {
    title: 'Admins', add: 'Add admin', username: 'Username', password: 'Password', since: (when: string) => `since ${when}`, remove: 'Remove', removeOf: (name: string) => `Remove: ${name}`, removeTitle: (name: string) => `Remove ${name}?`, removeText: 'Their sessions end at once. Keys stay.', addTitle: 'Add an admin', addSubmit: 'Add', added: 'Added.', hint: 'Admins see to keys, settings, images, and to each other.',
  },
  audit: {
    title: 'Audit', hint: 'Who did what, newest first.', empty: 'Nothing yet', noMatch: 'Nothing fits.', when: 'When', who: 'Who', what: 'What', target: 'Of', address: 'From', actor: 'Admin', action: 'Action', more: 'Older', anyAction: 'Any action',
    actions: { setup: 'Setup', admin_seeded: 'Admin seeded', login: 'Login', login_failed: 'Login failed', refresh_token_reused: 'Refresh token reused', logout: 'Logout', password_changed: 'Password changed', admin_added: 'Admin added', admin_removed: 'Admin removed', key_created: 'Key created', key_renamed: 'Key renamed', key_expiry_changed: 'Key expiry changed', key_revoked: 'Key revoked', key_login: 'Key login', global_settings_changed: 'Global settings changed', free_key_switched: 'Free key switched', key_settings_changed: 'Key settings changed', key_settings_reset: 'Key settings reset', image_refreshed: 'Image refreshed', images_purged: 'Images purged' } as Record<string, string>,
  },
  account: {
    title: 'Account', password: 'Password', old: 'Current password', fresh: 'New password', again: 'New password again', change: 'Change password', changed: 'Changed. Every other session has ended.', theme: 'Colours', sessions: 'Sessions', sessionsText: 'Signing out ends your sessions on all devices.', signOut: 'Sign out everywhere',
  },
  landing: {
    headline: 'Posters that know how good the film is.', lede: 'One address per title: its art, with the ratings you trust on it. For Plex, Jellyfin, Kodi, Stremio and whatever shows pictures.', signIn: 'Sign in', docs: 'API reference', skip: 'Skip to content',
    begin: 'Get your addresses', wall: 'Drawn by this server just now', wallNote: 'Drawn by this server just now. With the free key, which this server lets in.', wallAlt: (id: string) => `Poster of ${id} with rating badges`,
    urls: 'Your addresses', urlsHint: 'Type your key, and everything on this page becomes yours. It stays in this page.', keyLabel: 'Your key', titleId: 'Title', check: 'Check', checking: 'Checking…', keyGood: 'This key works.', keyBad: 'This key opens nothing.', unreachable: 'The service could not be asked.', example: (kind: string) => `${kind} at this address`, noExample: 'With a key that works, the picture appears here.',
    clients: 'Where to put it', clientsHint: 'Copy, paste, done. In braces stands what the program fills in itself.',
    client: [
      { name: 'Anything that takes RPDB', how: 'Give it this server in place of api.ratingposterdb.com, and your key.', address: '{origin}' },
      { name: 'AIOStreams, AIOMetadata', how: 'Poster service: OpenPosterDB or RPDB. The address of this server, then your key.', address: '{origin}' },
      { name: 'Stremio add-ons', how: 'Where an add-on takes a pattern for posters.', address: '{origin}/{key}/imdb/poster-default/{imdb_id}.jpg' },
      { name: 'Jellyfin', how: 'In the plugin for OpenPosterDB or RPDB: this server, and your key.', address: '{origin}' },
      { name: 'Kometa, for Plex', how: 'As url_poster of a collection or an overlay’s source, by TMDB number.', address: '{origin}/{key}/tmdb/poster-default/movie-<<tmdb_id>>.jpg' },
      { name: 'Kodi skins', how: 'As the poster of a film, from its IMDb number.', address: '{origin}/{key}/imdb/poster-default/$INFO[ListItem.IMDBNumber].jpg' },
      { name: 'Series by TVDB number', how: 'For what knows TVDB alone.', address: '{origin}/{key}/tvdb/poster-default/{tvdb_id}.jpg' },
      { name: 'Backdrops and logos', how: 'The same addresses with another kind in them.', address: '{origin}/{key}/imdb/backdrop-default/{imdb_id}.jpg' },
    ],
    parameters: 'What an address can say',
    parameter: [
      { name: 'imdb/tt0111161', what: 'A title by its IMDb number. tmdb/movie-278, tmdb/series-1396 and tvdb/81189 do as well.' },
      { name: 'poster-default', what: 'What is drawn: logo-default and backdrop-default are the others. Logos are PNG, the others JPEG.' },
      { name: '?imageSize=large', what: 'The size, as in the table below; medium without it.' },
      { name: '?lang=de', what: 'Art in a language, where there is some: de, pt-BR, zh-TW.' },
      { name: '?fallback=true', what: 'A picture in any case: art without ratings, else a placeholder.' },
    ],
    sizes: 'Sizes', sizesHint: 'In pixels. The art fills the frame. Logos have this width, and their own height.', sizeColumn: 'imageSize', ratings: 'Ratings', sources: 'Art and ratings come from', tmdb: 'This product uses the TMDB API but is not endorsed or certified by TMDB.',
  },
  notFound: { title: 'This reel is missing', text: 'There is no page at this address.', home: 'Go home', number: '404' },
  time: { now: 'just now', in: (what: string) => `in ${what}` },
}
