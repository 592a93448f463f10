import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface Violation { id: string; nodes: { html: string }[] }

/** What axe finds against WCAG 2.2 AA, in light and in dark. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await settled(page)
    await page.evaluate(axe) // by the debugger: the policy of the page lets no script in
    const results = await page.evaluate(async (runOnly) => {
      const runner = (window as unknown as { axe: { run: (options: object) => Promise<{ violations: Violation[] }> } }).axe
      return (await runner.run({ runOnly })).violations
    }, RULES)
    found.push(...results.map((one) => `${colorScheme} ${one.id}: ${one.nodes.map((node) => node.html).join(' | ').slice(0, 500)}`))
  }
  return found
}

/** Until nothing moves any more, two frames after the colours have changed. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    await Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined)))
  })
}
