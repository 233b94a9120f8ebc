import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** The stock object in workerd. Postgres is the tests' own `fetch`, so nothing listens at this address. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          CATALOG_DATABASE_URL: 'postgres://catalog_service@127.0.0.1:1/postgres',
          NEON_FETCH_ENDPOINT: 'http://127.0.0.1:1/sql',
        },
      },
    }),
  ],
  test: { name: 'stock', include: ['test/stock/**/*.test.ts'] },
})
