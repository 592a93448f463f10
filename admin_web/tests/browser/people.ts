import { expect, type Page } from '@playwright/test'

export const NAME = 'ada'
export const PASSWORD = 'correct horse battery'

/** In as the admin, by way of the setup where there is none yet. */
export async function enter(page: Page, at = ''): Promise<void> {
  await page.goto(`${at}/login`)
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible()
  if (page.url().endsWith('/setup')) {
    await page.getByLabel('Username').fill(NAME)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Password again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create admin' }).click()
  } else {
    await page.getByLabel('Username').fill(NAME)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
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

/** Until every picture of the designer is there. */
export async function previewsShown(page: Page): Promise<void> {
  for (const kind of ['poster', 'backdrop', 'logo']) {
    const figure = page.locator(`[data-kind=${kind}]`)
    if (await figure.isVisible()) await expect(figure.locator('img').first()).toBeVisible()
  }
  await expect(page.locator('figure[aria-busy=true]')).toHaveCount(0)
}
