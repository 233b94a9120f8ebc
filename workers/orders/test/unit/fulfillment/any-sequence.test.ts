import { newId } from '@shop/http/ids'
import type { RefundId } from '@shop/kernel/ids'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { complete } from '../../../src/fulfillment/domain/completion.ts'
import { releaseRefund, reserveRefund } from '../../../src/fulfillment/domain/line-refund-steps.ts'
import { cancelShipment, createShipment, updateShipment } from '../../../src/fulfillment/domain/shipment-steps.ts'
import { recordRefund, recordRefundReturn } from '../../../src/payment-events/domain/refund.ts'
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

const mayReserve = ({ refunds, captured }: Model, amount: number) =>
  amount > 0 && sumOf(refunds, 'pending', 'succeeded') + amount <= captured

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
  model.units.undoRefund(id)
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
  model.units.undoRefund(refund.id)
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
  { maxCommands: 40 },
)

const RUNS = process.env.LONG ? 20_000 : 500
const TIMEOUT_MS = 240_000

describe('any sequence of shipments and refunds', () => {
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
