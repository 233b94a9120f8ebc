import { ORDER_ID_EXAMPLE, ORDER_TOKEN_HEADER, type OrderAccess, OrderTokenHeader } from '@shop/contracts'
import { type Caller, opaqueId } from '@shop/kernel'
import { z } from 'zod'

/** What a request for one order has: its id, and for a guest its token. */
export const ORDER_REQUEST = {
  params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }),
  headers: z.object({ [ORDER_TOKEN_HEADER]: OrderTokenHeader }),
} as const

export function accessOf(
  caller: Caller,
  { id }: { id: string },
  headers: z.infer<typeof ORDER_REQUEST.headers>,
): OrderAccess {
  return { orderId: id, caller, orderToken: headers[ORDER_TOKEN_HEADER] ?? null }
}
