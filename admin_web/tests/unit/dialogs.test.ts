import { DOMWrapper, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import Confirm from '@/components/Confirm.vue'
import { notices } from '@/components/notices'
import Sheet from '@/components/Sheet.vue'
import { splitKey } from '@/pages/imageKeys'
import ImageDetails from '@/pages/ImageDetails.vue'
import ImageFetch from '@/pages/ImageFetch.vue'
import ImagePurge from '@/pages/ImagePurge.vue'
import { away, never, open, refuse, type Answers } from './pages'

let shown: VueWrapper | undefined
const body = new DOMWrapper(document.body)
const see = async (page: Component, props: Record<string, unknown>, answers: Answers = {}): Promise<VueWrapper> => (shown = await open(page, answers, { open: true, 'onUpdate:open': (value: boolean) => shown?.setProps({ open: value }), ...props }))
const isOpen = (one: VueWrapper) => (one.props() as { open: boolean }).open
const again = async () => {
  await shown?.setProps({ open: false })
  await flushPromises()
  await shown?.setProps({ open: true })
  await flushPromises()
}
const escape = async () => {
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
  await flushPromises()
}

beforeEach(() => {
  notices.value = []
  vi.stubGlobal('IntersectionObserver', class { observe = vi.fn(); unobserve = vi.fn(); disconnect = vi.fn() })
})
afterEach(() => {
  shown?.unmount()
  shown = undefined
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

describe('a sheet', () => {
  it('is named and described by its text', async () => {
    await see(Sheet, { title: 'New key', text: 'One each.' })
    const dialog = body.get('[role=dialog]')
    expect(body.get(`[id="${dialog.attributes('aria-labelledby') ?? ''}"]`).text()).toBe('New key')
    expect(body.get(`[id="${dialog.attributes('aria-describedby') ?? ''}"]`).text()).toBe('One each.')
  })

  it('is described by nothing where there is no text', async () => {
    await see(Sheet, { title: 'New key' })
    expect(body.get('[role=dialog]').attributes('aria-describedby')).toBeUndefined()
  })

  it.each([['Escape', escape], ['its button', async () => { await body.get('[aria-label="Close"]').trigger('click') }]])('closes by %s', async (_, close) => {
    const seen = await see(Sheet, { title: 'New key' })
    await close()
    expect(isOpen(seen)).toBe(false)
    expect(body.find('[role=dialog]').exists()).toBe(false)
  })
})

describe('a question', () => {
  const asked = { title: 'Revoke?', text: 'For ever.', action: 'Revoke' }
  const button = (text: string) => body.findAll('[role=alertdialog] button').find((one) => one.text() === text)

  it('is asked with its consequence, and answered by its action', async () => {
    const confirm = vi.fn()
    await see(Confirm, { ...asked, onConfirm: confirm })
    const dialog = body.get('[role=alertdialog]')
    expect(body.get(`[id="${dialog.attributes('aria-labelledby') ?? ''}"]`).text()).toBe('Revoke?')
    expect(body.get(`[id="${dialog.attributes('aria-describedby') ?? ''}"]`).text()).toBe('For ever.')
    await button('Revoke')?.trigger('click')
    expect(confirm).toHaveBeenCalledOnce()
  })

  it.each([['Escape', escape], ['Cancel', async () => { await button('Cancel')?.trigger('click') }]])('is taken back by %s', async (_, back) => {
    const confirm = vi.fn()
    const seen = await see(Confirm, { ...asked, onConfirm: confirm })
    await back()
    expect(isOpen(seen)).toBe(false)
    expect(confirm).not.toHaveBeenCalled()
  })

  it('is not answered twice', async () => {
    await see(Confirm, { ...asked, busy: true })
    expect(button('Revoke')?.attributes()).toHaveProperty('disabled')
  })
})

describe('a purge', () => {
  const path = '/api/admin/images/purge'
  const sent = async () => (await (vi.mocked(fetch).mock.calls[0]?.[0] as Request).clone().json()) as unknown
  const submit = async () => { await body.get('form').trigger('submit'); await vi.waitFor(() => { expect(fetch).toHaveBeenCalled() }); await flushPromises() }

  it('wants its word', async () => {
    await see(ImagePurge, { kind: 'posters' }, { [path]: { removed: 3, finished: true } })
    for (const wrong of ['', 'purg', 'delete']) {
      await body.get('#sure').setValue(wrong)
      expect(body.get('form .button-bad').attributes()).toHaveProperty('disabled')
      await body.get('form').trigger('submit')
    }
    await flushPromises()
    expect(fetch).not.toHaveBeenCalled()
    await body.get('#sure').setValue(' Purge ')
    expect(body.get('form .button-bad').attributes()).not.toHaveProperty('disabled')
  })

  it.each([['kind', { kind: 'logo' }], ['old', { older_than_days: 30 }], ['everything', { everything: true }]])('of %s takes that alone', async (what, asked) => {
    const seen = await see(ImagePurge, { kind: 'logos' }, { [path]: { removed: 3, finished: false } })
    await body.get('#what').setValue(what)
    expect(body.find('#days').exists()).toBe(what === 'old')
    await body.get('#sure').setValue('purge')
    await submit()
    expect(await sent()).toEqual(asked)
    await vi.waitFor(() => { expect(isOpen(seen)).toBe(false) })
    expect(notices.value[0]).toMatchObject({ text: '3 removed. The rest follow.', bad: false })
  })

  it('that is refused says so, and not when it is opened again', async () => {
    await see(ImagePurge, { kind: 'posters' }, { [path]: refuse(503, 'the store is away') })
    await body.get('#sure').setValue('purge')
    await submit()
    await vi.waitFor(() => { expect(body.get('[role=alert]').text()).toBe('The store is away.') })
    await again()
    expect(body.get('[role=alert]').text()).toBe('')
    expect((body.get('#sure').element as HTMLInputElement).value).toBe('')
  })
})

describe('an image by hand', () => {
  const path = '/api/admin/posters/imdb/tt0111161/fetch'
  const make = async (id: string) => { await body.get('#make').setValue(id); await body.get('form').trigger('submit'); await flushPromises() }
  beforeEach(() => { vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:made') })

  it('needs an id', async () => {
    await see(ImageFetch, { kind: 'posters' })
    await make('')
    expect(body.get('[role=alert]').text()).toBe('This is needed.')
    await make('not an id at all')
    expect(body.get('[role=alert]').text()).toContain('Not an id')
    expect(body.get('#make').attributes('aria-describedby')).toBe(body.get('[role=alert]').attributes('id'))
    expect(fetch).not.toHaveBeenCalled()
    await again()
    expect(body.get('[role=alert]').text()).toBe('')
  })

  it('is shown, and gone when the sheet is opened again', async () => {
    const let_go = vi.spyOn(URL, 'revokeObjectURL')
    await see(ImageFetch, { kind: 'posters' }, { [path]: {} })
    await make('tt0111161')
    await vi.waitFor(() => { expect(body.get('form img').attributes('alt')).toBe('Preview of the poster') })
    await again()
    expect(body.find('form img').exists()).toBe(false)
    expect((body.get('#make').element as HTMLInputElement).value).toBe('')
    expect(let_go).toHaveBeenCalledWith('blob:made')
  })

  it('that is refused says why, once', async () => {
    await see(ImageFetch, { kind: 'posters' }, { [path]: refuse(404, 'no such title') })
    await make('tt0111161')
    await vi.waitFor(() => { expect(body.get('#make-error').text()).toBe('No such title.') })
    await again()
    expect(body.find('#make-error').exists()).toBe(false)
  })

  it('is not made twice, and says that it is drawn', async () => {
    await see(ImageFetch, { kind: 'posters' }, { [path]: never })
    await make('tt0111161')
    await body.get('form').trigger('submit')
    await vi.waitFor(() => { expect(fetch).toHaveBeenCalledOnce() })
    expect(body.get('form .button-main').text()).toBe('Drawing…')
    expect(body.get('form .button-main').attributes('aria-disabled')).toBe('true')
  })
})

describe('the details of an image', () => {
  const KEY = 'imdb/tt0111161'
  const { type, value } = splitKey(KEY)
  const base = `/api/admin/posters/${type}/${value}`
  const DETAILS = { badges: ['imdb'], tier: 'tmdb', language: null, size: 'medium', bytes: 42_000, content_type: 'image/jpeg', quality: 85, updated_at: 1_700_000_000, stale_in: 0, layers: ['memory'], release_date: null, aliases: [] }
  const details = async (answers: Answers, props: Record<string, unknown> = {}) : Promise<VueWrapper> => (shown = await open(ImageDetails, answers, { kind: 'posters', cacheKey: KEY, ...props }))
  const button = (text: string) => body.findAll('button').find((one) => one.text() === text)

  it('say that they load', async () => {
    expect((await details({ [`${base}/details`]: never })).get('.skeleton[role=status]').attributes('aria-label')).toBe('Loading…')
  })

  it('say that they did not, and are asked again', async () => {
    const seen = await details({ [`${base}/details`]: away })
    expect(seen.get('[role=alert]').text()).toContain('cannot be reached')
    const before = vi.mocked(fetch).mock.calls.length
    await seen.get('[role=alert] button').trigger('click')
    expect(vi.mocked(fetch).mock.calls.length).toBeGreaterThan(before)
  })

  it('tell what is known', async () => {
    const text = (await details({ [`${base}/details`]: DETAILS })).text()
    for (const part of ['IMDb', 'TMDB', 'Medium · 42.0 kB · jpeg 85', 'now', 'Memory', KEY]) expect(text).toContain(part)
  })

  it('keep an image that could not be drawn again', async () => {
    const seen = await details({ [`${base}/details`]: DETAILS, [`${base}/refresh`]: refuse(503, 'the queue is full') })
    await button('Draw again')?.trigger('click')
    await vi.waitFor(() => { expect(notices.value[0]).toMatchObject({ text: 'The queue is full.', bad: true }) })
    expect(seen.text()).toContain('42.0 kB')
  })

  it('delete only what was asked about', async () => {
    const gone = vi.fn()
    await details({ [`${base}/details`]: DETAILS, [base]: {} }, { onGone: gone })
    const before = vi.mocked(fetch).mock.calls.length
    await button('Delete')?.trigger('click')
    await flushPromises()
    expect(vi.mocked(fetch).mock.calls).toHaveLength(before)
    await body.get('[role=alertdialog] .button-bad').trigger('click')
    await vi.waitFor(() => { expect(gone).toHaveBeenCalledOnce() })
    expect(notices.value[0]).toMatchObject({ text: 'Deleted.', bad: false })
  })
})
