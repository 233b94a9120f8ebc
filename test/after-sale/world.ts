import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { PhysicalOrder, type Quantities } from '@shop/testing/physical-order'
import type { Stage } from '../support/use-platform.ts'
import { asStaff, buy } from './sold-order.ts'

/** A refund that was made. `quantities` of one by line. Amounts in cents. */
export type MadeRefund = { id: string; amount: number; quantities: Quantities | undefined; isReturned: boolean }

/** An order that is paid, and what really becomes of it: its units as things, its parcels, its money, and what is on the shelf. */
export type World = {
  stage: Stage
  orderId: string
  paymentId: string
  /** The lines, with what was paid for all their units. */
  lines: { id: string; productId: number; total: number }[]
  units: PhysicalOrder
  parcels: Map<string, 'packed' | 'gone' | 'delivered' | 'opened'>
  refunds: MadeRefund[]
  captured: number
  /** Units in the warehouse that belong to nobody, by product. */
  shelf: Map<number, number>
}

/** A change that is made after a sale. A new one is added to the list in commands.ts. */
export type Command = {
  name: string
  /** Sends its requests, and does the same to the things. Throws where the shop and the things do not agree. */
  run(world: World, pick: number): Promise<void>
}

const OPENING = 10
const WITHIN_MS = 15_000
const QUANTITIES = [3, 2] as const
/** Neither divides evenly by its units after a discount of a third. */
const PRICES = [12.5, 7.99] as const

export const cents = (amount: number): number => Math.round(amount * 100)

/** Two products, of which a new customer buys three and two, with a code that takes a third off. */
export async function newWorld(stage: Stage): Promise<World> {
  const { shop, admin } = stage
  const customer = await shop.signUp()
  const products = await Promise.all(PRICES.map((price) => shop.addProduct(admin, { price, stock_quantity: OPENING })))
  const code = crypto.randomUUID()
  await asStaff(stage, 'POST', '/api/promotions', { name: 'A third off', code, type: 'percentage', value: 33 })
  const items = products.map(({ id }, at) => ({ product_id: id, quantity: QUANTITIES[at] }))
  const { order, paymentId } = await buy(stage, customer, { items, codes: [code] })
  return {
    ...{ stage, orderId: order.id, paymentId, captured: cents(order.total_amount) },
    lines: order.items.map(({ id, product_id: productId, total }) => ({ id, productId, total: cents(total) })),
    units: new PhysicalOrder(Object.fromEntries(order.items.map(({ id, quantity }) => [id, quantity]))),
    ...{ parcels: new Map(), refunds: [] },
    shelf: new Map(products.map(({ id }, at) => [id, OPENING - (QUANTITIES[at] ?? 0)])),
  }
}

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

export const picked = <T>(all: readonly T[], pick: number): T | undefined => all[pick % Math.max(1, all.length)]

/** The money that went back and did not return, in cents; of one line or of all. */
export function moneyBack({ refunds }: Pick<World, 'refunds'>, line?: string): number {
  return refunds
    .filter(({ isReturned, quantities }) => !isReturned && (line === undefined || quantities?.[line] !== undefined))
    .reduce((sum, { amount }) => sum + amount, 0)
}

/** Nothing leaves once the customer has all the money again. */
export const isAllBack = (world: World): boolean => moneyBack(world) === world.captured

/** What differs between the order and the things, in words. */
export async function worldMismatches(world: World): Promise<string[]> {
  const { order } = (await asStaff(world.stage, 'GET', `/api/orders/${world.orderId}`)).body
  return [...unitMismatches(world, order), ...moneyMismatches(world, order), ...(await shelfMismatches(world))]
}

function unitMismatches({ units, parcels }: World, order: OrderBody): string[] {
  const STATUS = { packed: 'packed', gone: 'shipped', delivered: 'delivered', opened: 'cancelled' } as const
  const ofLines = order.items.flatMap((item) => {
    const { packed, shipped, removed, refunded } = units.countsOf(item.id)
    const things = [packed, shipped, removed, refunded]
    const counted = [item.packed_quantity, item.shipped_quantity, item.removed_quantity, item.refunded_quantity]
    return String(things) === String(counted) ? [] : [`units of ${item.name} are ${counted}, really ${things}`]
  })
  const ofParcels = [...parcels].filter(([id, state]) =>
    order.shipments.every((shipment) => shipment.id !== id || shipment.status !== STATUS[state]),
  )
  return [...ofLines, ...ofParcels.map(([id, state]) => `${id} is really ${state}`)]
}

function moneyMismatches(world: World, order: OrderBody): string[] {
  const found: string[] = []
  const back = moneyBack(world)
  if (cents(order.refunded_amount) !== back) found.push(`${order.refunded_amount} refunded, really ${back}`)
  if (back > world.captured) found.push(`${back} went back of ${world.captured}`)
  for (const { id, total } of world.lines) {
    const ofLine = moneyBack(world, id)
    const item = order.items.find((one) => one.id === id)
    const isWhole = item?.refunded_quantity === item?.quantity
    if (ofLine > total || (isWhole && ofLine !== total)) found.push(`${ofLine} went back of ${total} of a line`)
  }
  return found
}

async function shelfMismatches({ stage, shelf }: World): Promise<string[]> {
  const found = await Promise.all(
    [...shelf].map(async ([productId, quantity]) => {
      const { inventory } = (await asStaff(stage, 'GET', `/api/inventory/${productId}`)).body
      const { on_hand: onHand, available } = inventory
      const isSame = onHand === quantity && available === quantity
      return isSame ? [] : [`product ${productId}: ${onHand} on hand, ${available} available, really ${quantity}`]
    }),
  )
  return found.flat()
}
