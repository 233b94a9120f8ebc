import { isId, type OrderId } from '@shop/kernel/ids'

/** What somebody can listen to: the changes of one order, or the units of one variant that can be bought. */
export type Topic = { about: 'order'; orderId: OrderId } | { about: 'stock'; variantId: number }

export const MOST_TOPICS = 20
/** Each is a call to orders, and a request may make few. */
export const MOST_ORDERS = 5

/** The most that Postgres keeps as an id of a variant. */
const MOST_VARIANT_ID = 2_147_483_647

export const orderTopic = (orderId: string): string => `order:${orderId}`
export const stockTopic = (variantId: number): string => `stock:${variantId}`

/** Undefined for a name that no topic can have. */
export function parseTopic(name: string): Topic | undefined {
  const [, about, id = ''] = /^(order|stock):(.+)$/.exec(name) ?? []
  if (about === 'order') return isId('order', id) ? { about, orderId: id } : undefined
  const isVariant = /^[1-9]\d{0,9}$/.test(id) && Number(id) <= MOST_VARIANT_ID
  return isVariant ? { about: 'stock', variantId: Number(id) } : undefined
}

/** The orders among topics. */
export const orderIdsIn = (names: readonly string[]): OrderId[] =>
  names.map(parseTopic).flatMap((topic) => (topic?.about === 'order' ? [topic.orderId] : []))

/** Whether only some may listen to it. */
export const isPrivate = (name: string): boolean => name.startsWith('order:')

/** Whether a message of it replaces all earlier ones: a level does, a change of an order does not. */
export const isLevel = (name: string): boolean => name.startsWith('stock:')

/**
 * The topics of a connection, each once, in an order that the client does not choose. The first one is where the connection is
 * kept, so that a client that comes back with the same topics finds what it missed.
 */
export const sortedTopics = (names: readonly string[]): string[] => [...new Set(names)].sort()
