import { expect, type Page } from '@playwright/test'
import { violations } from './axe'
import { enter, NAME, PASSWORD, signIn } from './people'
import { test } from './service'

const FRESH = 'a fresh horse battery'

test('a session that runs out while nobody looks is renewed, once, and nobody notices', async ({ page }) => {
  let renewals = 0
  page.on('request', (request) => { if (request.url().endsWith('/api/auth/refresh')) renewals += 1 })
  await page.clock.install()
  await enter(page)
  await page.clock.fastForward('20:00') // minutes: longer than a token lives
  await page.getByRole('link', { name: 'Skip to content' }).waitFor({ state: 'attached' })
  await go(page, 'API keys')
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await go(page, 'Audit')
  await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible()
  await expect(page).toHaveURL(/\/admin\/audit$/)
  expect(renewals).toBe(1)
})

test('a token that the service takes no more is renewed, in two tabs at once', async ({ page, context }) => {
  await enter(page)
  await page.evaluate(() => { localStorage.setItem('token', 'spent.token.here') })
  const other = await context.newPage()
  await Promise.all([page.goto('/admin/keys'), other.goto('/admin/audit')])
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await expect(other.getByRole('main').getByRole('listitem').first()).toBeVisible()
  await expect(page).toHaveURL(/\/admin\/keys$/)
  await other.close()
})

test('a session that has ended leads to the login, and from there back to the page', async ({ page, elsewhere }) => {
  await enter(page)
  await page.goto('/admin/audit')
  await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible()
  await enter(elsewhere)
  await elsewhere.goto('/admin/account')
  await elsewhere.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(elsewhere.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Admin' }).fill(NAME) // asks the service
  await expect(page).toHaveURL(/\/login\?/)
  await expect(page.getByText('Your session has ended. Sign in again.')).toBeVisible()
  await signIn(page, NAME, 'wrong password')
  await expect(page.getByRole('alert')).toHaveText('The name or the password is wrong.')
  await signIn(page, NAME, PASSWORD)
  await expect(page).toHaveURL(/\/admin\/audit$/)
  await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible()
})

test('whoever signs out is out, also by the address', async ({ page }) => {
  await enter(page)
  await page.goto('/admin/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.goto('/admin/keys')
  await expect(page).toHaveURL(/\/login\?to=/)
})

test('a new password ends the old one and every other session', async ({ page, elsewhere }) => {
  await enter(page)
  await enter(elsewhere)
  await changePassword(page, PASSWORD, FRESH)
  await page.goto('/admin/keys')
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await elsewhere.goto('/admin/keys')
  await expect(elsewhere).toHaveURL(/\/login/)
  await signIn(elsewhere, NAME, PASSWORD)
  await expect(elsewhere.getByRole('alert')).toHaveText('The name or the password is wrong.')
  await signIn(elsewhere, NAME, FRESH)
  await expect(elsewhere.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await changePassword(elsewhere, FRESH, PASSWORD)
})

test('an admin who is added signs in, and is out once removed', async ({ page, elsewhere }, info) => {
  const name = `grace-${info.project.name}`
  await enter(page)
  await page.goto('/admin/admins')
  await page.getByRole('button', { name: 'Add admin' }).click()
  await page.getByLabel('Username').fill(name)
  await page.getByLabel('Password').fill('short')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByLabel('Password')).toBeFocused()
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription('At least 8 characters.')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByLabel('Username').fill(NAME)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Username')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Username')).toBeFocused()
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription('There is an admin of this name already.')
  expect(await violations(page)).toEqual([])
  await page.getByLabel('Username').fill(name)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('Added.')).toBeVisible()
  await enter(elsewhere, '', name)
  await elsewhere.goto('/admin/admins')
  await expect(elsewhere.getByRole('listitem').filter({ hasText: name })).toBeVisible()
  await page.getByRole('button', { name: `Remove: ${name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: name })).toHaveCount(0)
  await elsewhere.goto('/admin/keys')
  await expect(elsewhere).toHaveURL(/\/login/)
  await signIn(elsewhere, name, PASSWORD)
  await expect(elsewhere.getByRole('alert')).toHaveText('The name or the password is wrong.')
})

test('offline is said, what is there stays, and it goes on by itself', async ({ page, context }) => {
  await enter(page)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await context.setOffline(true)
  await expect(page.getByText('You are offline. What you see may be old.')).toBeVisible()
  await expect(page.getByText('Not reached')).toBeVisible()
  await expect(page.getByText('Look-ups by layer')).toBeVisible()
  await go(page, 'Audit')
  await expect(page.getByText('The service cannot be reached. Check the connection, then try again.')).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText('You are offline. What you see may be old.')).toHaveCount(0)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await go(page, 'Audit')
  await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible()
})

/** To a page by the navigation, which a phone hides in a sheet. */
async function go(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('button', { name: 'Open navigation' })
  if (await menu.isVisible()) await menu.click()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
}

async function changePassword(page: Page, from: string, to: string): Promise<void> {
  await page.goto('/admin/account')
  await page.getByLabel('Current password').fill(from)
  await page.getByLabel('New password', { exact: true }).fill(to)
  await page.getByLabel('New password again').fill(to)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Changed. Every other session has ended.')).toBeVisible()
}
