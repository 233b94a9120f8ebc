import { ANONYMOUS } from '@shop/kernel/caller'
import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it } from 'vitest'
import type { AnswerCache } from '../../../src/caching/answer-cache.ts'
import { type KeptAnswer, usableAnswer, versionOf } from '../../../src/caching/domain/kept-answer.ts'
import { invalidateAnswers } from '../../../src/caching/invalidate-answers.ts'
import { type Question, readAnswer } from '../../../src/caching/read-answer.ts'
import { createProduct } from '../../../src/products/create-product.ts'
import { catalogTasks } from '../../../src/sweep.ts'
import { aCatalog, CUSTOMER, DRAFT, STAFF } from '../../support/catalog.ts'

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
  const { deps: catalog, pendingOf, warnings } = aCatalog()
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
  return { deps, ask, clock, kept, state, warnings, background, pendingOf }
}

describe('reading an answer', () => {
  it('loads once while the answer is fresh, and returns its age', async () => {
    const { ask, clock } = aCache()
    expect(await ask()).toEqual({ answer: 'old', ageMs: 0, from: 'postgres' })
    clock.now += 499
    expect(await ask(CUSTOMER)).toEqual({ answer: 'old', ageMs: 499, from: 'redis' })
    clock.now += 1
    expect(await ask()).toEqual({ answer: 'old', ageMs: 0, from: 'postgres' })
  })

  it('ends when the answer changes by itself, which may be at once', async () => {
    const { ask, clock, kept } = aCache()
    const until = (milliseconds: number) => ({ changesAt: () => 1_000_000 + milliseconds })
    expect(await ask(ANONYMOUS, until(100))).toEqual({ answer: 'old', ageMs: 0, validMs: 100, from: 'postgres' })
    clock.now += 99
    expect(await ask(ANONYMOUS, until(100))).toEqual({ answer: 'old', ageMs: 99, validMs: 1, from: 'redis' })
    clock.now += 1
    expect(await ask(ANONYMOUS, until(100))).toMatchObject({ ageMs: 0, from: 'postgres' })
    kept.clear()
    await ask(ANONYMOUS, until(100))
    expect(kept.size).toBe(0)
  })

  it('always loads for staff, and caches nothing of it', async () => {
    const { ask, kept } = aCache()
    expect(await ask(STAFF)).toEqual({ answer: 'old', ageMs: undefined, from: 'bypass' })
    expect(kept.size).toBe(0)
    await ask()
    expect(await ask(STAFF)).toMatchObject({ from: 'bypass' })
  })

  it('ignores an entry cached before a change', async () => {
    const { ask, deps, state } = aCache()
    await ask()
    state.value = 'new'
    await invalidateAnswers(deps)
    expect(await ask()).toEqual({ answer: 'new', ageMs: 0, from: 'postgres' })
  })

  it('ignores an entry that was read before a change and cached after it', async () => {
    const { ask, deps, state, background } = aCache()
    const load = async () => {
      const read = state.value
      state.value = 'new'
      await invalidateAnswers(deps)
      await Promise.all(background.splice(0))
      return read
    }
    expect(await ask(ANONYMOUS, { load })).toMatchObject({ answer: 'old' })
    expect(await ask()).toEqual({ answer: 'new', ageMs: 0, from: 'postgres' })
  })

  it('caches nothing without a version, and sets the first one', async () => {
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

  it('does not cache an answer marked as uncacheable', async () => {
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
    'is ignored: %j',
    (kept) => {
      expect(usableAnswer(kept, { key: 'k', version: 1, at: 5 })).toBeUndefined()
    },
  )
})

describe('a change of the catalogue', () => {
  async function changed(isDown: boolean) {
    const shop = aCache()
    shop.state.isDown = isDown
    await createProduct(shop.deps, STAFF, DRAFT)
    await Promise.all(shop.background.splice(0))
    return shop
  }

  it('invalidates the cached answers at once', async () => {
    const shop = await changed(false)
    expect([shop.state.version, shop.pendingOf('catalog_cache')]).toEqual([8, []])
  })

  it('invalidates them through the sweep when Redis did not answer', async () => {
    const shop = await changed(true)
    expect([shop.warnings, shop.pendingOf('catalog_cache')]).toEqual([['event_postponed'], ['product.created 1']])
    shop.clock.now += 60_000
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ cache_events_delivered: 0 })
    shop.state.isDown = false
    shop.clock.now += 60_000
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ cache_events_delivered: 1 })
    expect([shop.state.version, shop.pendingOf('catalog_cache')]).toEqual([8, []])
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ cache_events_delivered: 0 })
  })

  it('starts one version for all changes that the sweep delivers', async () => {
    const shop = await changed(true)
    await createProduct(shop.deps, STAFF, DRAFT)
    shop.state.isDown = false
    shop.clock.now += 60_000
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ cache_events_delivered: 2 })
    expect(shop.state.version).toBe(8)
  })
})
