import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import {
  assertAgree,
  assertSame,
  cents,
  isAllBack,
  linesOf,
  moneyLeft,
  moveShelf,
  PRICES,
  picked,
  readOrderOf,
  send,
  settleLines,
  takeMoneyBack,
  type World,
} from './world.ts'

const PAID_WITHIN_MS = 15_000
/** Stripe charges no less. */
const LEAST_CHARGE = 50

/** An order that has left, or whose money went back, is not edited. */
async function isEditable(world: World): Promise<boolean> {
  return (await readOrderOf(world)).status === 'processing' && !isAllBack(world)
}

const edit = (world: World, item: object): Promise<Reply> =>
  send(world, 'POST', `/api/orders/${world.orderId}/edits`, { items: [item] })

/** The order gives back what it costs less, as far as the shop has it, and is owed what it costs more. */
function acceptEdit(world: World, { body }: Reply): { previous: number; total: number } {
  const { previous_total, total, refund } = body.edit as Record<'previous_total' | 'total' | 'refund', number>
  const owed = world.due + cents(total) - cents(previous_total)
  assertSame('The refund of an edit', cents(refund), Math.min(Math.max(0, -owed), moneyLeft(world)))
  takeMoneyBack(world, cents(refund))
  world.due = Math.max(0, owed)
  world.lines = linesOf(body.order, world.lines)
  settleLines(world)
  return { previous: cents(previous_total), total: cents(total) }
}

/** Takes units off a line that are still in the warehouse. */
export async function takeUnitsOff(world: World, pick: number): Promise<void> {
  const line = picked(world.lines, pick)
  if (line === undefined) return
  const quantity = Math.max(0, line.quantity - 1 - (Math.floor(pick / 2) % 2))
  const count = line.quantity - quantity
  const { toShip, refunded } = world.units.countsOf(line.id)
  const isLast = quantity === 0 && world.lines.length === 1
  const isPossible = (await isEditable(world)) && toShip >= count && !isLast
  const reply = await edit(world, { line_id: line.id, quantity })
  if (isPossible && reply.status === 409 && isTooLittle(world, reply, refunded)) return
  assertAgree(reply, isPossible)
  if (reply.status !== 200) return
  world.units.takeOff({ [line.id]: count })
  const { previous, total } = acceptEdit(world, reply)
  const share = (line.total * count) / line.quantity
  if (Math.abs(previous - total - share) > 2) throw new Error(`${previous - total} less, really ${share}`)
  moveShelf(world, line.productId, count)
}

/** Whether the rest of the line would be worth less than was refunded of it, or less would be due than can be charged. */
const isTooLittle = ({ due }: World, { body }: Reply, refunded: number): boolean =>
  (body.code === 'line_quantity_too_low' && refunded > 0) || (body.code === 'amount_not_chargeable' && due > 0)

/** Adds units of a line, or of a product, at its price. */
export async function addUnits(world: World, pick: number): Promise<void> {
  const line = picked(world.lines, pick)
  if (line === undefined) return
  const quantity = 1 + (Math.floor(pick / 2) % 2)
  const isOfLine = pick % 3 === 0
  const isPossible = await isEditable(world)
  const item = isOfLine
    ? { line_id: line.id, quantity: line.quantity + quantity }
    : { variant_id: line.variantId, quantity }
  const reply = await edit(world, item)
  assertAgree(reply, isPossible)
  if (reply.status !== 200) return
  const known = new Set(world.lines.map(({ id }) => id))
  const price = PRICES[[...world.shelf.keys()].indexOf(line.productId)] ?? 0
  const { previous, total } = acceptEdit(world, reply)
  assertSame('The price of what was added', total - previous, cents(price) * quantity)
  for (const added of world.lines.filter(({ id }) => !known.has(id))) world.units.add(added.id, added.quantity)
  moveShelf(world, line.productId, -quantity)
}

/** The customer pays what is due. */
export async function payDue(world: World, pick: number): Promise<void> {
  if (world.due === 0) await addUnits(world, pick)
  if (world.due === 0) return
  if (world.due < LEAST_CHARGE) throw new Error(`${world.due} cannot be charged`)
  const order = await readOrderOf(world)
  const paid = await eventually(
    () => world.stage.shop.pay(world.customer, order, 'pm_card_visa'),
    ({ status }) => status === 201,
    PAID_WITHIN_MS,
  )
  const { id, amount } = paid.body.payment
  assertSame('What was charged', cents(amount), world.due)
  world.payments.unshift({ id, isGiftCard: false, captured: world.due, back: 0 })
  world.due = 0
  settleLines(world)
}
