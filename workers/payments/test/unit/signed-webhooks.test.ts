import { signature } from '@shop/stripe-emulator/webhooks/signature'
import fc from 'fast-check'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { stripeWebhooks } from '../../src/stripe/webhooks.ts'
import type { StoredEvent } from '../../src/webhooks/domain/webhook-event.ts'
import { receiveStripeWebhook } from '../../src/webhooks/receive-stripe-webhook.ts'
import { aPayment, now, PAYMENT_ID, REFUND_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const SECRET = 'whsec_unit'
const SIGNED_AT = Math.floor(now.getTime() / 1_000)

/** The SDK for a Stripe that has no object, or that answers every call with this status. */
const stripeAnswering = (status = 404) =>
  new Stripe('sk_test_unit', {
    httpClient: Stripe.createFetchHttpClient(async () =>
      Response.json({ error: { type: 'invalid_request_error', message: 'No such object' } }, { status }),
    ),
    maxNetworkRetries: 0,
  })

/** The worker with the real reader of webhooks, and the events that it stores. */
function aReader(stripe = stripeAnswering()) {
  const world = aWorld()
  // Stripe's SDK compares the signature with the real clock.
  const at = new Date()
  const stored: StoredEvent[] = []
  world.payments.add(aPayment({ intentId: 'pi_1', state: 'requires_action', attemptUntil: null }))
  world.deps.now = () => at
  world.deps.stripeWebhooks = stripeWebhooks(stripe, { secrets: [SECRET], isLive: false })
  world.deps.webhookEvents.store = async (event) => {
    stored.push(event)
  }
  const receive = (body: string, secret = SECRET) =>
    receiveStripeWebhook(world.deps, { body, signature: signature(body, secret, Math.floor(at.getTime() / 1_000)) })
  return { world, stored, receive }
}

const intent = {
  ...{ id: 'pi_1', object: 'payment_intent', amount: 2_500, amount_received: 2_500, currency: 'usd' },
  ...{ status: 'succeeded', client_secret: 'pi_1_secret_abc', metadata: { payment_id: PAYMENT_ID } },
}
const event = {
  ...{ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', created: SIGNED_AT, livemode: false },
  data: { object: intent },
}

describe('a signed webhook', () => {
  it.each([
    ['null', null],
    ['a number', 1],
    ['a text', 'payment_intent.succeeded'],
    ['a list', [event]],
    ['an empty object', {}],
    ['without data', { ...event, data: undefined }],
    ['whose type is null and whose object nobody has', { ...event, type: null }],
    ['with a text as its object', { ...event, data: { object: 'a text' } }],
    [
      'thin and of a kind that the shop does not know',
      { ...event, object: 'v2.core.event', type: 'v2.money', data: {} },
    ],
    ['of the year 275760', { ...event, created: 8_640_000_000_001 }],
    ['with an id of 10,000 characters', { ...event, id: 'x'.repeat(10_000), data: { object: {} } }],
    ['with a type that is too long by half a character', { ...event, type: `${'a'.repeat(199)}\u{1f600}`, data: {} }],
    ['with characters that no column holds', { ...event, type: 'a\u0000b\ud800', data: { 'k\u0000': 'v\u0000' } }],
  ])('that is %s is acknowledged, and kept for staff once', async (_, sent) => {
    const { receive, stored } = aReader()
    const body = JSON.stringify(sent)
    expect([await receive(body), await receive(body)]).toEqual([{ ok: true }, { ok: true }])
    expect(stored).toMatchObject([{ outcome: 'flagged', flag: 'another_shape' }, { flag: 'another_shape' }])
    expect(new Set(stored.map(({ id }) => id)).size).toBe(1)
    expect(stored[0]?.id).toMatch(/^[\w-]{1,255}$/)
    expect(JSON.stringify(stored)).not.toMatch(/\\u0000|\\ud8/)
    expect(stored[0]?.type.isWellFormed()).toBe(true)
  })

  it('nested a hundred thousand times is acknowledged', async () => {
    const { receive, stored } = aReader()
    expect(await receive(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toEqual({ ok: true })
    expect(JSON.stringify(stored).length).toBeLessThan(2_000)
  })

  it('that is no JSON is refused', async () => {
    const { receive } = aReader()
    expect(await receive('{"id":')).toEqual({ ok: false, failure: { code: 'malformed_json' } })
  })

  it('of an API version that is not known is applied while its object can be read', async () => {
    const { receive, world } = aReader()
    expect(await receive(JSON.stringify({ ...event, api_version: '2031-01-01.yew', new_member: [1] }))).toEqual({
      ok: true,
    })
    expect(world.payments.only.state).toBe('succeeded')
  })

  it('is kept without client secrets, wherever they are', async () => {
    const { receive, stored } = aReader()
    const url = 'https://stripe.example/?payment_intent_client_secret=pi_1_secret_abc'
    const data = {
      object: { ...intent, object: 'other', next: [{ url }] },
      previous_attributes: { client_secret: 'x' },
    }
    await receive(JSON.stringify({ ...event, data }))
    expect(stored).toMatchObject([{ outcome: 'ignored', payload: { data: { object: { id: 'pi_1' } } } }])
    expect(JSON.stringify(stored)).not.toMatch(/client_secret"|_secret_abc/)
  })

  it.each([429, 500, 401])('waits for Stripe, which answers %d: it sends the event again', async (status) => {
    const { receive, stored } = aReader(stripeAnswering(status))
    await expect(receive(JSON.stringify({ ...event, type: null }))).rejects.toMatchObject({ name: 'Unavailable' })
    expect(stored).toEqual([])
  })

  it('whatever it contains, is acknowledged or waits for Stripe, and is stored in bounds', async () => {
    const objects = [
      intent,
      { object: 'charge', payment_intent: 'pi_1', currency: 'usd', captured: true, amount_refunded: 700 },
      {
        ...{ object: 'refund', id: 're_1', payment_intent: 'pi_1', amount: 700, currency: 'usd', status: 'succeeded' },
        metadata: { refund_id: REFUND_ID },
      },
      {
        ...{
          object: 'dispute',
          id: 'du_1',
          payment_intent: 'pi_1',
          amount: 2_500,
          currency: 'usd',
          reason: 'fraudulent',
        },
        ...{ status: 'lost', created: SIGNED_AT, evidence_details: { due_by: null }, balance_transactions: [] },
      },
    ]
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, '', -1, 1.5, 1e308, '\u0000', [], {}, 'pi_1', 'isk', 'xxx'),
    )
    /** An object with some members replaced or removed. */
    const changed = (object: object) =>
      fc
        .record(Object.fromEntries(Object.keys(object).map((name) => [name, value])), { requiredKeys: [] })
        .map((members) => ({ ...object, ...members }))
    const bodies = fc.oneof(
      fc.jsonValue(),
      fc
        .constantFrom(...objects)
        .chain((object) =>
          fc
            .tuple(changed(object), changed(event), fc.boolean())
            .map(([about, envelope, isThin]) =>
              isThin
                ? { ...envelope, data: undefined, related_object: { id: 'pi_1', type: 'payment_intent' } }
                : { ...event, ...envelope, data: { object: about } },
            ),
        ),
    )
    await fc.assert(
      fc.asyncProperty(bodies, async (sent) => {
        const { receive, stored } = aReader()
        expect(await receive(JSON.stringify(sent))).toEqual({ ok: true })
        for (const { id, type, createdAt, receivedAt } of stored) {
          expect([id.length <= 255, type.length <= 200, isWritable(createdAt), isWritable(receivedAt)]).not.toContain(
            false,
          )
        }
      }),
      { numRuns: 300 },
    )
  })
})

const isWritable = (instant: Date) => instant.toISOString().length === 24

describe('an unsigned webhook', () => {
  it.each(['null', '{}', '{"object":"v2.core.event"}', 'no JSON', ''])('%s is refused', async (body) => {
    const { receive, stored } = aReader()
    expect(await receive(body, 'whsec_forged')).toEqual({ ok: false, failure: { code: 'invalid_signature' } })
    expect(stored).toEqual([])
  })
})
