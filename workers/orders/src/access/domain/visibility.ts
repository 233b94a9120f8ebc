import type { OrderActor } from '@shop/contracts/orders/states'
import { actorIdOf, hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import type { Scope } from '@shop/kernel/scopes'
import type { Order } from '../../orders/domain/order.ts'

/** The actor of what a caller does by a scope or, without it, as the owner of the order. */
export function actorOf(caller: Caller, scope: Scope): OrderActor {
  if (caller.kind !== 'anonymous' && hasScope(caller, scope)) return { kind: 'staff', userId: actorIdOf(caller) }
  return caller.kind === 'user' ? { kind: 'customer', userId: caller.userId } : { kind: 'guest' }
}

/** Whether the caller's account owns the order. A guest shows a token instead. */
export function isOwnedBy(order: { userId: UserId | null }, caller: Caller): boolean {
  return caller.kind === 'user' && order.userId === caller.userId
}

/**
 * The account that placed the order; null for a guest, whether or not an account has claimed the order since. The token of
 * a guest's order goes on opening it, and shows nothing of that account.
 */
export const placedBy = ({ userId, claimedAt }: Pick<Order, 'userId' | 'claimedAt'>): UserId | null =>
  claimedAt === null ? userId : null
