import type { Handled, UsersEventHandlers } from '@shop/http/receive-users-events'
import { ok } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

export type GroupEventDeps = Pick<OrdersDeps, 'customerGroups'>
type GroupEvent = Extract<keyof UsersEventHandlers<'orders'>, `customer_group.${string}`>

const DONE: Handled = ok('done')

/** Saves which accounts are in which group, by the events of users, which orders may not call. */
export function groupEventHandlers({ customerGroups }: GroupEventDeps): Pick<UsersEventHandlers<'orders'>, GroupEvent> {
  return {
    'customer_group.created': async ({ payload }) => {
      await customerGroups.add(payload.groupId)
      return DONE
    },
    'customer_group.deleted': async ({ payload }) => {
      await customerGroups.delete(payload.groupId)
      return DONE
    },
    'customer_group.members_changed': async ({ payload, sequence }) => {
      await customerGroups.changeMembers({ ...payload, sequence })
      return DONE
    },
  }
}
