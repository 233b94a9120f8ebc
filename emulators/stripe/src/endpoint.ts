import type Stripe from 'stripe'
import type { ApiError } from './errors.ts'
import type { Form } from './form.ts'
import type { Kind, StripeObject } from './objects.ts'
import type { LaterAction } from './schedule.ts'
import type { Store } from './store.ts'

/** Who calls: a server with the secret key, or a browser with the publishable one, which sees and may do less. */
export type CallerKey = 'secret' | 'publishable'

export interface Call {
  /** The id in the path; empty where the path has none. */
  id: string
  form: Form
  key: CallerKey
  /** `Stripe-Version` of the request, e.g. `2026-10-28.endive`. */
  apiVersion: string
}

/** What an endpoint works with while it executes; everything it does commits together, or not at all. */
export interface Work {
  store: Store
  /** Unix seconds, read once per request. */
  now: number
  /** How many seconds it takes until search finds a new object. */
  searchLag: number
  /** This server's address, for URLs inside objects. */
  origin: string
  emit(type: Stripe.Event.Type, object: StripeObject, previous?: object): void
  /** Has `action` done to the object at `at` (unix seconds), in place of what was to be done before. */
  later(objectId: string, action: LaterAction, at: number): void
  notLater(objectId: string): void
}

export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE'
  /** `/v1/payment_intents/:id/confirm`; `:id` is one segment. */
  path: string
  /** May be called with the publishable key. */
  forBrowsers?: boolean
  /** What it answers, which decides what `expand` may name. */
  answers: Kind | 'balance'
  list?: boolean
  /**
   * Checks the parameters, touching nothing, and returns the execution. A refusal here is not kept under the
   * idempotency key; one thrown by the execution is, as at Stripe.
   */
  prepare(call: Call): (work: Work) => object
}

/** Finds the object a path or parameter names, or refuses as Stripe does. */
export function found<T>(object: T | undefined, refusal: ApiError): T {
  if (object === undefined) throw refusal
  return object
}
