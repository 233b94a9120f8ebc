import { ORDER_TOKEN_HEADER, OrderTokenHeader } from '@shop/contracts'
import type { ShopApp } from '@shop/http'
import { type Caller, IdempotencyKeyHeader } from '@shop/kernel'
import { z } from 'zod'
import type { Access } from '../operations/see-payment.ts'
import type { PaymentsDeps } from '../ports.ts'

export const WEBHOOK_PATH = '/api/webhooks/stripe'

export type PaymentsApp = ShopApp<PaymentsEnv, PaymentsDeps>

/** Shows a guest's right to his order; see the route that places orders. */
export const TokenHeader = { [ORDER_TOKEN_HEADER]: OrderTokenHeader } as const
/** Optional also where it is needed, since a key that is missing is another problem than one that is malformed. */
export const KeyHeader = { 'idempotency-key': IdempotencyKeyHeader.optional() } as const
export const TokenHeaders = z.object(TokenHeader)

/** Who asks, by the caller and the headers of a request. */
export function accessOf(caller: Caller, headers: { [ORDER_TOKEN_HEADER]?: string | undefined }): Access {
  return { caller, orderToken: headers[ORDER_TOKEN_HEADER] ?? null }
}

export const REPLAYED_HEADER = 'Idempotency-Replayed'

/** Says of a refusal that it is the first answer again. */
export function replayed<R extends Response>(response: R, isReplayed: boolean): R {
  if (isReplayed) response.headers.set(REPLAYED_HEADER, 'true')
  return response
}
