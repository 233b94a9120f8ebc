import fc from 'fast-check'
import { CALLERS, type CallerKind } from './cast.ts'
import { type Disturbance, disturbance } from './disturbance.ts'
import { type Draft, type Twist, validDraft } from './draft.ts'
import { mailEvent } from './mail-event.ts'
import { namesIn } from './names.ts'
import { OPERATIONS, type Operation, type Schema } from './schema.ts'
import { stripeEvent } from './stripe-event.ts'
import { twist } from './twists.ts'
import { type Draw, oneIn } from './valid-values.ts'

/** One request of a sequence, before it is known what it can refer to. */
export type Step = {
  operation: Operation
  caller: CallerKind
  /** Chooses among the forgeries. */
  pick: number
  draw: Draw<Draft>
  /** How it is broken; mostly not at all, so that the sequence comes far. */
  twists: Twist[]
  /** Sent twice at once, as by a double click. */
  isDoubled: boolean
  /** A fault that begins with it, where faults are injected. */
  disturbance: Disturbance | undefined
}

/** What continues something is requested more often than what begins it, and that more often than lists. */
function weightOf({ operationId, method, path, body, parameters }: Operation): number {
  // Hashing a password takes as long as ten other requests.
  if (
    method === 'DELETE' ||
    /register|login|logoutAll|changePassword|changeEmail|confirmPasswordReset/i.test(operationId)
  )
    return 1
  const refers = parameters.some((one) => one.in === 'path') || (body !== undefined && isContinued(body))
  if (method === 'GET') return refers ? 3 : 1
  return refers || path.includes('webhooks') ? 8 : 2
}

const isContinued = (body: Schema) => namesIn(body).some((name) => name.endsWith('_id'))

function callersOf({ opens }: Operation): fc.Arbitrary<CallerKind> {
  const weights: Record<CallerKind, number> = opens.has('nothing')
    ? { customer: 6, stranger: 2, admin: 2, guest: 5, forger: 1 }
    : opens.has('order_token') || opens.has('cart_token')
      ? { customer: 6, stranger: 2, admin: 3, guest: 4, forger: 1 }
      : { customer: 4, stranger: 1, admin: 7, guest: 1, forger: 1 }
  return fc.oneof(...CALLERS.map((caller) => ({ weight: weights[caller], arbitrary: fc.constant(caller) })))
}

/** What webhooks contain, by the header that has their signature. */
const EVENTS = [
  ['stripe-signature', stripeEvent],
  ['svix-signature', mailEvent],
] as const

function draftOf(operation: Operation): fc.Arbitrary<Draw<Draft>> {
  const plain = validDraft(operation)
  const events = EVENTS.find(([header]) => operation.parameters.some(({ name }) => name === header))?.[1]
  if (events === undefined) return plain
  return fc.tuple(plain, events).map(([draw, drawEvent]) => (memory) => {
    const draft = { ...draw(memory), ...drawEvent(memory) }
    draft.headers.set('content-type', 'application/json; charset=utf-8')
    return draft
  })
}

function stepOf(operation: Operation): fc.Arbitrary<Step> {
  return fc.record({
    operation: fc.constant(operation),
    caller: callersOf(operation),
    pick: fc.nat({ max: 99 }),
    draw: draftOf(operation),
    twists: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Twist[]>([]) },
      { weight: 3, arbitrary: fc.array(twist, { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(twist, { minLength: 2, maxLength: 3 }) },
    ),
    isDoubled: oneIn(20),
    disturbance: fc.option(disturbance, { nil: undefined, freq: 4 }),
  })
}

/** Alternatives, of which the first is taken whose references are known. */
export type Choice = Step[]

const ALTERNATIVES = 5

/**
 * Sequences in which later requests use what earlier ones were answered.
 *
 * @param without operations to leave out
 */
export function sequence(maxLength: number, without: string[]): fc.Arbitrary<Choice[]> {
  const operations = OPERATIONS.filter(({ operationId }) => !without.includes(operationId))
  const step = fc.oneof(
    ...operations.map((operation) => ({ weight: weightOf(operation), arbitrary: stepOf(operation) })),
  )
  const choice = fc.array(step, { minLength: 1, maxLength: ALTERNATIVES, size: 'max' })
  return fc.array(choice, { minLength: 1, maxLength, size: 'max' })
}
