import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const unavailable = () => new Response(null, { status: 503 })

/** The objects of sign-ins and revocations in workerd. They ask nobody, so nothing stands for the services that get events. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: { serviceBindings: { ORDERS: unavailable, PAYMENTS: unavailable, CATALOG: unavailable } },
    }),
  ],
  // Each address is an object of its own, which takes some time to make.
  test: { name: 'limits', include: ['test/{limits,sessions}/**/*.test.ts'], testTimeout: 30_000 },
})
