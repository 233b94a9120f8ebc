import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { newId } from '@shop/http/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Cart } from '../../src/carts/domain/cart.ts'
import type { CartChange } from '../../src/carts/domain/write-cart.ts'
import { aCart, anItem, anOffer, aWrite, GUEST, NOBODY } from '../support/carts.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const passDays = (days: number) => vi.setSystemTime(Date.now() + days * 86_400_000)
const keyNamed = (key: string) => ({ key, requestHash: key })
type Stub = ReturnType<typeof env.CARTS.getByName>
const rowsOf = (object: Stub, query: string) =>
  runInDurableObject(object, (_, state) => state.storage.sql.exec(query).toArray())
const TABLES = "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'"
const alarmOf = (object: Stub) => runInDurableObject(object, (_, state) => state.storage.getAlarm())

/** A cart that was made now. Storage is shared by all tests, so each has carts of its own. */
async function newCartObject(over: Partial<Cart> = {}) {
  const cart = aCart({ createdAt: new Date(), updatedAt: new Date(), ...over })
  const object = env.CARTS.getByName(cart.id)
  const created = await object.create({ cart, key: { ...keyNamed('made'), subject: cart.id }, access: GUEST })
  expect(created).toEqual({ ok: true, value: { cart, isReplayed: false } })
  const read = async () => {
    const found = await object.read({ access: GUEST })
    return found.ok ? found.value.cart : undefined
  }
  const write = (change: CartChange, key: string = crypto.randomUUID(), offers = [anOffer()]) =>
    object.write({ ...aWrite(change, offers), key: keyNamed(key) })
  return { cart, object, read, write }
}

const add = (variantId: number, quantity = 1): CartChange => ({
  kind: 'add_items',
  items: [anItem({ variantId, quantity })],
})

describe('a cart', () => {
  it('keeps everything when its object is evicted', async () => {
    const { object, read, write } = await newCartObject({ email: 'guest@example.com' })
    await write(add(11, 3))
    await object.beginCompletion({ access: GUEST, claim: 'one', versions: undefined })
    const before = await read()
    await evictDurableObject(object)
    expect(await read()).toEqual(before)
    expect(before).toMatchObject({ status: 'completing', email: 'guest@example.com', items: [{ quantity: 3 }] })
  })

  it('that nobody made stores nothing when it is asked', async () => {
    const object = env.CARTS.getByName(newId('cart'))
    const notFound = { ok: false, failure: { code: 'cart_not_found' } }
    expect(await object.read({ access: { ...GUEST, isStaff: true } })).toEqual(notFound)
    expect(await object.write({ ...aWrite(add(11)), key: keyNamed('a') })).toEqual(notFound)
    expect(await object.remove({ access: GUEST, versions: undefined })).toEqual(notFound)
    await object.reopen({ orderId: newId('order') })
    expect(await object.erase()).toEqual({ ok: true, value: undefined })
    expect(await rowsOf(object, TABLES)).toEqual([])
    expect(await alarmOf(object)).toBeNull()
  })

  it('is made once, and answers cart_not_found to everybody else', async () => {
    const { cart, object, write } = await newCartObject()
    await write(add(11))
    const again = { cart, key: keyNamed('made'), access: GUEST }
    expect(await object.create(again)).toMatchObject({ value: { isReplayed: true, cart: { version: 2 } } })
    expect(await object.create({ ...again, access: NOBODY })).toMatchObject({ failure: { code: 'cart_not_found' } })
    const reused = { ...again, key: { key: 'made', requestHash: 'other' } }
    expect(await object.create(reused)).toMatchObject({ failure: { code: 'idempotency_key_reused' } })
  })

  it('loses none of 50 parallel additions, and adds those that are sent twice once', async () => {
    const { read, write } = await newCartObject()
    const offers = Array.from({ length: 5 }, (_, n) => anOffer({ variantId: n, available: null, productId: n }))
    const adding = Array.from({ length: 50 }, (_, n) => write(add(n % 5), `add-${n}`, offers))
    const retried = Array.from({ length: 25 }, (_, n) => write(add((n * 2) % 5), `add-${n * 2}`, offers))
    const answers = await Promise.all([...adding, ...retried])
    expect(answers.filter((answer) => answer.ok && answer.value.isReplayed)).toHaveLength(25)
    const cart = await read()
    expect(cart?.version).toBe(51)
    expect(cart?.items.map(({ variantId, quantity }) => [variantId, quantity]).sort()).toEqual(
      Array.from({ length: 5 }, (_, n) => [n, 10]),
    )
  })

  it('knows a key for 48 hours, and that of a merge for good', async () => {
    const { object, write } = await newCartObject()
    const merge = { kind: 'merge_items', items: [anItem({ variantId: 12 })], currency: aCart().currency } as const
    await object.write({ ...aWrite(merge), key: { ...keyNamed('merge'), subject: newId('cart') } })
    await write(add(11), 'old')
    passDays(2.1)
    await write(add(11), 'new')
    expect(await rowsOf(object, 'SELECT key FROM request_keys ORDER BY key')).toEqual(
      ['made', 'merge', 'new'].map((key) => ({ key })),
    )
  })

  it('is gone for everybody when it is deleted, and is not made again', async () => {
    const { cart, object, read, write } = await newCartObject()
    await write(add(11))
    expect(await object.remove({ access: NOBODY, versions: undefined })).toMatchObject({ ok: false })
    expect(await object.remove({ access: GUEST, versions: [1] })).toMatchObject({
      failure: { code: 'version_conflict' },
    })
    expect(await object.remove({ access: GUEST, versions: [2] })).toEqual({ ok: true, value: undefined })
    await evictDurableObject(object)
    const notFound = { ok: false, failure: { code: 'cart_not_found' } }
    expect(await object.read({ access: { ...GUEST, isStaff: true } })).toEqual(notFound)
    expect(await write(add(11))).toEqual(notFound)
    expect(await object.beginCompletion({ access: GUEST, claim: 'one', versions: undefined })).toEqual(notFound)
    expect(await object.remove({ access: GUEST, versions: undefined })).toEqual(notFound)
    const again = { cart, access: GUEST }
    expect(await object.create({ ...again, key: keyNamed('made') })).toEqual(notFound)
    const other = await object.create({ ...again, key: { key: 'made', requestHash: 'other' } })
    expect(other).toEqual({ ok: false, failure: { code: 'idempotency_key_reused' } })
    expect(await read()).toBeUndefined()
  })

  it('keeps nothing of an owner who was erased, and is not made again', async () => {
    const { cart, object, write } = await newCartObject({ email: 'guest@example.com', note: 'Ring twice' })
    await write(add(11), 'a key of the buyer')
    expect(await object.erase()).toEqual({ ok: true, value: undefined })
    expect(await object.erase()).toEqual({ ok: true, value: undefined })
    await evictDurableObject(object)
    expect(await rowsOf(object, 'SELECT * FROM request_keys')).toEqual([])
    const [row] = await rowsOf(object, 'SELECT body FROM cart')
    expect(JSON.parse(String(row?.body))).toMatchObject({ isDeleted: true, email: null, note: null, items: [] })
    const again = await object.create({ cart, key: keyNamed('made'), access: GUEST })
    expect(again).toEqual({ ok: false, failure: { code: 'cart_not_found' } })
  })

  it('is not erased while an order is made of it', async () => {
    const { object, read, write } = await newCartObject({ email: 'guest@example.com' })
    await write(add(11))
    await object.beginCompletion({ access: GUEST, claim: 'one', versions: undefined })
    expect(await object.erase()).toEqual({ ok: false, failure: { code: 'cart_completing' } })
    expect(await read()).toMatchObject({ email: 'guest@example.com' })
  })

  it('has nothing of its buyer when it is deleted, and is no object any more 60 days later', async () => {
    const { object } = await newCartObject({ email: 'guest@example.com', items: [anItem({ name: 'Mug' })] })
    await object.remove({ access: GUEST, versions: undefined })
    expect(JSON.stringify(await rowsOf(object, 'SELECT body FROM cart'))).not.toMatch(/guest@|Mug/)
    for (const _ of ['after 30 days', 'after 60 days']) {
      passDays(30)
      await runDurableObjectAlarm(object)
    }
    expect([await rowsOf(object, TABLES), await alarmOf(object)]).toEqual([[], null])
  })

  it('refuses a key that another merge was sent with, and repeats a merge under any', async () => {
    const { object, read } = await newCartObject()
    const merge = async (guest: string, sent: string) =>
      object.write({
        ...aWrite({ kind: 'merge_items', items: [anItem()], currency: aCart().currency }),
        key: keyNamed(`merge:${guest}`),
        sentKey: { key: sent, requestHash: guest },
      })
    expect(await merge('one', 'k')).toMatchObject({ value: { isReplayed: false } })
    expect(await merge('two', 'k')).toEqual({ ok: false, failure: { code: 'idempotency_key_reused' } })
    expect(await merge('one', 'k')).toMatchObject({ value: { isReplayed: true } })
    expect(await merge('one', 'other')).toMatchObject({ value: { isReplayed: true } })
    expect(await read()).toMatchObject({ version: 2 })
  })

  it('keeps what was answered last without a new version, and not of a version before', async () => {
    const { object, read, write } = await newCartObject()
    const { currency } = aCart()
    await object.saveAnswer({ version: 1, answer: { total: 1_000, currency, codes: [] } })
    expect(await read()).toMatchObject({ version: 1, lastAnswer: { total: 1_000 } })
    await write(add(11))
    await object.saveAnswer({ version: 1, answer: { total: 7, currency, codes: [] } })
    expect(await read()).toMatchObject({ version: 2, lastAnswer: { total: 1_000 } })
  })

  it('keeps what a change shows with the change, unless another change came first', async () => {
    const { object, read } = await newCartObject()
    const write = (change: CartChange, total: number) => {
      const shown = { version: 2, answer: { total, currency: aCart().currency, codes: [] } }
      return object.write({ ...aWrite(change, [anOffer()]), key: keyNamed(crypto.randomUUID()), shown })
    }
    await write(add(11), 500)
    expect(await read()).toMatchObject({ version: 2, lastAnswer: { total: 500 } })
    await write(add(12), 7)
    expect(await read()).toMatchObject({ version: 3, lastAnswer: { total: 500 } })
  })
})

describe('the alarm of a cart', () => {
  it('is set once, and again only when it fires', async () => {
    const { object, read, write } = await newCartObject()
    const first = await alarmOf(object)
    expect(first).toBe(Date.now() + 30 * 86_400_000)
    passDays(20)
    await write(add(11))
    expect(await alarmOf(object)).toBe(first)
    passDays(10)
    for (const _ of ['once', 'twice']) {
      await runInDurableObject(object, (instance) => instance.alarm())
      expect(await alarmOf(object)).toBe(Date.now() + 20 * 86_400_000)
    }
    expect((await read())?.status).toBe('open')
  })

  it('does not empty a cart whose completion was lost, so that a later attempt has its items', async () => {
    const { object } = await newCartObject({ items: [anItem()] })
    await object.beginCompletion({ access: GUEST, claim: 'lost', versions: undefined })
    passDays(30)
    await runInDurableObject(object, (instance) => instance.alarm())
    expect(await alarmOf(object)).toBe(Date.now() + 86_400_000)
    const begun = await object.beginCompletion({ access: GUEST, claim: 'later', versions: undefined })
    expect(begun).toMatchObject({ value: { kind: 'unsettled', cart: { items: [{ variantId: 11 }] } } })
  })

  it('empties an expired cart, and deletes it 30 days later', async () => {
    const { object, read } = await newCartObject({ email: 'guest@example.com', items: [anItem()] })
    passDays(30)
    for (const _ of ['once', 'twice']) {
      await runInDurableObject(object, (instance) => instance.alarm())
      expect(await read()).toMatchObject({ status: 'expired', email: null, items: [] })
    }
    passDays(30)
    await runDurableObjectAlarm(object)
    expect([await read(), await alarmOf(object)]).toEqual([undefined, null])
  })
})

describe('the claim of a guest’s cart', () => {
  const account = { userId: newId('user'), email: 'guest@example.com' }

  it('is won by one of two accounts, and kept when the object is evicted', async () => {
    const { object, write } = await newCartObject({ email: 'Guest@Example.com' })
    await write(add(11))
    const other = { ...account, userId: newId('user') }
    const claims = await Promise.all([object.claim(account), object.claim(other)])
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1)
    const owner = claims[0]?.ok ? account : other
    await evictDurableObject(object)
    const access = { ...NOBODY, userId: owner.userId }
    expect(await object.read({ access })).toMatchObject({
      ok: true,
      value: { cart: { userId: owner.userId, version: 3 } },
    })
    expect(await object.read({ access: GUEST })).toMatchObject({ ok: false })
  })

  it('does not take a cart of which an order is being made', async () => {
    const { object, write } = await newCartObject({ email: 'guest@example.com' })
    await write(add(11))
    await object.beginCompletion({ access: GUEST, claim: 'one', versions: undefined })
    expect(await object.claim(account)).toMatchObject({ ok: false, failure: { cartStatus: 'completing' } })
  })
})
