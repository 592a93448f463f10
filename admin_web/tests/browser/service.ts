import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The real service over the demo's catalogue, fresh for each run; BASE_URL names one that runs already. */
export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['BASE_URL']) return undefined
  const port = process.env['PORT'] ?? '3917'
  const folder = mkdtempSync(join(tmpdir(), 'openposterdb-web-'))
  const python = process.env['PYTHON'] ?? '../.venv/bin/python'
  const service = spawn(python, ['-m', 'openposterdb', 'demo'], {
    env: { ...process.env, LISTEN_ADDR: `127.0.0.1:${port}`, METRICS_ADDR: 'off', DEMO_DIR: folder, AUTH_RATE_LIMIT: 'off', FREE_KEY_ENABLED: process.env['SCREENSHOTS'] ? 'true' : '' },
    stdio: 'inherit',
  })
  const url = `http://127.0.0.1:${port}/readyz`
  for (let attempt = 0; ; attempt += 1) {
    const ready = await fetch(url).then((answer) => answer.ok, () => false)
    if (ready) break
    if (attempt > 240 || service.exitCode !== null) throw new Error('the service did not start')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return async () => {
    const ended = new Promise((resolve) => service.once('exit', resolve))
    service.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}
