import { ORDER_ID_EXAMPLE, orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { Caller } from '@shop/kernel/caller'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'

/** The request parts that name one order: its id and, from a guest, its token. */
export const ORDER_REQUEST = {
  params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }),
  headers: z.object(TokenHeader),
} as const

export function accessOf(
  caller: Caller,
  { id }: { id: string },
  headers: z.infer<typeof ORDER_REQUEST.headers>,
): OrderAccess {
  return { orderId: id, ...orderCredentials(caller, headers) }
}
