import type { OrderActor } from '@shop/contracts/orders/states'
import { type Caller, isStaff } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'

/** The actor of a caller who may see the order. An anonymous one is its guest: nobody else may see it unsigned. */
export function actorOf(caller: Caller): OrderActor {
  if (caller.kind === 'anonymous') return { kind: 'guest' }
  return { kind: isStaff(caller) ? 'staff' : 'customer', userId: caller.userId }
}

/** Whether the caller's account may see the order. A guest shows a token instead. */
export function isVisibleTo(order: { userId: UserId | null }, caller: Caller): boolean {
  return isStaff(caller) || (caller.kind === 'user' && order.userId === caller.userId)
}
