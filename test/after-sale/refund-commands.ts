import type { Reply } from '@shop/testing/client'
import { intentsOf } from '@shop/testing/stripe-js'
import { lineOf } from './parcel-commands.ts'
import {
  assertAgree,
  assertSame,
  cents,
  creditCard,
  moneyBack,
  moneyPaid,
  picked,
  send,
  takeMoneyBack,
  type World,
} from './world.ts'

/** Of one line, so that its money can be told from that of the others. */
export async function refundLine(world: World, pick: number): Promise<void> {
  const [line, quantity] = [lineOf(world, pick), 1 + (Math.floor(pick / 2) % 3)]
  const reply = await sendRefund(world, pick, { items: [{ line_id: line, quantity }] })
  const { isAdded = false } = world.lines.find(({ id }) => id === line) ?? {}
  // What was added can be refunded once nothing is due.
  const isPaid = !isAdded || world.due === 0
  acceptRefund(world, reply, { [line]: quantity }, (id) => isPaid && world.units.refund(id, { [line]: quantity }))
}

/** Whichever payment is named, a refund of units takes from all. */
export const sendRefund = (world: World, pick: number, body: object): Promise<Reply> =>
  send(world, 'POST', `/api/payments/${picked(world.payments, pick)?.id}/refund`, body)

/** @param take does the same to the things, and returns whether that is possible */
export function acceptRefund(
  world: World,
  reply: Reply,
  quantities: Record<string, number>,
  take: (refundId: string) => boolean,
): void {
  if (reply.status === 409 && reply.body.code === 'refund_exceeds_captured') {
    assertTooMuch(world, quantities)
    return
  }
  const id = reply.status === 201 ? reply.body.refund.id : 'none'
  assertAgree(reply, take(id))
  if (reply.status !== 201) return
  const parts = reply.body.refunds.map(({ payment_id, amount }) => [payment_id, cents(amount)])
  const amount = reply.body.refunds.reduce((sum, part) => sum + cents(part.amount), 0)
  assertSame('What payments give', parts, takeMoneyBack(world, amount))
  world.refunds.push({ id, amount, quantities, isReturned: false, isWhole: true })
}

/** After refunds by amount too little may be left for units that could be refunded: for each at least its share, rounded down. */
function assertTooMuch(world: World, quantities: Record<string, number>): void {
  const most = Object.entries(quantities).map(([line, quantity]) => {
    const known = world.lines.find(({ id }) => id === line)
    return Math.ceil(((known?.total ?? 0) * quantity) / (known?.quantity ?? 1)) + quantity
  })
  if (moneyBack(world) + most.reduce((sum, amount) => sum + amount, 0) <= moneyPaid(world))
    throw new Error('A refund by line was refused that could be made')
}

/** Of one payment. */
export async function refundAmount(world: World, pick: number): Promise<void> {
  const amount = 1 + (pick % 1_500)
  const payment = picked(world.payments, Math.floor(pick / 2))
  if (payment === undefined) throw new Error('No payment')
  const reply = await send(world, 'POST', `/api/payments/${payment.id}/refund`, { amount: amount / 100 })
  assertAgree(reply, payment.back + amount <= payment.captured)
  if (reply.status !== 201) return
  payment.back += amount
  if (payment.isGiftCard) creditCard(world, amount)
}

/** The customer's bank sends a refund back, and Stripe tells the shop. */
export async function bankReturns(world: World, pick: number): Promise<void> {
  const { stripe } = world.stage.platform
  const intents = new Map(intentsOf(stripe, { id: world.orderId }).map(({ id, metadata }) => [id, metadata.payment_id]))
  const standing = stripe
    .refunds()
    .filter(({ status, payment_intent }) => status === 'succeeded' && intents.has(String(payment_intent)))
  const atStripe = picked(standing, pick)
  if (atStripe === undefined) return refundAmount(world, pick)
  stripe.settleRefund(atStripe.id, 'fail')
  const payment = world.payments.find(({ id }) => id === intents.get(String(atStripe.payment_intent)))
  if (payment === undefined) throw new Error(`${atStripe.id} is of no known payment`)
  payment.back -= atStripe.amount
  const refund = world.refunds.find(({ id }) => id === atStripe.metadata?.refund_id)
  if (refund === undefined) return
  refund.isReturned = true
  world.units.undoRefund(refund.id)
}
