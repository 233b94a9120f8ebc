import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { CARD_ONLY, refusal, startEmulator } from './support.ts'

const paid = { currency: 'usd', confirm: true, payment_method: 'pm_card_visa', ...CARD_ONLY }

describe('lists', () => {
  it('page newest first, forwards and backwards, to the end', async () => {
    const { stripe } = await startEmulator()
    const ids: string[] = []
    for (let amount = 101; amount <= 125; amount++) {
      ids.unshift((await stripe.paymentIntents.create({ amount, currency: 'usd' })).id)
    }
    const all = await stripe.paymentIntents.list({ limit: 7 }).autoPagingToArray({ limit: 100 })
    expect(all.map(({ id }) => id)).toEqual(ids)

    const first = await stripe.paymentIntents.list()
    expect(first).toMatchObject({ object: 'list', url: '/v1/payment_intents', has_more: true })
    expect(first.data).toHaveLength(10)
    const last = await stripe.paymentIntents.list({ starting_after: String(ids[19]) })
    expect(last.has_more).toBe(false)
    expect(last.data.map(({ id }) => id)).toEqual(ids.slice(20))
    const above = await stripe.paymentIntents.list({ ending_before: String(ids[20]), limit: 5 })
    expect(above).toMatchObject({ has_more: true })
    expect(above.data.map(({ id }) => id)).toEqual(ids.slice(15, 20))
    const backwards = await stripe.paymentIntents
      .list({ ending_before: String(ids[24]), limit: 10 })
      .autoPagingToArray({ limit: 100 })
    expect(backwards.map(({ id }) => id).sort()).toEqual(ids.slice(0, 24).sort())
  })

  it('filter by creation time', async () => {
    let time = 1_800_000_000
    const { stripe } = await startEmulator({ now: () => new Date(time * 1000) })
    const created: Stripe.PaymentIntent[] = []
    for (let i = 0; i < 4; i++, time += 10)
      created.push(await stripe.paymentIntents.create({ amount: 500, currency: 'usd' }))
    const between = await stripe.paymentIntents.list({ created: { gte: 1_800_000_010, lt: 1_800_000_030 } })
    expect(between.data.map(({ id }) => id)).toEqual([created[2]?.id, created[1]?.id])
    const exact = await stripe.paymentIntents.list({ created: 1_800_000_030 })
    expect(exact.data.map(({ id }) => id)).toEqual([created[3]?.id])
  })

  it('refuse limits outside 1 to 100, unknown cursors and both cursors', async () => {
    const { stripe } = await startEmulator()
    expect(await refusal(stripe.paymentIntents.list({ limit: 101 }))).toMatchObject({ param: 'limit' })
    expect(await refusal(stripe.paymentIntents.list({ limit: 0 }))).toMatchObject({ param: 'limit' })
    const missing = await refusal(stripe.paymentIntents.list({ starting_after: 'pi_nope' }))
    expect(missing).toMatchObject({ code: 'resource_missing', param: 'starting_after' })
    const both = await refusal(stripe.paymentIntents.list({ starting_after: 'pi_1', ending_before: 'pi_2' }))
    expect(both.statusCode).toBe(400)
  })

  it('expand references of their items', async () => {
    const { stripe } = await startEmulator()
    await stripe.paymentIntents.create({ amount: 500, ...paid })
    const { data } = await stripe.paymentIntents.list({ expand: ['data.latest_charge'] })
    expect(data).toMatchObject([{ latest_charge: { object: 'charge', amount: 500 } }])
  })

  it('of events filter by type', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ amount: 500, ...paid })
    const { data } = await stripe.events.list({ type: 'payment_intent.succeeded' })
    expect(data).toMatchObject([{ type: 'payment_intent.succeeded', data: { object: { id } }, pending_webhooks: 0 }])
    const two = await stripe.events.list({ types: ['payment_intent.created', 'charge.succeeded'] })
    expect(two.data.map(({ type }) => type)).toEqual(['charge.succeeded', 'payment_intent.created'])
    expect(await stripe.events.retrieve(String(data[0]?.id))).toEqual(data[0])
  })
})

describe('a refund', () => {
  it('in parts adds up on the charge until nothing remains', async () => {
    const { stripe, server } = await startEmulator()
    const { id, latest_charge } = await stripe.paymentIntents.create({ amount: 1000, ...paid })
    const charge = String(latest_charge)
    const part = await stripe.refunds.create({
      payment_intent: id,
      amount: 300,
      reason: 'requested_by_customer',
      metadata: { line: '2' },
    })
    expect(part).toMatchObject({
      object: 'refund',
      amount: 300,
      charge,
      payment_intent: id,
      status: 'succeeded',
      reason: 'requested_by_customer',
      metadata: { line: '2' },
    })
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 300, refunded: false })

    const beyond = await refusal(stripe.refunds.create({ payment_intent: id, amount: 701 }))
    expect(beyond).toMatchObject({ statusCode: 400, param: 'amount' })
    expect(beyond.message).toBe('Refund amount ($7.01) is greater than unrefunded amount on charge ($7.00)')

    const rest = await stripe.refunds.create({ charge })
    expect(rest.amount).toBe(700)
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 1000, refunded: true })
    const nothingLeft = await refusal(stripe.refunds.create({ payment_intent: id }))
    expect(nothingLeft).toMatchObject({ statusCode: 400, code: 'charge_already_refunded' })

    const listed = await stripe.refunds.list({ payment_intent: id })
    expect(listed.data.map((refund) => refund.id)).toEqual([rest.id, part.id])
    expect((await stripe.refunds.list({ charge: 'ch_other' })).data).toEqual([])
    expect(await stripe.refunds.retrieve(part.id, { expand: ['charge'] })).toMatchObject({ charge: { id: charge } })
    expect(server.refunds().map(({ amount }) => amount)).toEqual([300, 700])
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 0, currency: 'usd' }])
  })

  it('is refused above the charged amount and without a payment', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ amount: 1000, ...paid })
    const tooMuch = await refusal(stripe.refunds.create({ payment_intent: id, amount: 1001 }))
    expect(tooMuch.message).toBe('Refund amount ($10.01) is greater than charge amount ($10.00)')
    const unpaid = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd' })
    const early = await refusal(stripe.refunds.create({ payment_intent: unpaid.id }))
    expect(early.message).toContain('does not have a successful charge to refund')
    expect((await refusal(stripe.refunds.create({}))).statusCode).toBe(400)
  })

  it('never exceeds the charge when ten requests race', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ amount: 1000, ...paid })
    const tries = Array.from({ length: 10 }, () => stripe.refunds.create({ payment_intent: id, amount: 300 }))
    const settled = await Promise.allSettled(tries)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(server.charges()).toMatchObject([{ amount_refunded: 900 }])
  })
})
