import { EXPORTED_AT_MOST } from '@shop/contracts/users/export'
import type { UserId } from '@shop/kernel/ids'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import { ok, type Result } from '@shop/kernel/result'
import pMap from 'p-map'
import type { Cart } from '../carts/domain/cart.ts'
import type { OrdersDeps } from '../deps.ts'
import type { GiftCard } from '../gift-cards/domain/gift-card.ts'
import type { Invoice } from '../invoices/domain/invoice.ts'
import type { Order } from '../orders/domain/order.ts'

/** Each costs a call of an object, and customers do not fill more. */
const MOST_CARTS = 20

const AS_SYSTEM = { userId: null, isStaff: true, hasToken: false }

export type KnownPurchases = {
  orders: Order[]
  invoices: Invoice[]
  hasMoreOrders: boolean
  carts: Cart[]
  giftCards: GiftCard[]
  hasMoreGiftCards: boolean
  at: Date
}

/**
 * The newest orders of a customer with their invoices, their newest gift cards and store credit, and their carts that were neither
 * ordered nor have ended.
 */
export async function exportCustomer(
  deps: Pick<OrdersDeps, 'carts' | 'cartRows' | 'giftCards' | 'orders' | 'invoices' | 'now'>,
  userId: UserId,
): Promise<Result<KnownPurchases, never>> {
  const [found, cards, cartIds] = await Promise.all([
    deps.orders.list({ of: userId, limit: EXPORTED_AT_MOST + 1 }),
    deps.giftCards.listOfAccount(userId, EXPORTED_AT_MOST + 1),
    deps.cartRows.listNewest({ userId, limit: MOST_CARTS }),
  ])
  const orders = found.slice(0, EXPORTED_AT_MOST)
  const [invoices, read] = await Promise.all([
    deps.invoices.listOf(orders.map(({ id }) => id)),
    pMap(cartIds, (id) => deps.carts.read(id, { access: AS_SYSTEM }), { concurrency: PARALLEL_CALLS }),
  ])
  const carts = read.flatMap((one) => (one.ok && one.value.cart.userId === userId ? [one.value.cart] : []))
  const giftCards = cards.slice(0, EXPORTED_AT_MOST)
  return ok({
    ...{ orders, invoices, hasMoreOrders: found.length > orders.length, carts, giftCards },
    ...{ hasMoreGiftCards: cards.length > giftCards.length, at: deps.now() },
  })
}
