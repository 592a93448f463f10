import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import App from '@/App.vue'
import { notices, notify } from '@/components/notices'
import KeyUsage from '@/pages/KeyUsage.vue'
import OwnKey from '@/pages/OwnKey.vue'
import Upstreams from '@/pages/Upstreams.vue'
import { publicPages } from '@/session/account'
import { useSession } from '@/session/store'
import AdminShell from '@/shell/AdminShell.vue'
import Navigation from '@/shell/Navigation.vue'
import { away, never, open, refuse } from './pages'
import { STATS } from './stats'

let shown: VueWrapper | undefined
const see = async (...how: Parameters<typeof open>): Promise<VueWrapper> => (shown = await open(...how))
const path = (seen: VueWrapper): string => seen.vm.$router.currentRoute.value.path

afterEach(() => {
  shown?.unmount()
  shown = undefined
  notices.value = []
  publicPages.value = true
  localStorage.clear()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('the app says aloud what happened, on every page', async () => {
  const seen = await see(App, {})
  await seen.vm.$router.push('/anywhere')
  notify('Saved')
  await flushPromises()
  expect(seen.get('[role=status]').text()).toBe('Saved')
  expect(seen.get('[role=status]').attributes('aria-live')).toBe('polite')
})

describe('the navigation', () => {
  it.each([
    ['/admin', 'Dashboard'], ['/admin/design', 'Designer'], ['/admin/settings', 'Designer'], ['/admin/keys/3', 'API keys'], ['/admin/logos', 'Images'], ['/admin/backdrops', 'Images'],
    ['/admin/admins', 'Admins'], ['/admin/audit', 'Audit'], ['/admin/account', 'Account'],
  ])('knows that %s is %s', async (at, name) => {
    const seen = await see(Navigation, {})
    await seen.vm.$router.push(at)
    await flushPromises()
    expect(seen.findAll('[aria-current=page]').map((one) => one.text())).toEqual([name])
    expect(seen.get('nav').attributes('aria-label')).toBe('Main')
  })

  it('leads to no documents where there are no pages for visitors', async () => {
    const seen = await see(Navigation, {})
    expect(seen.find('a[href="/docs"]').exists()).toBe(true)
    publicPages.value = false
    await flushPromises()
    expect(seen.find('a[href="/docs"]').exists()).toBe(false)
  })

  it('tells of going and of leaving', async () => {
    const seen = await see(Navigation, {})
    await seen.get('a[href="/admin/keys"]').trigger('click')
    await flushPromises()
    await seen.get('a[href="/admin/keys"]').trigger('click')
    await seen.get('button').trigger('click')
    expect(seen.emitted('go')).toHaveLength(2)
    expect(seen.emitted('leave')).toHaveLength(1)
    expect(path(seen)).toBe('/admin/keys')
  })
})

describe('the frame of the admins', () => {
  const sheet = (): Element | null => document.querySelector('[role=dialog]')
  const out = async (seen: VueWrapper): Promise<void> => {
    await seen.get('aside button').trigger('click')
    await flushPromises()
    await new Promise((resolve) => setTimeout(resolve, 0))
    await flushPromises()
  }

  it.each([['the current page', '/admin/keys', '/admin/keys'], ['another page', '/admin', '/admin/keys']])('closes its sheet on a click on %s', async (_, from, to) => {
    const seen = await see(AdminShell, {})
    await seen.vm.$router.push(from)
    await seen.get('[aria-label="Open navigation"]').trigger('click')
    await vi.waitFor(() => { expect(sheet()).not.toBeNull() })
    expect(sheet()?.textContent).toContain('Main')
    sheet()?.querySelector<HTMLAnchorElement>(`a[href="${to}"]`)?.click()
    await vi.waitFor(() => { expect(sheet()).toBeNull() })
    expect(path(seen)).toBe(to)
  })

  it('lets one skip to the content', async () => {
    const seen = await see(AdminShell, {})
    expect(seen.get('a').text()).toBe('Skip to content')
    expect(seen.get(seen.get('a').attributes('href') ?? '').element.tagName).toBe('MAIN')
  })

  it('says that what is seen may be old while there is no network', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true)
    const seen = await see(AdminShell, {})
    expect(seen.find('[role=status]').exists()).toBe(false)
    online.mockReturnValue(false)
    window.dispatchEvent(new Event('offline'))
    await flushPromises()
    expect(seen.get('[role=status]').text()).toContain('may be old')
    online.mockReturnValue(true)
    window.dispatchEvent(new Event('online'))
    await flushPromises()
    expect(seen.find('[role=status]').exists()).toBe(false)
  })

  it('signs out, to the door', async () => {
    const seen = await see(AdminShell, { '/api/auth/logout': {} })
    useSession().become('x')
    await out(seen)
    expect(useSession().isAdmin).toBe(false)
    expect(path(seen)).toBe('/login')
  })

  it('stays, and says so, when the sessions could not be ended', async () => {
    const seen = await see(AdminShell, { '/api/auth/logout': away })
    await seen.vm.$router.push('/admin')
    useSession().become('x')
    await out(seen)
    expect(useSession().isAdmin).toBe(true)
    expect(path(seen)).toBe('/admin')
    expect(notices.value).toMatchObject([{ bad: true }])
  })
})

it('the owner of a key can skip to the content', async () => {
  const seen = await see(OwnKey, { '/api/key/me': never, '/api/key/me/settings': never })
  const skip = seen.get('a[href="#content"]')
  expect(skip.text()).toBe('Skip to content')
  expect(seen.get('#content').element.tagName).toBe('MAIN')
})

describe('the upstreams', () => {
  const rows = async (upstreams: typeof STATS.upstreams) => (await see(Upstreams, {}, { upstreams, bounds: STATS.duration_bounds })).findAll('tbody tr')

  it('tell which are healthy, open and idle, and what is left', async () => {
    const seen = await rows({ ...STATS.upstreams, new_one: { circuit: 'closed', calls: {}, durations: [], left_today: 0 } })
    expect(seen.map((row) => row.findAll('th, td').map((cell) => cell.text()))).toEqual([
      ['TMDB', 'healthy', '12', '0', expect.stringMatching(/ ms$/), '988'], ['OMDb', 'open', '3', '3', '–', '–'], ['new_one', 'idle', '0', '0', '–', '0'],
    ])
    expect(seen.map((row) => row.findAll('.text-bad').map((cell) => cell.text()))).toEqual([[], ['open', '3'], ['0']])
    expect(seen[0]?.get('th').attributes('scope')).toBe('row')
  })

  it('are none where none is used', async () => { expect(await rows({})).toHaveLength(0) })
})

describe('the use of a key', () => {
  const PATH = '/api/keys/3/usage'
  const usage = { total: 12, days: [{ day: '2026-01-01', requests: 5 }, { day: '2026-01-02', requests: 7 }] }

  it('is a line with a name, of thirty days', async () => {
    const seen = await see(KeyUsage, { [PATH]: usage }, { id: 3 })
    expect(seen.get('[role=img]').attributes('aria-label')).toBe('12 requests in the last 30 days')
    expect(seen.text()).toBe('12')
    expect((vi.mocked(fetch).mock.lastCall?.[0] as Request).url).toContain('days=30')
  })

  it.each([['is loading', never], ['is not reached', away], ['is refused', refuse(503, 'no')]])('claims nothing while it %s', async (_, answer) => {
    const seen = await see(KeyUsage, { [PATH]: answer }, { id: 3 })
    expect(seen.find('[role=img]').exists()).toBe(false)
    expect(seen.text()).toBe('')
  })

  it('of a key that nobody used is nothing', async () => {
    expect((await see(KeyUsage, { [PATH]: { total: 0, days: [] } }, { id: 3 })).get('[role=img]').attributes('aria-label')).toBe('0 requests in the last 30 days')
  })
})
