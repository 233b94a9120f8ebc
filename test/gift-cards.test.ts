import type { RequestOptions } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

const key = () => ({ 'idempotency-key': crypto.randomUUID() })
const asStaff = (method: string, path: string, options: RequestOptions = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, ...options })

async function issue(amount: number, over: object = {}) {
  const body = { amount, currency: 'USD', ...over }
  const { status, body: answer } = await asStaff('POST', '/api/gift-cards', { body, headers: key() })
  expect(status).toBe(201)
  return answer.gift_card
}

const balanceOf = async (id: string): Promise<number> =>
  (await asStaff('GET', `/api/gift-cards/${id}`)).body.gift_card.balance

/** Orders two units of a product of 12.50. */
async function order(codes: string[]) {
  const product = await stage.shop.addProduct(stage.admin)
  const body = { items: [{ product_id: product.id, quantity: 2 }], gift_cards: codes }
  const { token } = stage.customer
  return { product, placed: await stage.shop.request('POST', '/api/orders', { token, body }) }
}

const read = async ({ id }: OrderBody): Promise<OrderBody> =>
  (await stage.shop.request('GET', `/api/orders/${id}`, { token: stage.customer.token })).body.order

describe('a gift card', () => {
  it('is issued once for each key, and a repeated request is shown the same code', async () => {
    const request = { body: { amount: 50, currency: 'USD', note: 'For the teapot' }, headers: key() }
    const [first, again] = [
      await asStaff('POST', '/api/gift-cards', request),
      await asStaff('POST', '/api/gift-cards', request),
    ]
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const { id, code, last_four: lastFour } = first.body.gift_card
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
    const shown = await asStaff('GET', `/api/gift-cards/${id}`)
    expect(shown.body.gift_card).toMatchObject({
      balance: 50,
      status: 'active',
      entries: [{ kind: 'issued', amount: 50 }],
    })
    expect(JSON.stringify(shown.body)).not.toContain(code)
    const { body } = await asStaff('GET', `/api/gift-cards?last4=${lastFour}&status=active`)
    expect(body.gift_cards.map((card: { id: string }) => card.id)).toContain(id)
  })

  it('is looked up by its code, however it is typed; an unknown, an expired and a voided one read the same', async () => {
    const [card, voided] = [await issue(12.34), await issue(5)]
    const lookUp = (code: string) => stage.shop.request('POST', '/api/gift-cards/lookup', { body: { code } })
    const found = await lookUp(` ${card.code.replaceAll('-', ' ').toLowerCase()}`)
    expect(found.body).toEqual({
      gift_card: { last_four: card.last_four, balance: 12.34, currency: 'USD', expires_at: null },
    })
    expect(await asStaff('POST', `/api/gift-cards/${voided.id}/void`)).toMatchObject({
      status: 200,
      body: { gift_card: { status: 'voided', balance: 0 } },
    })
    for (const code of [voided.code, '0000-0000-0000-0000-0000', 'no code']) {
      expect(await lookUp(code)).toMatchObject({ status: 404, body: { code: 'gift_card_not_found' } })
    }
  })

  it('pays a part of an order, gets that back when it is cancelled, and is not spent twice', async () => {
    const card = await issue(10)
    const { placed } = await order([card.code])
    expect(placed).toMatchObject({
      status: 201,
      body: { order: { gift_card_amount: 10, amount_due: 15, status: 'pending' } },
    })
    expect((await order([card.code])).placed).toMatchObject({
      status: 409,
      body: { code: 'gift_card_not_applied', reason: 'used_up', last_four: card.last_four },
    })
    await stage.shop.request('PATCH', `/api/orders/${placed.body.order.id}/status`, {
      token: stage.customer.token,
      body: { status: 'cancelled' },
    })
    expect(await balanceOf(card.id)).toBe(10)
  })

  it('pays all of an order, which is sold at once', async () => {
    const [one, other] = [await issue(20), await issue(20)]
    const { placed, product } = await order([one.code, other.code])
    expect(placed.body.order).toMatchObject({ status: 'processing', payment_status: 'paid', amount_due: 0 })
    expect((await balanceOf(one.id)) + (await balanceOf(other.id))).toBe(15)
    await stage.shop.stockBecomes(product.id, 8)
    expect(await read(placed.body.order)).toMatchObject({ gift_card_amount: 25, captured_amount: 0 })
  })

  it('pays for a cart, which shows what it pays and what is left', async () => {
    const card = await issue(24.8)
    const product = await stage.shop.addProduct(stage.admin)
    const items = [{ product_id: product.id, quantity: 2 }]
    const { cart } = (await stage.shop.request('POST', '/api/carts', { token: stage.customer.token, body: { items } }))
      .body
    const send = (method: string, rest: string, body?: object) =>
      stage.shop.request(method, `/api/carts/${cart.id}${rest}`, { token: stage.customer.token, body })
    // 0.20 could not be charged.
    expect((await send('POST', '/gift-cards', { code: card.code })).body.cart).toMatchObject({
      ...{ total_amount: 25, gift_card_total: 24.5, amount_due: 0.5 },
      gift_cards: [{ id: card.id, last_four: card.last_four, applied_amount: 24.5 }],
    })
    const removed = await send('DELETE', `/gift-cards/${card.id}`)
    expect(removed.body.cart).toMatchObject({ gift_cards: [], amount_due: 25 })
    expect(await send('DELETE', `/gift-cards/${card.id}`)).toMatchObject({ status: 404 })
    await send('POST', '/gift-cards', { code: card.code })
    const completed = await send('POST', '/complete', {})
    expect(completed).toMatchObject({ status: 201, body: { order: { gift_card_amount: 24.5, amount_due: 0.5 } } })
    expect(await balanceOf(card.id)).toBe(0.3)
  })
})

describe('a gift card that is bought', () => {
  it('is issued and mailed when the order is paid, and no gift card pays for it', async () => {
    const { shop, admin, customer, platform } = stage
    const gift = await shop.addProduct(admin, { type: 'gift_card', price: 30 })
    const items = [{ product_id: gift.id, quantity: 2 }]
    const other = await issue(100)
    const refused = await shop.request('POST', '/api/orders', {
      token: customer.token,
      body: { items, gift_cards: [other.code] },
    })
    expect(refused.body.order).toMatchObject({ amount_due: 60, gift_card_amount: 0 })
    await shop.pay(customer, refused.body.order, 'pm_card_visa')
    await shop.orderBecomes(customer, refused.body.order.id, 'processing', 'paid')
    const cards = await eventually(
      async () => {
        await platform.sweep()
        return (await asStaff('GET', `/api/gift-cards?order_id=${refused.body.order.id}`)).body.gift_cards
      },
      (found) => found.length === 2,
      25_000,
    )
    expect(cards).toMatchObject([
      { balance: 30, source: 'sale' },
      { balance: 30, source: 'sale' },
    ])
    expect(await read(refused.body.order)).toMatchObject({ status: 'delivered', fulfillment_status: 'delivered' })
    const mails = await eventually(
      async () => {
        await platform.sweep()
        return platform.mail.mails({ to: customer.email }).filter(({ subject }) => subject.includes('gift card'))
      },
      (found) => found.length === 2,
      25_000,
    )
    const code = /[0-9A-Z]{4}(-[0-9A-Z]{4}){4}/.exec(mails[0]?.text ?? '')?.[0] ?? ''
    const found = await shop.request('POST', '/api/gift-cards/lookup', { body: { code } })
    expect(found.body.gift_card).toMatchObject({ balance: 30 })
  })
})
