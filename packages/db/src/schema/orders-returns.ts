import { RETURN_STATUSES } from '@shop/contracts/orders/states'
import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { orders, ordersSchema } from './orders.ts'
import { orderLines } from './orders-lines.ts'

/** Returns. A return has no version of its own: the version of its order counts. */
export const returns = ordersSchema.table(
  'returns',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    status: text('status', { enum: RETURN_STATUSES }).notNull(),
    /** The customer, the guest, or staff. */
    requestedBy: jsonb('requested_by').notNull(),
    note: text('note'),
    refuseReason: text('refuse_reason'),
    /** How many times units were received. */
    receipts: integer('receipts').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    approvedAt: instant('approved_at'),
    refusedAt: instant('refused_at'),
    cancelledAt: instant('cancelled_at'),
    /** When units were last received. */
    receivedAt: instant('received_at'),
    closedAt: instant('closed_at'),
  },
  (table) => [
    index('returns_of_order').on(table.orderId),
    index('returns_newest').on(table.createdAt, table.id),
    index('returns_of_status').on(table.status, table.createdAt, table.id),
    check(
      'returns_status',
      sql`${table.status} in ('requested', 'approved', 'refused', 'cancelled', 'received', 'closed')`,
    ),
    check(
      'returns_texts',
      sql`length(${table.note}) between 1 and 2000 and length(${table.refuseReason}) between 1 and 2000`,
    ),
    check(
      'returns_instants',
      sql`(${table.refusedAt} is not null) = (${table.status} = 'refused')
      and (${table.cancelledAt} is not null) = (${table.status} = 'cancelled')
      and (${table.closedAt} is not null) = (${table.status} = 'closed')
      and (${table.approvedAt} is not null) = (${table.status} in ('approved', 'received', 'closed'))
      and (${table.receivedAt} is not null) = (${table.receipts} > 0)`,
    ),
  ],
)

/** The units of each line to return, and how many of them were received, restocked and written off. */
export const returnLines = ordersSchema.table(
  'return_lines',
  {
    returnId: text('return_id')
      .notNull()
      .references(() => returns.id),
    lineId: text('line_id')
      .notNull()
      .references(() => orderLines.id),
    quantity: integer('quantity').notNull(),
    /** One of the shop's reasons at the time of the request. */
    reason: text('reason').notNull(),
    received: integer('received').notNull().default(0),
    restocked: integer('restocked').notNull().default(0),
    writtenOff: integer('written_off').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.returnId, table.lineId] }),
    check('return_lines_quantity', sql`${table.quantity} >= 1 and ${table.received} <= ${table.quantity}`),
    check(
      'return_lines_received',
      sql`${table.restocked} >= 0 and ${table.writtenOff} >= 0
      and ${table.received} = ${table.restocked} + ${table.writtenOff}`,
    ),
  ],
)
