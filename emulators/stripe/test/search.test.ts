import { describe, expect, it } from 'vitest'
import { receiver, refusal, startEmulator, until } from './support.ts'

async function emulatorWith(count: number) {
  const { stripe, server } = await startEmulator()
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    const metadata = { order_id: `order_${index}`, kind: index % 2 === 0 ? 'even' : 'odd', note: `it's "${index}"` }
    ids.push((await stripe.paymentIntents.create({ amount: 500 + index, currency: 'usd', metadata })).id)
  }
  const find = async (query: string) => {
    const { data } = await stripe.paymentIntents.search({ query, limit: 100 })
    return data.map(({ id }) => ids.indexOf(id)).sort()
  }
  return { stripe, server, ids, find }
}

describe('search', () => {
  it.each([
    [`metadata['order_id']:'order_3'`, [3]],
    [`metadata["order_id"]:"ORDER_3"`, [3]],
    [`metadata['note']:'it\\'s "2"'`, [2]],
    [`metadata['kind']:'odd' AND amount>501`, [3]],
    [`metadata['kind']:'odd' amount>=501`, [1, 3]],
    [`metadata['order_id']:'order_0' OR amount:503`, [0, 3]],
    [`-metadata['kind']:'even'`, [1, 3]],
    [`metadata['order_id']~'der_'`, [0, 1, 2, 3]],
    [`-metadata['gift']:null`, []],
    [`metadata['gift']:null AND amount<502`, [0, 1]],
    [`status:'succeeded'`, []],
    [`currency:'usd' AND customer:null`, [0, 1, 2, 3]],
  ])('finds by %s', async (query, found) => {
    const { find } = await emulatorWith(4)
    expect(await find(query)).toEqual(found)
  })

  it.each([
    '',
    'moon',
    `metadata['a']:`,
    `moon:'x'`,
    `status:'a' AND amount>1 OR amount<2`,
    `status>'a'`,
    `status~'ab'`,
  ])('refuses %j', async (query) => {
    const { stripe } = await startEmulator()
    expect(await refusal(stripe.paymentIntents.search({ query }))).toMatchObject({ statusCode: 400, param: 'query' })
  })

  it('pages to the last result', async () => {
    const { stripe, ids } = await emulatorWith(7)
    const first = await stripe.paymentIntents.search({ query: `currency:'usd'`, limit: 3 })
    expect(first).toMatchObject({ object: 'search_result', has_more: true, url: '/v1/payment_intents/search' })
    const all = await stripe.paymentIntents
      .search({ query: `currency:'usd'`, limit: 3 })
      .autoPagingToArray({ limit: 50 })
    expect(all.map(({ id }) => id)).toEqual(ids.toReversed())
  })

  it('finds a new object only after the lag, if one is set', async () => {
    const { server, find } = await emulatorWith(2)
    server.settings.searchLagSeconds = 60
    expect(await find(`currency:'usd'`)).toEqual([])
    server.advanceClock(61_000)
    expect(await find(`currency:'usd'`)).toEqual([0, 1])
  })

  it('finds customers by e-mail and expands results', async () => {
    const { stripe } = await startEmulator()
    const { id: customer } = await stripe.customers.create({ email: 'ada@example.com' })
    expect((await stripe.customers.search({ query: `email~'example'` })).data).toMatchObject([{ id: customer }])
    await stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer })
    const query = `customer:'${customer}'`
    const { data } = await stripe.paymentIntents.search({ query, expand: ['data.customer'] })
    expect(data).toMatchObject([{ customer: { email: 'ada@example.com' } }])
  })
})

describe('the list of events', () => {
  it('filters by delivery, so that a receiver that was down can catch up', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    await until(() => server.webhooks.pending().length === 0, 'the first webhook')
    endpoint.answers.push(500)
    const { id } = await stripe.paymentIntents.create({ amount: 600, currency: 'usd' })
    await until(() => server.webhooks.attempts().length === 2, 'the refused webhook')
    const amounts = async (delivery_success: boolean) => {
      const { data } = await stripe.events.list({ delivery_success })
      return data.map((event) => (event.data.object as { amount: number }).amount)
    }
    expect(await amounts(false)).toEqual([600])
    expect(await amounts(true)).toEqual([500])
    server.webhooks.retryNow()
    await until(async () => (await amounts(false)).length === 0, 'the second try')

    server.webhooks.dropNext()
    await stripe.paymentIntents.cancel(id)
    await until(() => server.webhooks.pending().length === 0, 'the loss')
    expect(await amounts(false)).toEqual([600])
    expect((await stripe.events.list({ type: 'payment_intent.*' })).data).toHaveLength(3)
    expect((await stripe.events.list({ type: 'charge.*' })).data).toHaveLength(0)
  })

  it('pages through all events, filtered by type and time', async () => {
    let time = 1_800_000_000
    const { stripe } = await startEmulator({ now: () => new Date(time * 1000) })
    for (let i = 0; i < 12; i++, time += 10) await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    const types = ['payment_intent.created', 'payment_intent.succeeded']
    const created = { gte: 1_800_000_020, lte: 1_800_000_100 }
    const all = await stripe.events.list({ types, created, limit: 2 }).autoPagingToArray({ limit: 100 })
    expect(all.map((event) => event.created)).toEqual(
      [100, 90, 80, 70, 60, 50, 40, 30, 20].map((s) => 1_800_000_000 + s),
    )
  })
})
