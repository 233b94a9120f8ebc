import type { OrdersExport } from '@shop/contracts/users/export'
import type { OrderId, UserId } from '@shop/kernel/ids'
import type { Cart } from '../../carts/domain/cart.ts'
import { toGiftCardView } from '../../gift-cards/routes/gift-card-view.ts'
import { toInvoiceView } from '../../invoices/routes/invoice-view.ts'
import { toOrderView } from '../../orders/routes/order-view.ts'
import { toReturnView } from '../../returns/routes/return-view.ts'
import type { KnownPurchases } from '../export-customer.ts'

/**
 * Orders as their customer sees them, together with what staff keep with them, which may be about the customer, their invoices and
 * their returns. Gift cards with their notes, and never with their codes, which nobody knows. Carts as they were filled in, without prices, which are computed whenever a cart is shown.
 */
export function toOrdersExport(
  { orders, invoices, hasMoreOrders: more, carts, giftCards, hasMoreGiftCards, at }: KnownPurchases,
  userId: UserId,
): OrdersExport {
  const customer = { kind: 'user', userId, role: 'customer' } as const
  const issuedFor = (id: OrderId) => invoices.filter(({ orderId }) => orderId === id)
  return {
    orders: { items: orders.map((order) => ({ ...toOrderView(order, customer), metadata: order.metadata })), more },
    invoices: orders.flatMap(({ id }) => issuedFor(id).map((invoice) => toInvoiceView(invoice, issuedFor(id)))),
    returns: orders.flatMap((order) => order.returns.map((returned) => toReturnView(order, returned))),
    carts: carts.map(toCartExport),
    giftCards: { items: giftCards.map((card) => toGiftCardView(card, at)), more: hasMoreGiftCards },
  }
}

function toCartExport({ id, status, currency, items, ...cart }: Cart) {
  return {
    ...{ id, status, currency },
    items: items.map(({ variantId, productId, name, quantity }) => {
      return { variant_id: variantId, product_id: productId, name, quantity }
    }),
    codes: [...cart.codes],
    email: cart.email,
    shipping_address: cart.shippingAddress,
    billing_address: cart.billingAddress,
    vat_id: cart.vatId?.number ?? null,
    note: cart.note,
    created_at: cart.createdAt.toISOString(),
    updated_at: cart.updatedAt.toISOString(),
  }
}
