import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** For the tests of one folder: Stryker cannot choose one of several projects. */
export default defineConfig({
  test: { include: ['**/*.test.ts'], setupFiles: [fileURLToPath(new URL('fewer-cases.ts', import.meta.url))] },
})
