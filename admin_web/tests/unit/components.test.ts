import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import Trouble from '@/components/Trouble.vue'
import Segments from '@/components/Segments.vue'
import Sparkline from '@/components/Sparkline.vue'
import { EDITOR, useEditor, type Subject } from '@/design/editor'
import OrderPanel from '@/design/OrderPanel.vue'
import { ref } from 'vue'
import type { Design } from '@/design/settings'
import { DESIGN } from './design'

beforeEach(() => { setActivePinia(createPinia()) })

function subject(save = vi.fn(() => Promise.resolve()), stored = ref<Design>(DESIGN)): Subject {
  return { who: 'admin', rawKey: null, stored: () => stored.value, fanartAvailable: () => true, save }
}

describe('the editor', () => {
  it('saves the changes and is at peace', async () => {
    const save = vi.fn(() => Promise.resolve())
    const editor = useEditor(subject(save))
    editor.set('ratings_limit', 5)
    expect(editor.changed.value).toBe(1)
    await editor.save()
    expect(save).toHaveBeenCalledWith({ ratings_limit: 5 })
    expect(editor.changed.value).toBe(0)
  })

  it('leaves alone what the configuration declares', () => {
    const editor = useEditor({ ...subject(), declared: () => ['fit'] })
    editor.set('fit', 'native')
    expect(editor.changed.value).toBe(0)
    editor.set('chroma', '444')
    expect(editor.changed.value).toBe(1)
  })

  it('keeps the changes when saving fails', async () => {
    const editor = useEditor(subject(vi.fn(() => Promise.reject(new Error('no')))))
    editor.set('fit', 'native')
    await expect(editor.save()).rejects.toThrow()
    expect(editor.changed.value).toBe(1)
  })

  it('can be undone after a discard', () => {
    const editor = useEditor(subject())
    editor.set('ratings_limit', 5)
    editor.discard()
    expect(editor.draft.value.ratings_limit).toBe(3)
    editor.undo()
    expect(editor.draft.value.ratings_limit).toBe(5)
  })
})

describe('the order', () => {
  it('moves by its arrows, which end at the ends', async () => {
    const editor = useEditor(subject())
    const panel = mount(OrderPanel, { global: { provide: { [EDITOR as symbol]: editor } } })
    await panel.get('[aria-label="Move IMDb up"]').trigger('click')
    expect(editor.draft.value.ratings_order.startsWith('imdb,mal')).toBe(true)
    expect(panel.get('[aria-label="Move IMDb up"]').attributes()).toHaveProperty('disabled')
    await panel.get('[aria-label="Show Trakt"]').trigger('click')
    expect(editor.draft.value.ratings_exclude).toBe('trakt')
  })
})

describe('components', () => {
  it('tell what went wrong and can be asked again', async () => {
    const trouble = mount(Trouble, { props: { error: new Error('secret') } })
    expect(trouble.text()).not.toContain('secret')
    await trouble.get('button').trigger('click')
    expect(trouble.emitted('retry')).toHaveLength(1)
  })

  it('choose by radio buttons', async () => {
    const segments = mount(Segments, { props: { label: 'Fit', modelValue: 'a', options: [{ value: 'a', text: 'A' }, { value: 'b', text: 'B' }] } })
    await segments.findAll('input')[1]?.setValue()
    expect(segments.emitted('update:modelValue')).toEqual([['b']])
  })

  it('draw one point, and none', () => {
    expect(mount(Sparkline, { props: { values: [], label: 'x' } }).find('polyline').attributes('points')).toBe('')
    expect(mount(Sparkline, { props: { values: [0, 0], label: 'x' } }).find('polyline').attributes('points')).not.toContain('NaN')
    expect(mount(Sparkline, { props: { values: [1, 0], label: 'x', room: 5 } }).find('polyline').attributes('points')).toBe('90.0,2.0 120.0,26.0')
  })
})
