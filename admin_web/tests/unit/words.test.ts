import ts from 'typescript'
import { parse } from 'vue/compiler-sfc'
import { describe, expect, it } from 'vitest'

const components: Record<string, string> = import.meta.glob('/src/**/*.vue', { query: '?raw', import: 'default', eager: true })
const modules: Record<string, string> = import.meta.glob(['/src/**/*.ts', '!/src/words.ts', '!/src/api/schema.d.ts'], { query: '?raw', import: 'default', eager: true })
const SEEN = new Set(['alt', 'aria-label', 'aria-description', 'label', 'placeholder', 'title', 'text', 'name', 'action', 'told', 'hint', 'error'])
const LETTER = /\p{L}/u

/** Names and technical text that look like words. */
const ALLOWED = new Set(['TMDB', 'MDBList', 'OMDb', 'Unauthorized', 'Authorization', 'Bearer ', 'AbortError', 'POST'])

interface Node { type: number; content?: unknown; name?: string; exp?: { content?: string } | undefined; arg?: { content?: string } | undefined; value?: { content: string }; props?: Node[]; children?: unknown }

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

/** The expressions of a template, but those of classes and styles; what stands side by side in a text as one literal. */
function expressions(node: Node): string[] {
  const found: string[] = []
  for (const prop of node.props ?? []) if (prop.type === 7 && prop.name !== 'for' && prop.name !== 'slot' && !['class', 'style'].includes(prop.arg?.content ?? '') && prop.exp?.content) found.push(prop.exp.content)
  const children = Array.isArray(node.children) ? (node.children as Node[]) : []
  const told = children.map((child) => (child.type === 5 ? `\${${String((child.content as { content?: string }).content)}}` : child.type === 2 ? ' '.repeat(/^\s*[:.,]?\s*$/.test(String(child.content)) ? 1 : 0) || '·' : '·'))
  if (told.some((one) => one.startsWith('$'))) found.push(`\`${told.join('')}\``)
  for (const child of children) found.push(...expressions(child))
  return found
}

/** What looks like words: one that begins with a capital, or several; a unit that stands apart from its number. */
function reads(text: string, joined: boolean): boolean {
  if (ALLOWED.has(text) || /^[\w-]*[/#[\]<>{}=]/.test(text.trim())) return false // a path, a selector, a pattern
  const parts = text.trim().split(/\s+/)
  const plain = parts.filter((part) => /^[\p{L}’']+[.,:!?…]?$/u.test(part))
  return (plain.length > 1 && plain.length === parts.length) || /^\p{Lu}\p{L}*[.!?…]?$/u.test(text.trim()) || (joined && plain.length > 0 && /^\s|\s$/.test(text))
}

/** An expression that is a message: `words.…` or `text.…`, not called. */
function isMessage(node: ts.Node): boolean {
  let at = node
  if (!ts.isPropertyAccessExpression(at) && !ts.isElementAccessExpression(at)) return false
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = at.expression
  return ts.isIdentifier(at) && ['words', 'text'].includes(at.text)
}

/** Words in the strings of a script, and messages that are altered or put together there: no translator could see to these. */
function spoken(script: string): string[] {
  const found: string[] = []
  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return
    if (ts.isNewExpression(node) && node.expression.getText().endsWith('Error')) return // nobody reads these: `messageOf` does not show them
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && reads(node.text, false)) found.push(node.text)
    if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map((span) => span.literal)]) if (reads(part.text, true)) found.push(part.text)
      node.templateSpans.forEach((span, at) => {
        const next = node.templateSpans[at + 1]
        if (next && /^[\s:.,]+$/.test(span.literal.text) && (isMessage(span.expression) || isMessage(next.expression))) found.push(node.getText())
      })
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken && (isMessage(node.left) || isMessage(node.right))) found.push(node.getText())
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && /^to(Locale)?(Lower|Upper)Case$|^charAt$|^slice$/.test(node.expression.name.text) && isMessage(node.expression.expression)) found.push(node.getText())
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('script.ts', script, ts.ScriptTarget.Latest, true))
  return found
}

it.each(Object.entries(components))('%s says nothing that is not in the words', (_, source) => {
  const { template, scriptSetup, script } = parse(source).descriptor
  const root = template?.ast as unknown as Node | undefined
  expect([...(root ? [...literals(root), ...expressions(root).flatMap((one) => spoken(`(${one})`))] : []), ...spoken(scriptSetup?.content ?? ''), ...spoken(script?.content ?? '')]).toEqual([])
})

it.each(Object.entries(modules))('%s says nothing that is not in the words', (_, source) => { expect(spoken(source)).toEqual([]) })

it('looks at every component and module', () => {
  expect(Object.keys(components).length).toBeGreaterThan(40)
  expect(Object.keys(modules).length).toBeGreaterThan(25)
})

describe('what is found', () => {
  it.each([
    ["notify('Not saved.')"], ["throw new Failure('It is away.', 0)"], ["const hint = bad ? 'it is away' : ''"], ['`${String(n)} KB`'], ['`${n} of ${all}`'], ["'Saved'"], ['text.due.toLowerCase()'], ["words.keys.name + ': '"], ['`${text.since} ${day(at)}`'], ['`${words.keys.edit}: ${name}`'],
  ])('%s', (script) => { expect(spoken(script)).toHaveLength(1) })

  it.each([
    ["import x from 'vue'"], ["type Kind = 'Some Word'"], ["throw new TypeError('it is broken')"], ["new Error('it is broken')"], ["const grid = 'top-0 left-1/3'"], ['`/api/admin/${kind}/image`'], ['`${a} · ${b}`'], ["typed.toLowerCase() === 'purge'"], ['text.since(day(at))'], ["fetch('/api/auth/refresh')"],
  ])('not %s', (script) => { expect(spoken(script)).toEqual([]) })

  it.each([['<p>{{ text.since }} {{ day }}</p>'], ['<p>{{ words.a.b }}: {{ name }}</p>'], ['<p :title="`${n} KB`"></p>'], ['<p :title="text.due.toLowerCase()"></p>']])('in %s', (template) => {
    const root = parse(`<template>${template}</template>`).descriptor.template?.ast as unknown as Node
    expect(expressions(root).flatMap((one) => spoken(`(${one})`))).toHaveLength(1)
  })

  it.each([['<p>{{ text.since }} · {{ day }}</p>'], ['<p>{{ text.since }}<b>{{ day }}</b></p>'], ['<p :class="bad ? \'Text Bad\' : \'\'">{{ text.since(day) }}</p>']])('not in %s', (template) => {
    const root = parse(`<template>${template}</template>`).descriptor.template?.ast as unknown as Node
    expect(expressions(root).flatMap((one) => spoken(`(${one})`))).toEqual([])
  })
})
