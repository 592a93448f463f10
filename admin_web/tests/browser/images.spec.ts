import { expect } from '@playwright/test'
import { violations } from './axe'
import { enter, fillStore } from './people'
import { test } from './service'

const TITLE = 'imdb/poster-default/tt99000102.jpg'

test('an image that is drawn again shows its new design', async ({ page, request }) => {
  await request.get(`/t3-demo/${TITLE}`)
  await enter(page)
  await page.goto('/admin/posters')
  await page.getByLabel('Search by id').fill('tt99000102')
  await page.getByRole('listitem').getByRole('button').first().click()
  const picture = page.getByRole('dialog').getByRole('img')
  await expect(picture).toBeVisible()
  const before = await picture.getAttribute('src')
  await page.getByRole('button', { name: 'Draw again' }).click()
  await expect(page.getByText('Drawn again.')).toBeVisible()
  await expect(page.getByRole('dialog').getByText(/^just now/).first()).toBeVisible()
  await expect.poll(() => picture.getAttribute('src')).not.toBe(before)
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Draw again' })).toBeEnabled()
})

test('an image that is made by hand is in the list, and one that is deleted is not', async ({ page }) => {
  await enter(page)
  await page.goto('/admin/posters')
  await page.getByRole('button', { name: 'Make one' }).click()
  await page.getByLabel('Title').fill('tt99000107')
  await page.getByRole('button', { name: 'Make it' }).click()
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByLabel('Search by id').fill('tt99000107')
  const made = page.getByRole('main').getByRole('listitem') // under the id that the catalogue knows it by
  await expect(made).toHaveCount(1)
  await made.getByRole('button').click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No image fits.')).toBeVisible()
})

test('bad news in a dialog is reached by keyboard, and goes without closing the dialog', async ({ page, request }) => {
  await request.get(`/t3-demo/${TITLE}`)
  await enter(page)
  await page.route('**/api/admin/posters/**/refresh', (route) => route.fulfill({ status: 502, contentType: 'application/json', body: '{"error":"the art is away"}' }))
  await page.goto('/admin/posters')
  await page.getByRole('main').getByRole('listitem').getByRole('button').first().click()
  const dialog = page.getByRole('dialog')
  const news = dialog.getByRole('alert').filter({ hasText: 'the art is away' })
  const again = dialog.getByRole('button', { name: 'Draw again' })
  const dismiss = dialog.getByRole('button', { name: 'Dismiss' })
  for (const keys of [['Tab', 'Tab', 'Enter'], ['F8', 'Enter'], ['F8', 'Escape']]) {
    await again.focus()
    await page.keyboard.press('Enter')
    await expect(news).toBeVisible()
    await expect(again).toBeEnabled()
    expect(await violations(page)).toEqual([])
    await again.focus()
    for (const key of keys.slice(0, -1)) await page.keyboard.press(key)
    await expect(dismiss).toBeFocused()
    await page.keyboard.press(String(keys.at(-1)))
    await expect(news).toHaveCount(0)
    await expect(dialog).toBeVisible()
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog] button') !== null)).toBe(true)
  }
})

test('a next page that does not come says so in its place, keeps the images, and comes when it is asked for again', async ({ page, request }) => {
  await fillStore(request)
  await enter(page)
  let away = true
  await page.route('**/api/admin/backdrops?*', (route) => {
    const asked = new URL(route.request().url())
    asked.searchParams.set('page_size', '1')
    return away && asked.searchParams.has('after') ? route.abort() : route.continue({ url: asked.href })
  })
  await page.goto('/admin/backdrops')
  const images = page.getByRole('main').getByRole('listitem')
  await expect(page.getByText('The rest did not load.')).toBeVisible()
  await expect(images).toHaveCount(1)
  expect(await violations(page)).toEqual([])
  away = false
  await page.getByRole('button', { name: 'Try again' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => images.count()).toBeGreaterThan(1)
  await expect(page.getByText('The rest did not load.')).toHaveCount(0)
})
