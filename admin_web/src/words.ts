/** Every string of the interface, in one place: another language is another object of this shape. */
export const words = {
  product: 'OpenPosterDB',
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
    retry: 'Try again',
    network: 'You are offline. What you see may be old.',
  },
  common: {
    cancel: 'Cancel', close: 'Close', save: 'Save', saving: 'Saving…', copy: 'Copy', copied: 'Copied', more: 'Loading more…',
    copyNamed: (name: string) => `Copy ${name}`, never: 'never', none: '–', loading: 'Loading…', refresh: 'Refresh', done: 'Done',
  },
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
    title: 'Dashboard', live: 'Live', paused: 'Not reached', up: (time: string) => `up ${time}`, hitRatio: 'Answered without a render',
    layers: 'Look-ups by layer', layer: { hot: 'Hot path', memory: 'Memory', store: 'Image store' } as Record<string, string>, noLookups: 'no look-ups yet',
    hits: (hits: string, all: string) => `${hits} of ${all}`, rendered: 'Renders', renderedHint: (previews: string) => `${previews} previews`, coalesced: 'Joined a render in flight',
    stored: 'Images stored', memory: 'In memory', memoryOf: (max: string) => `of ${max}`, keys: 'API keys', upstreams: 'Upstreams',
    service: 'Service', circuit: 'Circuit', calls: 'Calls', failed: 'Failed', closed: 'healthy', open: 'open', unused: 'not called yet', health: 'Health', database: 'Database', image_store: 'Image store', ok: 'ok',
    kinds: { poster: 'Posters', logo: 'Logos', backdrop: 'Backdrops' } as Record<string, string>, trouble: 'Degraded and refreshed', degraded: 'Degraded', refreshed: 'Refreshed', nothing: 'Nothing to tell: all is well.', byKind: 'Stored by kind', sinceStart: 'since this process started', rate: 'Renders, last two minutes',
  },
  designer: {
    title: 'Designer', ofKey: (name: string) => `Design of ${name}`, own: 'Your posters', lede: 'What every key shows, unless it has a design of its own.', ledeKey: 'Follows the global design until you save.', ledeOwn: 'A design of its own.',
    kinds: { poster: 'Poster', logo: 'Logo', backdrop: 'Backdrop' }, undo: 'Undo', redo: 'Redo', compare: 'Compare', compareHint: 'Saved on the left, new on the right', divider: 'Divider between saved and new', discard: 'Discard', reset: 'Follow the global design',
    save: 'Save', saved: 'Saved', changes: (n: number) => (n === 1 ? '1 change' : `${String(n)} changes`), unchanged: 'No changes',
    titleLabel: 'Preview on', sample: 'Sample art', titlePlaceholder: 'tt0111161, tmdb/movie-278 or a link', titleWrong: 'Not an id: try tt0111161, tmdb/movie-278 or tvdb/81189.', titleShow: 'Show', titleClear: 'Back to the sample',
    position: 'Badge position', positions: { tl: 'top left', tc: 'top centre', tr: 'top right', l: 'left', r: 'right', bl: 'bottom left', bc: 'bottom centre', br: 'bottom right' },
    style: 'Badges', styles: { d: 'Automatic', h: 'Wide', v: 'Tall' }, direction: 'Arrangement', directions: { d: 'Automatic', h: 'Rows', v: 'Column' }, label: 'Labels', labels: { i: 'Icons', t: 'Text' }, limit: 'At most', all: 'All',
    order: 'Ratings, first ones first', orderHint: 'Drag, or use the arrows.', show: (name: string) => `Show ${name}`, earlier: (name: string) => `Move ${name} up`, later: (name: string) => `Move ${name} down`, moved: (name: string, place: number) => `${name} is number ${String(place)}`,
    art: 'Artwork', source: 'Posters from', sources: { t: 'TMDB', f: 'Fanart.tv' }, language: 'Language', textless: 'Prefer art without text', noFanart: 'Fanart.tv needs a key of its own on the server.', fit: 'Fit', fits: { cover: 'Fill the frame', native: 'Keep the art’s shape' },
    file: 'File', chroma: 'Colour', chromas: { '420': 'Small files', '444': 'Full colour' }, maxBytes: 'Largest file', unlimited: 'No bound', kb: (n: number) => `${String(n)} KB`,
    urls: 'Address', urlHint: 'For your media server or player.', yourKey: 'YOUR-KEY', size: 'Size', sizes: { small: 'Small', medium: 'Medium', large: 'Large', 'very-large': 'Very large' }, drawing: 'Drawing…', failed: 'No preview',
    leaveTitle: 'Leave without saving?', leaveText: 'Your changes are lost.', leave: 'Leave', resetTitle: 'Follow the global design?', resetText: 'The design of this key is removed.', own_design: 'own design', global_design: 'global design', kindLabel: 'Kind', free: 'Free key', freeHint: 'Lets everybody in with t0-free-rpdb.', freeLocked: 'FREE_KEY_ENABLED on the server decides.', badgesOn: 'Settings of', signOut: 'Sign out', preview: (kind: string) => `Preview of the ${kind}`,
  },
  sources: { imdb: 'IMDb', tmdb: 'TMDB', rt: 'Rotten Tomatoes', rta: 'Rotten Tomatoes audience', mc: 'Metacritic', trakt: 'Trakt', lb: 'Letterboxd', mal: 'MyAnimeList' },
  keys: {
    title: 'API keys', create: 'New key', name: 'Name', nameHint: 'What it is for: living room, Kodi, a friend.', expires: 'Expires', expiresHint: 'Empty: never.', created: 'Created', used: 'Last used', requests: 'requests in 30 days', search: 'Search keys', empty: 'No keys yet', emptyText: 'A key goes into the address of every poster. Create one for each client.', noMatch: 'No key fits.',
    newTitle: 'New API key', createSubmit: 'Create key', readyTitle: 'Copy this key now', readyText: 'It is shown this once. What the server keeps is its hash.', test: 'Open a test poster', dismiss: 'I have copied it', design: 'Design', edit: 'Edit', revoke: 'Revoke', editTitle: 'Edit key',
    revokeTitle: (name: string) => `Revoke “${name}”?`, revokeText: 'Clients that use it get no images from this moment. This cannot be undone.', expired: 'expired', expiresAt: (when: string) => `expires ${when}`, usage: (n: number, total: number) => `${String(total)} requests in the last ${String(n)} days`, actions: (name: string) => `Actions for ${name}`, usedNever: 'not used yet',
  },
  images: {
    title: 'Images', kinds: { posters: 'Posters', logos: 'Logos', backdrops: 'Backdrops' }, search: 'Search by id', searchHint: 'tt0111161, tmdb/movie-278 …', size: 'Size', anySize: 'Any size', stale: 'Age', anyAge: 'Any age', fresh: 'Fresh', due: 'Due for refresh', sort: 'Sort', sorts: { created: 'Newest', updated: 'Last drawn', released: 'Release date', key: 'Id' },
    tier: 'Art', anyTier: 'Any art', tiers: { tmdb: 'TMDB', textless: 'Textless', language: 'By language', fanart: 'Fanart.tv' },
    total: (n: number) => (n === 1 ? '1 image' : `${n.toLocaleString()} images`), empty: 'No images yet', emptyText: 'They appear here as soon as somebody asks for them.', noMatch: 'No image fits.', fetch: 'Make one', fetchTitle: 'Make an image', idType: 'Id', idValue: 'Title', fetchSubmit: 'Make it', purge: 'Purge…', purgeTitle: 'Purge images', purgeText: 'Removed images are drawn again when somebody asks for them.', purgeWhat: 'What', purgeKind: (kind: string) => `All ${kind.toLowerCase()}`, purgeEverything: 'Every image', purgeOld: 'Not drawn for days', days: 'Days', purgeType: (word: string) => `Type ${word} to confirm`, purgeWord: 'purge', purgeSubmit: 'Purge', purged: (n: number) => `${n.toLocaleString()} removed.`, purgedRunning: 'The rest follow.',
    refresh: 'Draw again', delete: 'Delete', deleted: 'Deleted.', refreshed: 'Drawn again.', ratings: 'Badges', released: 'Released', drawn: 'Drawn', first: 'First made', bytes: 'Size', layers: 'Held in', aliases: 'Known as', key: 'Cache key', next: 'Due', deleteTitle: 'Delete this image?', deleteText: 'It is drawn again when somebody asks for it.', noPicture: 'No picture', madeFrom: 'Art from', overdue: 'now',
  },
  admins: {
    title: 'Admins', add: 'Add admin', username: 'Username', password: 'Password', since: 'since', remove: 'Remove', removeTitle: (name: string) => `Remove ${name}?`, removeText: 'Their sessions end at once. Keys stay.', addTitle: 'Add an admin', addSubmit: 'Add', added: 'Added.', hint: 'Admins see to keys, settings, images, and to each other.',
  },
  audit: {
    title: 'Audit', hint: 'Who did what, newest first.', empty: 'Nothing yet', noMatch: 'Nothing fits.', when: 'When', who: 'Who', what: 'What', target: 'Of', address: 'From', actor: 'Admin', action: 'Action', more: 'Older', anyAction: 'Any action',
  },
  account: {
    title: 'Account', password: 'Password', old: 'Current password', fresh: 'New password', again: 'New password again', change: 'Change password', changed: 'Changed. Every other session has ended.', theme: 'Colours', sessions: 'Sessions', sessionsText: 'Signing out ends your sessions on all devices.', signOut: 'Sign out everywhere',
  },
  landing: {
    headline: 'Posters that know how good the film is.', lede: 'One address per title: its art, with the ratings you trust on it. For Plex, Jellyfin, Kodi, Stremio and whatever shows pictures.', signIn: 'Sign in', docs: 'API reference', design: 'Design yours', keyLabel: 'Your key', keyHint: 'Type your key: the addresses below become yours. It stays on this page.', urls: 'Addresses', poster: 'Poster', logo: 'Logo', backdrop: 'Backdrop', clients: 'Where to put it', tryIt: 'Try a title', wall: 'Drawn by this server just now', wallNote: 'With the free key, which this server lets in.', parameters: 'What an address can say',
    sources: 'Ratings and art', tmdb: 'This product uses the TMDB API but is not endorsed or certified by TMDB.', titleId: 'Title', wrongId: 'Not an id.', check: 'Check', checking: 'Checking…', keyGood: 'This key works.', keyBad: 'This key opens nothing.',
  },
  notFound: { title: 'This reel is missing', text: 'There is no page at this address.', home: 'Go home' },
  time: { now: 'just now', in: (what: string) => `in ${what}` },
}
