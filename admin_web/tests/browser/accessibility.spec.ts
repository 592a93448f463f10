import { expect, type Page } from '@playwright/test'
import { violations } from './axe'
import { createKey, enter, previewsShown } from './people'
import { test } from './service'

const TITLE = 'imdb/poster-default/tt99000102.jpg'

interface Place { name: string; path: string; reach?: (page: Page) => Promise<unknown> }

const byButton = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const PLACES: Place[] = [
  { name: 'dashboard', path: '/admin', reach: (page) => page.getByText('Upstreams').waitFor() },
  { name: 'designer', path: '/admin/design', reach: previewsShown },
  { name: 'designer, comparing', path: '/admin/design', reach: compare },
  { name: 'designer, leaving', path: '/admin/keys', reach: leaveUnsaved },
  { name: 'keys', path: '/admin/keys', reach: (page) => page.locator('li[data-key]').first().waitFor() },
  { name: 'new key', path: '/admin/keys', reach: byButton('New key') },
  { name: 'changed key', path: '/admin/keys', reach: byButton(/^Edit: /) },
  { name: 'revoked key', path: '/admin/keys', reach: byButton(/^Revoke: /) },
  { name: 'no key fits', path: '/admin/keys', reach: (page) => page.getByLabel('Search keys').fill('nothing like it') },
  { name: 'posters', path: '/admin/posters', reach: (page) => page.getByRole('listitem').getByRole('button').first().waitFor() },
  { name: 'logos, none', path: '/admin/logos', reach: (page) => page.getByText('No images yet').waitFor() },
  { name: 'image', path: '/admin/posters', reach: openImage },
  { name: 'image, deleting', path: '/admin/posters', reach: async (page) => { await openImage(page); await page.getByRole('button', { name: 'Delete' }).click() } },
  { name: 'make an image', path: '/admin/posters', reach: byButton('Make one') },
  { name: 'purge', path: '/admin/posters', reach: byButton('Purge…') },
  { name: 'admins', path: '/admin/admins', reach: (page) => page.getByRole('main').getByText('ada', { exact: true }).waitFor() },
  { name: 'new admin', path: '/admin/admins', reach: byButton('Add admin') },
  { name: 'audit', path: '/admin/audit' },
  { name: 'account', path: '/admin/account' },
  { name: 'nowhere', path: '/admin/nowhere' },
  { name: 'visitors', path: '/welcome', reach: (page) => page.getByText('Where to put it').waitFor() },
]

async function compare(page: Page): Promise<void> {
  await previewsShown(page)
  await page.locator('label[title="top left"]').click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('slider').first().waitFor()
}

async function leaveUnsaved(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Design: / }).first().click()
  await previewsShown(page)
  await page.locator('label[title="top left"]').click()
  await page.getByText('1 change', { exact: true }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'API keys' }).click()
  await page.getByRole('alertdialog').waitFor()
}

async function openImage(page: Page): Promise<void> {
  await page.getByRole('listitem').getByRole('button').first().click()
  await page.getByText('Cache key').waitFor()
}

test('no page and no dialog breaks WCAG AA, in light or in dark', async ({ page, request }, info) => {
  test.setTimeout(240_000)
  await page.goto('/login')
  await page.getByLabel('Password', { exact: true }).waitFor()
  const found: Record<string, string[]> = { login: await violations(page) }
  await enter(page)
  await createKey(page, `reachable ${info.project.name}`)
  await request.get(`/t3-demo/${TITLE}`)
  for (const { name, path, reach } of PLACES) {
    page.removeAllListeners('dialog')
    page.on('dialog', (dialog) => void dialog.accept())
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await reach?.(page)
    found[name] = await violations(page)
  }
  expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))).toEqual({})
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

test('nothing moves while a page loads', async ({ page }) => {
  await enter(page)
  for (const path of ['/admin', '/admin/design', '/admin/keys', '/welcome']) {
    await page.addInitScript(() => {
      const sums = window as unknown as { shifted: number }
      sums.shifted = 0
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) sums.shifted += (entry as unknown as { value: number }).value }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(path, { waitUntil: 'networkidle' })
    expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted), path).toBeLessThan(0.1)
  }
})
