import { newId } from '@shop/http/ids'
import type { RefundId } from '@shop/kernel/ids'
import type { Quantities } from '@shop/testing/physical-order'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { complete } from '../../../src/fulfillment/domain/completion.ts'
import { releaseRefund, reserveRefund } from '../../../src/fulfillment/domain/line-refund-steps.ts'
import { cancelShipment, createShipment, updateShipment } from '../../../src/fulfillment/domain/shipment-steps.ts'
import { refundableOf } from '../../../src/order-edits/domain/settle-edit.ts'
import { recordRefund, recordRefundReturn } from '../../../src/payment-events/domain/refund.ts'
import { exchangeReturn, exchangeValue } from '../../../src/returns/domain/exchange-step.ts'
import type { Return } from '../../../src/returns/domain/return.ts'
import { closeReturn, receiveReturn, requestReturn } from '../../../src/returns/domain/return-steps.ts'
import {
  aSale,
  assertHolds,
  decide,
  itemsOf,
  type Model,
  madeNow,
  quantitiesOf,
  type Real,
  sumOf,
} from '../../support/after-sale-model.ts'
import { stepOf } from '../../support/edits.ts'
import { AT, UNTRACKED } from '../../support/shipments.ts'

/** Does one thing in the shop and in the model; throws where only one of them allows it. */
type Act = (model: Model, real: Real, pick: number) => void

const COUNTS = [
  [1, 0],
  [0, 1],
  [2, 1],
  [4, 3],
  [5, 0],
  [3, 2],
] as const
const picked = <T>(all: readonly T[], pick: number): T | undefined => all[pick % Math.max(1, all.length)]
const countsOf = (pick: number) => picked(COUNTS, pick) ?? [1, 0]

function assertAgree(isDone: boolean, isPossible: boolean): void {
  if (isDone !== isPossible)
    throw new Error(isDone ? 'The shop did what cannot be done' : 'The shop refused what can be done')
}

/** Nothing leaves once the customer has all the money again. */
const isAllBack = ({ refunds, captured }: Model) => sumOf(refunds, 'succeeded') === captured

const ship =
  (status: 'packed' | 'shipped'): Act =>
  (model, real, pick) => {
    const made = madeNow()
    const quantities = quantitiesOf(real, countsOf(pick))
    const isDone = decide(real, createShipment(real.order, { ...UNTRACKED, status, items: itemsOf(quantities) }, made))
    assertAgree(isDone, !isAllBack(model) && model.units.pack(made.id, quantities))
    if (!isDone) return
    model.parcels.set(made.id, status === 'packed' ? 'packed' : 'gone')
    if (status === 'shipped') model.units.send(made.id)
  }

/** Changes a parcel as its state allows. A change that was made before succeeds, and changes nothing. */
const changeParcel =
  (status: 'shipped' | 'delivered'): Act =>
  (model, real, pick) => {
    const shipment = picked(real.order.shipments, pick)
    const state = shipment && model.parcels.get(shipment.id)
    if (shipment === undefined || state === undefined) return
    const isDone = decide(real, updateShipment(real.order, shipment, { status }, AT))
    const isAllowed = { packed: !isAllBack(model), gone: true, delivered: status === 'delivered', opened: false }[state]
    assertAgree(isDone, isAllowed)
    if (!isDone) return
    if (state === 'packed') model.units.send(shipment.id)
    model.parcels.set(shipment.id, status === 'delivered' ? 'delivered' : 'gone')
  }

const cancelParcel: Act = (model, real, pick) => {
  const shipment = picked(real.order.shipments, pick)
  const state = shipment && model.parcels.get(shipment.id)
  if (shipment === undefined || state === undefined) return
  assertAgree(decide(real, cancelShipment(real.order, shipment, AT)), state === 'packed' || state === 'opened')
  if (state !== 'packed') return
  model.units.unpack(shipment.id)
  model.parcels.set(shipment.id, 'opened')
}

const leftAtPayments = ({ refunds, captured }: Model): number => captured - sumOf(refunds, 'pending', 'succeeded')
const mayReserve = (model: Model, amount: number) => amount > 0 && amount <= leftAtPayments(model)

/** Payments refunds what orders has reserved, unless too little is left after refunds by amount: then it is released. */
const refundLines: Act = (model, real, pick) => {
  const { paymentId } = real.order
  if (paymentId === null) throw new Error('No payment')
  const id = newId('refund')
  const quantities = quantitiesOf(real, countsOf(pick))
  const shipping = Math.min(pick % 3 === 0 ? 200 : 0, shippingLeft(real))
  const wanted = { paymentId, items: itemsOf(quantities), shipping, restockingFee: pick % 5 === 0 ? 1 : 0 }
  const isDone = decide(real, reserveRefund(real.order, wanted, { refundId: id, at: AT }))
  assertAgree(isDone, model.units.refund(id, quantities))
  if (!isDone) return
  const amount = real.order.lineRefunds.find(({ refundId }) => refundId === id)?.amount ?? 0
  if (mayReserve(model, amount)) model.refunds.push({ id, amount, state: 'pending', quantities })
  else release(model, real, id)
}

function shippingLeft({ order }: Real): number {
  const standing = order.lineRefunds.filter(({ state }) => state !== 'released')
  return order.shippingTotal - standing.reduce((all, { shipping }) => all + shipping, 0)
}

function release(model: Model, real: Real, id: RefundId): void {
  decide(real, { ok: true, value: releaseRefund(real.order, id) })
  undoUnits(model, id)
}

function undoUnits({ units, refunds }: Model, id: RefundId): void {
  const isExchange = refunds.some((refund) => refund.id === id && refund.isExchange)
  if (!isExchange) units.undoRefund(id)
}

const refundAmount: Act = (model, _, pick) => {
  const amount = 1 + ((pick * 37) % 2_000)
  if (mayReserve(model, amount)) {
    model.refunds.push({ id: newId('refund'), amount, state: 'pending', quantities: undefined })
  }
}

const refundsIn = ({ refunds }: Model, state: string) => refunds.filter((refund) => refund.state === state)

const factOf = ({ order }: Real, { id: refundId, amount }: Model['refunds'][number], captured: number) => {
  if (order.paymentId === null) throw new Error('No payment')
  return { orderId: order.id, paymentId: order.paymentId, refundId, amount, captured }
}

const succeeds: Act = (model, real, pick) => {
  const refund = picked(refundsIn(model, 'pending'), pick)
  if (refund === undefined) return
  const fact = factOf(real, refund, model.captured)
  decide(real, { ok: true, value: recordRefund(real.order, fact, { reason: 'requested_by_staff' }) })
  refund.state = 'succeeded'
}

const fails: Act = (model, real, pick) => {
  const refund = picked(refundsIn(model, 'pending'), pick)
  if (refund === undefined) return
  refund.state = 'failed'
  release(model, real, refund.id)
}

const bankReturns: Act = (model, real, pick) => {
  const refund = picked(refundsIn(model, 'succeeded'), pick)
  if (refund === undefined) return
  decide(real, { ok: true, value: recordRefundReturn(real.order, factOf(real, refund, model.captured), undefined) })
  refund.state = 'returned'
  undoUnits(model, refund.id)
}

const requestsReturn: Act = (model, real, pick) => {
  const id = newId('return')
  const quantities = quantitiesOf(real, countsOf(pick))
  const items = itemsOf(quantities).map((item) => ({ ...item, reason: 'unwanted' }))
  const by = { kind: 'staff', userId: newId('user') } as const
  const isDone = decide(real, requestReturn(real.order, { items, note: null }, { id, at: AT, by }))
  assertAgree(isDone, model.units.expect(id, quantities))
}

const receives: Act = (model, real, pick) => {
  const known = picked(real.order.returns, pick)
  if (known === undefined) return
  const quantities = quantitiesOf(real, countsOf(pick))
  const items = itemsOf(quantities).map((item) => ({ ...item, restock: pick % 2 === 0 }))
  const isDone = decide(real, receiveReturn(real.order, known, items, AT))
  assertAgree(isDone, known.status === 'approved' && model.units.receive(known.id, quantities))
}

const closes: Act = (model, real, pick) => {
  const known = picked(real.order.returns, pick)
  if (known === undefined) return
  assertAgree(decide(real, closeReturn(real.order, known, AT)), true)
  model.units.endReturn(known.id)
}

const refundsReturn: Act = (model, real, pick) => {
  const known = picked(real.order.returns, pick)
  const { paymentId } = real.order
  if (known === undefined || paymentId === null) return
  const id = newId('refund')
  const quantities = quantitiesOf(real, countsOf(pick))
  const wanted = { paymentId, items: itemsOf(quantities), shipping: 0, restockingFee: 0, returnId: known.id }
  const isDone = decide(real, reserveRefund(real.order, wanted, { refundId: id, at: AT }))
  assertAgree(isDone, model.units.refundFor(known.id, id, quantities))
  if (!isDone) return
  const amount = real.order.lineRefunds.find(({ refundId }) => refundId === id)?.amount ?? 0
  if (mayReserve(model, amount)) model.refunds.push({ id, amount, state: 'pending', quantities })
  else release(model, real, id)
}

/** All units that a return has received and that were not refunded go for another order. */
const exchanges: Act = (model, real, pick) => {
  const known = picked(real.order.returns, pick)
  if (known === undefined) return
  const quantities = receivedOf(model, known)
  const value = exchangeValue(real.order, known)
  const isPossible = known.exchangeOrderId === null && itemsOf(quantities).length > 0 && refundableOf(real.order) > 0
  assertAgree(value.ok, isPossible)
  if (!value.ok) return
  const made = { refundId: newId('refund'), exchangeOrderId: newId('order'), storeCredit: undefined, at: AT }
  decide(real, { ok: true, value: exchangeReturn(real.order, known, value.value, made) })
  assertAgree(true, model.units.refundFor(known.id, made.refundId, quantities))
  // Refunds that orders has not heard of may have left less.
  const amount = Math.min(value.value.amount, leftAtPayments(model))
  model.refunds.push({
    id: made.refundId,
    amount,
    state: amount > 0 ? 'pending' : 'failed',
    quantities,
    isExchange: true,
  })
}

const receivedOf = ({ units }: Model, { id, items }: Return): Quantities =>
  Object.fromEntries(
    items.flatMap(({ lineId }) => {
      const quantity = units.refundableFor(id, lineId)
      return quantity > 0 ? [[lineId, quantity]] : []
    }),
  )

/** Takes units off the order. What it refuses may have other reasons than the units. */
const edits: Act = (model, real, pick) => {
  const line = picked(real.order.lines, pick)
  if (line === undefined) return
  const quantity = Math.max(0, line.quantity - 1 - (pick % 3))
  if (!decide(real, stepOf(real.order, [{ lineId: line.id, quantity }]))) return
  assertAgree(true, model.units.takeOff({ [line.id]: line.quantity - quantity }))
  model.edited.add(line.id)
  const due = real.order.lineRefunds.at(-1)
  if (due?.origin !== 'edit' || model.refunds.some(({ id }) => id === due.refundId)) return
  const amount = Math.min(due.amount, leftAtPayments(model))
  const state = amount > 0 ? 'pending' : 'failed'
  model.refunds.push({ id: due.refundId, amount, state, quantities: undefined })
}

/** Everything that staff, payments and banks may do after a sale. */
const ACTS: Record<string, Act> = {
  ships: ship('shipped'),
  packs: ship('packed'),
  leaves: changeParcel('shipped'),
  arrives: changeParcel('delivered'),
  cancelsParcel: cancelParcel,
  refundsLines: refundLines,
  refundsAmount: refundAmount,
  refundSucceeds: succeeds,
  refundFails: fails,
  bankReturns,
  requestsReturn,
  receives,
  closes,
  refundsReturn,
  exchanges,
  edits,
}

class Command implements fc.Command<Model, Real> {
  readonly name: string
  readonly pick: number
  constructor(name: string, pick: number) {
    this.name = name
    this.pick = pick
  }
  check(): boolean {
    return true
  }
  run(model: Model, real: Real): void {
    ACTS[this.name]?.(model, real, this.pick)
    // What the shop does after each change.
    decide(real, { ok: true, value: complete(real.order) })
    assertHolds(model, real)
  }
  toString(): string {
    return `${this.name}(${this.pick})`
  }
}

const commands = fc.commands(
  Object.keys(ACTS).map((name) => fc.nat(1_000).map((pick) => new Command(name, pick))),
  { maxCommands: 40, size: 'max' },
)

const RUNS = process.env.LONG ? 20_000 : 500
const TIMEOUT_MS = 240_000

describe('any sequence of shipments, returns, exchanges, edits and refunds', () => {
  it(
    'ships, removes and refunds each unit as a thing could be, and no line gives more money back than was paid for it',
    () => {
      fc.assert(
        fc.property(commands, (sequence) => fc.modelRun(aSale, sequence)),
        { numRuns: RUNS },
      )
    },
    TIMEOUT_MS,
  )
})
