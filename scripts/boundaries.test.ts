import { describe, expect, it } from 'vitest'
import { checkBoundaries, crossingsOf } from './boundaries.ts'

const found = (file: string, source: string) => crossingsOf(file, source).map((crossing) => crossing.found)

describe('the rooms of the house', () => {
  it('are kept by every file of the repository', async () => {
    const { files, crossings } = await checkBoundaries()
    expect(files).toBeGreaterThan(100)
    expect(crossings).toEqual([])
  })

  it.each([
    ['packages/contracts/src/a.ts', "import { Hono } from 'hono'", 'hono'],
    ['packages/http/src/a.ts', "import { connect } from '@shop/db'", '@shop/db'],
    ['packages/db/src/a.ts', "import type { Context } from 'hono'", 'hono'],
    ['emulators/neon/src/a.ts', "export * from '@shop/db'", '@shop/db'],
    ['emulators/stripe/src/a.ts', "import { expect } from 'vitest'", 'vitest'],
    ['emulators/stripe/test/a.ts', "import { dev } from '../../../scripts/dev/main.ts'", 'scripts/dev/main.ts'],
    ['packages/testing/src/a.ts', "import { run } from '../../../scripts/a.ts'", 'scripts/a.ts'],
    ['workers/orders/src/domain/a.ts', "import { x } from '../operations/x.ts'", 'workers/orders/src/operations/x.ts'],
    ['workers/orders/src/domain/a.ts', 'export const now = () => Date.now()', 'Date.now('],
    ['workers/orders/src/operations/a.ts', "import { eq } from 'drizzle-orm'", 'drizzle-orm'],
    ['workers/orders/src/operations/a.ts', "const m = await import('@shop/http')", '@shop/http'],
    ['workers/payments/src/routes/a.ts', "import Stripe from 'stripe'", 'stripe'],
    ['workers/payments/src/routes/a.ts', "import {\n  connect,\n} from '@shop/db'", '@shop/db'],
    ['workers/orders/src/deps.ts', "import '@shop/db/repositories/users/index'", '@shop/db/repositories/users/index'],
    ['workers/orders/src/deps.ts', "import { x } from '../../catalog/src/index.ts'", 'workers/catalog/src/index.ts'],
    [
      'workers/orders/src/deps.ts',
      "import { startStripeEmulator } from '@shop/stripe-emulator'",
      '@shop/stripe-emulator',
    ],
  ])('%s must not have: %s', (file, source, crossing) => {
    expect(found(file, source)).toEqual([crossing])
  })

  it.each([
    ['workers/orders/src/domain/a.ts', "import { ok } from '@shop/contracts'\nimport { b } from './b.ts'"],
    ['workers/orders/src/operations/a.ts', "import type { D } from '../ports.ts'\nimport { d } from '../domain/d.ts'"],
    [
      'workers/orders/src/deps.ts',
      "import { connect } from '@shop/db'\nimport * as s from '@shop/db/repositories/orders/index'",
    ],
    ['emulators/neon/test/a.ts', "import { it } from 'vitest'\nimport { answer } from '../src/answer.ts'"],
    ['workers/payments/src/stripe/a.ts', "import Stripe from 'stripe'"],
    ['scripts/a.ts', "import { anything } from 'anywhere'"],
  ])('%s may have: %s', (file, source) => {
    expect(found(file, source)).toEqual([])
  })

  it('are not crossed by what a comment says', () => {
    expect(found('workers/orders/src/domain/a.ts', "// import x from 'hono'\n/* Date.now() */")).toEqual([])
  })
})
