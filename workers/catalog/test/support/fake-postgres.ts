import { vi } from 'vitest'

export type Fall = { variantId: number; sequence: number; available: number; threshold: number }
export type Projected = { variantId: number; available: number; sequence: number }

/** What stands in for Postgres behind `fetch`: notes each projection; `mode` says how it behaves from now on. */
export function fakePostgres() {
  const projected: Projected[] = []
  const low: Fall[] = []
  const state = { mode: 'up' as 'up' | 'down' | 'hanging', attempts: 0, statements: 0 }
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    state.attempts += 1
    if (state.mode === 'down') throw new TypeError('connection refused')
    if (state.mode === 'hanging') return new Promise(() => {})
    const { params } = JSON.parse(String(init?.body)) as { params: string[] }
    // The levels come last; the falls to a threshold, where there are any, before them.
    const stocks = JSON.parse(params.at(-1) ?? '[]') as Projected[]
    if (params.length > 1) low.push(...(JSON.parse(params.at(-2) ?? '[]') as Fall[]))
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
