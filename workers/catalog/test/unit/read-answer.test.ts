import { ANONYMOUS, type Caller, currency } from '@shop/kernel'
import { describe, expect, it } from 'vitest'
import { type KeptAnswer, usableAnswer, versionOf } from '../../src/domain/kept-answer.ts'
import { announceChange } from '../../src/operations/announce-change.ts'
import { type Question, readAnswer } from '../../src/operations/read-answer.ts'
import { sweepCatalog } from '../../src/operations/sweep-catalog.ts'
import type { AnswerCache } from '../../src/ports.ts'
import { fakeStock } from '../support/fake-stock.ts'
import { memoryProducts } from '../support/memory-products.ts'

const admin: Caller = { kind: 'user', userId: 'user_admin', role: 'admin' }
const customer: Caller = { kind: 'user', userId: 'user_customer', role: 'customer' }

/** A cache in memory whose single steps a test can make fail, a database of one value, and a clock. */
function aCatalogue(initialVersion: unknown = 7) {
  const clock = { now: 1_000_000 }
  const kept = new Map<string, unknown>()
  const state = { version: initialVersion, value: 'old', loads: 0, isAway: false }
  const step = async <T>(work: () => T): Promise<T> => {
    if (state.isAway) throw new Error('Redis is away')
    return work()
  }
  const answers: AnswerCache = {
    read: (key) => step(() => ({ version: state.version, kept: kept.get(key) })),
    keep: (key, answer) => step(() => void kept.set(key, answer)),
    begin: (version) =>
      step(() => {
        state.version ??= version
      }),
    renew: () =>
      step(() => {
        state.version = Number(state.version ?? 0) + 1
      }),
    ping: () => step(() => {}),
  }
  const background: Promise<unknown>[] = []
  const warnings: string[] = []
  const rows = memoryProducts()
  const deps = {
    ...rows,
    answers,
    stock: fakeStock({}, { now: new Date(0) }).stock,
    now: () => new Date(clock.now),
    later: (work: Promise<unknown>) => void background.push(work),
    newKey: () => crypto.randomUUID(),
    warn: (event: string) => void warnings.push(event),
  }
  const question: Question<string> = {
    key: 'product:1',
    parse: (answer) => (typeof answer === 'string' ? answer : undefined),
    keeps: (answer) => answer !== 'refused',
    load: async () => {
      state.loads += 1
      return state.value
    },
  }
  const ask = async (caller: Caller = ANONYMOUS, over: Partial<Question<string>> = {}) => {
    const reading = await readAnswer(deps, caller, { ...question, ...over })
    await Promise.all(background.splice(0))
    return reading
  }
  return { deps, ask, clock, kept, state, warnings, background, unheard: rows.unheardChanges }
}

describe('reading an answer', () => {
  it('asks the database once while the answer is young, and tells its age', async () => {
    const { ask, clock } = aCatalogue()
    expect(await ask()).toEqual({ answer: 'old', ageMs: 0, from: 'postgres' })
    clock.now += 499
    expect(await ask(customer)).toEqual({ answer: 'old', ageMs: 499, from: 'redis' })
    clock.now += 1
    expect(await ask()).toEqual({ answer: 'old', ageMs: 0, from: 'postgres' })
  })

  it('asks the database for whoever may change products, and keeps nothing of it', async () => {
    const { ask, kept } = aCatalogue()
    expect(await ask(admin)).toEqual({ answer: 'old', ageMs: undefined, from: 'bypass' })
    expect(kept.size).toBe(0)
    await ask()
    expect(await ask(admin)).toMatchObject({ from: 'bypass' })
  })

  it('counts nothing that was kept before a change', async () => {
    const { ask, deps, state } = aCatalogue()
    await ask()
    state.value = 'new'
    await announceChange(deps, { key: 'change', now: deps.now() })
    expect(await ask()).toEqual({ answer: 'new', ageMs: 0, from: 'postgres' })
  })

  it('does not keep alive what was read before a change and kept after it', async () => {
    const { ask, deps, state, background } = aCatalogue()
    const load = async () => {
      const read = state.value
      state.value = 'new'
      await announceChange(deps, { key: 'change', now: deps.now() })
      await Promise.all(background.splice(0))
      return read
    }
    expect(await ask(ANONYMOUS, { load })).toMatchObject({ answer: 'old' })
    expect(await ask()).toEqual({ answer: 'new', ageMs: 0, from: 'postgres' })
  })

  it('keeps nothing without a version, and gives the catalogue its first', async () => {
    const { ask, kept, state, clock } = aCatalogue(null)
    expect(await ask()).toMatchObject({ from: 'postgres' })
    expect([kept.size, state.version]).toEqual([0, clock.now])
    expect(await ask()).toMatchObject({ from: 'postgres' })
    expect(await ask()).toMatchObject({ from: 'redis' })
  })

  it('goes on without a cache that is away, and without one at all', async () => {
    const { ask, state, deps, warnings } = aCatalogue()
    await ask()
    state.isAway = true
    state.value = 'new'
    expect(await ask()).toEqual({ answer: 'new', ageMs: 0, from: 'postgres' })
    expect(warnings).toEqual(['answer_cache_unread'])
    const without = { ...deps, answers: undefined }
    const load = async () => 'new'
    expect(await readAnswer(without, ANONYMOUS, { key: 'k', parse: () => 'kept', keeps: () => true, load })).toEqual({
      answer: 'new',
      ageMs: 0,
      from: 'postgres',
    })
  })

  it('gives to nobody else what must not be kept', async () => {
    const { ask, kept, state } = aCatalogue()
    state.value = 'refused'
    expect(await ask()).toEqual({ answer: 'refused', ageMs: undefined, from: 'postgres' })
    expect(kept.size).toBe(0)
  })

  it.each([
    ['of another key', { key: 'product:2' }],
    ['of another shape', { answer: { price: 1 } }],
    ['of a time to come', { readAt: 1_000_001 }],
    ['of another version', { version: 6 }],
  ])('passes over an answer %s', async (_, over) => {
    const { ask, kept } = aCatalogue()
    await ask()
    kept.set('product:1', { ...(kept.get('product:1') as KeptAnswer), ...over })
    expect(await ask()).toMatchObject({ from: 'postgres' })
  })
})

describe('what Redis says', () => {
  it.each([
    [7, 7],
    ['7', 7],
    [0, undefined],
    [-1, undefined],
    [1.5, undefined],
    [null, undefined],
    ['seven', undefined],
    [{}, undefined],
  ])('is a version or not: %j', (given, version) => {
    expect(versionOf(given)).toBe(version)
  })

  it.each([null, 'text', 7, [], {}, { key: 'k', version: 1 }, { key: 'k', version: 1, readAt: 'x', answer: 1 }])(
    'is no answer: %j',
    (kept) => {
      expect(usableAnswer(kept, { key: 'k', version: 1, at: 5 })).toBeUndefined()
    },
  )
})

describe('a change', () => {
  const product = { name: 'Mug', description: '', category: null, imageUrl: null, price: 1, currency: currency('USD') }
  async function changed(isAway: boolean) {
    const shop = aCatalogue()
    shop.state.isAway = isAway
    const now = shop.deps.now()
    const fields = { ...product, lowStockThreshold: null, openingStock: 0, createdAt: now }
    await shop.deps.products.insert({ ...fields, change: { key: 'change', firstAttemptAt: now } })
    await announceChange(shop.deps, { key: 'change', now })
    await Promise.all(shop.background.splice(0))
    return shop
  }

  it('is announced at once', async () => {
    const shop = await changed(false)
    expect([shop.state.version, shop.unheard()]).toEqual([8, 0])
  })

  it('that Redis did not hear of is announced by the sweep until it did', async () => {
    const shop = await changed(true)
    expect([shop.warnings, shop.unheard()]).toEqual([['change_announced_later'], 1])
    expect(await sweepCatalog(shop.deps)).toMatchObject({ changes_announced: 0 })
    shop.state.isAway = false
    expect(await sweepCatalog(shop.deps)).toMatchObject({ changes_announced: 1 })
    expect([shop.state.version, shop.unheard()]).toEqual([8, 0])
    expect(await sweepCatalog(shop.deps)).toMatchObject({ changes_announced: 0 })
  })
})
