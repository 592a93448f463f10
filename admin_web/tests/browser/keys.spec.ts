import { expect } from '@playwright/test'
import { become, createKey, enter, previewsShown } from './people'
import { test } from './service'

const TITLE = 'imdb/poster-default/tt99000102.jpg'

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

test('a key keeps its design under another name, and opens nothing once it has expired', async ({ page, request }, info) => {
  await enter(page)
  const name = `guest ${info.project.name}`
  const key = await createKey(page, name)
  expect((await request.get(`/${key}/${TITLE}`)).status()).toBe(200)
  await page.getByRole('button', { name: `Edit: ${name}` }).click()
  await page.getByLabel('Name').fill(`${name} of May`)
  const expires = page.getByLabel('Expires')
  for (const [typed, said] of [['05', /not complete/], ['2020-01-01', /still to come/]] as const) {
    if (typed.length > 2) await expires.fill(typed)
    else await expires.pressSequentially(typed)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(expires).toBeFocused()
    await expect(expires).toHaveAccessibleDescription(said)
  }
  await page.getByLabel('Expires').fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10))
  await page.getByRole('button', { name: 'Save' }).click()
  const row = page.locator(`li[data-key="${name} of May"]`)
  await expect(row.getByText(/^expires /)).toBeVisible()
  await expect(page.locator(`li[data-key="${name}"]`)).toHaveCount(0)
  expect((await request.get(`/${key}/${TITLE}`)).status()).toBe(200)
  const id = (await row.getByRole('link').getAttribute('href'))?.split('/').pop()
  const token = await page.evaluate(() => localStorage.getItem('token'))
  const soon = await request.patch(`/api/keys/${String(id)}`, { headers: { authorization: `Bearer ${String(token)}` }, data: { expires_at: new Date(Date.now() + 1500).toISOString() } })
  expect(soon.status()).toBe(200)
  await expect.poll(async () => (await request.get(`/${key}/${TITLE}`)).status()).toBe(401)
  expect((await request.get(`/${key}/isValid`)).status()).not.toBe(200)
  await page.reload()
  await expect(row.getByText('expired', { exact: true })).toBeVisible()
})

test("a key's owner sees to that key and to nothing else", async ({ page, request }, info) => {
  await enter(page)
  const key = await createKey(page, `owned ${info.project.name}`)
  const before = await (await request.get(`/${key}/${TITLE}`)).body()
  await page.goto('/admin/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByText('API key', { exact: true }).click()
  await page.getByLabel('API key').last().fill('t3-no-such-key')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toHaveText('This key opens nothing.')
  await become(page, key)
  await previewsShown(page)
  await expect(page.getByText('global design', { exact: true })).toBeVisible()
  await page.locator('label[title="top right"]').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const after = await (await request.get(`/${key}/${TITLE}`)).body()
  expect(after.equals(before)).toBe(false)
  await page.goto('/admin/keys')
  await expect(page).toHaveURL(/\/key-settings$/)
  await previewsShown(page)
  await expect(page.getByLabel('Badge position')).toHaveValue('tr')
  await page.getByRole('button', { name: 'Follow the global design' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Follow the global design' }).click()
  await expect.poll(async () => (await (await request.get(`/${key}/${TITLE}`)).body()).equals(before)).toBe(true)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto('/key-settings')
  await expect(page).toHaveURL(/\/login\?as=key$/)
})
