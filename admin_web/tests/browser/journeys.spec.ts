import { expect } from '@playwright/test'
import { violations } from './axe'
import { createKey, enter, previewsShown } from './people'
import { serve, test } from './service'

const TITLE = 'imdb/poster-default/tt99000102.jpg'
test('the first visit ends at the setup, which makes the admin and is then closed', async ({ page }) => {
  const fresh = await serve()
  try {
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
