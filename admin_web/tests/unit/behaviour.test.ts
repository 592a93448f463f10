import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Failure } from '@/api/client'
import CopyButton from '@/components/CopyButton.vue'
import TitleField from '@/design/TitleField.vue'
import { focusHeading } from '@/focus'
import GlobalDesign from '@/pages/GlobalDesign.vue'
import KeyDesign from '@/pages/KeyDesign.vue'
import KeyForm from '@/pages/KeyForm.vue'
import NotFound from '@/pages/NotFound.vue'
import OwnKey from '@/pages/OwnKey.vue'
import { router } from '@/router'
import { DESIGN } from './design'
import { open } from './pages'

let shown: VueWrapper | undefined
const keep = (one: VueWrapper): VueWrapper => (shown = one)
const stored = { ...DESIGN, fanart_available: true, is_default: false, free_api_key_enabled: false, free_api_key_locked: false, declared_settings: [] }

beforeEach(() => { vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: vi.fn(), removeEventListener: vi.fn() })) })
afterEach(() => {
  shown?.unmount()
  shown = undefined
  vi.unstubAllGlobals()
})

it.each([
  ['of the instance', GlobalDesign, '/api/admin/settings', {}],
  ['of a key', KeyDesign, '/api/keys/3/settings', { id: 3 }],
  ['of an owner', OwnKey, '/api/key/me/settings', {}],
] as const)('a draft %s outlives a service that goes away', async (_, page, path, props) => {
  const seen = keep(await open(page, { [path]: stored }, props))
  await seen.get('[aria-label="Move IMDb up"]').trigger('click')
  expect(seen.text()).toContain('1 change')
  const before = vi.mocked(fetch).mock.calls.length
  vi.mocked(fetch).mockRejectedValue(new TypeError('no way there'))
  window.dispatchEvent(new Event('visibilitychange'))
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 0))
  await flushPromises()
  expect(vi.mocked(fetch).mock.calls.length).toBeGreaterThan(before)
  expect(seen.text()).toContain('1 change')
})

describe('a key', () => {
  const save = vi.fn<(name: string, expiresAt: string | null) => Promise<unknown>>()
  const form = (expiresAt: string | null) => keep(mount(KeyForm, { attachTo: document.body, props: { name: 'Kodi', expiresAt, action: 'Save', save } }))
  beforeEach(() => { save.mockReset().mockResolvedValue(undefined) })

  it('that has expired can still be renamed', async () => {
    const seen = form('2020-05-06T12:00:00.000Z')
    const { min, value } = seen.get('#key-expires').attributes() as { min: string; value: string } & Record<string, string>
    expect(min <= (value || (seen.get('#key-expires').element as HTMLInputElement).value)).toBe(true)
    await seen.get('#key-name').setValue(' Attic ')
    await seen.get('form').trigger('submit')
    expect(save.mock.calls).toEqual([['Attic', '2020-05-06T12:00:00.000Z']])
  })

  it('needs a name, and ends in the future', async () => {
    const seen = form(null)
    expect(seen.get('#key-expires').attributes('min')).toBeTruthy()
    await seen.get('#key-name').setValue('   ')
    await seen.get('#key-expires').setValue('2020-05-06')
    await seen.get('form').trigger('submit')
    expect(save).not.toHaveBeenCalled()
    expect(seen.findAll('[role=alert]').map((one) => one.text())).toEqual(['This is needed.', 'Choose a day that is still to come.', ''])
  })

  it.each([[new Failure('There is a key of this name.', 409), '#key-name'], [new Failure('Expires_at must be in the future.', 400), '#key-expires'], [new Failure('The database is away.', 503), null]])('says where it belongs what was refused: %s', async (failure, place) => {
    save.mockRejectedValue(failure)
    const seen = form(null)
    await seen.get('form').trigger('submit')
    await flushPromises()
    expect(seen.findAll('[aria-invalid]').map((one) => `#${String(one.attributes('id'))}`)).toEqual(place ? [place] : [])
    expect(seen.findAll('[role=alert]').map((one) => one.text()).filter(Boolean)).toEqual([failure.message])
    if (place) expect(seen.get(place).attributes('aria-describedby')?.split(' ')).toContain(seen.get('[role=alert]').attributes('id'))
  })
})

describe('the focus', () => {
  it('stays in the title field that was cleared', async () => {
    const seen = keep(mount(TitleField, { attachTo: document.body, props: { modelValue: 'imdb/tt0111161' } }))
    await seen.get('button').trigger('click')
    expect(seen.emitted('update:modelValue')).toEqual([[null]])
    expect(document.activeElement).toBe(seen.get('input').element)
  })

  it('comes back to the button that copied without a clipboard', async () => {
    vi.stubGlobal('navigator', { clipboard: undefined })
    document.execCommand = vi.fn(() => true)
    const seen = keep(mount(CopyButton, { attachTo: document.body, props: { text: 'x', name: 'Poster' } }))
    ;(seen.element as HTMLElement).focus()
    await seen.trigger('click')
    await flushPromises()
    expect(document.activeElement).toBe(seen.element)
    expect(document.querySelector('textarea')).toBeNull()
  })

  it('goes to the heading of a page, which no Tab stops at', async () => {
    const seen = keep(await open(NotFound, {}, { alone: true }))
    focusHeading()
    expect(document.activeElement).toBe(seen.get('main h1').element)
    expect(seen.get('h1').attributes('tabindex')).toBe('-1')
  })
})

it('an address within a page is scrolled to, and a new page begins at its top', async () => {
  const scroll = router.options.scrollBehavior
  const at = (path: string) => scroll?.(router.resolve(path) as never, router.resolve('/welcome') as never, null)
  expect(await at('/welcome#addresses')).toEqual({ el: '#addresses' })
  expect(await at('/login')).toEqual({ top: 0 })
})

it('a missing page within the frame is no second main, and leads home', async () => {
  const seen = keep(await open(NotFound, {}))
  expect(seen.find('main').exists()).toBe(false)
  expect(seen.get('a').attributes('href')).toBe('/')
})
