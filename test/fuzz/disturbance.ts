import type { Fault as NeonFault } from '@shop/neon-emulator/faults'
import type { Fault as StripeFault } from '@shop/stripe-emulator'
import type { Platform } from '@shop/testing/platform'
import type { Fault as RedisFault } from '@shop/upstash-emulator/faults'
import fc from 'fast-check'

/** A fault of a dependency. It hits one of the next requests to it, of any worker. */
export type Disturbance = { name: string; arm(platform: Platform): void }

const STATES = ['08006', '28P01', '40001', '40P01', '53300', '55P03', '57P01', '57014', '58030', 'XX000']
const AT = ['before', 'after'] as const

const postgres = fc.oneof<fc.Arbitrary<NeonFault>[]>(
  fc
    .tuple(fc.constantFrom(...STATES), fc.constantFrom(...AT))
    .map(([code, at]): NeonFault => ({ kind: 'status', status: 400, code, at })),
  fc.constantFrom<NeonFault>(
    { kind: 'cut_before' },
    { kind: 'cut_after' },
    { kind: 'status', status: 502, body: '<html>' },
    { kind: 'status', status: 200, body: '' },
  ),
)
const redis = fc.constantFrom<RedisFault>(
  { kind: 'cut_before' },
  { kind: 'cut_after' },
  { kind: 'status', status: 500 },
)
const stripe = fc.constantFrom<StripeFault>(
  { kind: 'cut_before' },
  { kind: 'cut_after' },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 500, at: 'after' },
  { kind: 'status', status: 503 },
)

const skip = fc.nat({ max: 4 })

export const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.tuple(postgres, skip).map(([fault, skip]) => ({
    name: `Postgres ${JSON.stringify({ ...fault, skip })}`,
    arm: ({ database }: Platform) => void database.faults.add({ ...fault, skip }),
  })),
  fc.tuple(redis, skip).map(([fault, skip]) => ({
    name: `Redis ${JSON.stringify({ ...fault, skip })}`,
    arm: ({ upstash }: Platform) => void upstash.faults.add({ ...fault, skip }),
  })),
  fc.tuple(stripe, skip).map(([fault, skip]) => ({
    name: `Stripe ${JSON.stringify({ ...fault, skip })}`,
    arm: ({ stripe }: Platform) => void stripe.faults.add({ ...fault, skip }),
  })),
)
