import type { RequestOptions } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { LedgerEntryBody, PaymentBody, RefundBody } from '@shop/testing/payment-bodies'
import { moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { QUICK_CHECKS, useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform(QUICK_CHECKS)
useFreshCustomer(stage)

const WITHIN_MS = 25_000
const key = () => ({ 'idempotency-key': crypto.randomUUID() })
const asStaff = (method: string, path: string, options: RequestOptions = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, headers: key(), ...options })

/** Sweeps until it is so. */
const becomes = <T>(read: () => Promise<T>, isSo: (found: T) => boolean) =>
  eventually(
    async () => {
      await stage.platform.sweep()
      return read()
    },
    isSo,
    WITHIN_MS,
  )

type CardBody = { id: string; code: string; balance: number; source: string }
type Bought = { order: OrderBody; card: string; byCard: PaymentBody; byGiftCard: PaymentBody }

const paymentsOf = async ({ id }: OrderBody): Promise<PaymentBody[]> =>
  (await asStaff('GET', `/api/payments/order/${id}`)).body.payments
const giftCard = async (method: string, path: string, options: RequestOptions = {}) =>
  (await asStaff(method, `/api/gift-cards${path}`, options)).body.gift_card as CardBody
const giftCards = async (query: string) =>
  (await asStaff('GET', `/api/gift-cards?${query}`)).body.gift_cards as CardBody[]
const balanceOf = async (id: string) => (await giftCard('GET', `/${id}`)).balance

/** Two units of 12.50, of which a gift card pays 10.00 and a card 15.00. */
async function bought(): Promise<Bought> {
  const { shop, admin, customer } = stage
  const gift = await giftCard('POST', '', { body: { amount: 10, currency: 'USD' } })
  const product = await shop.addProduct(admin, { price: 12.5 })
  const body = { items: [{ product_id: product.id, quantity: 2 }], gift_cards: [gift.code] }
  const { order } = (await shop.request('POST', '/api/orders', { token: customer.token, body })).body
  await shop.pay(customer, order, 'pm_card_visa')
  await shop.orderBecomes(customer, order.id, 'processing', 'paid')
  const payments = await becomes(
    () => paymentsOf(order),
    (found) => found.length === 2,
  )
  const [byCard, byGiftCard] = ['card', 'gift_card'].map((method) => payments.find((one) => one.method === method))
  if (byCard === undefined || byGiftCard === undefined) throw new Error('A payment is missing')
  return { order, card: gift.id, byCard, byGiftCard }
}

const refund = ({ id }: PaymentBody, body: object) => asStaff('POST', `/api/payments/${id}/refund`, { body })
const unitsOf = ({ items }: OrderBody, quantity: number) => ({ items: [{ line_id: items[0]?.id, quantity }] })

async function ledger(): Promise<LedgerEntryBody[]> {
  const entries: LedgerEntryBody[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { entries: LedgerEntryBody[]; next_cursor: string | null } = (
      await asStaff('GET', `/api/payments/ledger?limit=100${cursor && `&cursor=${cursor}`}`)
    ).body
    entries.push(...page.entries)
    cursor = page.next_cursor
  }
  return entries
}

/** What the ledger says that the shop owes on gift cards, in cents. */
async function owedOnGiftCards(): Promise<number> {
  const cents = ({ debit, credit, amount }: LedgerEntryBody) =>
    (credit === 'gift_cards' ? 1 : debit === 'gift_cards' ? -1 : 0) * Math.round(amount * 100)
  return (await ledger()).reduce((sum, entry) => sum + cents(entry), 0)
}

/** What all gift cards have left, in cents. */
async function leftOnGiftCards(): Promise<number> {
  return (await giftCards('limit=100')).reduce((sum, { balance }) => sum + Math.round(balance * 100), 0)
}

const addsUp = () =>
  becomes(
    async () => (await owedOnGiftCards()) - (await leftOnGiftCards()),
    (apart) => apart === 0,
  )

describe('a refund by line of an order that a gift card and a card paid', () => {
  it('goes to the card first and to the gift card last, whichever payment is named', async () => {
    const { order, card, byCard, byGiftCard } = await bought()
    const first = await refund(byGiftCard, unitsOf(order, 1))
    expect(first.status).toBe(201)
    expect(first.body.refunds).toMatchObject([
      { payment_id: byCard.id, amount: 12.5, destination: 'card', status: 'succeeded' },
    ])
    expect(await balanceOf(card)).toBe(0)
    const second = await refund(byCard, unitsOf(order, 1))
    expect(second.body).toMatchObject({ refunds: expect.anything() })
    expect(second.body.refunds).toMatchObject([
      { payment_id: byCard.id, amount: 2.5, destination: 'card', status: 'succeeded' },
      { payment_id: byGiftCard.id, amount: 10, destination: 'gift_cards', status: 'succeeded' },
    ])
    expect(second.body.refund).toEqual(second.body.refunds[0])
    expect(await balanceOf(card)).toBe(10)
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
    const refunded = await becomes(
      async (): Promise<OrderBody> => (await asStaff('GET', `/api/orders/${order.id}`)).body.order,
      ({ payment_status }) => payment_status === 'refunded',
    )
    expect(refunded).toMatchObject({ refunded_amount: 25 })
    await addsUp()
  })
})

describe('a refund as store credit', () => {
  it('gives a gift card and leaves the money at Stripe', async () => {
    const { order, byCard } = await bought()
    const { status, body } = await refund(byCard, { amount: 5, to: 'store_credit' })
    expect(status).toBe(201)
    expect(body.refunds).toMatchObject([
      { amount: 5, destination: 'store_credit', status: 'succeeded' },
    ] satisfies Partial<RefundBody>[])
    expect(moneyKept(stage.platform.stripe, order)).toBe(1_500)
    const issued = await becomes(
      () => giftCards(`order_id=${order.id}`),
      (cards) => cards.length === 1,
    )
    expect(issued).toMatchObject([{ balance: 5, source: 'refund' }])
    await addsUp()
  })
})

describe('a cancelled order', () => {
  it('gives the card its money back by Stripe, and the gift card its balance, each once', async () => {
    const { order, card, byGiftCard } = await bought()
    await asStaff('PATCH', `/api/orders/${order.id}/status`, { body: { status: 'cancelled' } })
    await becomes(
      async () => (await asStaff('GET', `/api/payments/${byGiftCard.id}`)).body.payment.refunded_amount,
      (amount) => amount === 10,
    )
    await becomes(
      async () => moneyKept(stage.platform.stripe, order),
      (money) => money === 0,
    )
    expect(await balanceOf(card)).toBe(10)
    await becomes(
      async (): Promise<OrderBody> => (await asStaff('GET', `/api/orders/${order.id}`)).body.order,
      ({ payment_status, refunded_amount }) => payment_status === 'refunded' && refunded_amount === 25,
    )
    await addsUp()
  })
})
