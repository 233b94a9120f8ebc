import { vi } from 'vitest'

// The types of the workers know of no Node, which runs these tests.
const { process } = globalThis as typeof globalThis & { process: { env: Record<string, string | undefined> } }

/** How often a property is tried; `LONG=1` looks for what is rare, and takes its time. */
export const runs = (usually: number) => ({ numRuns: usually * (process.env.LONG ? 50 : 1) })
if (process.env.LONG) vi.setConfig({ testTimeout: 600_000 })
