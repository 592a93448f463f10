import { mkdirSync } from 'node:fs'
import { test } from '@playwright/test'
import { createKey, enter, previewsShown } from './people'

const FOLDER = process.env['SCREENSHOT_DIR'] ?? '../docs/screenshots'
const POSTERS = ['tt99000101', 'tt99000102', 'tt99000103', 'tt99000104', 'tt99000105', 'tt99000106', 'tt99000107', 'tt99000108']

test.skip(!process.env['SCREENSHOTS'], 'asked for by a command of its own')

test('every page, light and dark', async ({ page, request }, info) => {
  test.setTimeout(240_000)
  mkdirSync(FOLDER, { recursive: true })
  const take = async (name: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(150)
      await page.screenshot({ path: `${FOLDER}/${name}-${info.project.name}-${colorScheme}.png`, fullPage: name === 'welcome' })
    }
  }
  await page.goto('/login')
  await page.getByLabel('Password', { exact: true }).waitFor()
  await take(page.url().endsWith('/setup') ? 'setup' : 'login')
  for (const id of POSTERS) for (const kind of ['poster', 'backdrop', 'logo']) await request.get(`/t3-demo/imdb/${kind}-default/${id}.${kind === 'logo' ? 'png' : 'jpg'}`)
  await enter(page)
  await createKey(page, info.project.name === 'phone' ? 'Kodi in the attic' : 'Living room')
  await take('keys')
  await page.goto('/admin')
  await page.getByText('Upstreams').waitFor()
  await take('dashboard')
  await page.goto('/admin/design')
  await previewsShown(page)
  await take('designer')
  await page.getByLabel('Preview on').fill('tt99000102')
  await page.getByLabel('Preview on').press('Enter')
  await page.locator('label[title="top left"]').click()
  await previewsShown(page)
  await page.waitForTimeout(500)
  await take('designer-title')
  await page.evaluate(() => { window.scrollTo(0, document.body.scrollHeight) })
  await take('designer-end')
  await page.getByRole('button', { name: 'Discard' }).click()
  for (const kind of ['posters', 'backdrops', 'logos']) {
    await page.goto(`/admin/${kind}`)
    await page.waitForLoadState('networkidle')
    await take(kind)
    if (kind !== 'posters') continue
    await page.getByRole('listitem').getByRole('button').first().click()
    await page.getByText('Cache key').waitFor()
    await page.waitForTimeout(400)
    await take('details')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Purge…' }).click()
    await take('purge')
    await page.keyboard.press('Escape')
  }
  for (const name of ['admins', 'audit', 'account', 'nowhere']) {
    await page.goto(`/admin/${name}`)
    await page.waitForLoadState('networkidle')
    await take(name)
  }
  await page.goto('/admin/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByLabel('Username').waitFor()
  await take('login')
  await page.goto('/login?as=key')
  await page.getByLabel('API key').last().fill('t3-demo')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await previewsShown(page)
  await take('key-owner')
  await page.goto('/welcome')
  await page.getByText('Where to put it').waitFor()
  await take('welcome')
})
