import { expect, type Page } from '@playwright/test'
import { become, createKey, enter, fillStore, previewsShown } from './people'
import { ADMIN, OWNER, PUBLIC, type Place } from './places'
import { serve, test } from './service'

const MOST = 0.1 // what browsers call good
const BUDGET = 200 * 1024
const paths = (places: Place[]) => [...new Set(places.map((place) => place.path))]

/** How far each page moved until it was quiet, where that is too far, with what moved. */
async function moved(page: Page, at: string[]): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const path of at) {
    await page.goto(path, { waitUntil: 'networkidle' })
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    const { shifted, shifts } = await page.evaluate(() => { const { shifted, shifts } = window as unknown as { shifted: number; shifts: string[] }; return { shifted, shifts } })
    test.info().annotations.push({ type: 'layout shift', description: `${path} ${shifted.toFixed(3)}` })
    if (shifted >= MOST) found[path] = { shifted, shifts }
  }
  return found
}

/** Bytes of script that come over the network with a page, packed as they are. */
async function scripts(page: Page, path: string): Promise<number> {
  const sizes: Promise<number>[] = []
  const count = (response: Awaited<ReturnType<Page['waitForResponse']>>): void => {
    if (response.request().resourceType() === 'script') sizes.push(response.request().sizes().then((size) => size.responseBodySize))
  }
  page.on('response', count)
  await page.goto(path, { waitUntil: 'networkidle' })
  page.off('response', count)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

test('nothing moves while a page loads', async ({ page, request }, info) => {
  test.setTimeout(120_000)
  await enter(page)
  const key = await createKey(page, `steady ${info.project.name}`)
  await fillStore(request)
  const design = await page.getByRole('link', { name: `Design: steady ${info.project.name}` }).getAttribute('href')
  const found = await moved(page, [...paths(ADMIN), String(design)])
  await page.evaluate(() => { localStorage.clear() })
  Object.assign(found, await moved(page, paths(PUBLIC)))
  await become(page, key)
  await previewsShown(page)
  Object.assign(found, await moved(page, paths(OWNER)))
  expect(found).toEqual({})
})

test('the setup stands still and is small', async ({ page }) => {
  const fresh = await serve()
  try {
    expect(await moved(page, [`${fresh.url}/setup`])).toEqual({})
    expect(await scripts(page, `${fresh.url}/setup`)).toBeLessThan(BUDGET)
  } finally {
    await fresh.stop()
  }
})

test('first pages bring little script', async ({ browser, baseURL, page }) => {
  await enter(page)
  const session = await page.context().storageState()
  const found: Record<string, number> = {}
  for (const path of ['/', '/welcome', '/login', '/docs', '/admin', '/admin/design']) {
    const fresh = await browser.newContext({ baseURL: String(baseURL), ...(path.startsWith('/admin') ? { storageState: session } : {}) }) // nothing cached
    found[path] = await scripts(await fresh.newPage(), path)
    await fresh.close()
  }
  test.info().annotations.push({ type: 'bytes of script', description: JSON.stringify(found) })
  expect(found['/login']).toBeGreaterThan(10_000)
  expect(Object.entries(found).filter(([, bytes]) => bytes >= BUDGET)).toEqual([])
})
