import { expect, type APIRequestContext, type Page } from '@playwright/test'

export const NAME = 'ada'
export const PASSWORD = 'correct horse battery'

/** In as the admin, by way of the setup where there is none yet. */
export async function enter(page: Page, at = '', name = NAME): Promise<void> {
  await page.goto(`${at}/login`)
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible()
  if (page.url().endsWith('/setup')) {
    await page.getByLabel('Username').fill(NAME)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Password again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create admin' }).click()
  } else {
    await signIn(page, name, PASSWORD)
  }
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
}

export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Username').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** A new key, by its name. */
export async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/admin/keys')
  await page.getByRole('button', { name: 'New key' }).first().click()
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Create key' }).click()
  const key = (await page.locator('[data-created]').textContent()) ?? ''
  await page.getByRole('button', { name: 'I have copied it' }).click()
  return key
}

/** In as the owner of a key, where nobody is signed in. */
export async function become(page: Page, key: string): Promise<void> {
  await page.goto('/login?as=key')
  await page.getByLabel('API key').last().fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Your posters' })).toBeVisible()
}

/** An image of every kind, by the demo's own key. */
export async function fillStore(request: APIRequestContext): Promise<void> {
  for (const [kind, suffix] of [['poster', 'jpg'], ['backdrop', 'jpg'], ['logo', 'png']]) {
    for (const id of ['tt99000101', 'tt99000102']) expect((await request.get(`/t3-demo/imdb/${kind}-default/${id}.${suffix}`)).status()).toBe(200)
  }
}

/** Until every picture of the designer is there. */
export async function previewsShown(page: Page): Promise<void> {
  await expect(page.locator('[data-kind=poster]')).toHaveCount(1) // until then there is a skeleton, which has no picture to wait for
  for (const kind of ['poster', 'backdrop', 'logo']) {
    const figure = page.locator(`[data-kind=${kind}]`)
    if (await figure.isVisible()) await expect(figure.locator('img').first()).toBeVisible()
  }
  await expect(page.locator('figure[aria-busy=true]')).toHaveCount(0)
}
