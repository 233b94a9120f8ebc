import { orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import type { Caller } from '@shop/kernel/caller'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { ReturnAccess } from '../domain/return-access.ts'
import { RETURN_ID_EXAMPLE } from './return-view.ts'

export const ReturnParams = z.object({ id: opaqueId(RETURN_ID_EXAMPLE) })

/** The request parts that name one return: its id and, from a guest, the token of its order. */
export const RETURN_REQUEST = { params: ReturnParams, headers: z.object(TokenHeader) } as const

export const returnAccessOf = (
  caller: Caller,
  { id }: { id: string },
  headers: z.infer<typeof RETURN_REQUEST.headers>,
): ReturnAccess => ({ returnId: id, ...orderCredentials(caller, headers) })
