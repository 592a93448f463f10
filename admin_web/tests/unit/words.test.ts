import { parse } from 'vue/compiler-sfc'
import { expect, it } from 'vitest'

const files: Record<string, string> = import.meta.glob('/src/**/*.vue', { query: '?raw', import: 'default', eager: true })
const SEEN = new Set(['alt', 'aria-label', 'aria-description', 'label', 'placeholder', 'title', 'text', 'name', 'action', 'told'])
const LETTER = /\p{L}/u

interface Node { type: number; content?: unknown; name?: string; value?: { content: string }; props?: Node[]; children?: unknown }

/** What people would read without its being in the list of words. */
function literals(node: Node): string[] {
  const found: string[] = []
  if (node.type === 2 && typeof node.content === 'string' && LETTER.test(node.content)) found.push(node.content.trim())
  for (const prop of node.props ?? []) if (prop.type === 6 && SEEN.has(prop.name ?? '') && !(prop.name === 'name' && isIcon(node)) && LETTER.test(prop.value?.content ?? '')) found.push(`${prop.name ?? ''}="${prop.value?.content ?? ''}"`)
  for (const child of Array.isArray(node.children) ? (node.children as Node[]) : []) found.push(...literals(child))
  return found
}

/** These names are no words: of an icon, of a slot, of a transition, of a group of radio buttons, of what a field sends. */
function isIcon(node: Node): boolean {
  return ['Icon', 'slot', 'TransitionGroup', 'input', 'Field'].includes(String((node as { tag?: string }).tag))
}

it.each(Object.entries(files))('%s says nothing that is not in the words', (_, source) => {
  const template = parse(source).descriptor.template?.ast as unknown as Node | undefined
  expect(template ? literals(template) : []).toEqual([])
})

it('looks at every component', () => { expect(Object.keys(files).length).toBeGreaterThan(35) })
