import { configDefaults, defineConfig } from 'vitest/config'

const SCRIPTS_WITH_DATABASE = ['scripts/**/*.database.test.ts']

/**
 * Kinds of tests: `unit` needs nothing, `stock`, `carts`, `limits`, `budget`, `live` and `sweeper` run the Durable Objects in
 * workerd, `emulators` runs the emulators, `services` whatever needs a real database, `platform` all workers over HTTP.
 *
 * The files of `unit`, `services` and `platform` share a process (`isolate: false`), so that it loads each module once
 * (with a process for each file, loading took seven times as long as testing). So no file may leave fake timers, a
 * stubbed environment or a changed global behind; Vitest restores spies after each file.
 */
export default defineConfig({
  test: {
    // The machine may have two cores; a platform is busy on both by itself.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/{addresses,kernel,contracts,http,passwords,services,settings}/test/**/*.test.ts',
            'workers/*/test/unit/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...SCRIPTS_WITH_DATABASE, 'packages/http/test/workerd/**'],
          isolate: false,
        },
      },
      {
        test: {
          name: 'services',
          include: ['packages/db/test/**/*.test.ts', 'workers/*/test/database/**/*.test.ts', ...SCRIPTS_WITH_DATABASE],
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // Each file has a process of its own, since they configure the clients of the real services, each its own way.
          name: 'emulators',
          include: ['emulators/*/test/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      'workers/*/vitest.config.ts',
      'packages/http/vitest.config.ts',
      {
        test: {
          name: 'platform',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/support/prebuild.ts'],
          // They may share a platform, too: see useSharedPlatform.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
