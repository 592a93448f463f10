import { describe, expect, it } from 'vitest'
import { begin, change, redo, undo } from '@/design/history'

describe('history', () => {
  it('goes back and forth', () => {
    const two = change(change(begin('a'), 'b', 'x', 0), 'c', 'y', 10)
    expect(undo(two).present).toBe('b')
    expect(undo(undo(two)).present).toBe('a')
    expect(redo(undo(two)).present).toBe('c')
  })

  it('stays where there is nothing to undo or redo', () => {
    const one = begin('a')
    expect(undo(one)).toBe(one)
    expect(redo(one)).toBe(one)
  })

  it('makes one step of quick changes to one thing', () => {
    const dragged = change(change(change(begin(0), 1, 'order', 1000), 2, 'order', 1100), 3, 'order', 1200)
    expect(undo(dragged).present).toBe(0)
  })

  it('keeps slow changes, and changes of different things, apart', () => {
    expect(undo(change(change(begin(0), 1, 'order', 1000), 2, 'order', 9000)).present).toBe(1)
    expect(undo(change(change(begin(0), 1, 'order', 1000), 2, 'limit', 1001)).present).toBe(1)
  })

  it('never joins a change to one that was undone', () => {
    const again = change(undo(change(change(begin(0), 1, 'a', 0), 2, 'a', 2000)), 5, 'a', 2001)
    expect(undo(again).present).toBe(1)
    expect(again.future).toEqual([])
  })
})
