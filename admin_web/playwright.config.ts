import { defineConfig } from '@playwright/test'

const port = process.env['PORT'] ?? '3917'

export default defineConfig({
  testDir: 'tests/browser',
  workers: 1,
  timeout: 60_000,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  expect: { timeout: 10_000 },
  globalSetup: './tests/browser/service.ts',
  outputDir: 'test-results',
  use: {
    baseURL: process.env['BASE_URL'] ?? `http://127.0.0.1:${port}`,
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] },
    trace: 'off',
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1440, height: 900 } } },
    { name: 'phone', use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
  ],
})
