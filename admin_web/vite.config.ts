import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const service = process.env['SERVICE_URL'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [vue(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the policy of the pages knows no data: scripts or styles
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': service, '/docs': service } },
  test: { environment: 'happy-dom', include: ['tests/unit/**/*.test.ts'] },
})
