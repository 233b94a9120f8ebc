import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** The objects of sign-ins and revocations in workerd. */
export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
  // Each address is an object of its own, which takes some time to make.
  test: { name: 'limits', include: ['test/{limits,sessions}/**/*.test.ts'], testTimeout: 30_000 },
})
