import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, ref } from 'vue'
import CopyButton from '@/components/CopyButton.vue'
import Empty from '@/components/Empty.vue'
import Gauge from '@/components/Gauge.vue'
import GuardedPicture from '@/components/GuardedPicture.vue'
import Icon from '@/components/Icon.vue'
import Mark from '@/components/Mark.vue'
import { notices, notify } from '@/components/notices'
import NoticePlace from '@/components/NoticePlace.vue'
import Notices from '@/components/Notices.vue'
import Offline from '@/components/Offline.vue'
import PageHead from '@/components/PageHead.vue'
import ThemeChoice from '@/components/ThemeChoice.vue'
import DesignerSkeleton from '@/pages/DesignerSkeleton.vue'
import Gate from '@/pages/Gate.vue'
import { choose, theme } from '@/session/theme'
import { away, open } from './pages'

let shown: VueWrapper | undefined
const keep = (one: VueWrapper): VueWrapper => (shown = one)

beforeEach(() => { notices.value = [] })
afterEach(() => {
  shown?.unmount()
  shown = undefined
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('notices', () => {
  it('say good news politely, for some seconds', async () => {
    vi.useFakeTimers()
    const seen = keep(mount(Notices))
    expect(seen.get('[role=status]').attributes('aria-live')).toBe('polite')
    notify('Saved')
    await seen.vm.$nextTick()
    expect(seen.get('[role=status]').text()).toBe('Saved')
    expect(seen.find('[role=alert]').exists()).toBe(false)
    await vi.advanceTimersByTimeAsync(5000)
    expect(seen.text()).toBe('')
  })

  it('say bad news at once, until it is dismissed', async () => {
    vi.useFakeTimers()
    const seen = keep(mount(Notices))
    notify('The service is away.', true)
    notify('Not saved.', true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen.findAll('[role=alert]').map((one) => one.text())).toEqual(['The service is away.', 'Not saved.'])
    expect(seen.get('[role=status]').text()).toBe('')
    await seen.get('button[aria-label="Dismiss"]').trigger('click')
    expect(seen.findAll('[role=alert]').map((one) => one.text())).toEqual(['Not saved.'])
  })

  it('do not heap up the same bad news', async () => {
    const seen = keep(mount(Notices))
    notify('Away.', true)
    notify('Away.', true)
    await seen.vm.$nextTick()
    expect(seen.findAll('[role=alert]')).toHaveLength(1)
  })
})

describe('bad news and the keyboard', () => {
  const text = (within: Element): string[] => [...within.querySelectorAll('[role=alert]')].map((one) => one.textContent)
  const press = async (key: string): Promise<void> => { (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })); await flushPromises() }

  it('is shown in the topmost dialog, and outside again when all are closed', async () => {
    const depth = ref(0)
    const seen = keep(mount(() => [h('section', Array.from({ length: depth.value }, (_, at) => h('div', { key: at, class: `dialog-${String(at)}` }, [h(NoticePlace)]))), h(Notices)], { attachTo: document.body }))
    notify('Away.', true)
    for (const [open, at] of [[0, '[data-notices]'], [1, '.dialog-0'], [2, '.dialog-1'], [1, '.dialog-0'], [0, '[data-notices]']] as const) {
      depth.value = open
      await flushPromises()
      expect(text(seen.get(at).element)).toEqual(['Away.'])
      expect(text(document.body)).toHaveLength(1)
    }
  })

  it('is reached by F8, goes by Escape, and gives the focus on and back', async () => {
    const seen = keep(mount(() => [h('input'), h(Notices)], { attachTo: document.body }))
    notify('First.', true)
    notify('Second.', true)
    await flushPromises()
    seen.get('input').element.focus()
    await press('F8')
    expect(document.activeElement).toBe(seen.findAll('button')[1]?.element)
    const above = vi.fn()
    window.addEventListener('keydown', above, { once: true })
    await press('Escape')
    expect(above).not.toHaveBeenCalled() // a dialog would close
    window.removeEventListener('keydown', above)
    expect(text(document.body)).toEqual(['First.'])
    expect(document.activeElement).toBe(seen.get('button').element)
    await seen.get('button').trigger('click')
    await flushPromises()
    expect(text(document.body)).toEqual([])
    expect(document.activeElement).toBe(seen.get('input').element)
  })

  it('leaves F8 to the browser where there is none', async () => {
    const seen = keep(mount(() => [h('input'), h(Notices)], { attachTo: document.body }))
    seen.get('input').element.focus()
    await press('F8')
    expect(document.activeElement).toBe(seen.get('input').element)
  })
})

describe('a copy without a clipboard', () => {
  it.each([
    ['done by hand', () => true, { text: 'Copied', bad: false }],
    ['refused', () => false, { bad: true }],
    ['broken', () => { throw new Error('no') }, { bad: true }],
  ])('%s', async (_, command, said) => {
    vi.stubGlobal('navigator', { clipboard: undefined })
    document.execCommand = vi.fn(command)
    const seen = keep(mount(CopyButton, { attachTo: document.body, props: { text: 'x', name: 'Poster' } }))
    const before = seen.get('path').attributes('d')
    await seen.trigger('click')
    await flushPromises()
    expect(notices.value).toHaveLength(1)
    expect(notices.value[0]).toMatchObject(said)
    expect(seen.get('path').attributes('d') !== before).toBe(!said.bad)
    expect(document.querySelector('textarea')).toBeNull()
  })
})

describe('a guarded picture', () => {
  let near: () => void
  const disconnect = vi.fn()
  beforeEach(() => {
    vi.stubGlobal('IntersectionObserver', class {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) { near = () => { tell([{ isIntersecting: true }]) } }
      observe = vi.fn()
      disconnect = disconnect
    })
  })

  it('asks for nothing before it is near, and says when there is none', async () => {
    const seen = keep(await open(GuardedPicture, { '/api/admin/x/image': away }, { path: '/api/admin/x/image', alt: 'Heat' }))
    expect(fetch).not.toHaveBeenCalled()
    expect(seen.find('.animate-pulse').exists()).toBe(true)
    near()
    await vi.waitFor(() => { expect(seen.text()).toBe('No picture') })
    expect(disconnect).toHaveBeenCalled()
  })

  it('shows itself by its name', async () => {
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:picture')
    const seen = keep(await open(GuardedPicture, { '/api/admin/x/image': {} }, { path: '/api/admin/x/image', alt: 'Heat', fit: 'contain' }))
    near()
    await vi.waitFor(() => { expect(seen.get('img').attributes('alt')).toBe('Heat') })
    expect(seen.get('img').classes()).toContain('object-contain')
  })
})

it('an offline browser is told of while it lasts', async () => {
  const line = { onLine: true }
  vi.stubGlobal('navigator', line)
  const seen = keep(mount(Offline))
  expect(seen.find('[role=status]').exists()).toBe(false)
  for (const onLine of [false, true]) {
    line.onLine = onLine
    window.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
    await flushPromises()
    expect(seen.find('[role=status]').exists()).toBe(!onLine)
  }
})

it('a gauge stays within its bar, and warns only where it is asked to', () => {
  const bar = (props: { value: number; of: number; alarm?: boolean }) => mount(Gauge, { props: { name: 'Disk', told: '1 of 2', ...props } }).get('[style]')
  expect(bar({ value: 1, of: 2 }).attributes('style')).toContain('50%')
  expect(bar({ value: 3, of: 2 }).attributes('style')).toContain('100%')
  expect(bar({ value: 1, of: 0 }).attributes('style')).toContain('width: 0%')
  expect(bar({ value: 95, of: 100, alarm: true }).classes()).toContain('bg-bad')
  expect(bar({ value: 90, of: 100, alarm: true }).classes()).not.toContain('bg-bad')
  expect(bar({ value: 95, of: 100 }).classes()).not.toContain('bg-bad')
})

it('the theme is chosen by radio buttons with a name', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }))
  const seen = keep(mount(ThemeChoice, { props: { hideLabel: true } }))
  expect(seen.get('legend').text()).toBe('Colours')
  expect(seen.get('legend').classes()).toContain('sr-only')
  await seen.get('input[value=dark]').setValue()
  expect(theme.value).toBe('dark')
  expect(document.documentElement.dataset['theme']).toBe('dark')
  choose('system')
  expect(document.documentElement.dataset['theme']).not.toBe('dark')
})

it('pictures that only decorate are hidden from screen readers', () => {
  for (const seen of [mount(Mark), mount(Icon, { props: { name: 'close' } })]) expect(seen.get('svg').attributes('aria-hidden')).toBe('true')
  expect(mount(Icon, { props: { name: 'up' } }).get('path').attributes('d')).not.toBe(mount(Icon, { props: { name: 'down' } }).get('path').attributes('d'))
})

it('heads have one heading, and a text only where there is one', () => {
  for (const head of [PageHead, Gate] as const) {
    const seen = mount(head, { props: { title: 'Keys' }, slots: { default: '<button>New</button>' } })
    expect(seen.findAll('h1').map((one) => one.text())).toEqual(['Keys'])
    expect(seen.find('p').exists()).toBe(false)
    expect(seen.get('button').text()).toBe('New')
    expect(mount(head, { props: { title: 'Keys', text: 'One each.' } }).get('p').text()).toBe('One each.')
  }
  const gate = mount(Gate, { props: { title: 'Sign in' }, slots: { below: '<i>below</i>' } })
  expect(gate.get('a').attributes('href')).toBe('/')
  expect(gate.find('.card i').exists()).toBe(false)
  expect(gate.get('i').text()).toBe('below')
})

it('an empty list says so and offers what to do', () => {
  const seen = mount(Empty, { props: { title: 'No keys yet' }, slots: { default: '<button>New key</button>' } })
  expect(seen.findAll('p').map((one) => one.text())).toEqual(['No keys yet'])
  expect(seen.get('button').text()).toBe('New key')
})

it('the skeleton of the designer says that it loads', () => {
  expect(mount(DesignerSkeleton).get('[role=status]').attributes('aria-label')).toBe('Loading…')
})
