import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { refundableOf } from '../../src/order-edits/domain/settle-edit.ts'
import { amountDueOf } from '../../src/orders/domain/amount-due.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { isMoneyReturned } from '../../src/orders/domain/refund-status.ts'
import { changeOf, type Step } from '../../src/orders/domain/steps.ts'
import { captureStep, recordCapture } from '../../src/payment-events/domain/capture.ts'
import { recordRefund } from '../../src/payment-events/domain/refund.ts'
import { capture, orderIn, PAY_1, REASON, refund, unchanged } from '../support/payment-facts.ts'

const at = new Date('2026-11-23T10:00:00.000Z')

describe('a capture of a part, while more may follow', () => {
  const part = (order: Order, captured: number, isOpen = true) =>
    recordCapture(order, capture(order, { captured, isOpen }))
  const changed = (order: Order, step: Step) =>
    step.kind === 'unchanged' ? order : changeOf(order, step, { actor: { kind: 'system' }, at }).order
  const after = (order: Order, captured: number, isOpen = true) => changed(order, part(order, captured, isOpen).step)
  const order = orderIn('processing', 'authorized')
  const partly = after(order, 1_000)

  it('pays for the part, and issues the invoice over the whole order', () => {
    expect(part(order, 1_000)).toMatchObject({
      decision: 'accepted',
      step: {
        ...{ type: 'partially_paid', data: { paymentId: PAY_1, amount: 1_000 } },
        to: { paymentStatus: 'partially_paid', capturedAmount: 1_000, invoiced: { total: 2_500 } },
        invoices: [{ series: 'invoice', cause: 'paid', total: 2_500 }],
      },
    })
  })

  it('adds what further parts have captured, until all is paid', () => {
    const more = after(partly, 1_800)
    expect(more).toMatchObject({ paymentStatus: 'partially_paid', capturedAmount: 1_800 })
    expect(part(more, 2_500, false)).toMatchObject({
      step: {
        type: 'paid',
        to: { paymentStatus: 'paid', capturedAmount: 2_500 },
        data: { amount: 700 },
        invoices: [],
      },
    })
  })

  it('changes nothing when it comes again, or after a later part', () => {
    for (const captured of [1_000, 400]) {
      expect(part(partly, captured)).toEqual({ decision: 'accepted', step: unchanged })
    }
    expect(after(after(partly, 2_500, false), 1_800)).toMatchObject({ paymentStatus: 'paid', capturedAmount: 2_500 })
  })

  it('stays the paid part when the rest of the authorization is lost', () => {
    expect(part(partly, 1_000, false)).toEqual({ decision: 'accepted', step: unchanged })
  })

  it('is all that is paid when staff give up the rest, which has a credit note', () => {
    expect(part(partly, 1_500, false)).toMatchObject({
      step: {
        to: { paymentStatus: 'paid', capturedAmount: 1_500, invoiced: { total: 1_500 } },
        invoices: [{ series: 'credit_note', cause: 'uncaptured', total: 1_000 }],
      },
    })
  })

  it('can be refunded, and the order stays partially paid until the rest is captured', () => {
    const refunded = recordRefund(partly, refund(partly, { amount: 1_000, captured: 1_000 }), REASON)
    expect(refunded).toMatchObject({
      ...{ to: { paymentStatus: 'partially_paid', refundedAmount: 1_000, invoiced: { total: 1_500 } } },
      invoices: [{ series: 'credit_note', total: 1_000 }],
    })
    if (refunded.kind === 'unchanged') throw new Error('unchanged')
    const back = changeOf(partly, refunded, { actor: { kind: 'system' }, at }).order
    expect(isMoneyReturned(back)).toBe(false)
    expect(after(back, 2_500, false)).toMatchObject({ paymentStatus: 'partially_refunded', capturedAmount: 2_500 })
  })

  it('is refunded when all of it went back after the order was cancelled', () => {
    const cancelled: Order = { ...partly, status: 'cancelled', cancelReason: 'stock_gone' }
    const back = (amount: number) => recordRefund(cancelled, refund(partly, { amount, captured: 1_000 }), REASON)
    expect(back(1_000)).toMatchObject({ to: { paymentStatus: 'refunded', refundedAmount: 1_000 } })
    expect(back(400)).toMatchObject({ to: { paymentStatus: 'partially_refunded', refundedAmount: 400 } })
  })

  it('is refunded when all of it went back, and an edit has taken off the rest', () => {
    const edited = { ...partly, total: 1_000, chargedAmount: 1_000, refundedAmount: 1_000 }
    expect(recordCapture(edited, capture(order, { captured: 1_000 }))).toMatchObject({
      step: { to: { paymentStatus: 'refunded' } },
    })
  })

  it('may be more than an edit has left to pay, when it was captured at Stripe', () => {
    const edited = { ...order, total: 2_000, chargedAmount: 2_000 }
    expect(recordCapture(edited, capture(order, { captured: 2_500 }))).toMatchObject({
      step: { to: { paymentStatus: 'paid', capturedAmount: 2_500, chargedAmount: 2_500, creditedAmount: 500 } },
    })
  })

  it('pays back what it took beyond an edit, as the edit would have, and once', () => {
    const edited: Order = { ...order, total: 2_000, chargedAmount: 2_000 }
    const beyond = capture(order, { captured: 2_500 })
    const refundId = newId('refund')
    const step = captureStep(edited, beyond, { refundId, at })
    expect(step).toMatchObject({
      ...{ type: 'paid', to: { chargedAmount: 2_500, creditedAmount: 500 }, refundDue: { storeCredit: 0 } },
      lineRefund: { refundId, origin: 'edit', state: 'reserved', amount: 500, items: [] },
    })
    const charged = changed(edited, step)
    expect([amountDueOf(charged), refundableOf(charged)]).toEqual([0, 2_000])
    expect(captureStep(charged, beyond, { refundId: newId('refund'), at })).toEqual(unchanged)
    const back = recordRefund(charged, refund(order, { refundId }), REASON)
    expect(back).toMatchObject({
      ...{ to: { paymentStatus: 'partially_refunded', refundedAmount: 500 }, invoices: [] },
      lineRefund: { refundId, state: 'refunded' },
    })
  })

  it('pays back no more than is left to refund, and nothing where the capture is all refunded', () => {
    const made = { refundId: newId('refund'), at }
    const beyond = capture(order, { captured: 2_500 })
    const edited: Order = { ...partly, total: 1_200, chargedAmount: 1_200, chargedBackAmount: 1_000 }
    const refunded = { ...edited, refundedAmount: 700 }
    expect(captureStep(refunded, beyond, made)).toMatchObject({ lineRefund: { amount: 800 } })
    const cancelled: Order = { ...edited, status: 'cancelled' }
    expect(captureStep(cancelled, beyond, made)).not.toHaveProperty('refundDue')
    expect(captureStep(order, beyond, made)).not.toHaveProperty('refundDue')
  })

  it('is in full once an edit has taken off the rest', () => {
    const edited = { ...partly, total: 1_000, chargedAmount: 1_000 }
    expect(recordCapture(edited, capture(order, { captured: 1_000 }))).toMatchObject({
      step: { to: { paymentStatus: 'paid', capturedAmount: 1_000 } },
    })
  })
})
