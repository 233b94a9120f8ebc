import { CATALOG_PROBLEMS, type CatalogFailure } from '@shop/contracts/catalog/failures'
import { EVENTS_PROBLEMS, type EventsFailure } from '@shop/contracts/events/failures'
import { ORDERS_PROBLEMS, type OrdersFailure } from '@shop/contracts/orders/failures'
import { PAYMENTS_PROBLEMS, type PaymentsFailure } from '@shop/contracts/payments/failures'
import { USERS_PROBLEMS, type UsersFailure } from '@shop/contracts/users/failures'
import { KERNEL_PROBLEMS, type KernelFailure, type ProblemTable } from '@shop/kernel/failures'
import { HTTP_PROBLEMS, type HttpFailure } from './http-failures.ts'
import type { ProblemView } from './problem-view.ts'

export type Failure =
  | KernelFailure
  | UsersFailure
  | CatalogFailure
  | OrdersFailure
  | PaymentsFailure
  | EventsFailure
  | HttpFailure
export type FailureCode = Failure['code']

/** The one table from failure to HTTP, composed of what each service declares beside its contract. */
export const PROBLEMS = {
  ...KERNEL_PROBLEMS,
  ...USERS_PROBLEMS,
  ...CATALOG_PROBLEMS,
  ...ORDERS_PROBLEMS,
  ...PAYMENTS_PROBLEMS,
  ...EVENTS_PROBLEMS,
  ...HTTP_PROBLEMS,
} as const satisfies ProblemTable<Failure>

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * The problem body of a failure. Failures contain only data that a client may see, so their members are copied
 * unchanged.
 */
export function toProblem(failure: Failure, requestId: string): ProblemView {
  const { code, ...members } = failure
  const { status, title } = PROBLEMS[code]
  const extensions = Object.fromEntries(Object.entries(members).map(([name, value]) => [snakeCase(name), value]))
  return { type: `urn:shop:problem:${code}`, title, status, ...extensions, code, request_id: requestId }
}

/** Seconds for Retry-After, where waiting helps. */
export function retryAfterSeconds(failure: Failure): number | undefined {
  if (failure.code === 'rate_limited') return failure.retryAfter
  const problem = PROBLEMS[failure.code]
  return 'retryAfter' in problem ? problem.retryAfter : undefined
}
