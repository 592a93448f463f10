import { mkdirSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { settled } from './axe'
import { createKey, enter, NAME, PASSWORD, previewsShown } from './people'
import { test } from './service'

const FOLDER = process.env['SCREENSHOT_DIR'] ?? '../docs/screenshots'
const TITLES = Array.from({ length: 20 }, (_, at) => `tt990001${String(at + 1).padStart(2, '0')}`)

/** Chromium keeps some icons in the colours of before when these change under it. */
async function repainted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const icons = [...document.querySelectorAll('svg')]
    for (const icon of icons) icon.style.opacity = '0.99'
    await new Promise(requestAnimationFrame)
    for (const icon of icons) icon.style.opacity = ''
    await new Promise(requestAnimationFrame)
  })
}

test('every page, light and dark', async ({ page, request }, info) => {
  test.setTimeout(400_000)
  mkdirSync(FOLDER, { recursive: true })
  const take = async (name: string, whole = false): Promise<void> => {
    await page.mouse.move(0, 0)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await settled(page)
      await repainted(page)
      await page.screenshot({ path: `${FOLDER}/${name}-${info.project.name}-${colorScheme}.png`, fullPage: whole })
    }
  }
  await page.goto('/login')
  await page.getByLabel('Password', { exact: true }).waitFor()
  if (page.url().endsWith('/setup')) await take('setup')
  await enter(page)
  if (info.project.name === 'desktop') {
    await page.goto('/admin/admins')
    await page.getByRole('button', { name: 'Add admin' }).click()
    await page.getByLabel('Username').fill('grace')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('Added.').waitFor()
    for (const name of ['Living room', 'Kodi in the attic', 'Stremio', 'Grandparents']) await createKey(page, name)
  }
  await page.goto('/admin')
  for (const id of TITLES) for (const kind of ['poster', 'backdrop', 'logo']) for (let times = 0; times < 3; times += 1) await request.get(`/t3-demo/imdb/${kind}-default/${id}.${kind === 'logo' ? 'png' : 'jpg'}`)
  await page.waitForTimeout(8500) // two more readings of the statistics
  await take('dashboard', true)
  await page.goto('/admin/keys')
  await page.locator('li[data-key]').first().waitFor()
  await take('keys')
  await page.getByRole('button', { name: 'New key' }).first().click()
  await page.getByLabel('Name').fill('Kitchen')
  await take('new-key')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('button', { name: 'I have copied it' }).waitFor()
  await take('created-key')
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('button', { name: 'Revoke: Kitchen' }).first().click()
  await take('revoke')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await designer(page, take)
  for (const kind of ['posters', 'backdrops', 'logos']) {
    await page.goto(`/admin/${kind}`)
    await page.waitForLoadState('networkidle')
    await take(kind)
    if (kind !== 'posters') continue
    await page.getByRole('listitem').getByRole('button').first().click()
    await page.getByText('Cache key').waitFor()
    await page.getByRole('dialog').getByRole('img').waitFor()
    await take('details')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Purge…' }).click()
    await take('purge')
  }
  for (const name of ['admins', 'audit', 'account', 'nowhere']) {
    await page.goto(`/admin/${name}`)
    await page.waitForLoadState('networkidle')
    await take(name)
  }
  await page.goto('/admin/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByLabel('Username').waitFor()
  await page.getByLabel('Username').fill(NAME)
  await take('login')
  await page.goto('/login?as=key')
  await page.getByLabel('API key').last().fill('t3-demo')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await previewsShown(page)
  await take('key-owner')
  await page.goto('/welcome')
  await page.waitForLoadState('networkidle')
  await take('welcome', true)
})

async function designer(page: Page, take: (name: string, whole?: boolean) => Promise<void>): Promise<void> {
  await page.goto('/admin/design')
  await previewsShown(page)
  await take('designer')
  await page.getByLabel('Preview on').fill('tt99000105')
  await page.getByLabel('Preview on').press('Enter')
  await page.locator('label[title="top right"]').click()
  await page.getByText('1 change', { exact: true }).waitFor()
  await page.waitForLoadState('networkidle')
  await previewsShown(page)
  await take('designer-title')
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('slider').first().waitFor()
  await take('compare')
  await page.evaluate(() => { window.scrollTo(0, document.body.scrollHeight) })
  await take('designer-end')
  await page.getByRole('button', { name: 'Discard' }).click()
}
