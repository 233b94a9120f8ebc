import { describe, expect, it } from 'vitest'
import { recentRules } from '../../../src/carts/internal/recent-rules.ts'
import type { RulesQuery } from '../../../src/pricing/domain/purchase.ts'
import { NO_RULES } from '../../support/purchases.ts'
import { NOW } from '../../support/test-deps.ts'

const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)
const query = (over: Partial<RulesQuery> = {}): RulesQuery => ({
  ...{ codes: ['A', 'B'], now: NOW, customerKey: null, userId: null, country: 'US' },
  ...over,
})

/** Rules that are counted, and fail while `isDown`. */
function counted() {
  const state = { reads: 0, isDown: false }
  const rules = recentRules(async () => {
    state.reads += 1
    if (state.isDown) throw new Error('down')
    return NO_RULES
  })
  return { state, rules }
}

describe('the rules that carts are shown with', () => {
  it('are read once a minute', async () => {
    const { state, rules } = counted()
    for (const seconds of [0, 30, 59]) await rules.find(query({ now: after(seconds) }))
    expect(state.reads).toBe(1)
    await rules.find(query({ now: after(60) }))
    expect(state.reads).toBe(2)
  })

  it('are the same for codes in another order and spelling', async () => {
    const { state, rules } = counted()
    for (const codes of [
      ['A', 'B'],
      ['b', 'A '],
    ])
      await rules.find(query({ codes }))
    expect(state.reads).toBe(1)
  })

  it.each<[string, Partial<RulesQuery>]>([
    ['country', { country: 'DE' }],
    ['codes', { codes: ['A'] }],
    ['customer', { customerKey: 'email:1' }],
  ])('are read by themselves for another %s', async (_, over) => {
    const { state, rules } = counted()
    await rules.find(query())
    await rules.find(query(over))
    expect(state.reads).toBe(2)
  })

  it('are read again after they could not be read, and once they are known to be old', async () => {
    const { state, rules } = counted()
    state.isDown = true
    await expect(rules.find(query())).rejects.toThrow('down')
    state.isDown = false
    await rules.find(query())
    rules.forget(query({ now: after(1) }))
    await rules.find(query())
    expect(state.reads).toBe(3)
  })

  it('are kept for 500 buyers at most', async () => {
    const { state, rules } = counted()
    for (let n = 0; n <= 500; n += 1) await rules.find(query({ customerKey: `email:${n}` }))
    await rules.find(query({ customerKey: 'email:500' }))
    expect(state.reads).toBe(501)
    await rules.find(query({ customerKey: 'email:0' }))
    expect(state.reads).toBe(502)
  })
})
