import { ANONYMOUS, currency } from '@shop/kernel'
import { describe, expect, it } from 'vitest'
import { announceChange } from '../../../src/caching/announce-change.ts'
import type { AnswerCache } from '../../../src/caching/answer-cache.ts'
import { type KeptAnswer, usableAnswer, versionOf } from '../../../src/caching/domain/kept-answer.ts'
import { type Question, readAnswer } from '../../../src/caching/read-answer.ts'
import { sweepCatalog } from '../../../src/sweep.ts'
import { aCatalog, CUSTOMER, STAFF } from '../../support/catalog.ts'

/** A cache in memory that can fail, a database of one value, and a clock. */
function aCache(initialVersion: unknown = 7) {
  const clock = { now: 1_000_000 }
  const kept = new Map<string, unknown>()
  const state = { version: initialVersion, value: 'old', loads: 0, isDown: false }
  const command = async <T>(work: () => T): Promise<T> => {
    if (state.isDown) throw new Error('Redis does not answer')
    return work()
  }
  const answers: AnswerCache = {
    read: (key) => command(() => ({ version: state.version, kept: kept.get(key) })),
    keep: (key, answer) => command(() => void kept.set(key, answer)),
    setFirstVersion: (version) =>
      command(() => {
        state.version ??= version
      }),
    startVersion: () =>
      command(() => {
        state.version = Number(state.version ?? 0) + 1
      }),
    ping: () => command(() => {}),
  }
  const background: Promise<unknown>[] = []
  const { deps: catalog, unannouncedChanges, warnings } = aCatalog()
  const deps = {
    ...catalog,
    answers,
    now: () => new Date(clock.now),
    later: (work: Promise<unknown>) => void background.push(work),
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
  const ask = async (caller = ANONYMOUS, over: Partial<Question<string>> = {}) => {
    const reading = await readAnswer(deps, caller, { ...question, ...over })
    await Promise.all(background.splice(0))
    return reading
  }
  return { deps, ask, clock, kept, state, warnings, background, unannouncedChanges }
}

describe('reading an answer', () => {
  it('loads once while the answer is fresh, and tells its age', async () => {
    const { ask, clock } = aCache()
    expect(await ask()).toEqual({ answer: 'old', ageMs: 0, from: 'postgres' })
    clock.now += 499
    expect(await ask(CUSTOMER)).toEqual({ answer: 'old', ageMs: 499, from: 'redis' })
    clock.now += 1
    expect(await ask()).toEqual({ answer: 'old', ageMs: 0, from: 'postgres' })
  })

  it('always loads for staff, and keeps nothing of it', async () => {
    const { ask, kept } = aCache()
    expect(await ask(STAFF)).toEqual({ answer: 'old', ageMs: undefined, from: 'bypass' })
    expect(kept.size).toBe(0)
    await ask()
    expect(await ask(STAFF)).toMatchObject({ from: 'bypass' })
  })

  it('ignores what was kept before a change', async () => {
    const { ask, deps, state } = aCache()
    await ask()
    state.value = 'new'
    await announceChange(deps, { key: 'change', now: deps.now() })
    expect(await ask()).toEqual({ answer: 'new', ageMs: 0, from: 'postgres' })
  })

  it('ignores what was read before a change and kept after it', async () => {
    const { ask, deps, state, background } = aCache()
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

  it('keeps nothing without a version, and sets the first one', async () => {
    const { ask, kept, state, clock } = aCache(null)
    expect(await ask()).toMatchObject({ from: 'postgres' })
    expect([kept.size, state.version]).toEqual([0, clock.now])
    expect(await ask()).toMatchObject({ from: 'postgres' })
    expect(await ask()).toMatchObject({ from: 'redis' })
  })

  it('works without a cache, and with one that does not answer', async () => {
    const { ask, state, deps, warnings } = aCache()
    await ask()
    state.isDown = true
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

  it('does not keep what must not be kept', async () => {
    const { ask, kept, state } = aCache()
    state.value = 'refused'
    expect(await ask()).toEqual({ answer: 'refused', ageMs: undefined, from: 'postgres' })
    expect(kept.size).toBe(0)
  })

  it.each([
    ['of another key', { key: 'product:2' }],
    ['of another shape', { answer: { price: 1 } }],
    ['from the future', { readAt: 1_000_001 }],
    ['of another version', { version: 6 }],
  ])('ignores an answer %s', async (_, over) => {
    const { ask, kept } = aCache()
    await ask()
    kept.set('product:1', { ...(kept.get('product:1') as KeptAnswer), ...over })
    expect(await ask()).toMatchObject({ from: 'postgres' })
  })
})

describe('what Redis returns', () => {
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
  async function changed(isDown: boolean) {
    const shop = aCache()
    shop.state.isDown = isDown
    const now = shop.deps.now()
    const fields = { ...product, lowStockThreshold: null, openingStock: 0, createdAt: now }
    await shop.deps.products.insert({ ...fields, change: { key: 'change', firstAttemptAt: now } })
    await announceChange(shop.deps, { key: 'change', now })
    await Promise.all(shop.background.splice(0))
    return shop
  }

  it('is announced at once', async () => {
    const shop = await changed(false)
    expect([shop.state.version, shop.unannouncedChanges()]).toEqual([8, 0])
  })

  it('is announced by the sweep when Redis did not answer', async () => {
    const shop = await changed(true)
    expect([shop.warnings, shop.unannouncedChanges()]).toEqual([['change_announced_later'], 1])
    expect(await sweepCatalog(shop.deps)).toMatchObject({ changes_announced: 0 })
    shop.state.isDown = false
    expect(await sweepCatalog(shop.deps)).toMatchObject({ changes_announced: 1 })
    expect([shop.state.version, shop.unannouncedChanges()]).toEqual([8, 0])
    expect(await sweepCatalog(shop.deps)).toMatchObject({ changes_announced: 0 })
  })
})
