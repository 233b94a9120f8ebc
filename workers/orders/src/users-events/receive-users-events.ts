import type { Receipt } from '@shop/contracts/events/delivery'
import type { OrdersRpc } from '@shop/contracts/orders/rpc'
import { requestErasure } from '@shop/contracts/users/erasure'
import { receiveUsersEvents as receiveByType, type UsersEventHandlers } from '@shop/http/receive-users-events'
import type { Result } from '@shop/kernel/result'
import { type ClaimDeps, claimGuestOrders } from '../claims/claim-guest-orders.ts'
import { type GroupEventDeps, groupEventHandlers } from '../customer-groups/group-event-handlers.ts'
import type { OrdersDeps } from '../deps.ts'

/** Applies events of users, each by the handler of its type. */
export function receiveUsersEvents(
  deps: ClaimDeps & GroupEventDeps & Pick<OrdersDeps, 'erasures'>,
  events: Parameters<OrdersRpc['receiveUsersEvents']>[0],
): Promise<Result<Receipt[], never>> {
  const handlers: UsersEventHandlers<'orders'> = {
    'customer.email_verified': (event) => claimGuestOrders(deps, event),
    'customer.erased': (event) => requestErasure(deps, event),
    ...groupEventHandlers(deps),
  }
  return receiveByType<'orders'>(handlers, events)
}
