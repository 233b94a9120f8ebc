import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { orderTokenMails } from '../../src/access/order-token-mails.ts'
import type { TokenRequest } from '../../src/access/repository.ts'
import { customerKeyOf } from '../../src/buyers/customer-key.ts'
import { shopWith } from '../support/shop-with.ts'
import { testDeps } from '../support/test-deps.ts'

const EMAIL = 'Ada@Example.com'

/** The worker, and what was asked of the database. */
function asking() {
  const asked: TokenRequest[] = []
  const { tokenRequests } = testDeps().deps
  const shop = shopWith({ over: { tokenRequests: { ...tokenRequests, ask: async (one) => void asked.push(one) } } })
  const send = (body: unknown) => shop.send('POST', '/api/orders/token', { body })
  return { asked, send }
}

describe('POST /api/orders/token', () => {
  it('answers the same words and asks the same of the database, whatever order and address are named', async () => {
    const { asked, send } = asking()
    const order_id = newId('order')
    const answers = [
      await send({ order_id, email: EMAIL }),
      await send({ order_id: 'nonsense', email: EMAIL }),
      await send({ order_id, email: 'not an address' }),
    ]
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [202, answers[0]?.body]))
    expect(asked.map(({ orderId }) => orderId)).toEqual([order_id, '', order_id])
    expect(asked[0]?.customerKey).toBe(await customerKeyOf({ userId: null, email: 'ada@example.com' }))
  })

  it('counts an order and an address together, in whatever spelling', async () => {
    const { asked, send } = asking()
    const order_id = newId('order')
    for (const email of [EMAIL, ' ada@example.com', 'other@example.com']) await send({ order_id, email })
    await send({ order_id: newId('order'), email: EMAIL })
    const keys = asked.map(({ requestKey }) => requestKey)
    expect([keys[1], new Set(keys).size]).toEqual([keys[0], 3])
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([{}, { order_id: newId('order') }, { email: EMAIL }, { order_id: 7, email: EMAIL }])(
    'refuses a body of another shape: %j',
    async (body) => {
      const { asked, send } = asking()
      expect([(await send(body)).status, asked]).toEqual([422, []])
    },
  )
})

describe('the token that is mailed', () => {
  it('is the one that the guest got with the order, each time', async () => {
    const orderId = newId('order')
    const { deps } = testDeps()
    const listAsked = async () => [{ eventId: 7, orderId, to: EMAIL }]
    const read = () =>
      orderTokenMails({ ...deps, tokenRequests: { ...deps.tokenRequests, listAsked } }, { eventIds: [7] })
    const mail = { eventId: 7, orderId, to: EMAIL, token: await deps.tokens.of(orderId) }
    expect([await read(), await read()]).toEqual([
      { ok: true, value: [mail] },
      { ok: true, value: [mail] },
    ])
  })
})
