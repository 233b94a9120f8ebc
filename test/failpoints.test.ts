import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { faultsIn, type Watched } from './support/consistency.ts'
import { type Stage, usePlatform } from './support/use-platform.ts'

/**
 * A purchase from the first request to a part refund, in which the n-th thing that is asked of Postgres, or of Stripe,
 * goes wrong, for every n: before it is done, or when it is done and the answer gets lost. Then everything is drained,
 * and the books have to agree. `LONG=1` tries every way of going wrong and clients that give up as well.
 */
const stage = usePlatform({ holdSeconds: 12, holdGraceSeconds: 2, attemptSeconds: 1, paymentCheckSeconds: 1 })

const OPENING = 10
const DRAIN_MS = 90_000
const LOOK_MS = 1_000
const MOST_BOUNDARIES = 100

type Client = 'tries again' | 'leaves'
type Way = { dependency: 'Postgres' | 'Stripe'; kind: 'cut_before' | 'cut_after' | 'status_during' | 'status_after' }

const SHORT: [Way, Client][] = [
  [{ dependency: 'Postgres', kind: 'cut_after' }, 'tries again'],
  [{ dependency: 'Stripe', kind: 'cut_after' }, 'tries again'],
  [{ dependency: 'Stripe', kind: 'status_after' }, 'leaves'],
]
const LONG: [Way, Client][] = (['tries again', 'leaves'] as const).flatMap((client) => [
  ...(['cut_before', 'cut_after'] as const).map((kind): [Way, Client] => [{ dependency: 'Postgres', kind }, client]),
  ...(['cut_before', 'cut_after', 'status_during', 'status_after'] as const).map((kind): [Way, Client] => [
    { dependency: 'Stripe', kind },
    client,
  ]),
])

/** Arms one fault for the n-th request that comes from the shop, counted from now. */
function arm({ platform }: Stage, { dependency, kind }: Way, skip: number) {
  if (dependency === 'Postgres') return platform.database.faults.add({ kind: kind as 'cut_before' | 'cut_after', skip })
  if (kind === 'cut_before' || kind === 'cut_after') return platform.stripe.faults.add({ kind, skip })
  const at = kind === 'status_during' ? 'during' : 'after'
  return platform.stripe.faults.add({ kind: 'status', status: 500, at, skip })
}

const TRIES = 40
const PAUSE_MS = 150

/** Asks until the answer will do, while the shop goes on by itself. One that leaves asks once. */
async function ask(client: Client, request: () => Promise<Reply>, isDone: (reply: Reply) => boolean): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await request()
    if (isDone(reply) || client === 'leaves') return reply
    if (attempt === TRIES) throw new Error(`${reply.status} after ${TRIES} tries: ${JSON.stringify(reply.body)}`)
    await Promise.all([sleep(PAUSE_MS), stage.platform.sweep()])
  }
}

/** Buys two, ships them, and gives back the price of less than one; each step once more until it is done. */
async function purchase({ shop, admin, platform }: Stage, { token, product }: Watched, client: Client): Promise<void> {
  const keyed = (key: string, as: string, body: unknown) => ({ token: as, body, headers: { 'idempotency-key': key } })
  const keys = { place: crypto.randomUUID(), pay: crypto.randomUUID(), refund: crypto.randomUUID() }
  const items = [{ product_id: product.id, quantity: 2 }]
  const placed = await ask(
    client,
    () => shop.request('POST', '/api/orders', keyed(keys.place, token, { items })),
    ({ status }) => status === 201,
  )
  if (placed.status !== 201) return
  const { id } = placed.body.order
  const body = { order_id: id, payment_method: 'pm_card_visa' }
  const paid = await ask(
    client,
    () => shop.request('POST', '/api/payments', keyed(keys.pay, token, body)),
    (reply) => reply.status === 201 && reply.body.payment.status === 'succeeded',
  )
  if (paid.status !== 201) return
  const shipped = await ask(
    client,
    async () => {
      if (client === 'tries again') await platform.sweep()
      return shop.request('PATCH', `/api/orders/${id}/status`, { token: admin.token, body: { status: 'shipped' } })
    },
    ({ status }) => status === 200,
  )
  if (shipped.status !== 200) return
  const path = `/api/payments/${paid.body.payment.id}/refund`
  await ask(
    client,
    () => shop.request('POST', path, keyed(keys.refund, admin.token, { amount: 5 })),
    ({ status }) => status === 201,
  )
}

async function watchNew(stage: Stage, name: string): Promise<Watched> {
  const product = await stage.shop.addProduct(stage.admin, { stock_quantity: OPENING })
  await stage.shop.stockBecomes(product.id, OPENING)
  const { token } = await stage.shop.signUp()
  return { name, token, product, opening: OPENING }
}

const FAILED = 'paid, refund failed'

async function refundsOf(orderId: string): Promise<string[]> {
  const { rows } = await stage.platform.database
    .as('payments')
    .execute<{ state: string }>(sql`select state from payments.refunds where order_id = ${orderId}`)
  return rows.map(({ state }) => state)
}

it.each(process.env.LONG ? LONG : SHORT)(
  'the books agree whatever is lost: %o, and the client %s',
  async (way, client) => {
    // One user may not ask more often than his limit lets him.
    stage.admin = await stage.shop.signUpAdmin()
    const all: Watched[] = []
    for (let skip = 0; skip < MOST_BOUNDARIES; skip += 1) {
      const watched = await watchNew(stage, `${way.dependency} ${way.kind} at ${skip + 1}, ${client}`)
      all.push(watched)
      const fault = arm(stage, way, skip)
      await purchase(stage, watched, client)
      fault.remove()
      if (fault.hits() === 0) break
    }
    expect(all.length).toBeGreaterThan(way.dependency === 'Postgres' ? 10 : 2)
    let unsettled = all
    const look = async () => {
      // Two at once, as when one takes longer than the time between them.
      await Promise.all([stage.platform.sweep(), stage.platform.sweep(), sleep(LOOK_MS)])
      const faults = await Promise.all(unsettled.map((watched) => faultsIn(stage, watched)))
      unsettled = unsettled.filter((_, index) => faults[index]?.length !== 0)
      return faults.flat()
    }
    await eventually(look, (faults) => faults.length === 0, DRAIN_MS)
    // What was settled stays so.
    expect((await Promise.all(all.map((watched) => faultsIn(stage, watched)))).flat()).toEqual([])
    // Whoever went on until it was done has what was asked for.
    if (client === 'leaves') return
    for (const { token, name } of all) {
      const { orders } = (await stage.shop.request('GET', '/api/orders', { token })).body
      expect(orders, name).toMatchObject([{ status: 'shipped' }])
      const refunds = await refundsOf(orders[0]?.id ?? '')
      const end = `${orders[0]?.payment_status}, refund ${refunds.join()}`
      // Where Stripe keeps an error of its own for the refund's key, what was on its way fails, and says so.
      const ends = ['partially_refunded, refund succeeded', ...(way.kind === 'status_during' ? [FAILED] : [])]
      expect(ends, name).toContain(end)
    }
  },
  600_000,
)
