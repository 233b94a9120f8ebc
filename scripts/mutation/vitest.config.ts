import { defineConfig } from 'vitest/config'

/** For the tests of one folder: Stryker cannot choose one of several projects. */
export default defineConfig({ test: { include: ['**/*.test.ts'] } })
