import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { CARD_ONLY, receiver, refusal, startEmulator, until } from './support.ts'

const paid = { amount: 1000, currency: 'usd', confirm: true, ...CARD_ONLY } as const

async function disputed(payment_method = 'pm_card_createDispute') {
  const endpoint = await receiver()
  const { stripe, server } = await startEmulator({ webhook: endpoint.target })
  const intent = await stripe.paymentIntents.create({ ...paid, payment_method })
  const { data } = await stripe.disputes.list({ payment_intent: intent.id })
  const [dispute] = data
  if (!dispute) throw new Error('No dispute')
  return { endpoint, stripe, server, intent, dispute }
}

const balance = async (stripe: Stripe) => (await stripe.balance.retrieve()).available[0]?.amount

describe('a dispute', () => {
  it.each([
    ['pm_card_createDispute', 'fraudulent'],
    ['pm_card_createDisputeProductNotReceived', 'product_not_received'],
  ])('of %s opens after the payment and withdraws the money as %s', async (payment_method, reason) => {
    const { endpoint, stripe, intent, dispute } = await disputed(payment_method)
    expect(dispute).toMatchObject({
      object: 'dispute',
      amount: 1000,
      charge: intent.latest_charge,
      payment_intent: intent.id,
      reason,
      status: 'needs_response',
      is_charge_refundable: false,
      balance_transactions: [{ amount: -1000, net: -1000, source: dispute.id }],
    })
    expect(intent.status).toBe('succeeded')
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({ disputed: true })
    expect(await balance(stripe)).toBe(0)
    await until(() => endpoint.of('charge.dispute.funds_withdrawn').length === 1, 'the withdrawal')
    await until(() => endpoint.of('charge.dispute.created').length === 1, 'the dispute')
    expect(endpoint.of('charge.dispute.created')[0]?.event.data.object).toMatchObject({ id: dispute.id })
    const refused = await refusal(stripe.refunds.create({ payment_intent: intent.id }))
    expect(refused).toMatchObject({ statusCode: 400, code: 'charge_disputed' })
  })

  it('is won with winning evidence, which returns the money', async () => {
    const { endpoint, stripe, intent, dispute } = await disputed()
    const won = await stripe.disputes.update(dispute.id, {
      evidence: { uncategorized_text: 'winning_evidence', customer_name: 'Ada' },
    })
    expect(won).toMatchObject({
      status: 'won',
      evidence: { customer_name: 'Ada' },
      evidence_details: { has_evidence: true, submission_count: 1 },
      balance_transactions: [{ amount: -1000 }, { amount: 1000 }],
    })
    expect(await balance(stripe)).toBe(1000)
    await until(() => endpoint.of('charge.dispute.funds_reinstated').length === 1, 'the money')
    await until(() => endpoint.of('charge.dispute.closed').length === 1, 'the verdict')
    expect(endpoint.of('charge.dispute.closed')[0]?.event.data.object).toMatchObject({ status: 'won' })
    expect((await stripe.refunds.create({ payment_intent: intent.id, amount: 10 })).status).toBe('succeeded')
  })

  it('is lost with losing evidence, or when the merchant accepts it', async () => {
    const { stripe, dispute } = await disputed()
    const evidence = { uncategorized_text: 'losing_evidence' }
    expect((await stripe.disputes.update(dispute.id, { evidence })).status).toBe('lost')
    expect((await refusal(stripe.disputes.close(dispute.id))).message).toContain('already closed')

    const other = await disputed()
    expect(await other.stripe.disputes.close(other.dispute.id)).toMatchObject({ status: 'lost' })
    expect(await balance(other.stripe)).toBe(0)
    expect((await refusal(other.stripe.disputes.update(other.dispute.id, { evidence }))).message).toContain('closed')
  })

  it('is under review after the evidence, which may be saved first, is submitted', async () => {
    const { stripe, dispute } = await disputed()
    const evidence = { product_description: 'Two mugs' }
    const prepared = await stripe.disputes.update(dispute.id, { evidence, submit: false, metadata: { case: '7' } })
    expect(prepared).toMatchObject({ status: 'needs_response', metadata: { case: '7' }, evidence })
    const submitted = await stripe.disputes.update(dispute.id, { evidence: { receipt: 'file_1' } })
    expect(submitted).toMatchObject({ status: 'under_review', evidence: { ...evidence, receipt: 'file_1' } })
    const unknown = { colour: 'red' } as Stripe.DisputeUpdateParams.Evidence
    expect((await refusal(stripe.disputes.update(dispute.id, { evidence: unknown }))).code).toBe('parameter_unknown')
  })

  it('withdraws nothing and leaves the charge refundable while it is an inquiry', async () => {
    const { stripe, server, intent, dispute } = await disputed('pm_card_createDisputeInquiry')
    expect(dispute).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] })
    expect(await balance(stripe)).toBe(1000)
    expect((await stripe.refunds.create({ payment_intent: intent.id, amount: 100 })).status).toBe('succeeded')
    expect(server.closeDispute(dispute.id, 'won')).toMatchObject({ status: 'warning_closed', balance_transactions: [] })
    expect(await balance(stripe)).toBe(900)
  })

  it('is opened and closed by a test, for the remaining amount or a part', async () => {
    const { stripe, server } = await startEmulator()
    const pay = () => stripe.paymentIntents.create({ ...paid, payment_method: 'pm_card_visa' })
    const intent = await pay()
    await stripe.refunds.create({ payment_intent: intent.id, amount: 300 })
    const dispute = server.openDispute(String(intent.latest_charge), { reason: 'duplicate' })
    expect(dispute).toMatchObject({ amount: 700, reason: 'duplicate' })
    server.closeDispute(dispute.id, 'lost')
    expect(await stripe.disputes.retrieve(dispute.id)).toMatchObject({ status: 'lost' })
    expect(() => server.closeDispute(dispute.id, 'won')).toThrow('already closed')
    expect(() => server.openDispute(String(intent.latest_charge), { amount: 701 })).toThrow('cannot be disputed')

    expect(() => server.openDispute(String(intent.latest_charge))).toThrow('0 of it remains')

    const other = await pay()
    expect(server.openDispute(String(other.latest_charge), { amount: 50 }).amount).toBe(50)
    expect(await balance(stripe)).toBe(950)
    const { data } = await stripe.disputes.list({ charge: String(other.latest_charge), expand: ['data.charge'] })
    expect(data).toMatchObject([{ amount: 50, charge: { id: other.latest_charge, disputed: true } }])
    const held = await stripe.paymentIntents.create({
      ...paid,
      payment_method: 'pm_card_visa',
      capture_method: 'manual',
    })
    expect(() => server.openDispute(String(held.latest_charge))).toThrow('0 of it remains')
  })

  it('opens at the capture of a payment with manual capture', async () => {
    const { stripe, server } = await startEmulator()
    const payment = { ...paid, payment_method: 'pm_card_createDispute', capture_method: 'manual' } as const
    const { id } = await stripe.paymentIntents.create(payment)
    expect(server.disputes()).toEqual([])
    await stripe.paymentIntents.capture(id, { amount_to_capture: 600 })
    expect(server.disputes()).toMatchObject([{ amount: 600, payment_intent: id }])
  })
})
