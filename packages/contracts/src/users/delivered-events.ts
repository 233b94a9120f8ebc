import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { ShopEvent } from '../events/catalogue.ts'
import type { Consumer } from '../events/define.ts'
import type { Receipt } from '../events/delivery.ts'
import type { USERS_EVENTS } from '../events/users.ts'

/** The services that users calls, to deliver its events. They may not call it back. */
export const USERS_EVENTS_RECEIVERS = ['orders', 'payments', 'catalog'] as const satisfies readonly Consumer[]
export type UsersEventsReceiver = (typeof USERS_EVENTS_RECEIVERS)[number]

type UsersEventType = keyof typeof USERS_EVENTS
type ConsumerOf<T extends UsersEventType> = (typeof USERS_EVENTS)[T]['consumers'][number]

/** The events of users that a service consumes, by the catalogue of events. */
export type UsersEventTypeFor<C extends UsersEventsReceiver> = {
  [T in UsersEventType]: C extends ConsumerOf<T> ? T : never
}[UsersEventType]

/**
 * What is delivered together with an event, since its receiver may not call users and events carry nothing personal. Read
 * anew at each delivery, and never stored with the event.
 */
export type UsersEventDetails = {
  /** The address that the account has now, by `normalEmail`, and since when it is verified. */
  'customer.email_verified': { emailKey: string; verifiedAt: Date }
}
type WithDetails<T> = T extends keyof UsersEventDetails ? { details: UsersEventDetails[T] } : unknown

/** An event of users as its receiver gets it. */
export type DeliveredUsersEvent<T extends UsersEventType = UsersEventType> = {
  [K in T]: ShopEvent<K> & WithDetails<K>
}[T]

/** The method that a receiver of events of users offers. */
export interface UsersEventsRpc<C extends UsersEventsReceiver> {
  /**
   * Applies events of users, several at a time: events of different keys are independent. Ids of events are unique in
   * their service only, so what a receiver remembers of one, it keeps apart from events of others.
   *
   * Returns a receipt for each event, in any order.
   */
  receiveUsersEvents(
    events: DeliveredUsersEvent<UsersEventTypeFor<C>>[],
  ): Promise<Result<Receipt[], ServiceUnavailable>>
}
