import { env } from 'cloudflare:workers'
import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import type { Cart } from '../../src/carts/domain/cart.ts'
import { aCart, anItem, aWrite, GUEST } from '../support/carts.ts'

const keyNamed = (key: string) => ({ key, requestHash: key })
const placed = () => ({ id: newId('order'), userId: null })

async function cartToComplete(over: Partial<Cart> = {}) {
  const cart = aCart({ items: [anItem()], createdAt: new Date(), updatedAt: new Date(), ...over })
  const object = env.CARTS.getByName(cart.id)
  await object.create({ cart, key: keyNamed('made'), access: GUEST })
  const begin = async (claim: string, more: { key?: string; reopens?: `order_${string}` } = {}) =>
    object.beginCompletion({
      ...{ access: GUEST, claim, versions: undefined, reopens: more.reopens },
      key: more.key === undefined ? undefined : keyNamed(more.key),
    })
  return { cart, object, begin }
}

describe('ten callers who complete a cart at the same time', () => {
  it('are one that gets it, and nine that get the order of that one', async () => {
    const { object, begin } = await cartToComplete()
    const order = placed()
    const callers = Array.from({ length: 10 }, async (_, n) => {
      const begun = await begin(`caller-${n}`)
      if (begun.ok && begun.value.kind === 'begun') {
        await scheduler.wait(50)
        await object.endCompletion({ claim: `caller-${n}`, order })
      }
      return begun
    })
    const kinds = (await Promise.all(callers)).map((begun) => (begun.ok ? begun.value.kind : begun.failure.code))
    expect(kinds.toSorted()).toEqual(['begun', ...Array.from({ length: 9 }, () => 'completed')])
    expect(await begin('later')).toEqual({
      ok: true,
      value: { kind: 'completed', orderId: order.id, isKnownKey: false },
    })
  })

  it('get it one after the other where it is refused', async () => {
    const { object, begin } = await cartToComplete()
    let running = 0
    let most = 0
    const callers = Array.from({ length: 10 }, async (_, n) => {
      const begun = await begin(`caller-${n}`)
      running += 1
      most = Math.max(most, running)
      await scheduler.wait(5)
      running -= 1
      await object.endCompletion({ claim: `caller-${n}`, order: null })
      return begun.ok && begun.value.kind
    })
    expect(await Promise.all(callers)).toEqual(Array.from({ length: 10 }, () => 'begun'))
    expect(most).toBe(1)
    expect(await object.read({ access: GUEST })).toMatchObject({ value: { cart: { status: 'open', version: 1 } } })
  })
})

describe('a call that waits for another one', () => {
  it('gives up after three seconds', async () => {
    const { begin } = await cartToComplete()
    await begin('slow')
    const from = Date.now()
    expect(await begin('waiting')).toEqual({ ok: false, failure: { code: 'cart_completing' } })
    expect(Date.now() - from).toBeGreaterThanOrEqual(2_900)
  })
})

describe('while an order is made of a cart', () => {
  it('nobody changes, merges or deletes it', async () => {
    const { object, begin } = await cartToComplete()
    await begin('one')
    const failure = { code: 'cart_completing' }
    const change = { kind: 'set_fields', fields: { note: 'x' } } as const
    expect(await object.write({ ...aWrite(change), key: keyNamed('a') })).toEqual({ ok: false, failure })
    expect(await object.markMerged({ access: GUEST, into: newId('cart') })).toEqual({ ok: false, failure })
    expect(await object.remove({ access: GUEST, versions: undefined })).toEqual({ ok: false, failure })
  })
})

describe('the key of a completion', () => {
  it('leads to its order, also after the cart was opened again', async () => {
    const { object, begin } = await cartToComplete()
    const order = placed()
    await begin('one', { key: 'k' })
    await object.endCompletion({ claim: 'one', key: keyNamed('k'), order })
    const value = { kind: 'completed', orderId: order.id, isKnownKey: true }
    expect(await begin('again', { key: 'k' })).toEqual({ ok: true, value })
    await object.reopen({ orderId: order.id })
    expect(await begin('late', { key: 'k' })).toEqual({ ok: true, value })
    expect(await begin('new', { key: 'other' })).toMatchObject({ value: { kind: 'begun' } })
  })

  it('is free again after a refusal', async () => {
    const { object, begin } = await cartToComplete()
    await begin('one', { key: 'k' })
    await object.endCompletion({ claim: 'one', key: keyNamed('k'), order: null })
    expect(await begin('two', { key: 'k' })).toMatchObject({ value: { kind: 'begun' } })
  })
})

describe('a completed cart', () => {
  it('begins again for one of ten who know that its order was cancelled unpaid', async () => {
    const { object, begin } = await cartToComplete()
    const [first, second] = [placed(), placed()]
    await begin('one')
    await object.endCompletion({ claim: 'one', order: first })
    const callers = Array.from({ length: 10 }, async (_, n) => {
      const begun = await begin(`again-${n}`, { reopens: first.id })
      if (begun.ok && begun.value.kind === 'begun') await object.endCompletion({ claim: `again-${n}`, order: second })
      return begun.ok ? begun.value : begun.failure
    })
    const answers = await Promise.all(callers)
    expect(answers.filter((answer) => 'kind' in answer && answer.kind === 'begun')).toHaveLength(1)
    expect(answers.filter((answer) => 'orderId' in answer && answer.orderId === second.id)).toHaveLength(9)
  })
})
