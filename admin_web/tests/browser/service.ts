import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test'

export interface Service { url: string; stop: () => Promise<void> }

/** The real service over the demo's catalogue, with nothing in it, on a free port. */
export async function serve(environment: Record<string, string> = {}): Promise<Service> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'openposterdb-web-'))
  const service = spawn(process.env['PYTHON'] ?? '../.venv/bin/python', ['-m', 'openposterdb', 'demo'], {
    env: { ...process.env, LISTEN_ADDR: `127.0.0.1:${port}`, METRICS_ADDR: 'off', DEMO_DIR: folder, AUTH_RATE_LIMIT: 'off', FREE_KEY_ENABLED: process.env['SCREENSHOTS'] ? 'true' : '', ...environment },
    stdio: 'inherit',
  })
  const url = `http://127.0.0.1:${port}`
  served.add(url)
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => service.once('exit', resolve))
    if (service.exitCode === null && service.kill('SIGTERM')) await ended
    rmSync(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; ; attempt += 1) {
    if (await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) return { url, stop }
    if (attempt > 240 || service.exitCode !== null) {
      await stop()
      throw new Error('the service did not start')
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Every service that a test has started: pages may ask these, and nobody else. */
const served = new Set<string>()

/** Take down what a page must never do: ask another origin, break the content policy, throw. */
function listen(context: BrowserContext, complaints: string[]): void {
  context.on('request', (request) => { if (!/^(blob|data):/.test(request.url()) && !served.has(new URL(request.url()).origin)) complaints.push(`asked ${request.url()}`) })
  context.on('console', (message) => { if (/Content[ -]Security[ -]Policy/.test(message.text())) complaints.push(message.text()) })
  context.on('weberror', (error) => { complaints.push(error.error().message) })
}

/** How far a page has shifted while it loaded, as browsers count it: what follows an input within half a second is left out. */
function countShifts(): void {
  const sums = window as unknown as { shifted: number; shifts: string[] }
  sums.shifted = 0
  sums.shifts = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] }[]) {
      if (entry.hadRecentInput) continue
      sums.shifted += entry.value
      sums.shifts.push(...entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 120) : node?.nodeName ?? '')))
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

interface Fixtures {
  /** A browser of somebody else, watched like the test's own. */
  elsewhere: Page
}

/** Tests of one size share a service, so that each size begins at the setup. BASE_URL names one that runs already. */
export const test = base.extend<Fixtures & { complaints: string[] }, { service: { url: string } }>({
  service: [async ({}, use) => { // how Playwright is told that nothing is needed
    const given = process.env['BASE_URL']
    if (given) {
      served.add(new URL(given).origin)
      return use({ url: given })
    }
    const service = await serve()
    await use(service)
    await service.stop()
  }, { scope: 'worker', timeout: 90_000 }],
  baseURL: ({ service }, use) => use(service.url),
  complaints: [async ({}, use) => {
    const complaints: string[] = []
    await use(complaints)
    expect(complaints, 'what pages did that they must not do').toEqual([])
  }, { auto: true }],
  context: async ({ context, complaints }, use) => {
    listen(context, complaints)
    await context.addInitScript(countShifts)
    await use(context)
  },
  elsewhere: async ({ browser, baseURL, complaints }, use) => {
    const context = await browser.newContext({ baseURL: String(baseURL) })
    listen(context, complaints)
    await use(await context.newPage())
    await context.close()
  },
})
