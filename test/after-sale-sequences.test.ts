import { eventually } from '@shop/testing/eventually'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from './after-sale/commands.ts'
import { newWorld, type World } from './after-sale/world.ts'
import { worldMismatches } from './after-sale/world-mismatches.ts'
import { booksMismatches } from './support/books.ts'
import { usePlatform } from './support/use-platform.ts'

/**
 * Random sequences of what staff, customers and banks do after a sale, over HTTP. The test does the same to the units as things, and
 * to the money: after each change the order, the shelf and the gift cards must say the same, and after each sequence orders,
 * payments, ledger, stock, gift cards and Stripe. A gift card pays a part of every second order. `LONG=1` runs more and longer ones;
 * `SEED=7` others; `ONLY=3` one of them.
 */
const stage = usePlatform({ attemptSeconds: 1, paymentCheckSeconds: 1 })

const SEED = Number(process.env.SEED ?? 14)
const [RUNS, STEPS] = process.env.LONG ? [60, 20] : [8, 8]
const WITHIN_MS = 30_000

const sequence = fc.array(fc.tuple(fc.constantFrom(...COMMANDS), fc.nat(3_000)), { minLength: STEPS, maxLength: STEPS })
const ONLY = process.env.ONLY && Number(process.env.ONLY)
const sequences = fc
  .sample(sequence, { seed: SEED, numRuns: RUNS })
  .map((steps, at) => ({ number: at + 1, steps }))
  .filter(({ number }) => !ONLY || number === ONLY)

/** Sweeps until nothing differs. */
async function agree(find: () => Promise<string[]>): Promise<void> {
  const look = async () => {
    const mismatches = await find()
    if (mismatches.length > 0) await stage.platform.sweep()
    return mismatches
  }
  await eventually(look, (mismatches) => mismatches.length === 0, WITHIN_MS)
}

async function runSteps(world: World, steps: (typeof sequences)[number]['steps']): Promise<void> {
  const done: string[] = []
  for (const [command, pick] of steps) {
    done.push(`${command.name} (${pick})`)
    try {
      await command.run(world, pick)
      await agree(() => worldMismatches(world))
    } catch (error) {
      throw new Error(`${done.join(', ')}: ${error instanceof Error ? error.message : error}`)
    }
  }
}

describe(`any sequence of changes after a sale, of seed ${SEED}`, () => {
  it.each(sequences)(
    'number $number leaves order, money and stock as the things are',
    async ({ number, steps }) => {
      // The rate limit is per user, so each sequence has an administrator of its own.
      stage.admin = await stage.shop.signUpAdmin()
      const world = await newWorld(stage, { withGiftCard: number % 2 === 0 })
      await runSteps(world, steps)
      await agree(() => booksMismatches(stage.platform))
      expect(await worldMismatches(world)).toEqual([])
    },
    process.env.LONG ? 600_000 : 180_000,
  )
})
