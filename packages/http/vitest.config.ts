import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** The sweeper in workerd, with tasks that its tests set. */
export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: './test/workerd/wrangler.toml' } })],
  test: { name: 'sweeper', include: ['test/workerd/**/*.test.ts'] },
})
