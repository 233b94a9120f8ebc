import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import type { OrderRequest } from '../../src/orders/domain/order-request.ts'
import { anOrderRequest } from './purchases.ts'

export const customer: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }

export const request = anOrderRequest

export const keyed = (over: Partial<OrderRequest> = {}) => request({ idempotencyKey: 'key-1', ...over })

/** The id of this attempt, which is also its hold id. */
export const holdIdOf = (calls: string[]) => calls.find((call) => call.startsWith('hold '))?.slice('hold '.length) ?? ''
