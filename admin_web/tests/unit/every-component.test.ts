import { expect, it } from 'vitest'

const components = Object.keys(import.meta.glob('../../src/**/*.vue'))
const tests = Object.entries(import.meta.glob<string>('./*.test.ts', { query: '?raw', import: 'default', eager: true })).filter(([path]) => !path.endsWith('/every-component.test.ts'))

it('every component is in a test', () => {
  expect(components.length).toBeGreaterThan(40)
  const named = tests.map(([, source]) => source).join('\n')
  expect(components.filter((path) => !named.includes(path.slice(path.lastIndexOf('/'))))).toEqual([])
})
