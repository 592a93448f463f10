import { expect, type Page } from '@playwright/test'
import { previewsShown } from './people'

/** A page, or a state of one, and how it is reached. `route` is the path of the router's that it is looked at for. */
export interface Place { name: string; path: string; route?: string; reach?: (page: Page) => Promise<unknown> }

const byButton = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const images = (page: Page) => page.getByRole('listitem').getByRole('img').or(page.getByRole('listitem').locator('img')).first().waitFor()

/** What anybody sees. */
export const PUBLIC: Place[] = [
  { name: 'the demo', path: '/' },
  { name: 'visitors', path: '/welcome', route: '/welcome', reach: (page) => page.getByText('Where to put it').waitFor() },
  { name: 'visitors, at the start', path: '/login', route: '/', reach: async (page) => { await inside(page, '/'); await page.getByText('Where to put it').waitFor() } },
  { name: 'login', path: '/login', route: '/login', reach: (page) => page.getByLabel('Password', { exact: true }).waitFor() },
  { name: 'login with a key', path: '/login?as=key', reach: (page) => page.getByLabel('API key').last().waitFor() },
  { name: 'nowhere, for visitors', path: '/nowhere', route: '/:rest(.*)*', reach: (page) => expect(page).toHaveTitle(/^This reel is missing/) },
  { name: 'API reference', path: '/docs', reach: (page) => page.getByRole('heading', { level: 1 }).waitFor() },
]

/** What an admin sees; there has to be a key, and an image of every kind but of the one that `none` names. */
export const ADMIN: Place[] = [
  { name: 'dashboard', path: '/admin', route: '', reach: (page) => page.getByText('Upstreams').waitFor() },
  { name: 'designer', path: '/admin/design', route: 'design', reach: previewsShown },
  { name: 'designer, comparing', path: '/admin/design', reach: compare },
  { name: 'designer of a key', path: '/admin/keys', route: 'keys/:id(\\\\d+)', reach: async (page) => { await byKey(page); await previewsShown(page) } },
  { name: 'designer, leaving', path: '/admin/keys', reach: leaveUnsaved },
  { name: 'keys', path: '/admin/keys', route: 'keys', reach: (page) => page.locator('li[data-key]').first().waitFor() },
  { name: 'new key', path: '/admin/keys', reach: byButton('New key') },
  { name: 'changed key', path: '/admin/keys', reach: byButton(/^Edit: /) },
  { name: 'revoked key', path: '/admin/keys', reach: byButton(/^Revoke: /) },
  { name: 'no key fits', path: '/admin/keys', reach: (page) => page.getByLabel('Search keys').fill('nothing like it') },
  { name: 'posters', path: '/admin/posters', route: ':kind(posters|logos|backdrops)', reach: images },
  { name: 'backdrops', path: '/admin/backdrops', reach: images },
  { name: 'logos', path: '/admin/logos', reach: images },
  { name: 'no image fits', path: '/admin/logos', reach: async (page) => { await page.getByLabel('Search by id').fill('nothing like it'); await page.getByText('No image fits.').waitFor() } },
  { name: 'image', path: '/admin/posters', reach: openImage },
  { name: 'image of a backdrop', path: '/admin/backdrops', reach: openImage },
  { name: 'image of a logo', path: '/admin/logos', reach: openImage },
  { name: 'image, deleting', path: '/admin/posters', reach: async (page) => { await openImage(page); await page.getByRole('button', { name: 'Delete' }).click() } },
  { name: 'make an image', path: '/admin/posters', reach: byButton('Make one') },
  { name: 'purge', path: '/admin/posters', reach: byButton('Purge…') },
  { name: 'admins', path: '/admin/admins', route: 'admins', reach: (page) => page.getByRole('main').getByText('ada', { exact: true }).waitFor() },
  { name: 'new admin', path: '/admin/admins', reach: byButton('Add admin') },
  { name: 'audit', path: '/admin/audit', route: 'audit', reach: (page) => page.getByRole('listitem').first().waitFor() },
  { name: 'account', path: '/admin/account', route: 'account' },
  { name: 'nowhere', path: '/admin/nowhere', route: ':rest(.*)*' },
]

/** What the owner of a key sees. */
export const OWNER: Place[] = [{ name: "a key's owner", path: '/key-settings', route: '/key-settings', reach: previewsShown }]

/** Routes that are looked at in tests of their own: what can be reached only before there is an admin. */
export const ELSEWHERE = ['/setup']

/** Go there; at the end it is what its name says. */
export async function reach(page: Page, place: Place): Promise<void> {
  await page.goto(place.path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await place.reach?.(page)
}

/** The designer of the key that is first in the list. */
async function byKey(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Design: / }).first().click()
  await page.getByRole('heading', { name: /^Design of / }).waitFor()
}

async function compare(page: Page): Promise<void> {
  await previewsShown(page)
  await page.locator('label[title="top left"]').click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('slider').first().waitFor()
}

async function leaveUnsaved(page: Page): Promise<void> {
  await byKey(page)
  await previewsShown(page)
  await page.locator('label[title="top left"]').click()
  await page.getByText('1 change', { exact: true }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'API keys' }).click()
  await page.getByRole('alertdialog').waitFor()
}

/** To a path without asking the service, which has a page of its own there: the demo's. */
async function inside(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
  }, path)
}

async function openImage(page: Page): Promise<void> {
  await page.getByRole('listitem').getByRole('button').first().click()
  await page.getByText('Cache key').waitFor()
  await page.getByRole('dialog').getByRole('img').waitFor()
}
