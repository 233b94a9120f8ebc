import type { FulfillmentStatus, OrderStatus, PaymentStatus } from '@shop/contracts/orders/states'

/** What the listed orders have in common. */
export type OrderFilter = {
  status?: OrderStatus | undefined
  paymentStatus?: PaymentStatus | undefined
  fulfillmentStatus?: FulfillmentStatus | undefined
  /** In whatever case. That of an account's order is the one that was given with it. */
  email?: string | undefined
  number?: number | undefined
  /** Of one of its lines. */
  sku?: string | undefined
  /** The account. */
  customer?: string | undefined
  createdFrom?: Date | undefined
  /** The first instant after them. */
  createdTo?: Date | undefined
}

/** Everybody's processing orders are those to be shipped, so those whose money went back are left out. */
export const areToShip = ({ status }: OrderFilter): boolean => status === 'processing'
