import { flushPromises, mount, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, provide, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { notices } from '@/components/notices'
import AddressPanel from '@/design/AddressPanel.vue'
import ArtPanel from '@/design/ArtPanel.vue'
import BadgePanel from '@/design/BadgePanel.vue'
import Designer from '@/design/Designer.vue'
import { EDITOR, useEditor, type Editor, type Subject } from '@/design/editor'
import Picture from '@/design/Picture.vue'
import PositionPicker from '@/design/PositionPicker.vue'
import type { Design } from '@/design/settings'
import Stage from '@/design/Stage.vue'
import { DESIGN } from './design'
import { away, never, open, refuse, type Answers } from './pages'

let shown: VueWrapper | undefined
const PREVIEWS = { '/api/admin/preview/poster': {}, '/api/admin/preview/logo': {}, '/api/admin/preview/backdrop': {} }
const subject = (more: Partial<Subject> = {}, stored: Design = DESIGN): Subject => ({ who: 'admin', rawKey: null, stored: () => stored, fanartAvailable: () => true, save: vi.fn(() => Promise.resolve()), ...more })

/** A part of the designer within an editor. */
async function part(component: Component, editor: Editor, props: Record<string, unknown> = {}, answers: Answers = PREVIEWS): Promise<VueWrapper> {
  const around = defineComponent({ inheritAttrs: false, setup: (_, { attrs }) => { provide(EDITOR, editor); return () => h('div', [h(component, attrs)]) } })
  return (shown = await open(around, answers, props))
}

function radio(seen: VueWrapper, group: string, option: string): Omit<DOMWrapper<HTMLInputElement>, 'exists'> {
  const found = seen.findAll('fieldset').find((one) => one.get('legend').text() === group)?.findAll('label').find((one) => one.text() === option)
  if (!found) throw new Error(`no ${group}: ${option}`)
  return found.get('input')
}

beforeEach(() => {
  let last = 0
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: vi.fn(), removeEventListener: vi.fn() }))
  vi.stubGlobal('Image', class { src = ''; decode = (): Promise<void> => Promise.resolve() })
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${String(++last)}`)
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined)
})
afterEach(() => {
  shown?.unmount()
  shown = undefined
  notices.value = []
  localStorage.clear()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('the settings of badges', () => {
  it.each([
    ['poster', 'poster_badge_style', 'poster_label_style', 'ratings_limit'],
    ['logo', 'logo_badge_style', 'logo_label_style', 'logo_ratings_limit'],
    ['backdrop', 'backdrop_badge_style', 'backdrop_label_style', 'backdrop_ratings_limit'],
  ] as const)('of a %s are written into its own members', async (kind, style, label, limit) => {
    const editor = useEditor(subject())
    editor.kind.value = kind
    const seen = await part(BadgePanel, editor)
    await radio(seen, 'Badges', 'Wide').setValue()
    await radio(seen, 'Labels', 'Text').setValue()
    await radio(seen, 'At most', 'All').setValue()
    expect(editor.draft.value).toEqual({ ...DESIGN, [style]: 'h', [label]: 't', [limit]: 0 })
  })

  it('have a place and an arrangement on posters alone', async () => {
    const editor = useEditor(subject())
    const seen = await part(BadgePanel, editor)
    await seen.get('#position').setValue('tr')
    await radio(seen, 'Arrangement', 'Column').setValue()
    expect(editor.draft.value).toEqual({ ...DESIGN, poster_position: 'tr', poster_badge_direction: 'v' })
    editor.kind.value = 'logo'
    await flushPromises()
    expect(seen.find('#position').exists()).toBe(false)
    expect(seen.text()).not.toContain('Arrangement')
  })

  it('are disabled where the configuration decides', async () => {
    const seen = await part(BadgePanel, useEditor(subject({ declared: () => ['poster_position', 'ratings_limit'] })))
    const disabled = seen.findAll('fieldset').filter((one) => one.attributes('disabled') !== undefined)
    expect(seen.get('#position').attributes()).toHaveProperty('disabled')
    expect(disabled.map((one) => one.get('legend').text())).toEqual(['At most'])
  })
})

describe('the settings of art', () => {
  it('write what they say, a bound as a number', async () => {
    const editor = useEditor(subject())
    const seen = await part(ArtPanel, editor)
    await seen.get('#language').setValue('de')
    await seen.get('#most').setValue('200000')
    await radio(seen, 'Fit', 'Keep the art’s shape').setValue()
    await radio(seen, 'Colour', 'Full colour').setValue()
    expect(editor.draft.value).toEqual({ ...DESIGN, fanart_lang: 'de', maxBytes: 200_000, fit: 'native', chroma: '444' })
  })

  it('know textless art from Fanart.tv alone', async () => {
    const editor = useEditor(subject())
    const seen = await part(ArtPanel, editor)
    const box = seen.get<HTMLInputElement>('input[type=checkbox]')
    expect(box.element.disabled).toBe(true)
    await radio(seen, 'Posters from', 'Fanart.tv').setValue()
    expect(box.element.disabled).toBe(false)
    await box.setValue(true)
    expect(editor.draft.value).toMatchObject({ poster_source: 'f', fanart_textless: true })
  })

  it('say why there is no Fanart.tv', async () => {
    const seen = await part(ArtPanel, useEditor(subject({ fanartAvailable: () => false })))
    expect(seen.text()).toContain('Fanart.tv needs a key')
    expect(seen.find('input[type=checkbox]').exists()).toBe(false)
    expect(seen.text()).not.toContain('Posters from')
  })

  it('keep a language and a bound that nobody offers', async () => {
    const seen = await part(ArtPanel, useEditor(subject({}, { ...DESIGN, fanart_lang: 'no such', maxBytes: 123_000 })))
    expect(seen.get<HTMLSelectElement>('#language').element.value).toBe('no such')
    expect(seen.get('#most').findAll('option').map((one) => one.text())).toEqual(['No bound', '50 kB', '100 kB', '123 kB', '200 kB', '400 kB'])
  })

  it('are disabled where the configuration decides', async () => {
    const seen = await part(ArtPanel, useEditor(subject({ declared: () => ['fanart_lang', 'maxBytes', 'fit'] })))
    for (const id of ['#language', '#most']) expect(seen.get(id).attributes()).toHaveProperty('disabled')
    expect(radio(seen, 'Fit', 'Fill the frame').element.closest('fieldset')).toHaveProperty('disabled', true)
    expect(radio(seen, 'Colour', 'Full colour').element.closest('fieldset')).toHaveProperty('disabled', false)
  })
})

describe('the places on the poster', () => {
  it('are one group of radio buttons, which arrows walk, each with a name', async () => {
    const seen = await part(PositionPicker, useEditor(subject()))
    const places = seen.findAll<HTMLInputElement>('fieldset input[type=radio]')
    expect(seen.get('legend').text()).toBe('Badge position')
    expect(new Set(places.map((one) => one.element.name)).size).toBe(1)
    expect(places.map((one) => one.attributes('aria-label'))).toEqual(['top left', 'top centre', 'top right', 'left', 'right', 'bottom left', 'bottom centre', 'bottom right'])
    expect(places.filter((one) => one.element.checked).map((one) => one.element.value)).toEqual(['bc'])
  })

  it('write into the design, choose the poster and follow a step back', async () => {
    const editor = useEditor(subject())
    editor.kind.value = 'logo'
    const seen = await part(PositionPicker, editor)
    await seen.get('[aria-label="top left"]').setValue()
    expect(editor.draft.value.poster_position).toBe('tl')
    expect(editor.kind.value).toBe('poster')
    editor.undo()
    await flushPromises()
    expect(seen.get<HTMLInputElement>('[aria-label="bottom centre"]').element.checked).toBe(true)
  })

  it('show the focus on light art and on dark', async () => {
    const seen = await part(PositionPicker, useEditor(subject()))
    for (const label of seen.findAll('label')) expect(label.classes()).toEqual(expect.arrayContaining(['has-focus-visible:outline-white', 'has-focus-visible:inset-ring-black/80']))
  })

  it('are not offered where the configuration decides', async () => {
    expect((await part(PositionPicker, useEditor(subject({ declared: () => ['poster_position'] })))).find('input').exists()).toBe(false)
  })
})

describe('the address', () => {
  it('has the key, the title and the size', async () => {
    const seen = await part(AddressPanel, useEditor(subject({ rawKey: 'a/b' })), { title: 'tmdb/movie-278' })
    expect(seen.get('[data-address]').text()).toBe(`${location.origin}/a%2Fb/tmdb/poster-default/movie-278.jpg`)
    await seen.get('#size').setValue('large')
    expect(seen.get('[data-address]').text()).toContain('.jpg?imageSize=large')
    expect(seen.find('[aria-label="Copy Address"]').exists()).toBe(true)
  })

  it('is an example without key and title, and leaves a size that the kind does not have', async () => {
    const editor = useEditor(subject())
    editor.kind.value = 'backdrop'
    const seen = await part(AddressPanel, editor, { title: null })
    await seen.get('#size').setValue('small')
    expect(seen.get('[data-address]').text()).toContain('/YOUR-KEY/imdb/backdrop-default/tt0111161.jpg?imageSize=small')
    editor.kind.value = 'logo'
    await flushPromises()
    expect(seen.get('[data-address]').text()).toContain('logo-default/tt0111161.png')
    expect(seen.get('[data-address]').text()).not.toContain('imageSize')
    expect(seen.get('#size').text()).not.toContain('Small')
  })
})

describe('a picture', () => {
  const POSTER = { kind: 'poster', title: null, comparing: false }

  it('holds its place while it is drawn', async () => {
    const seen = await part(Picture, useEditor(subject()), POSTER, { '/api/admin/preview/poster': never })
    expect(seen.get('figure').attributes('aria-busy')).toBe('true')
    expect(seen.find('.animate-pulse').exists()).toBe(true)
    expect(seen.find('img').exists()).toBe(false)
  })

  it('stays until the next one is there, and makes room for it', async () => {
    const editor = useEditor(subject())
    const seen = await part(Picture, editor, POSTER)
    expect(seen.get('img').attributes()).toMatchObject({ src: 'blob:1', alt: 'Preview of the poster' })
    let answer: (response: Response) => void = () => undefined
    vi.mocked(fetch).mockImplementationOnce(() => new Promise((resolve) => { answer = resolve }))
    editor.set('ratings_limit', 7)
    await flushPromises()
    expect(seen.get('figure').attributes('aria-busy')).toBe('true')
    expect(seen.get('img').attributes('src')).toBe('blob:1')
    answer(new Response('x'))
    await vi.waitFor(() => { expect(seen.get('img').attributes('src')).toBe('blob:2') })
    expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:1')
    expect((vi.mocked(fetch).mock.lastCall?.[0] as Request).url).toContain('ratings_limit=7')
  })

  it.each([[away, 'cannot be reached'], [refuse(503, 'no art'), 'No art.']])('says why there is none, and comes with the next change', async (answer, said) => {
    const editor = useEditor(subject())
    const seen = await part(Picture, editor, POSTER, { '/api/admin/preview/poster': answer })
    expect(seen.get('[role=alert]').text()).toContain(said)
    expect(seen.find('img').exists()).toBe(false)
    vi.mocked(fetch).mockImplementation(() => Promise.resolve(new Response('x')))
    editor.set('ratings_limit', 7)
    await vi.waitFor(() => { expect(seen.find('img').exists()).toBe(true) })
    expect(seen.find('[role=alert]').exists()).toBe(false)
  })

  it('is compared with the saved one by a slider whose focus shows', async () => {
    const editor = useEditor(subject())
    editor.set('ratings_limit', 7)
    const seen = await part(Picture, editor, { ...POSTER, comparing: true })
    expect(vi.mocked(fetch).mock.calls.map(([input]) => new URL((input as Request).url).searchParams.get('ratings_limit'))).toEqual(['7', '3'])
    const slider = seen.get('input[type=range]')
    expect(slider.attributes('aria-label')).toBe('Divider between saved and new, poster')
    await slider.setValue(25)
    expect(seen.findAll('img')[1]?.attributes('style')).toContain('inset(0 75% 0 0)')
    expect(seen.get('figure').classes()).toContain('has-focus-visible:outline-3') // the slider itself is transparent
    await seen.setProps({ comparing: false })
    expect(seen.find('input').exists()).toBe(false)
  })
})

describe('the stage', () => {
  it('chooses the kind that is clicked', async () => {
    const editor = useEditor(subject())
    const seen = await part(Stage, editor, { title: null, comparing: false })
    for (const kind of ['logo', 'backdrop', 'poster'] as const) {
      await seen.get(`[data-kind=${kind}]`).trigger('click')
      expect(editor.kind.value).toBe(kind)
      expect(seen.findAll('.ring-ink').map((one) => one.attributes('data-kind'))).toEqual([kind])
    }
  })

  it('has sliders in place of positions while it compares', async () => {
    const seen = await part(Stage, useEditor(subject()), { title: null, comparing: false })
    expect(seen.findAll('input[type=radio]')).toHaveLength(8)
    await seen.setProps({ comparing: true })
    await vi.waitFor(() => { expect(seen.findAll('input[type=range]')).toHaveLength(3) })
    expect(seen.find('input[type=radio]').exists()).toBe(false)
  })
})

describe('the designer', () => {
  const named = (seen: VueWrapper, name: string): DOMWrapper<HTMLButtonElement> => {
    const found = seen.findAll<HTMLButtonElement>('button').find((one) => (one.attributes('aria-label') ?? one.text()) === name)
    if (!found) throw new Error(`no button ${name}`)
    return found
  }
  const said = (seen: VueWrapper): string | undefined => seen.findAll('p[aria-live]').at(-1)?.text()
  const design = async (of: Subject): Promise<VueWrapper> => (shown = await open(Designer, PREVIEWS, { subject: of }))
  const press = async (key: string, more: KeyboardEventInit = {}): Promise<KeyboardEvent> => {
    const event = new KeyboardEvent('keydown', { key, ctrlKey: true, cancelable: true, bubbles: true, ...more })
    window.dispatchEvent(event)
    await flushPromises()
    return event
  }

  it('offers nothing to save or to undo at first', async () => {
    const of = subject()
    const seen = await design(of)
    for (const name of ['Undo', 'Redo', 'Compare', 'Discard', 'Save']) expect(named(seen, name).element.disabled).toBe(true)
    expect(said(seen)).toBe('No changes')
    expect((await press('s')).defaultPrevented).toBe(true)
    expect(of.save).not.toHaveBeenCalled()
  })

  it('saves once, and says so', async () => {
    let done: () => void = () => undefined
    const save = vi.fn(() => new Promise<void>((resolve) => { done = resolve }))
    const seen = await design(subject({ save }))
    await seen.get('[aria-label="top left"]').setValue()
    await press('s')
    await press('s')
    expect(save.mock.calls).toEqual([[{ poster_position: 'tl' }]])
    expect(named(seen, 'Saving…').element.disabled).toBe(true)
    done()
    await flushPromises()
    expect(notices.value.map(({ text, bad }) => ({ text, bad }))).toEqual([{ text: 'Saved', bad: false }])
    expect(said(seen)).toBe('No changes')
  })

  it('keeps what could not be saved, to be tried again', async () => {
    const seen = await design(subject({ save: () => Promise.reject(new Error('secret')) }))
    await seen.get('[aria-label="top left"]').setValue()
    await named(seen, 'Save').trigger('click')
    await flushPromises()
    expect(notices.value).toMatchObject([{ bad: true, text: 'Something went wrong. Try again.' }])
    expect(said(seen)).toBe('1 change')
    expect(named(seen, 'Save').element.disabled).toBe(false)
  })

  it('steps back and forth by keys, discards, and warns of closing', async () => {
    const seen = await design(subject())
    const closing = (): boolean => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
    expect(closing()).toBe(false)
    await seen.get('[aria-label="top left"]').setValue()
    expect(closing()).toBe(true)
    await press('z')
    expect(said(seen)).toBe('No changes')
    await press('Z', { shiftKey: true })
    expect(said(seen)).toBe('1 change')
    await press('z')
    await press('y')
    expect(said(seen)).toBe('1 change')
    expect((await press('z', { ctrlKey: false })).defaultPrevented).toBe(false)
    await named(seen, 'Discard').trigger('click')
    expect(said(seen)).toBe('No changes')
  })

  it('compares while there is something to compare', async () => {
    const seen = await design(subject())
    await seen.get('[aria-label="top left"]').setValue()
    await named(seen, 'Compare').trigger('click')
    expect(named(seen, 'Compare').attributes('aria-pressed')).toBe('true')
    await vi.waitFor(() => { expect(seen.findAll('input[type=range]')).toHaveLength(3) })
    await named(seen, 'Save').trigger('click')
    await flushPromises()
    expect(named(seen, 'Compare').attributes('aria-pressed')).toBe('false')
  })

  it('names what the configuration decides', async () => {
    expect((await design(subject({ declared: () => ['poster_position', 'fit'] }))).get('[data-declared]').text()).toContain('decides badge position, fit.')
  })

  it('asks before changes are left behind', async () => {
    localStorage.setItem('token', 'x')
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response('x'))))
    const of = subject()
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => h(Designer, { subject: of }) } }, { path: '/away', component: { render: () => null } }] })
    await router.push('/')
    const seen = (shown = mount(RouterView, { attachTo: document.body, global: { plugins: [router, createPinia()] } }))
    await flushPromises()
    await seen.get('[aria-label="top left"]').setValue()
    const dialog = (name: string): HTMLButtonElement | undefined => [...document.querySelectorAll<HTMLButtonElement>('[role=alertdialog] button')].find((one) => one.textContent.trim() === name)
    const first = router.push('/away')
    await vi.waitFor(() => { expect(dialog('Cancel')).toBeDefined() })
    dialog('Cancel')?.click()
    await first
    expect(router.currentRoute.value.path).toBe('/')
    await vi.waitFor(() => { expect(dialog('Cancel')).toBeUndefined() })
    const second = router.push('/away')
    await vi.waitFor(() => { expect(dialog('Leave')).toBeDefined() })
    dialog('Leave')?.click()
    await second
    expect(router.currentRoute.value.path).toBe('/away')
  })
})
