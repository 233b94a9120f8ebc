import type Stripe from 'stripe'
import type { ScheduledAction } from '../schedule/schedule.ts'
import type { Kind, StripeObject } from '../store/objects.ts'
import type { Store } from '../store/store.ts'
import type { ApiError } from './errors.ts'
import type { Form } from './form.ts'

/** The caller's key. A browser with the publishable key sees and may do less than a server with the secret key. */
export type CallerKey = 'secret' | 'publishable'

export interface Call {
  /** The id in the path, or '' when the path has none. */
  id: string
  form: Form
  key: CallerKey
  /** `Stripe-Version` of the request, e.g. `2026-10-28.endive`. */
  apiVersion: string
}

/** What an endpoint may use during its execution. All its changes commit together or not at all. */
export interface Work {
  store: Store
  /** Unix seconds, read once per request. */
  now: number
  /** Seconds until search finds a new object. */
  searchLag: number
  /** This server's address, for URLs inside objects. */
  origin: string
  emit(type: Stripe.Event.Type, object: StripeObject, previous?: object): void
  /** Schedules `action` for the object at `at` (Unix seconds). Replaces its earlier schedule. */
  schedule(objectId: string, action: ScheduledAction, at: number): void
  unschedule(objectId: string): void
}

export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE'
  /** `/v1/payment_intents/:id/confirm`; `:id` is one segment. */
  path: string
  /** Accepts the publishable key. */
  forBrowsers?: boolean
  /** The kind of object in the answer. It determines what `expand` accepts. */
  answers: Kind | 'balance'
  list?: boolean
  /** Paths of members that the answer has only if `expand` names them. A path through a list contains `data`. */
  inline?: readonly string[]
  /**
   * Validates the parameters without side effects and returns the execution. As at Stripe, a refusal by the execution
   * is stored under the idempotency key, and a refusal here is not.
   */
  prepare(call: Call): (work: Work) => object
}

/** @throws ApiError `refusal` when the object does not exist */
export function found<T>(object: T | undefined, refusal: ApiError): T {
  if (object === undefined) throw refusal
  return object
}
