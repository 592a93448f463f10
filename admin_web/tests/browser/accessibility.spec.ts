import { expect, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { violations } from './axe'
import { become, createKey, enter, fillStore } from './people'
import { ADMIN, ELSEWHERE, OWNER, PUBLIC, reach, type Place } from './places'
import { test } from './service'

test('every route is looked at', () => {
  const source = readFileSync('src/router.ts', 'utf8')
  const routes = [...source.matchAll(/\{ path: '([^']*)'.* component:/g)].map((found) => found[1] ?? '')
  const looked = [...PUBLIC, ...ADMIN, ...OWNER].flatMap((place) => place.route ?? [])
  expect([...looked, ...ELSEWHERE].sort()).toEqual(routes.sort())
})

/** What axe finds in these places, by their names; nothing where they are well. */
async function troubles(page: Page, places: Place[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  page.on('dialog', (dialog) => void dialog.accept()) // that a draft is left
  for (const place of places) {
    await reach(page, place)
    const list = await violations(page)
    if (list.length > 0) found[place.name] = list
  }
  return found
}

test('nothing that visitors see breaks WCAG AA, in light or in dark', async ({ page }) => {
  await enter(page)
  await page.evaluate(() => { localStorage.clear() })
  expect(await troubles(page, PUBLIC)).toEqual({})
})

test('no page and no dialog of admins breaks WCAG AA, in light or in dark', async ({ page, request }, info) => {
  test.setTimeout(120_000)
  await enter(page)
  await createKey(page, `reachable ${info.project.name}`)
  await fillStore(request)
  expect(await troubles(page, ADMIN)).toEqual({})
})

test("what a key's owner sees breaks no rule of WCAG AA, in light or in dark", async ({ page }, info) => {
  await enter(page)
  const key = await createKey(page, `read aloud ${info.project.name}`)
  await page.evaluate(() => { localStorage.clear() })
  await become(page, key)
  expect(await troubles(page, OWNER)).toEqual({})
})

test('the page for visitors needs no mouse: the first stop skips to the content', async ({ page }) => {
  await page.goto('/welcome')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
})

test('a dialog keeps the focus, and gives it back', async ({ page }) => {
  await enter(page)
  await page.goto('/admin/keys')
  const opener = page.getByRole('button', { name: 'New key' }).first()
  await opener.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true)
  }
  await page.keyboard.press('Escape')
  await expect(opener).toBeFocused()
})
