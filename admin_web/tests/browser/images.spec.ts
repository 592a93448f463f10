import { expect } from '@playwright/test'
import { enter } from './people'
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

test('bad news stays beside an open sheet, and goes without closing it', async ({ page, request }) => {
  await request.get(`/t3-demo/${TITLE}`)
  await enter(page)
  await page.route('**/api/admin/posters/**/refresh', (route) => route.fulfill({ status: 502, contentType: 'application/json', body: '{"error":"the art is away"}' }))
  await page.goto('/admin/posters')
  await page.getByRole('main').getByRole('listitem').getByRole('button').first().click()
  await page.getByRole('button', { name: 'Draw again' }).click()
  await expect(page.getByRole('alert', { includeHidden: true }).filter({ hasText: 'the art is away' })).toBeVisible()
  await page.locator('[data-notices] button').click()
  await expect(page.getByText('the art is away')).toHaveCount(0)
  await expect(page.getByRole('dialog')).toBeVisible()
})
