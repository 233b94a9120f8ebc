import { ORDER_ID_EXAMPLE, ORDER_TOKEN_HEADER, orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AppEnv } from '@shop/http/app'
import { problem } from '@shop/http/problem'
import type { Caller } from '@shop/kernel/caller'
import { opaqueId } from '@shop/kernel/ids'
import type { MiddlewareHandler } from 'hono'
import { z } from 'zod'
import type { OrdersDeps } from '../../deps.ts'

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

/** Answers a caller without any credential before the body is read. */
export const orderCredentialRequired: MiddlewareHandler<AppEnv<OrdersEnv, OrdersDeps>> = async (c, next) => {
  if (c.get('caller').kind === 'anonymous' && !c.req.header(ORDER_TOKEN_HEADER)) {
    return problem(c, { code: 'authentication_required' })
  }
  return next()
}
