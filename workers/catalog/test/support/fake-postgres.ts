import { vi } from 'vitest'

export type Fall = { variantId: number; sequence: number; available: number; threshold: number }
export type Projected = { variantId: number; available: number; sequence: number; sold?: number }

/** Replaces Postgres behind `fetch` and records each projection. `mode` sets how it behaves from now on. */
export function fakePostgres() {
  const projected: Projected[] = []
  const low: Fall[] = []
  const state = { mode: 'up' as 'up' | 'down' | 'hanging', attempts: 0, statements: 0 }
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    state.attempts += 1
    if (state.mode === 'down') throw new TypeError('connection refused')
    if (state.mode === 'hanging') return new Promise(() => {})
    const { params } = JSON.parse(String(init?.body)) as { params: string[] }
    // The first JSON array among the parameters has the falls to a threshold, if any; the last has the levels.
    const arrays = params.filter((param) => typeof param === 'string' && param.startsWith('['))
    const stocks = JSON.parse(arrays.at(-1) ?? '[]') as Projected[]
    if (arrays.length > 1) low.push(...(JSON.parse(arrays[0] ?? '[]') as Fall[]))
    projected.push(...stocks)
    state.statements += 1
    return Response.json({ command: 'UPDATE', rowCount: stocks.length, fields: [], rows: [] })
  })
  return {
    state,
    of: (variantId: number) => projected.filter((one) => one.variantId === variantId),
    lowOf: (variantId: number) => low.filter((one) => one.variantId === variantId),
  }
}
