import type { OrderActor } from '@shop/contracts/orders/states'
import { actorIdOf, hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import type { Scope } from '@shop/kernel/scopes'

/** The actor of what a caller does by a scope or, without it, as the owner of the order. */
export function actorOf(caller: Caller, scope: Scope): OrderActor {
  if (caller.kind !== 'anonymous' && hasScope(caller, scope)) return { kind: 'staff', userId: actorIdOf(caller) }
  return caller.kind === 'user' ? { kind: 'customer', userId: caller.userId } : { kind: 'guest' }
}

/** Whether the caller's account owns the order. A guest shows a token instead. */
export function isOwnedBy(order: { userId: UserId | null }, caller: Caller): boolean {
  return caller.kind === 'user' && order.userId === caller.userId
}
