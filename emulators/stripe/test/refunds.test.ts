import { describe, expect, it } from 'vitest'
import { CARD_ONLY, receiver, refusal, startEmulator, until } from './support.ts'

const paid = { amount: 1000, currency: 'usd', confirm: true, ...CARD_ONLY } as const

async function paidWith(payment_method: string) {
  const endpoint = await receiver()
  const { stripe, server } = await startEmulator({ webhook: endpoint.target })
  const { id } = await stripe.paymentIntents.create({ ...paid, payment_method })
  return { endpoint, stripe, server, id }
}

describe('a refund with a later outcome', () => {
  it('is pending, then succeeds', async () => {
    const { endpoint, stripe, server, id } = await paidWith('pm_card_pendingRefund')
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 400 })
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing', amount: 400 })
    expect(server.charges()).toMatchObject([{ amount_refunded: 400 }])
    expect((await refusal(stripe.refunds.create({ payment_intent: id, amount: 601 }))).param).toBe('amount')

    expect(server.settleRefund(refund.id, 'succeed')).toMatchObject({ status: 'succeeded' })
    const settled = await stripe.refunds.retrieve(refund.id)
    expect(settled.destination_details?.card).toMatchObject({ reference_status: 'available' })
    expect(settled).not.toHaveProperty('pending_reason')
    await until(() => endpoint.of('refund.updated').length === 1, 'the update')
    expect(endpoint.of('refund.created')[0]?.event.data.object).toMatchObject({ status: 'pending' })
    expect(endpoint.of('refund.updated')[0]?.event.data).toMatchObject({
      object: { id: refund.id, status: 'succeeded' },
      previous_attributes: { status: 'pending' },
    })
    expect(() => server.settleRefund(refund.id, 'succeed')).toThrow('its status is succeeded')
  })

  it.each(['pm_card_pendingRefund', 'pm_card_refundFail'])(
    'of %s may fail, and the charge is refundable again',
    async (payment_method) => {
      const { endpoint, stripe, server, id } = await paidWith(payment_method)
      const refund = await stripe.refunds.create({ payment_intent: id })
      expect(refund.status).toBe(payment_method === 'pm_card_refundFail' ? 'succeeded' : 'pending')
      expect(server.charges()).toMatchObject([{ amount_refunded: 1000, refunded: true }])

      server.settleRefund(refund.id, 'fail')
      expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
        status: 'failed',
        failure_reason: 'expired_or_canceled_card',
        failure_balance_transaction: expect.stringMatching(/^txn_/),
      })
      expect(server.charges()).toMatchObject([{ amount_refunded: 0, refunded: false }])
      expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 1000 }])
      await until(() => endpoint.of('refund.failed').length === 1, 'the failure')
      await until(() => endpoint.of('charge.refund.updated').length >= 1, 'the event for older receivers')
      expect(() => server.settleRefund(refund.id, 'fail')).toThrow('its status is failed')

      const again = await stripe.refunds.create({ payment_intent: id, amount: 600 })
      expect(again.amount).toBe(600)
      expect(server.charges()).toMatchObject([{ amount_refunded: 600, refunded: false }])
    },
  )

  it.each([
    ['pm_card_pendingRefund', 'pending', 'succeeded'],
    ['pm_card_refundFail', 'succeeded', 'failed'],
  ])('of %s goes from %s to %s within seconds', async (payment_method, first, last) => {
    const { stripe, server, id } = await paidWith(payment_method)
    const refund = await stripe.refunds.create({ payment_intent: id })
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe(first)
    server.advanceClock(10_000)
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe(last)
  })
})

describe('refunds', () => {
  it('accept changes of metadata and cannot be canceled', async () => {
    const { endpoint, stripe, id } = await paidWith('pm_card_visa')
    const refund = await stripe.refunds.create({ payment_intent: id, metadata: { line: '1' } })
    const changed = await stripe.refunds.update(refund.id, { metadata: { note: 'late' } })
    expect(changed.metadata).toEqual({ line: '1', note: 'late' })
    await until(() => endpoint.of('refund.updated').length === 2, 'both updates')
    expect((await refusal(stripe.refunds.cancel(refund.id))).message).toContain('cannot be canceled')
  })
})
