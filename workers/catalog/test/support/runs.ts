import { vi } from 'vitest'

// The workers' types do not include Node, which runs these tests.
const { process } = globalThis as typeof globalThis & { process: { env: Record<string, string | undefined> } }

/** How many runs a property gets; `LONG=1` runs more, to find rare failures. */
export const runs = (usually: number) => ({ numRuns: usually * (process.env.LONG ? 50 : 1) })
if (process.env.LONG) vi.setConfig({ testTimeout: 600_000 })
