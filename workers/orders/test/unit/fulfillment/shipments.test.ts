import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { cancelShipment } from '../../../src/fulfillment/cancel-shipment.ts'
import { createShipment } from '../../../src/fulfillment/create-shipment.ts'
import { listOpenRefunds } from '../../../src/fulfillment/list-open-refunds.ts'
import { listShipments } from '../../../src/fulfillment/list-shipments.ts'
import { releaseRefunds } from '../../../src/fulfillment/release-refunds.ts'
import { reserveRefund } from '../../../src/fulfillment/reserve-refund.ts'
import { updateShipment } from '../../../src/fulfillment/update-shipment.ts'
import { recordAuthorizationLoss } from '../../../src/payment-events/domain/authorization.ts'
import { receiveEvents } from '../../../src/payment-events/receive-events.ts'
import { refundEvent } from '../../support/payments-events.ts'
import { aShippableOrder, draftOf, shipped } from '../../support/shipments.ts'
import { NOW, testDeps } from '../../support/test-deps.ts'

const fulfiller: Caller = { kind: 'user', userId: newId('user'), role: 'fulfillment' }
const owner = (userId: string | null): Caller => ({
  kind: 'user',
  userId: userId as `user_${string}`,
  role: 'customer',
})

describe('creating a shipment', () => {
  it('is for staff who fulfil, and for an order that exists', async () => {
    const order = aShippableOrder()
    const { deps } = testDeps({ orders: [order] })
    const draft = draftOf(order, [1, 0])
    expect(await createShipment(deps, owner(order.userId), order.id, draft, 'k')).toEqual({
      ok: false,
      failure: { code: 'forbidden' },
    })
    expect(await createShipment(deps, { kind: 'anonymous' }, order.id, draft, 'k')).toMatchObject({
      failure: { code: 'authentication_required' },
    })
    for (const id of ['no id', newId('order')]) {
      expect(await createShipment(deps, fulfiller, id, draft, 'k')).toEqual({
        ok: false,
        failure: { code: 'order_not_found' },
      })
    }
  })

  it('needs a key, by which it is answered again', async () => {
    const order = aShippableOrder()
    const { deps, find, calls } = testDeps({ orders: [order] })
    expect(await createShipment(deps, fulfiller, order.id, draftOf(order, [1, 0]))).toEqual({
      ok: false,
      failure: { code: 'idempotency_key_required' },
    })
    const ship = (quantities: number[]) => createShipment(deps, fulfiller, order.id, draftOf(order, quantities), 'k')
    const first = await ship([2, 0])
    expect(first).toMatchObject({ ok: true, value: { replayed: false, value: { shipment: { createdAt: NOW } } } })
    expect(await ship([2, 0])).toEqual(first.ok && { ok: true, value: { ...first.value, replayed: true } })
    expect(await ship([0, 1])).toEqual({ ok: false, failure: { code: 'idempotency_key_reused' } })
    expect(find(order.id)?.shipments).toHaveLength(1)
    expect(calls).toEqual(['save shipment_shipped', 'wake'])
  })
})

describe('changing a shipment', () => {
  it('is for staff who fulfil, and for a shipment that exists', async () => {
    const order = shipped(aShippableOrder(), [1, 0], 'packed')
    const { deps } = testDeps({ orders: [order] })
    const id = order.shipments[0]?.id ?? ''
    for (const change of [
      () => updateShipment(deps, owner(order.userId), id, {}),
      () => cancelShipment(deps, owner(order.userId), id),
    ]) {
      expect(await change()).toEqual({ ok: false, failure: { code: 'forbidden' } })
    }
    for (const shipmentId of ['no id', newId('shipment')]) {
      expect(await cancelShipment(deps, fulfiller, shipmentId)).toEqual({
        ok: false,
        failure: { code: 'shipment_not_found', shipmentId },
      })
    }
  })

  it('completes its order when nothing else is to be waited for', async () => {
    const order = shipped(aShippableOrder(), [2, 1], 'packed')
    const { deps, historyOf } = testDeps({ orders: [order] })
    const delivered = await updateShipment(deps, fulfiller, order.shipments[0]?.id ?? '', { status: 'delivered' })
    expect(delivered).toMatchObject({
      ok: true,
      value: { order: { status: 'delivered' }, shipment: { status: 'delivered' } },
    })
    expect(historyOf(order.id).map(({ type }) => type)).toEqual(['placed', 'shipped', 'delivered'])
    const [, ...made] = historyOf(order.id)
    expect(made.map(({ actor }) => actor.kind)).toEqual(['staff', 'staff'])
  })
})

describe('the shipments of an order', () => {
  it('are shown to its owner and to staff, and to nobody else', async () => {
    const order = shipped(aShippableOrder(), [1, 0])
    const { deps } = testDeps({ orders: [order] })
    const list = (caller: Caller) => listShipments(deps, { orderId: order.id, caller, orderToken: null })
    for (const caller of [owner(order.userId), fulfiller]) {
      expect(await list(caller)).toEqual({ ok: true, value: { id: order.id, shipments: order.shipments } })
    }
    expect(await list(owner(newId('user')))).toMatchObject({ failure: { code: 'order_not_found' } })
  })
})

describe('an authorization that ends after a part has left', () => {
  it('does not cancel the order: staff have to get the money', () => {
    const order = shipped(aShippableOrder({ paymentStatus: 'authorized' }), [1, 0])
    expect(recordAuthorizationLoss(order, order.paymentId ?? newId('payment'))).toEqual({
      ok: true,
      value: { kind: 'unchanged' },
    })
  })
})

describe('a refund by line', () => {
  it('is open until payments tells what came of it, and its units come back when it fails', async () => {
    const order = aShippableOrder()
    const { deps, find } = testDeps({ orders: [order] })
    const paymentId = order.paymentId ?? newId('payment')
    const reserve = (refundId = newId('refund')) =>
      reserveRefund(deps, {
        ...{ orderId: order.id, paymentId, refundId, actor: { kind: 'system' as const } },
        ...{ items: draftOf(order, [1, 0]).items, shipping: 0, restockingFee: 0 },
      })
    const [failed, released] = [newId('refund'), newId('refund')]
    expect(await reserve(failed)).toEqual({ ok: true, value: { amount: 1_000 } })
    expect(await reserve(failed)).toEqual({ ok: true, value: { amount: 1_000 } })
    await reserve(released)
    expect(await reserve()).toMatchObject({ failure: { code: 'quantity_exceeds_refundable', left: 0 } })
    const open = () => listOpenRefunds(deps, { before: new Date(NOW.getTime() + 1), limit: 10 })
    expect(await open()).toMatchObject({ value: [{ refundId: failed }, { refundId: released }] })
    await receiveEvents(deps, [refundEvent('refund.failed', order, { paymentId, refundId: failed, amount: 1_000 })])
    expect(await releaseRefunds(deps, [{ orderId: order.id, refundId: released }])).toEqual({
      ok: true,
      value: [{ ok: true }],
    })
    expect(await open()).toEqual({ ok: true, value: [] })
    expect(find(order.id)?.lines[0]?.units).toMatchObject({ removed: 0, refunded: 0, refundedAmount: 0 })
    const unknown = { orderId: newId('order'), refundId: newId('refund') }
    expect(await releaseRefunds(deps, [unknown])).toEqual({
      ok: true,
      value: [{ ok: false, failure: { code: 'order_not_found' } }],
    })
  })
})
