import { expect, type Page } from '@playwright/test'
import { violations } from './axe'
import { createKey, enter, NAME, PASSWORD, previewsShown } from './people'
import { serve, test } from './service'

const TITLE = 'imdb/poster-default/tt99000102.jpg'
let complaints: string[] = []

test.beforeEach(({ page, baseURL }) => {
  complaints = []
  page.on('console', (message) => { if (/Content Security Policy|Content-Security-Policy/.test(message.text())) complaints.push(message.text()) })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => { if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(String(baseURL))) complaints.push(`asked ${request.url()}`) })
})

test.afterEach(() => { expect(complaints).toEqual([]) })

test('the first visit ends at the setup, which makes the admin and is then closed', async ({ page }) => {
  const fresh = await serve()
  try {
    complaints = []
    page.removeAllListeners('request')
    await page.goto(`${fresh.url}/login`)
    await expect(page).toHaveURL(/\/setup$/)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await violations(page)).toEqual([])
    await enter(page, fresh.url)
    await page.evaluate(() => { localStorage.clear() })
    await page.goto(`${fresh.url}/setup`)
    await expect(page).toHaveURL(/\/login$/)
  } finally {
    await fresh.stop()
  }
})

test('what RENDER_SETTINGS declares is locked, and a sentence says why', async ({ page }) => {
  const declared = await serve({ RENDER_SETTINGS: '{"poster_position": "tr", "ratings_limit": 2}' })
  try {
    page.removeAllListeners('request')
    await enter(page, declared.url)
    await page.goto(`${declared.url}/admin/design`)
    await previewsShown(page)
    await expect(page.locator('[data-declared]')).toContainText('RENDER_SETTINGS')
    await expect(page.locator('[data-declared]')).toContainText('badge position')
    await expect(page.locator('[data-declared]')).toContainText('They cannot be changed here.')
    await expect(page.getByLabel('Badge position')).toBeDisabled()
    await expect(page.getByLabel('Badge position')).toHaveValue('tr')
    await expect(page.locator('label[title="top left"]')).toHaveCount(0)
    expect(await violations(page)).toEqual([])
  } finally {
    await declared.stop()
  }
})

test('a new password ends the old one and every other session', async ({ page, browser, baseURL }) => {
  await enter(page)
  const other = await browser.newContext({ baseURL: String(baseURL) })
  const elsewhere = await other.newPage()
  await enter(elsewhere)
  await changePassword(page, PASSWORD, 'a fresh horse battery')
  await page.goto('/admin/keys')
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await elsewhere.goto('/admin/keys')
  await expect(elsewhere).toHaveURL(/\/login/)
  await elsewhere.getByLabel('Username').fill(NAME)
  await elsewhere.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await expect(elsewhere.getByRole('alert')).toHaveText('The name or the password is wrong.')
  await elsewhere.getByLabel('Password', { exact: true }).fill('a fresh horse battery')
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await expect(elsewhere.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await changePassword(elsewhere, 'a fresh horse battery', PASSWORD)
  await other.close()
})

async function changePassword(page: Page, from: string, to: string): Promise<void> {
  await page.goto('/admin/account')
  await page.getByLabel('Current password').fill(from)
  await page.getByLabel('New password', { exact: true }).fill(to)
  await page.getByLabel('New password again').fill(to)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Changed. Every other session has ended.')).toBeVisible()
}

test('from the first visit to a poster that looks another', async ({ page, request }, info) => {
  await enter(page)
  const key = await createKey(page, `journey ${info.project.name}`)
  const before = await (await request.get(`/${key}/${TITLE}`)).body()
  await page.getByRole('link', { name: `Design: journey ${info.project.name}` }).click()
  await previewsShown(page)
  await expect(page.locator('[data-address]')).toContainText(key)
  await page.locator('label[title="top left"]').click()
  await expect(page.getByText('1 change', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('No changes')).toBeVisible()
  await page.getByRole('button', { name: 'Redo' }).click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await expect(page.getByRole('slider').first()).toBeVisible()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const after = await (await request.get(`/${key}/${TITLE}`)).body()
  expect(after.equals(before)).toBe(false)
  await page.reload()
  await expect(page.getByLabel('Badge position')).toHaveValue('tl')
})

test('a change shows within 150 ms of the last input', async ({ page }) => {
  await enter(page)
  await page.goto('/admin/design')
  await previewsShown(page)
  const shown: number[] = []
  for (const limit of ['1', '2', '4', '5', '6', '7']) {
    shown.push(await page.evaluate(async (text) => {
      const figure = document.querySelector('[data-kind=poster]')
      const image = () => figure?.querySelector('img')?.getAttribute('src')
      const before = image()
      const radio = [...document.querySelectorAll('label')].find((label) => label.textContent.trim() === text)?.querySelector('input')
      const start = performance.now()
      radio?.click()
      while (image() === before && performance.now() - start < 5000) await new Promise(requestAnimationFrame)
      return performance.now() - start
    }, limit))
  }
  const median = shown.sort((a, b) => a - b)[Math.floor(shown.length / 2)] ?? Infinity
  test.info().annotations.push({ type: 'milliseconds', description: shown.map((time) => time.toFixed(0)).join(' ') })
  expect(median).toBeLessThan(150)
})

test('ratings are ordered by dragging and by keyboard', async ({ page }) => {
  await enter(page)
  await page.goto('/admin/design')
  await previewsShown(page)
  const first = () => page.locator('li[data-source]').first().getAttribute('data-source')
  await page.getByRole('button', { name: 'Move IMDb up' }).focus()
  await page.keyboard.press('Enter')
  expect(await first()).toBe('imdb')
  await page.locator('li[data-source=imdb]').evaluate((row) => { row.scrollIntoView({ block: 'center' }) })
  await page.waitForTimeout(300)
  const from = await page.locator('li[data-source=mal] [data-grip]').boundingBox()
  const to = await page.locator('li[data-source=imdb]').boundingBox()
  if (!from || !to) throw new Error('no rows')
  await page.mouse.move(from.x + 10, from.y + 20)
  await page.mouse.down()
  await page.mouse.move(from.x + 10, to.y + 10, { steps: 4 })
  await page.mouse.up()
  expect(await first()).toBe('mal')
})

test('a session that has run out renews itself, and one that has ended asks for the password', async ({ page, context }) => {
  await enter(page)
  await page.evaluate(() => { localStorage.setItem('token', 'spent.token.here') })
  const other = await context.newPage()
  await Promise.all([page.goto('/admin/keys'), other.goto('/admin/audit')])
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await expect(page.locator('li[data-key]').first()).toBeVisible()
  await expect(other.getByRole('listitem').first()).toBeVisible()
  await other.close()
  await page.goto('/admin/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.goto('/admin/keys')
  await expect(page).toHaveURL(/\/login\?to=/)
  await page.getByLabel('Username').fill(NAME)
  await page.getByLabel('Password', { exact: true }).fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toHaveText('The name or the password is wrong.')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/admin\/keys$/)
})

test('a revoked key opens nothing', async ({ page, request }, info) => {
  await enter(page)
  const name = `revoked ${info.project.name}`
  const key = await createKey(page, name)
  expect((await request.get(`/${key}/isValid`)).status()).toBe(200)
  await page.getByRole('button', { name: `Revoke: ${name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(page.locator(`li[data-key="${name}"]`)).toHaveCount(0)
  expect((await request.get(`/${key}/isValid`)).status()).not.toBe(200)
})

test('a purge needs the word', async ({ page, request }) => {
  await request.get(`/t3-demo/${TITLE}`)
  await enter(page)
  await page.goto('/admin/posters')
  await expect(page.getByRole('listitem').getByRole('button').first()).toBeVisible()
  await page.getByRole('button', { name: 'Purge…' }).click()
  const purge = page.getByRole('dialog').getByRole('button', { name: 'Purge', exact: true })
  await expect(purge).toBeDisabled()
  await page.getByLabel('Type purge to confirm').fill('purge')
  await purge.click()
  await expect(page.getByText('No images yet')).toBeVisible()
})

test("a key's owner sees to that key and to nothing else", async ({ page }, info) => {
  await enter(page)
  const key = await createKey(page, `owned ${info.project.name}`)
  await page.goto('/admin/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByText('API key', { exact: true }).click()
  await page.getByLabel('API key').last().fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Your posters' })).toBeVisible()
  await previewsShown(page)
  expect(await violations(page)).toEqual([])
  await page.goto('/admin/keys')
  await expect(page).toHaveURL(/\/key-settings$/)
})

test('the first page is small', async ({ page }) => {
  const scripts: Promise<number>[] = []
  page.on('response', (response) => { if (response.request().resourceType() === 'script') scripts.push(response.request().sizes().then((sizes) => sizes.responseBodySize)) })
  await page.goto('/login', { waitUntil: 'networkidle' })
  const total = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(10_000)
  expect(total).toBeLessThan(200 * 1024)
})
