import { variantIdOf } from '@shop/testing/product-body'
import { lineOf, ship } from './parcel-commands.ts'
import { acceptRefund, sendRefund } from './refund-commands.ts'
import { asStaff } from './sold-order.ts'
import {
  assertAgree,
  assertSame,
  cents,
  type KnownReturn,
  moneyLeft,
  moveShelf,
  picked,
  send,
  takeMoneyBack,
  type World,
} from './world.ts'

const hasShipped = ({ lines, units }: World): boolean => lines.some(({ id }) => units.countsOf(id).shipped > 0)

/** Staff make a return, or the customer asks for it and staff decide. */
export async function makeReturn(world: World, pick: number): Promise<void> {
  if (!hasShipped(world)) return ship('shipped')(world, pick)
  const { units, returns, orderId, stage, customer } = world
  const [line, quantity] = [lineOf(world, pick), 1 + (Math.floor(pick / 2) % 2)]
  const path = `/api/orders/${orderId}/returns`
  const body = { items: [{ line_id: line, quantity, reason: 'unwanted' }] }
  const isByCustomer = pick % 3 === 0
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const reply = isByCustomer
    ? await stage.shop.request('POST', path, { token: customer.token, body, headers })
    : await send(world, 'POST', path, body)
  const { id } = reply.status === 201 ? reply.body.return : { id: 'none' }
  assertAgree(reply, units.expect(id, { [line]: quantity }))
  if (reply.status !== 201) return
  const made: KnownReturn = { line, quantity, status: 'approved', restocked: 0, writtenOff: 0, isExchanged: false }
  returns.set(id, made)
  if (!isByCustomer) return
  const isRefused = pick % 4 === 0
  const decided = isRefused
    ? await send(world, 'POST', `/api/returns/${id}/refuse`, { reason: 'It was worn' })
    : await send(world, 'POST', `/api/returns/${id}/approve`)
  assertAgree(decided, true)
  if (!isRefused) return
  made.status = 'refused'
  units.endReturn(id)
}

export async function receive(world: World, pick: number): Promise<void> {
  const [id, known] = picked([...world.returns], pick) ?? []
  if (id === undefined || known === undefined) return makeReturn(world, pick)
  const [quantity, restock] = [1 + (Math.floor(pick / 2) % 2), pick % 3 !== 0]
  const items = [{ line_id: known.line, quantity, restock }]
  const reply = await send(world, 'POST', `/api/returns/${id}/receive`, { items })
  assertAgree(reply, known.status === 'approved' && world.units.receive(id, { [known.line]: quantity }))
  if (reply.status !== 200) return
  const productId = world.lines.find((line) => line.id === known.line)?.productId ?? 0
  if (restock) moveShelf(world, productId, quantity)
  known[restock ? 'restocked' : 'writtenOff'] += quantity
  if (known.restocked + known.writtenOff === known.quantity) known.status = 'received'
}

export async function closeReturn(world: World, pick: number): Promise<void> {
  const [id, known] = picked([...world.returns], pick) ?? []
  if (id === undefined || known === undefined) return makeReturn(world, pick)
  assertAgree(await send(world, 'POST', `/api/returns/${id}/close`), known.status !== 'refused')
  if (known.status === 'refused') return
  known.status = 'closed'
  world.units.endReturn(id)
}

/** A return of which something came back, if there is one. */
const receivedReturn = ({ returns }: World, pick: number) =>
  picked(
    [...returns].filter(([, { restocked, writtenOff }]) => restocked + writtenOff > 0),
    pick,
  )

export async function refundReturn(world: World, pick: number): Promise<void> {
  const [id, known] = receivedReturn(world, pick) ?? []
  if (id === undefined || known === undefined) return receive(world, pick)
  const quantities = { [known.line]: 1 + (Math.floor(pick / 2) % 2) }
  const items = [{ line_id: known.line, quantity: quantities[known.line] }]
  const reply = await sendRefund(world, pick, { items, return_id: id })
  acceptRefund(world, reply, quantities, (refund) => world.units.refundFor(id, refund, quantities))
}

/** What came back is exchanged for one of the products. What it costs more is paid at once; what it costs less goes back. */
export async function exchange(world: World, pick: number): Promise<void> {
  const [id, known] = receivedReturn(world, pick) ?? []
  if (id === undefined || known === undefined) return receive(world, pick)
  const { stage, units } = world
  const productId = picked([...world.shelf.keys()], pick) ?? 0
  const [product, quantity] = [await stage.shop.getProduct(productId), 1 + (Math.floor(pick / 2) % 2)]
  const units_ = units.refundableFor(id, known.line)
  const before = await refundedFor(world, id)
  const items = [{ variant_id: variantIdOf(product), quantity }]
  const reply = await send(world, 'POST', `/api/returns/${id}/exchange`, { items })
  assertAgree(reply, !known.isExchanged && units_ > 0 && moneyLeft(world) > 0)
  if (reply.status !== 201) return
  known.isExchanged = true
  const { order, return: returned } = reply.body
  const value = cents(returned.refunded_amount) - before
  const paid = cents(order.gift_card_amount)
  assertSame('The price of the exchange', cents(order.total_amount), cents(product.price) * quantity)
  assertSame('What is due for it', cents(order.amount_due), cents(order.total_amount) - paid)
  if (paid > value) throw new Error(`${paid} of ${value} were spent`)
  moveShelf(world, productId, -quantity)
  const refund = `exchange of ${id}`
  const quantities = { [known.line]: units_ }
  units.refundFor(id, refund, quantities)
  const isWhole = value < moneyLeft(world)
  takeMoneyBack(world, value, paid)
  world.refunds.push({ id: refund, amount: value, quantities, isReturned: false, isWhole })
  if (order.amount_due > 0) assertAgree(await stage.shop.pay(world.customer, order, 'pm_card_visa'), true)
}

const refundedFor = async ({ stage }: World, id: string): Promise<number> =>
  cents((await asStaff(stage, 'GET', `/api/returns/${id}`)).body.return.refunded_amount)
