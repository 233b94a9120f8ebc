import { ORDER_TOKEN_HEADER, OrderTokenHeader } from '@shop/contracts/orders/access'
import type { Caller } from '@shop/kernel/caller'
import { IdempotencyKeyHeader } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { Access } from '../find-payment.ts'

/** A guest's right to see and pay their order; see the route that places orders. */
export const TokenHeader = { [ORDER_TOKEN_HEADER]: OrderTokenHeader } as const
export const TokenHeaders = z.object(TokenHeader)
/** Optional even where it is required, since a missing key is another problem than a malformed one. */
export const KeyHeader = { 'idempotency-key': IdempotencyKeyHeader.optional() } as const

/** The caller and the order token of a request. */
export function accessOf(caller: Caller, headers: { [ORDER_TOKEN_HEADER]?: string | undefined }): Access {
  return { caller, orderToken: headers[ORDER_TOKEN_HEADER] ?? null }
}

export const REPLAYED_HEADER = 'Idempotency-Replayed'

/** Marks a problem that repeats the first answer of an idempotency key. */
export function replayed<R extends Response>(response: R, isReplayed: boolean): R {
  if (isReplayed) response.headers.set(REPLAYED_HEADER, 'true')
  return response
}
