import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import Addresses from '@/components/Addresses.vue'
import Admins from '@/pages/Admins.vue'
import Audit from '@/pages/Audit.vue'
import Dashboard from '@/pages/Dashboard.vue'
import GlobalDesign from '@/pages/GlobalDesign.vue'
import Images from '@/pages/Images.vue'
import Keys from '@/pages/Keys.vue'
import Landing from '@/pages/Landing.vue'
import Login from '@/pages/Login.vue'
import Setup from '@/pages/Setup.vue'
import { away, never, open, refuse } from './pages'
import { STATS } from './stats'

let shown: VueWrapper | undefined
const see = async (...how: Parameters<typeof open>): Promise<VueWrapper> => (shown = await open(...how))

beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', class { observe = vi.fn(); unobserve = vi.fn(); disconnect = vi.fn() })
})
afterEach(() => {
  shown?.unmount()
  shown = undefined
  vi.unstubAllGlobals()
})

const PAGES: { name: string; page: Component; path: string; props?: Record<string, unknown> }[] = [
  { name: 'dashboard', page: Dashboard, path: '/api/admin/stats' },
  { name: 'designer', page: GlobalDesign, path: '/api/admin/settings' },
  { name: 'keys', page: Keys, path: '/api/keys' },
  { name: 'images', page: Images, path: '/api/admin/posters', props: { kind: 'posters' } },
  { name: 'admins', page: Admins, path: '/api/admin/users' },
  { name: 'audit', page: Audit, path: '/api/admin/audit' },
]

describe.each(PAGES)('$name', ({ page, path, props }) => {
  it('holds the place while it loads, and says so', async () => {
    const seen = await see(page, { [path]: never }, props)
    expect(seen.find('[aria-label="Loading…"]').exists()).toBe(true)
    expect(seen.find('.skeleton').exists()).toBe(true)
  })

  it('says when the service is not reached, and tries again', async () => {
    const seen = await see(page, { [path]: away }, props)
    expect(seen.get('[role=alert]').text()).toContain('cannot be reached')
    const calls = vi.mocked(fetch).mock.calls.length
    await seen.get('[role=alert] button').trigger('click')
    expect(vi.mocked(fetch).mock.calls.length).toBeGreaterThan(calls)
  })

  it('says what the service says', async () => {
    const seen = await see(page, { [path]: refuse(503, 'the database is away') }, props)
    expect(seen.get('[role=alert]').text()).toContain('The database is away.')
  })
})

describe('nothing yet', () => {
  it('keys: how to begin', async () => {
    const seen = await see(Keys, { '/api/keys': [] })
    expect(seen.text()).toContain('No keys yet')
    expect(seen.text()).toContain('New key')
  })

  it('images, and none that fits', async () => {
    const seen = await see(Images, { '/api/admin/posters': { items: [], total: 0, next: null } }, { kind: 'posters' })
    expect(seen.text()).toContain('No images yet')
    await seen.findAll('select')[0]?.setValue('large')
    await flushPromises()
    expect(seen.text()).toContain('No image fits.')
  })

  it('audit', async () => {
    expect((await see(Audit, { '/api/admin/audit': { items: [], next_before: null } })).text()).toContain('Nothing yet')
  })
})

describe('the dashboard', () => {
  it('tells of every part', async () => {
    const text = (await see(Dashboard, { '/api/admin/stats': STATS })).text()
    for (const part of ['75%', '18 ms', 'TMDB', 'healthy', '988', 'PostgreSQL', '1 of 4 · 2 waiting', 'away: refused', '30.0 GB of 100 GB']) expect(text).toContain(part)
  })

  it('is at peace with an instance that has nothing of that', async () => {
    const bare = { ...STATS, disk: null, process: { ...STATS.process, resident_bytes: null, bound_bytes: null }, health: { ...STATS.health, redis: null }, upstreams: {}, requests: { answered: {}, durations: STATS.requests.durations.map(() => 0) }, lookups: {} }
    const text = (await see(Dashboard, { '/api/admin/stats': bare })).text()
    expect(text).toContain('not used')
    expect(text).not.toContain('NaN')
  })
})

describe('visitors', () => {
  const status = { setup_required: false, public_pages: true, wall: ['imdb/tt0017136', 'imdb/tt0013442'] }

  it('see the wall where the free key is on, without what is missing', async () => {
    const seen = await see(Landing, { '/api/auth/status': { ...status, free_api_key_enabled: true } })
    expect(seen.findAll('[data-wall] li')).toHaveLength(2)
    await seen.get('[data-wall] img').trigger('error')
    expect(seen.findAll('[data-wall] li')).toHaveLength(1)
    expect(seen.get('[data-address]').text()).toContain('/t0-free-rpdb/imdb/poster-default/tt0017136.jpg')
  })

  it('see none where it is off', async () => {
    const seen = await see(Landing, { '/api/auth/status': { ...status, free_api_key_enabled: false } })
    expect(seen.find('[data-wall]').exists()).toBe(false)
    expect(seen.text()).toContain('YOUR-KEY')
  })

  it.each([['/t3-good/isValid', { valid: true }, 'This key works.', true], ['/t3-bad/isValid', refuse(401, 'no'), 'This key opens nothing.', false], ['/t3-away/isValid', away, 'could not be asked', false]])('learn what their key is worth: %s', async (path, answer, said, picture) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    const seen = await see(Addresses, { [path]: answer }, { modelValue: '', fallback: 'YOUR-KEY', usable: false, example: 'imdb/tt0111161' })
    await seen.setProps({ modelValue: path.split('/')[1] })
    await vi.advanceTimersByTimeAsync(600)
    await flushPromises()
    expect(seen.get('[role=status]').text() || seen.get('[role=alert]').text()).toContain(said)
    expect(seen.find('img').exists()).toBe(picture)
    vi.useRealTimers()
  })
})

describe('the door', () => {
  it('tells a wrong password from a service that is away', async () => {
    const seen = await see(Login, { '/api/auth/login': refuse(401, 'Unauthorized') })
    await seen.get('#username').setValue('ada')
    await seen.get('#password').setValue('wrong')
    await seen.get('form').trigger('submit')
    await flushPromises()
    expect(seen.get('[role=alert]').text()).toBe('The name or the password is wrong.')
    vi.mocked(fetch).mockRejectedValue(new TypeError('away'))
    await seen.get('form').trigger('submit')
    await flushPromises()
    expect(seen.get('[role=alert]').text()).toContain('cannot be reached')
  })

  it('asks nobody while the passwords differ', async () => {
    const seen = await see(Setup, {})
    await seen.get('#username').setValue('ada')
    await seen.get('#password').setValue('correct horse')
    await seen.get('#again').setValue('correct house')
    await seen.get('form').trigger('submit')
    expect(seen.get('[role=alert]').text()).toBe('The passwords differ.')
    expect(fetch).not.toHaveBeenCalled()
  })
})
