import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { PhysicalOrder, type Quantities } from '@shop/testing/physical-order'
import type { Account } from '@shop/testing/shop'
import type { Stage } from '../support/use-platform.ts'
import { asStaff, buy } from './sold-order.ts'

/**
 * A refund of units that was made. The amount in cents, of all its parts.
 *
 * `isWhole`: it is all that was paid for the units. An exchange is worth less where the shop has less money left.
 */
export type MadeRefund = { id: string; amount: number; quantities: Quantities; isReturned: boolean; isWhole: boolean }

/** What a payment took, and what of it went back and did not return, in cents. */
export type KnownPayment = { id: string; isGiftCard: boolean; captured: number; back: number }

/** A line as it is now. `total` in cents. */
export type KnownLine = {
  id: string
  productId: number
  variantId: number
  quantity: number
  total: number
  /** Whether an edit added it. Until that is paid, its units are only held. */
  isAdded: boolean
  isPaid: boolean
  /** Whether an edit took units off. The rounding of what is left may stay with the shop. */
  isShrunk: boolean
}

/** A return of units of one line. */
export type KnownReturn = {
  line: string
  quantity: number
  status: 'approved' | 'refused' | 'received' | 'closed'
  restocked: number
  writtenOff: number
  isExchanged: boolean
}

/**
 * An order that is paid, and what really becomes of it: its units as things, its parcels, its money, and what is on the shelf.
 * Amounts in cents.
 */
export type World = {
  stage: Stage
  customer: Account
  orderId: string
  lines: KnownLine[]
  units: PhysicalOrder
  parcels: Map<string, 'packed' | 'gone' | 'delivered' | 'opened'>
  returns: Map<string, KnownReturn>
  refunds: MadeRefund[]
  /** In the order in which refunds take from them: the newest first, gift cards last. */
  payments: KnownPayment[]
  /** What the customer owes for edits. */
  due: number
  /** The balances of gift cards. */
  cards: Map<string, number>
  /** Units in the warehouse that belong to nobody, by product. */
  shelf: Map<number, number>
}

/** A change that is made after a sale. A new one is added to the list in commands.ts. */
export type Command = {
  name: string
  /** Sends its requests, and does the same to the things. Throws where the shop and the things do not agree. */
  run(world: World, pick: number): Promise<void>
}

const OPENING = 40
const WITHIN_MS = 15_000
const QUANTITIES = [3, 2] as const
/** Neither divides evenly by its units after a discount of a third. */
export const PRICES = [12.5, 7.99] as const
const CARD_AMOUNT = 10

export const cents = (amount: number): number => Math.round(amount * 100)

/**
 * Two products, of which a new customer buys three and two, with a code that takes a third off.
 *
 * @param withGiftCard whether a gift card pays a part
 */
export async function newWorld(stage: Stage, { withGiftCard }: { withGiftCard: boolean }): Promise<World> {
  const { shop, admin } = stage
  const customer = await shop.signUp()
  const products = await Promise.all(PRICES.map((price) => shop.addProduct(admin, { price, stock_quantity: OPENING })))
  const code = crypto.randomUUID()
  await asStaff(stage, 'POST', '/api/promotions', { name: 'A third off', code, type: 'percentage', value: 33 })
  const items = products.map(({ id }, at) => ({ product_id: id, quantity: QUANTITIES[at] }))
  const card = withGiftCard ? await issueCard(stage, CARD_AMOUNT) : undefined
  const named = card && { gift_cards: [card.code] }
  const { order } = await buy(stage, customer, { items, codes: [code], ...named })
  return {
    ...{ stage, customer, orderId: order.id, due: 0, payments: await firstPayments(stage, order) },
    lines: linesOf(order, []),
    units: new PhysicalOrder(Object.fromEntries(order.items.map(({ id, quantity }) => [id, quantity]))),
    ...{ parcels: new Map(), returns: new Map(), refunds: [], cards: new Map(card && [[card.id, 0]]) },
    shelf: new Map(products.map(({ id }, at) => [id, OPENING - (QUANTITIES[at] ?? 0)])),
  }
}

export async function issueCard(stage: Stage, amount: number): Promise<{ id: string; code: string }> {
  const body = { amount, currency: 'USD' }
  return (await asStaff(stage, 'POST', '/api/gift-cards', body, crypto.randomUUID())).body.gift_card
}

/** The payment by card, and that by gift card, which payments records from an event. */
async function firstPayments(stage: Stage, order: OrderBody): Promise<KnownPayment[]> {
  const read = async () => {
    const { payments } = (await asStaff(stage, 'GET', `/api/payments/order/${order.id}`)).body
    return payments.map(({ id, method, captured_amount }) => ({
      ...{ id, isGiftCard: method === 'gift_card', captured: cents(captured_amount), back: 0 },
    }))
  }
  const isWhole = (payments: KnownPayment[]) =>
    payments.reduce((sum, { captured }) => sum + captured, 0) === cents(order.total_amount)
  const found = await eventually(read, isWhole, WITHIN_MS)
  return found.sort((one, other) => Number(one.isGiftCard) - Number(other.isGiftCard))
}

/** The lines of an order, after what was known of them. */
export const linesOf = ({ items }: OrderBody, known: readonly KnownLine[]): KnownLine[] =>
  items.map(({ id, product_id: productId, variant_id: variantId, quantity, total }) => {
    const before = known.find((line) => line.id === id)
    const isAdded = before?.isAdded ?? known.length > 0
    return {
      ...{ id, productId, variantId, quantity, total: cents(total), isAdded },
      isPaid: before?.isPaid ?? !isAdded,
      isShrunk: before !== undefined && (before.isShrunk || quantity < before.quantity),
    }
  })

export const readOrderOf = async ({ stage, orderId }: World): Promise<OrderBody> =>
  (await asStaff(stage, 'GET', `/api/orders/${orderId}`)).body.order

/** Sends a request as staff; again while the order is changed otherwise, as by what payments tell it. */
export function send({ stage }: World, method: string, path: string, body?: object): Promise<Reply> {
  const key = crypto.randomUUID()
  return eventually(
    () => asStaff(stage, method, path, body, key),
    (reply) => reply.body?.code !== 'order_changed',
    WITHIN_MS,
  )
}

/** @throws Error where the shop did what cannot be done, or refused what can */
export function assertAgree(reply: Reply, isPossible: boolean): void {
  const isDone = reply.status < 300
  if (isDone === isPossible && reply.status < 500) return
  throw new Error(`${isPossible ? 'Possible' : 'Impossible'}, answered ${reply.status}: ${JSON.stringify(reply.body)}`)
}

/** @throws Error where amounts differ */
export function assertSame(name: string, found: unknown, really: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(really)]
  if (one !== other) throw new Error(`${name}: ${one}, really ${other}`)
}

export const picked = <T>(all: readonly T[], pick: number): T | undefined => all[pick % Math.max(1, all.length)]

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)

/** What was paid, with gift cards included, and what of it went back and did not return. */
export const moneyPaid = ({ payments }: World): number => sumOf(payments.map(({ captured }) => captured))
export const moneyBack = ({ payments }: World): number => sumOf(payments.map(({ back }) => back))
export const moneyLeft = (world: World): number => moneyPaid(world) - moneyBack(world)

/** What went back for units of a line and did not return. */
export const backFor = ({ refunds }: World, line: string): number =>
  sumOf(refunds.flatMap(({ amount, quantities, isReturned }) => (isReturned || !quantities[line] ? [] : [amount])))

/** Nothing leaves once the customer has all the money again. */
export const isAllBack = (world: World): boolean => moneyLeft(world) === 0

/**
 * Money goes back: of the newest payment first, and of gift cards last.
 *
 * @param given of it, the part that the customer has as store credit; it is taken first
 * @returns what each payment gave
 */
export function takeMoneyBack(world: World, amount: number, given = 0): [payment: string, amount: number][] {
  const parts: [string, number][] = []
  let [left, leftOfCredit] = [amount, given]
  for (const payment of world.payments) {
    const part = Math.min(left, payment.captured - payment.back)
    if (part === 0) continue
    payment.back += part
    left -= part
    parts.push([payment.id, part])
    const credit = Math.min(leftOfCredit, part)
    leftOfCredit -= credit
    if (payment.isGiftCard) creditCard(world, part - credit)
  }
  return parts
}

/** Only the first card paid for the order. */
export function creditCard({ cards }: World, amount: number): void {
  const [first] = cards
  if (first !== undefined) cards.set(first[0], first[1] + amount)
}

/** Units leave the shelf, or come back to it. */
export function moveShelf({ shelf }: World, productId: number, by: number): void {
  shelf.set(productId, (shelf.get(productId) ?? 0) + by)
}

/** What was added to the order is paid, so it leaves the stock. */
export function settleLines(world: World): void {
  if (world.due === 0) for (const line of world.lines) line.isPaid = true
}
