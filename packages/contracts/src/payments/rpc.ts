import type { EventSource } from '../events/delivery.ts'
import type { UsersEventsRpc } from '../users/delivered-events.ts'

/** The methods that the users and notifications workers may call. */
export interface PaymentsRpc extends EventSource, UsersEventsRpc<'payments'> {}
