import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, nextTick, ref, type Component } from 'vue'
import ListEnd from '@/components/ListEnd.vue'
import Trouble from '@/components/Trouble.vue'
import Admins from '@/pages/Admins.vue'
import Audit from '@/pages/Audit.vue'
import Images from '@/pages/Images.vue'
import Keys from '@/pages/Keys.vue'
import { open } from './pages'

let shown: VueWrapper | undefined
let end: () => void
const see = async (...how: Parameters<typeof open>): Promise<VueWrapper> => (shown = await open(...how))
const settled = async (): Promise<void> => { await flushPromises(); await new Promise((resolve) => setTimeout(resolve, 0)); await flushPromises() }
const gone = () => vi.mocked(fetch).mockRejectedValue(new TypeError('no way there'))
const answer = (body: unknown) => vi.mocked(fetch).mockImplementation(() => Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })))

beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', class {
    constructor(tell: (entries: { isIntersecting: boolean }[]) => void) { end = () => { tell([{ isIntersecting: true }]) } }
    observe = vi.fn()
    unobserve = vi.fn()
    disconnect = vi.fn()
  })
})
afterEach(() => {
  shown?.unmount()
  shown = undefined
  vi.unstubAllGlobals()
})

const KEY = { id: 1, name: 'Kodi', key_prefix: 't3-abc', created_at: '2026-01-02T00:00:00Z', last_used_at: null, expires_at: null }
const IMAGE = { cache_key: 'imdb/tt0111161', updated_at: 1_700_000_000, stale: false }
const RECORD = { id: 9, at: 1_700_000_000, actor: 'ada', action: 'key_created', target: 'Kodi', detail: null, address: null }
const LISTS: { name: string; page: Component; path: string; props?: Record<string, unknown>; body: unknown; held: string }[] = [
  { name: 'keys', page: Keys, path: '/api/keys', body: [KEY], held: 'Kodi' },
  { name: 'admins', page: Admins, path: '/api/admin/users', body: [{ id: 1, username: 'ada', created_at: '2026-01-02T00:00:00Z' }], held: 'ada' },
  { name: 'images', page: Images, path: '/api/admin/posters', props: { kind: 'posters' }, body: { items: [IMAGE], total: 2, next: 'further' }, held: 'tt0111161' },
  { name: 'audit', page: Audit, path: '/api/admin/audit', body: { items: [RECORD], next_before: 9 }, held: 'Kodi' },
]

describe.each(LISTS)('a list of $name', ({ page, path, props, body, held }) => {
  it('that could not be refreshed stays, says so, and is asked for again', async () => {
    const seen = await see(page, { [path]: body }, props)
    gone()
    window.dispatchEvent(new Event('visibilitychange'))
    await settled()
    expect(seen.text()).toContain(held)
    expect(seen.get('[role=alert]').text()).toContain('What you see may be old. The service cannot be reached.')
    answer(body)
    await seen.get('[role=alert] button').trigger('click')
    await settled()
    expect(seen.find('[role=alert] button').exists()).toBe(false)
    expect(seen.text()).toContain(held)
  })
})

describe.each([
  ['images', Images, '/api/admin/posters', { kind: 'posters' }, 'More', LISTS[2]?.body, { items: [{ ...IMAGE, cache_key: 'imdb/tt0068646' }], total: 2, next: null }, ['tt0111161', 'tt0068646']],
  ['the audit', Audit, '/api/admin/audit', {}, 'Older', LISTS[3]?.body, { items: [{ ...RECORD, id: 8, target: 'Plex' }], next_before: null }, ['Kodi', 'Plex']],
] as const)('the next page of %s', (_, page, path, props, name, first, second, held) => {
  const button = (seen: VueWrapper, text: string) => seen.findAll('button').find((one) => one.text() === text)

  it('that does not come leaves what is there, says why, and is asked for again', async () => {
    const seen = await see(page, { [path]: first }, props)
    gone()
    await button(seen, name)?.trigger('click')
    await settled()
    expect(seen.text()).toContain(held[0])
    expect(seen.get('[role=alert]').text()).toBe('The rest did not load. The service cannot be reached. Check the connection, then try again.')
    expect(seen.text()).not.toContain('may be old')
    answer(second)
    await button(seen, 'Try again')?.trigger('click')
    await settled()
    for (const one of held) expect(seen.text()).toContain(one)
    expect(seen.get('[role=alert]').text()).toBe('')
    for (const text of [name, 'Try again']) expect(button(seen, text)).toBeUndefined()
  })
})

it('scrolling on brings the next images, but does not hammer a service that is away', async () => {
  await see(Images, { '/api/admin/posters': LISTS[2]?.body }, { kind: 'posters' })
  gone()
  const before = vi.mocked(fetch).mock.calls.length
  end()
  await settled()
  end()
  end()
  await settled()
  expect(vi.mocked(fetch).mock.calls.length).toBe(before + 1)
})

describe('the end of a list', () => {
  const last = (props: { more?: boolean; busy?: boolean; error?: unknown } = {}) => (shown = mount(ListEnd, { attachTo: document.body, props: { name: 'Older', more: true, busy: false, error: null, ...props } }))

  it('is asked once for each page, and says that it is on its way', async () => {
    const seen = last()
    await seen.get('button').trigger('click')
    await seen.setProps({ busy: true })
    await seen.get('button').trigger('click')
    expect(seen.emitted('load')).toHaveLength(1)
    expect(seen.get('button').text()).toBe('Loading more…')
    expect(seen.get('[role=status]').text()).toBe('Loading more…')
  })

  it('says nothing of an error while it is tried again', async () => {
    const seen = last({ error: new Error('secret') })
    expect(seen.get('[role=alert]').text()).toBe('The rest did not load. Something went wrong. Try again.')
    await seen.setProps({ busy: true })
    expect(seen.get('[role=alert]').text()).toBe('')
  })

  it('keeps the focus on its button, and after the last page at itself', async () => {
    const seen = last({ error: new Error('no') })
    seen.get('button').element.focus()
    for (const props of [{ busy: true }, { busy: false, error: null }]) {
      await seen.setProps(props)
      expect(document.activeElement).toBe(seen.get('button').element)
    }
    await seen.setProps({ more: false })
    await flushPromises()
    expect(document.activeElement).toBe(seen.element)
  })
})

it('who tried again, and it came, goes on at the heading', async () => {
  const heading = document.body.appendChild(document.createElement('main')).appendChild(document.createElement('h1'))
  const failed = ref(true)
  shown = mount(() => (failed.value ? h(Trouble, { error: new Error('no'), compact: true }) : null), { attachTo: document.body })
  shown.get('button').element.focus()
  failed.value = false
  await nextTick()
  expect(document.activeElement).toBe(heading)
  heading.parentElement?.remove()
})
