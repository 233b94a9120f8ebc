import type { UserId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { EventSource } from '../events/delivery.ts'
import type { UsersEventsRpc } from '../users/delivered-events.ts'
import type { PaymentsExport } from '../users/export.ts'

/** The methods that the users and notifications workers and the gateway may call. */
export interface PaymentsRpc extends EventSource, UsersEventsRpc<'payments'> {
  /** The newest payments of a customer with their refunds, and their saved cards. For the gateway. */
  exportCustomer(userId: UserId): Promise<Result<PaymentsExport, ServiceUnavailable>>
}
