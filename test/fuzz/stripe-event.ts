import { WEBHOOK_EVENTS } from '@shop/contracts/payments/webhook-events'
import fc from 'fast-check'
import type { Draft } from './draft.ts'
import { oddValue } from './odd-values.ts'
import type { Json } from './schema.ts'
import type { Draw } from './valid-values.ts'

const TYPES = [...WEBHOOK_EVENTS, 'product.created', 'v2.core.account.updated', '', 'payment_intent.never_heard_of']

/**
 * Events that Stripe could send, known or unknown, with a good signature or none. Objects carry nothing but an id: the
 * shop has to ask Stripe, so that an event cannot make it believe what Stripe does not.
 */
export const stripeEvent: fc.Arbitrary<Draw<Pick<Draft, 'json' | 'signer'>>> = fc
  .record({
    id: fc.uuid(),
    type: fc.oneof({ weight: 5, arbitrary: fc.constantFrom<Json>(...TYPES) }, oddValue),
    pick: fc.nat({ max: 999 }),
    form: fc.constantFrom('snapshot', 'snapshot', 'thin', 'odd'),
    other: oddValue,
    isSigned: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
  })
  .map(({ id, type, pick, form, other, isSigned }) => (memory) => {
    const secret = memory.value('client_secret', 'string', pick)
    const intent = secret === undefined ? 'pi_unknown' : String(secret).split('_secret_')[0]
    const event = { id: `evt_${id}-${memory.unique}`, object: 'event', type, created: 1_764_000_000, livemode: false }
    const object = { id: intent, object: String(type).split('.')[0] }
    const json = {
      snapshot: { ...event, data: { object } },
      thin: { ...event, object: 'v2.core.event', related_object: { ...object, type: object.object, url: '/v1/x' } },
      odd: pick % 2 === 0 ? { ...event, data: other } : other,
    }[form] as Json
    return { json, signer: isSigned ? 'stripe' : undefined }
  })
