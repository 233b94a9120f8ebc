import type { Reply } from '@shop/testing/client'
import { untilDone } from '../support/failpoints.ts'
import { eventMismatches, openDeliveries } from './records.ts'
import { type FailingStage, postgresOf, type Scenario, STRIPE } from './scenario.ts'
import {
  allOf,
  CHANGES,
  orderMismatches,
  paySurely,
  refundSurely,
  shipSurely,
  unitMismatches,
} from './scenario-steps.ts'
import { asStaff, type SoldOrder } from './sold-order.ts'

const BOUNDARIES = [postgresOf('orders', CHANGES), postgresOf('payments', CHANGES), STRIPE]
const AMOUNT = 10
const OPENING = 10

type CardOrder = SoldOrder & { card: { id: string; code: string } }

/** A gift card and a product, of which three units for 12.50 each are to be ordered. The ids of the order come later. */
async function beforeTheOrder(stage: FailingStage, name: string): Promise<CardOrder> {
  const { shop, admin } = stage
  const product = await shop.addProduct(admin, { stock_quantity: OPENING })
  const customer = await shop.signUp()
  const body = { amount: AMOUNT, currency: 'USD' }
  const card = (await asStaff(stage, 'POST', '/api/gift-cards', body, crypto.randomUUID())).body.gift_card
  const watched = { name, token: customer.token, product, opening: OPENING }
  return { stage, watched, customer, card, id: 'none', paymentId: 'none', lineId: 'none' }
}

/** Places the order, and pays by card what the gift card leaves. */
async function placeAndPay(sold: CardOrder): Promise<void> {
  const { stage, customer, watched, card } = sold
  const options = {
    token: customer.token,
    body: { items: [{ product_id: watched.product.id, quantity: 3 }], gift_cards: [card.code] },
    headers: { 'idempotency-key': crypto.randomUUID() },
  }
  const place = () => stage.shop.request('POST', '/api/orders', options)
  const { order } = (await untilDone(stage, place, ({ status }) => status === 201)).body
  Object.assign(sold, { id: order.id, lineId: order.items[0]?.id })
  sold.paymentId = (await paySurely(sold, order.id)).body.payment.id
}

/** Whether the card has this balance, by entries of these kinds. */
async function cardMismatches({ stage, card }: CardOrder, balance: number, kinds: string[]): Promise<string[]> {
  const found = (await asStaff(stage, 'GET', `/api/gift-cards/${card.id}`)).body.gift_card
  const entries = found.entries.map(({ kind }) => kind).sort()
  const isSame = found.balance === balance && String(entries) === String(kinds)
  return isSame ? [] : [`the card has ${found.balance} by ${entries}, not ${balance} by ${kinds}`]
}

async function cancelSurely(sold: CardOrder): Promise<void> {
  const cancel = () => asStaff(sold.stage, 'PATCH', `/api/orders/${sold.id}/status`, { status: 'cancelled' })
  await untilDone(sold.stage, cancel, ({ status }) => status === 200)
}

export const GIFT_CARD_SCENARIOS: readonly Scenario[] = [
  {
    name: 'an order that a gift card pays a part of, refunded over both',
    boundaries: BOUNDARIES,
    isLong: true,
    begin: async (stage, name) => {
      const sold = await beforeTheOrder(stage, name)
      return {
        run: async () => {
          await placeAndPay(sold)
          await shipSurely(sold, 1)
          await refundSurely(sold, 3)
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { payment_status: 'refunded', gift_card_amount: AMOUNT, refunded_amount: 37.5 }),
            unitMismatches(sold, [1, 0, 2, 3]),
            cardMismatches(sold, AMOUNT, ['issued', 'refunded', 'spent']),
            eventMismatches(sold, { 'gift_card.spent': 1, 'order.refund_reserved': 1, 'refund.succeeded': 2 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'an order that a gift card pays a part of, cancelled',
    boundaries: BOUNDARIES,
    isLong: true,
    begin: async (stage, name) => {
      const sold = await beforeTheOrder(stage, name)
      return {
        run: async () => {
          await placeAndPay(sold)
          await cancelSurely(sold)
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'cancelled', gift_card_amount: AMOUNT }),
            cardMismatches(sold, AMOUNT, ['issued', 'returned', 'spent']),
            eventMismatches(sold, { 'gift_card.spent': 1, 'gift_card.returned': 1, 'order.cancelled': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'two orders that want all of a gift card at once',
    boundaries: BOUNDARIES.slice(0, 1),
    isLong: true,
    begin: async (stage, name) => {
      const sold = await beforeTheOrder(stage, name)
      const placed: string[] = []
      const place = async () => {
        const body = { items: [{ product_id: sold.watched.product.id, quantity: 1 }], gift_cards: [sold.card.code] }
        const options = { token: sold.customer.token, body, headers: { 'idempotency-key': crypto.randomUUID() } }
        const send = () => stage.shop.request('POST', '/api/orders', options)
        const isDecided = ({ status, body }: Reply) => status === 201 || body.code === 'gift_card_not_applied'
        const reply = await untilDone(stage, send, isDecided)
        if (reply.status === 201) placed.push(reply.body.order.id)
      }
      return {
        run: async () => {
          await Promise.all([place(), place()])
        },
        mismatches: async () => {
          const [winner = 'none'] = placed
          const order = (await asStaff(stage, 'GET', `/api/orders/${winner}`)).body.order
          const found = placed.length === 1 ? [] : [`${placed.length} orders got the card`]
          const spent = order?.gift_card_amount === AMOUNT ? [] : [`${order?.gift_card_amount} were spent`]
          return allOf(sold, found, spent, cardMismatches(sold, 0, ['issued', 'spent']))
        },
      }
    },
  },
]
