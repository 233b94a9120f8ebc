import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** The object that keeps to Stripe's limit, in workerd. Nothing here asks orders, so nothing stands for it. */
export default defineConfig({
  // Of each module of the Stripe SDK it would warn that its source map leads nowhere: the sources are not published.
  logLevel: 'error',
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: { serviceBindings: { ORDERS: () => new Response(null, { status: 503 }) } },
    }),
  ],
  // The first test waits for the worker to be loaded.
  test: { name: 'budget', include: ['test/budget/**/*.test.ts'], testTimeout: 30_000 },
})
