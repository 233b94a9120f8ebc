import type { Caller } from '@shop/kernel/caller'
import { z } from 'zod'

export const ORDER_ID_EXAMPLE = 'order_01jd4k2v9rf0fv8z3x1m5q7w2e'
export const ORDER_TOKEN_EXAMPLE = 'v1.q83vEjRWeJC8_kQ0'

/** The header in which a guest sends the token of their order. Orders of accounts have no token. */
export const ORDER_TOKEN_HEADER = 'x-order-token'

/** Accepts any text: a wrong token answers 404, as an order that does not exist does. */
const OrderTokenHeader = z
  .string()
  .optional()
  .meta({ description: "`order_token` from the answer to a guest's order", example: ORDER_TOKEN_EXAMPLE })

/** The order token in the headers of a request, for a guest's right to their order. */
export const TokenHeader = { [ORDER_TOKEN_HEADER]: OrderTokenHeader } as const

/** Who asks for an order, or for what belongs to one: the caller, or the holder of the token of a guest's order. */
export type OrderCredentials = { caller: Caller; orderToken: string | null }

export function orderCredentials(
  caller: Caller,
  headers: { [ORDER_TOKEN_HEADER]?: string | undefined },
): OrderCredentials {
  return { caller, orderToken: headers[ORDER_TOKEN_HEADER] ?? null }
}
