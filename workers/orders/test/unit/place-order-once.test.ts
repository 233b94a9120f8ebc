import { newId } from '@shop/http/ids'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { ok } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import { placeOrder } from '../../src/orders/place-order.ts'
import { customer, holdIdOf, keyed, request } from '../support/place-order.ts'
import { DOWN, OUT_OF_STOCK, quoteOf, testDeps } from '../support/test-deps.ts'

describe('an order with an idempotency key', () => {
  it('is answered again for the same request, and nothing is held or written twice', async () => {
    const { deps, calls } = testDeps()
    const first = await placeOrder(deps, customer, keyed())
    const done = [...calls]
    const again = await placeOrder(deps, customer, keyed())
    if (!first.ok || !again.ok) throw new Error('refused')
    expect(again.value).toEqual({ ...first.value, replayed: true })
    expect(calls).toEqual(done)
  })

  it('gives a guest the same order and token again, however they spell their address', async () => {
    const { deps } = testDeps()
    const idempotencyKey = crypto.randomUUID()
    const [first, again] = [
      await placeOrder(deps, ANONYMOUS, request({ email: 'Ada@example.com', idempotencyKey })),
      await placeOrder(deps, ANONYMOUS, request({ email: 'ada@example.com', idempotencyKey })),
    ]
    if (!first.ok || !again.ok) throw new Error('refused')
    expect(again.value).toEqual({ ...first.value, replayed: true })
  })

  it('refuses a guessable key of a guest before anything is done', async () => {
    const { deps, calls } = testDeps()
    const guest = keyed({ email: 'guest@example.com' })
    expect(await placeOrder(deps, ANONYMOUS, guest)).toMatchObject({ failure: { code: 'idempotency_key_too_weak' } })
    expect(calls).toEqual([])
  })

  it.each([
    ['items', { items: [{ productId: 1, quantity: 3 }] }],
    ['variant', { items: [{ variantId: 1, quantity: 2 }] }],
    ['SKU', { items: [{ sku: 'TEE-M', quantity: 2 }] }],
    ['address', { shippingAddress: '1 Main St' }],
    ['e-mail address', { email: 'other@example.com' }],
  ])('refuses another request with the key: other %s', async (_, over) => {
    const { deps } = testDeps()
    await placeOrder(deps, customer, keyed())
    expect(await placeOrder(deps, customer, keyed(over))).toMatchObject({ failure: { code: 'idempotency_key_reused' } })
  })

  it('keeps the keys of two customers apart', async () => {
    const { deps } = testDeps()
    await placeOrder(deps, customer, keyed())
    const other: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }
    expect(await placeOrder(deps, other, keyed())).toMatchObject({ value: { replayed: false } })
  })

  it('is in flight while its first request runs, which alone holds and writes', async () => {
    const during: unknown[] = []
    const { deps, calls } = testDeps({
      catalog: {
        holdStock: async () => {
          during.push(await placeOrder(deps, customer, keyed()))
          return ok()
        },
      },
    })
    expect(await placeOrder(deps, customer, keyed())).toMatchObject({ value: { replayed: false } })
    expect(during).toEqual([{ ok: false, failure: { code: 'idempotency_in_flight' } }])
    expect(calls).toEqual([expect.stringMatching(/^hold /), 'insert'])
  })

  it('runs again after a refusal', async () => {
    const answers = [OUT_OF_STOCK, ok()]
    const { deps } = testDeps({ catalog: { holdStock: async () => answers.shift() ?? ok() } })
    expect(await placeOrder(deps, customer, keyed())).toMatchObject({ failure: { code: 'out_of_stock' } })
    expect(await placeOrder(deps, customer, keyed())).toMatchObject({ value: { replayed: false } })
  })

  it('releases its holds and answers in flight when another attempt took over its key', async () => {
    const { deps, calls } = testDeps()
    const insert: typeof deps.orders.insert = (placed, placement) =>
      deps.orders.insert(placed, { ...placement, claim: placement.claim && { ...placement.claim, claim: 'overdue' } })
    const late = await placeOrder({ ...deps, orders: { ...deps.orders, insert } }, customer, keyed())
    expect(late).toMatchObject({ failure: { code: 'idempotency_in_flight' } })
    expect(calls.slice(1)).toEqual(['insert', `release ${holdIdOf(calls)}`, 'drop claim'])
  })

  it('is refused all the same when its claim cannot be dropped, and that failure is logged', async () => {
    const { deps, calls } = testDeps({ catalog: { holdStock: async () => OUT_OF_STOCK } })
    const drop = () => Promise.reject(new Error('down'))
    const refused = await placeOrder({ ...deps, keys: { ...deps.keys, drop } }, customer, keyed())
    expect(refused).toMatchObject({ failure: { code: 'out_of_stock' } })
    expect(calls.slice(1)).toEqual(['warn claim_kept'])
  })
})

describe('an answer that is repeated', () => {
  /** Repeats the order of a key after a change of it. */
  const repeat = async (price: number, over: Partial<Order>) => {
    const quote = async () => ok([quoteOf(1, { price })])
    const { deps, calls } = testDeps({ catalog: { quote, commitHolds: async () => DOWN } })
    const first = await placeOrder(deps, customer, keyed())
    if (!first.ok) throw new Error(first.failure.code)
    const begin = deps.keys.begin
    deps.keys.begin = async (...args) => {
      const { key, ...read } = await begin(...args)
      return { key: key?.kind === 'known' ? { ...key, subject: { ...key.subject, ...over } } : key, ...read }
    }
    calls.splice(0)
    const find = vi.spyOn(deps.orders, 'find')
    expect(await placeOrder(deps, customer, keyed())).toMatchObject({ value: { replayed: true, order: over } })
    return { calls, isReadAgain: find.mock.calls.length > 0 }
  }
  const nothing = { calls: [], isReadAgain: false }

  it('sells an order that costs nothing where that failed before', async () => {
    const { calls, isReadAgain } = await repeat(0, {})
    expect(calls).toEqual([expect.stringMatching(/^sell /)])
    expect(isReadAgain).toBe(true)
  })

  it('sells nothing of an order that has to be paid, or was paid', async () => {
    expect(await repeat(1_000, {})).toEqual(nothing)
    expect(await repeat(1_000, { status: 'processing' })).toEqual(nothing)
  })

  it('sells nothing of an order that was sold or cancelled since', async () => {
    expect(await repeat(0, { stockCommitted: true })).toEqual(nothing)
    expect(await repeat(0, { status: 'cancelled' })).toEqual(nothing)
  })
})
