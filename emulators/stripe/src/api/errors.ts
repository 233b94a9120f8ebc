import type Stripe from 'stripe'

/** The `error` object in Stripe's answers (https://docs.stripe.com/api/errors). */
export interface ErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  param?: string
  decline_code?: string
  charge?: string
  doc_url?: string
  payment_intent?: Stripe.PaymentIntent
  payment_method?: Stripe.PaymentMethod
}

/** An error answer. Any code below the request pipeline throws it; the pipeline converts it to the response. */
export class ApiError extends Error {
  readonly status: number
  readonly body: ErrorBody
  readonly headers: Record<string, string>

  constructor(status: number, body: ErrorBody, headers: Record<string, string> = {}) {
    super(body.message)
    this.status = status
    this.headers = headers
    this.body = body.code ? { ...body, doc_url: docUrl(body.code) } : body
  }
}

export function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
}

export function invalidRequest(message: string, details: { code?: string; param?: string } = {}): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, ...details })
}

/** @param noun Stripe's name in messages: `payment_intent`, `charge`, `refund`, `PaymentMethod`, `event` */
export function noSuch(noun: string, id: string, param: string, status: 400 | 404 = 404): ApiError {
  const message = `No such ${noun}: '${id}'`
  return new ApiError(status, { type: 'invalid_request_error', code: 'resource_missing', message, param })
}

/** For a parameter of Stripe that the emulator does not support. It is refused, not ignored. */
export function notSupportedHere(param: string, detail = 'is a Stripe parameter'): ApiError {
  return invalidRequest(`${param} ${detail} that the Stripe emulator does not support.`, { param })
}

export function unexpectedState(message: string, intent: Stripe.PaymentIntent): ApiError {
  return new ApiError(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message,
    payment_intent: intent,
  })
}

/** More than 25 requests a second to one endpoint; https://docs.stripe.com/rate-limits */
export function rateLimited(): ApiError {
  const message = 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.'
  const body = { type: 'invalid_request_error', code: 'rate_limit', message } as const
  return new ApiError(429, body, { 'Stripe-Rate-Limited-Reason': 'endpoint-rate' })
}

export function unrecognizedUrl(method: string, path: string): ApiError {
  const message =
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at ` +
    'https://support.stripe.com/.'
  return new ApiError(404, { type: 'invalid_request_error', message })
}
