import { describe, expect, it } from 'vitest'
import { checkRepository } from './layers/check.ts'
import type { Manifest } from './layers/modules.ts'

const EVERY_FILE = { './*': './src/*.ts' }
const MANIFESTS: [folder: string, manifest: Manifest][] = [
  ['', { name: 'edge-commerce', devDependencies: { vitest: '1', stripe: '1' } }],
  ['packages/kernel', { name: '@shop/kernel', exports: EVERY_FILE, devDependencies: { vitest: '1' } }],
  ['packages/contracts', { name: '@shop/contracts', exports: EVERY_FILE }],
  ['packages/http', { name: '@shop/http', exports: EVERY_FILE, dependencies: { hono: '1', '@shop/kernel': '1' } }],
  ['packages/db', { name: '@shop/db', exports: EVERY_FILE, dependencies: { 'drizzle-orm': '1' } }],
  ['packages/testing', { name: '@shop/testing', exports: EVERY_FILE, dependencies: { '@shop/neon-emulator': '1' } }],
  ['emulators/kit', { name: '@shop/emulator-kit', exports: EVERY_FILE }],
  [
    'emulators/neon',
    {
      name: '@shop/neon-emulator',
      exports: EVERY_FILE,
      dependencies: { '@shop/emulator-kit': '1', '@shop/kernel': '1', pg: '1' },
      devDependencies: { vitest: '1' },
    },
  ],
  ['workers/orders', { name: '@shop/orders' }],
]

/** What imports in the examples lead to. */
const THERE = [
  'packages/kernel/src/result.ts',
  'packages/contracts/src/limits.ts',
  'packages/http/src/app.ts',
  'packages/http/src/log.ts',
  'packages/http/src/redis.ts',
  'packages/db/src/client.ts',
  'packages/db/src/schema/orders.ts',
  'packages/db/src/schema/users.ts',
  'packages/testing/src/database.ts',
  'emulators/kit/src/loopback.ts',
  'emulators/neon/src/start.ts',
]

const check = (files: Record<string, string>) =>
  checkRepository({
    sources: new Map([...THERE.map((path): [string, string] => [path, '']), ...Object.entries(files)]),
    manifests: new Map(MANIFESTS),
  })

const ORDERS = 'workers/orders/src/orders'

describe('a file may not import', () => {
  it.each([
    ['the domain', `${ORDERS}/domain/a.ts`, "import { z } from 'zod'", 'npm:zod'],
    ['the domain', `${ORDERS}/domain/a.ts`, "import type { X } from '../place-order.ts'", `${ORDERS}/place-order.ts`],
    ['an entry point', `${ORDERS}/a.ts`, "import { eq } from 'drizzle-orm'", 'npm:drizzle-orm'],
    ['an entry point', `${ORDERS}/a.ts`, "const { app } = await import('@shop/http/app')", 'packages/http/src/app.ts'],
    ['an entry point', `${ORDERS}/a.ts`, "import { orders } from './repository.ts'", `${ORDERS}/repository.ts`],
    ['an entry point', `${ORDERS}/a.ts`, "import { env } from 'cloudflare:workers'", 'cloudflare:workers'],
    [
      'an entry point',
      `${ORDERS}/a.ts`,
      "import { step } from '../carts/internal/step.ts'",
      'workers/orders/src/carts/internal/step.ts',
    ],
    [
      'an entry point',
      `${ORDERS}/a.ts`,
      "import type { CartRow } from '../carts/repository.ts'",
      'workers/orders/src/carts/repository.ts',
    ],
    ['a shared step', `${ORDERS}/internal/a.ts`, "import { deps } from '../../deps.ts'", 'workers/orders/src/deps.ts'],
    ['a route', `${ORDERS}/routes/a.ts`, "import {\n  connect,\n} from '@shop/db/client'", 'packages/db/src/client.ts'],
    ['a route', `${ORDERS}/routes/a.ts`, "import { redis } from '@shop/http/redis'", 'packages/http/src/redis.ts'],
    ['an RPC', 'workers/orders/src/rpc.ts', "import Stripe from 'stripe'", 'npm:stripe'],
    ['a repository', `${ORDERS}/repository.ts`, "import type { Context } from 'hono'", 'npm:hono'],
    [
      'a repository',
      `${ORDERS}/repository/a.ts`,
      "import { users } from '@shop/db/schema/users'",
      'packages/db/src/schema/users.ts',
    ],
    ['a Durable Object', `${ORDERS}/cart-object.ts`, "import { Hono } from 'hono'", 'npm:hono'],
    [
      'the dependencies',
      'workers/orders/src/deps.ts',
      "import { quote } from '../../catalog/src/quote.ts'",
      'workers/catalog/src/quote.ts',
    ],
    [
      'the dependencies',
      'workers/orders/src/deps.ts',
      "import { start } from '@shop/neon-emulator/start'",
      'emulators/neon/src/start.ts',
    ],
    [
      'the kernel',
      'packages/kernel/src/a.ts',
      "import { fail } from '@shop/contracts/limits'",
      'packages/contracts/src/limits.ts',
    ],
    ['a package', 'packages/http/src/a.ts', "import { connect } from '@shop/db/client'", 'packages/db/src/client.ts'],
    ['a package', 'packages/testing/src/a.ts', "import { run } from '../../../scripts/a.ts'", 'scripts/a.ts'],
    ['an emulator', 'emulators/neon/src/a.ts', "export * from '@shop/kernel/result'", 'packages/kernel/src/result.ts'],
    ['an emulator', 'emulators/neon/src/a.ts', "import { expect } from 'vitest'", 'npm:vitest'],
    ['a test', 'emulators/neon/test/a.ts', "import { dev } from '../../../scripts/dev.ts'", 'scripts/dev.ts'],
    ['a test', 'workers/orders/test/unit/a.ts', "import { use } from '../../../../test/use.ts'", 'test/use.ts'],
    ['a script', 'scripts/a.ts', "import { use } from '../test/use.ts'", 'test/use.ts'],
    ['a script', 'scripts/a.ts', "import chalk from 'chalk'", 'npm:chalk'],
    [
      'a script',
      'scripts/a.ts',
      "import { x } from '@shop/http/no-such'",
      '@shop/http/no-such, which @shop/http does not export',
    ],
  ])('%s: %s, %s', (_, file, source, target) => {
    expect(check({ [file]: source })).toEqual([expect.stringContaining(`must not import ${target}`)])
  })

  it.each([
    ["import type { A } from './domain/a.ts'\nimport { ok } from '@shop/kernel/result'"],
    ["import type { OrderRow } from './repository.ts'\nimport type { OrdersDeps } from '../deps.ts'"],
    ["import { addToCart } from '../carts/add-to-cart.ts'\nimport { step } from './internal/step.ts'"],
    ["import { log } from '@shop/http/log'\nimport pMap from 'p-map'"],
    ["// import { eq } from 'drizzle-orm'\n/* new Date() */\nexport const text = `\nimport 'hono'`"],
  ])('what an entry point may: %s', (source) => {
    expect(check({ [`${ORDERS}/place-order.ts`]: source })).toEqual([])
  })

  it.each([
    [`${ORDERS}/routes/place-order.ts`, "import { Hono } from 'hono'\nimport { placeOrder } from '../place-order.ts'"],
    [
      `${ORDERS}/repository/index.ts`,
      "import { sql } from 'drizzle-orm'\nimport { used } from '../../carts/repository.ts'",
    ],
    [
      `${ORDERS}/repository.ts`,
      "import { orders } from '@shop/db/schema/orders'\nimport { ask } from '@shop/db/client'",
    ],
    [
      'workers/orders/test/unit/place-order.test.ts',
      "import { it } from 'vitest'\nimport { startDatabase } from '@shop/testing/database'",
    ],
    ['emulators/neon/test/a.ts', "import { it } from 'vitest'\nimport { listen } from '@shop/emulator-kit/loopback'"],
    ['test/a.ts', "import { readdir } from 'node:fs/promises'\nimport { dev } from '../scripts/dev.ts'"],
  ])('what %s may: %s', (file, source) => {
    expect(check({ [file]: source })).toEqual([])
  })
})

describe('a file may not use', () => {
  it.each([
    ['domain/a.ts', 'export const now = () => Date.now()', 'Date.now('],
    ['domain/a.ts', 'export const now = () => new Date()', 'new Date()'],
    ['domain/a.ts', 'export const ask = () => fetch("/")', 'fetch('],
    ['domain/a.ts', 'export const env = process.env', 'process.'],
    ['domain/a.ts', 'setTimeout(() => {}, 1)', 'setTimeout('],
    ['domain/a.ts', 'export const id = () => crypto.randomUUID()', 'crypto.randomUUID('],
    ['place-order.ts', 'export const now = () => new Date()', 'new Date()'],
    ['place-order.ts', 'export const id = () => crypto.randomUUID()', 'crypto.randomUUID('],
    ['internal/a.ts', 'export const now = () => Date.now()', 'Date.now('],
  ])('%s: %s', (file, source, used) => {
    expect(check({ [`${ORDERS}/${file}`]: source })).toEqual([expect.stringContaining(`must not use ${used}`)])
  })

  it('an hour that it is given is fine', () => {
    expect(
      check({ [`${ORDERS}/domain/a.ts`]: 'export const later = (now: Date) => new Date(now.getTime() + 1)' }),
    ).toEqual([])
  })
})

describe('files and folders', () => {
  const many = (folder: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, number) => [`${folder}/f${number}.ts`, '']))

  it('a folder of a slice has at most 15 files, its routes any number', () => {
    expect(check({ ...many(ORDERS, 15), ...many(`${ORDERS}/routes`, 20) })).toEqual([])
    expect(check(many(`${ORDERS}/domain`, 16))).toEqual([expect.stringContaining(`${ORDERS}/domain has 16 files`)])
  })

  it('a file has at most 260 lines, a test any number', () => {
    const lines = (count: number) => '\n'.repeat(count)
    expect(check({ [`${ORDERS}/a.ts`]: lines(260), 'test/a.test.ts': lines(1_000) })).toEqual([])
    expect(check({ 'packages/db/src/a.ts': lines(261) })).toEqual([expect.stringContaining('has 261 lines')])
  })

  it('a worker has slices and six files beside them', () => {
    expect(check({ 'workers/orders/src/sweep.ts': '' })).toEqual([])
    expect(check({ 'workers/orders/src/helpers.ts': '' })).toContainEqual(
      expect.stringContaining('workers/orders/src/helpers.ts belongs in a slice'),
    )
  })

  it('a type is declared once, however often it is exported', () => {
    expect(
      check({
        [`${ORDERS}/domain/a.ts`]: 'export type Order = 1',
        [`${ORDERS}/domain/index.ts`]: "export type { Order } from './a.ts'\nexport * from './a.ts'",
      }),
    ).toEqual([])
    expect(
      check({
        [`${ORDERS}/domain/a.ts`]: 'export type Order = 1',
        'packages/contracts/src/a.ts': 'export interface Order { id: string }',
      }),
    ).toEqual([expect.stringContaining('the type Order is declared in')])
  })

  it('each emulator has words of its own', () => {
    const refund = 'export type Refund = 1'
    expect(check({ [`${ORDERS}/domain/a.ts`]: refund, 'emulators/neon/src/a.ts': refund })).toEqual([])
  })

  it('a file in none of the known places is reported', () => {
    expect(check({ 'apps/admin/src/a.ts': '' })).toEqual(['apps/admin/src/a.ts belongs to no layer'])
  })
})
