import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'

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

/** Tests of one size share a service, so that each size begins at the setup. BASE_URL names one that runs already. */
export const test = base.extend<object, { service: { url: string } }>({
  service: [async ({}, use) => { // how Playwright is told that nothing is needed
    const given = process.env['BASE_URL']
    if (given) return use({ url: given })
    const service = await serve()
    await use(service)
    await service.stop()
  }, { scope: 'worker', timeout: 90_000 }],
  baseURL: ({ service }, use) => use(service.url),
})
