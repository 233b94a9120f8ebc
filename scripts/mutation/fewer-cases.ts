import { vi } from 'vitest'

/** Property tests would take most of a run: each draws a few cases for a mutant, since every rule has a test of its own, too. */
const MOST_RUNS = 20

vi.mock('fast-check', async (load) => {
  const known = await load<typeof import('fast-check')>()
  const assert = new Proxy(known.assert, {
    apply: (real, self, [property, { numRuns = MOST_RUNS, ...others } = {}]) =>
      Reflect.apply(real, self, [property, { ...others, numRuns: Math.min(numRuns, MOST_RUNS) }]),
  })
  return { ...known, assert, default: { ...known.default, assert } }
})
