import { FULFILLMENT_STATUSES, ORDER_STATUSES, PAYMENT_STATUSES } from '@shop/contracts/orders/states'
import { filterText, InstantField } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrderFilter } from '../domain/order-filter.ts'

const number = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/, 'must be a whole number')
  .transform(Number)

/** Query parameters that narrow a list of orders. */
export const filterFields = {
  status: z.enum(ORDER_STATUSES).optional().meta({ description: 'Only orders in this status', example: 'processing' }),
  payment_status: z.enum(PAYMENT_STATUSES).optional().meta({ example: 'paid' }),
  fulfillment_status: z.enum(FULFILLMENT_STATUSES).optional().meta({ example: 'unfulfilled' }),
  email: filterText(254).meta({
    description: 'The address that was given with the order, in whatever case',
    example: 'ada@example.com',
  }),
  number: number.optional().meta({ type: 'integer', minimum: 1, example: 1001 }),
  sku: filterText(100).meta({ description: 'Of one of its items', example: 'TEE-M' }),
  customer: filterText(100).meta({ description: 'Id of an account', example: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e' }),
  created_from: InstantField.optional(),
  created_to: InstantField.optional().meta({ description: 'The first instant after them' }),
}

const Filter = z.object(filterFields)

export const toOrderFilter = (query: z.output<typeof Filter>): OrderFilter => ({
  status: query.status,
  paymentStatus: query.payment_status,
  fulfillmentStatus: query.fulfillment_status,
  email: query.email,
  number: query.number,
  sku: query.sku,
  customer: query.customer,
  createdFrom: query.created_from,
  createdTo: query.created_to,
})
