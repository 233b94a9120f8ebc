import { LEDGER_ACCOUNTS } from '@shop/contracts/payments/states'
import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { NextCursor } from '@shop/kernel/pagination'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { PageQuery } from '../../lists/page-query.ts'
import { PAYMENT_ID_EXAMPLE } from '../../payments/routes/payment-view.ts'
import { REFUND_ID_EXAMPLE } from '../../refunds/routes/refund-view.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import { readLedger } from '../read-ledger.ts'

const LedgerEntryView = z
  .strictObject({
    id: z.int().meta({ example: 4711 }),
    at: Instant,
    debit: z.enum(LEDGER_ACCOUNTS).meta({ description: 'The account it goes to', example: 'stripe' }),
    credit: z.enum(LEDGER_ACCOUNTS).meta({ description: 'The account it comes from', example: 'sales' }),
    amount: Amount.meta({ description: 'In major units, above 0', example: 1299.99 }),
    currency: z.string().meta({ example: 'USD' }),
    payment_id: opaqueId(PAYMENT_ID_EXAMPLE)
      .nullable()
      .meta({ description: 'Null for gift cards that were issued, expired or voided' }),
    refund_id: opaqueId(REFUND_ID_EXAMPLE).nullable(),
    dispute_id: z.string().nullable().meta({ example: null }),
    key: z.string().meta({ description: 'Names the change it records', example: `captured:${PAYMENT_ID_EXAMPLE}` }),
  })
  .meta({ id: 'LedgerEntry' })

const LedgerPage = z
  .strictObject({ entries: z.array(LedgerEntryView), next_cursor: NextCursor })
  .meta({ id: 'LedgerPage', description: 'Newest first' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/ledger',
  operationId: 'readLedger',
  tags: ['Payments'],
  summary: 'Read the ledger of all money that moved (staff)',
  description:
    'Double entry and append-only: each entry moves an amount from one account to another. The balance of `stripe` for a ' +
    'payment is the captured amount less the refunded one.',
  access: scope('payments:read'),
  request: { query: z.object({ payment_id: opaqueId(PAYMENT_ID_EXAMPLE).optional(), ...PageQuery.shape }) },
  responses: {
    200: json('A page, newest first', LedgerPage),
    ...problems('invalid_cursor', 'validation_failed'),
  },
})

export function addReadLedger(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const { payment_id: paymentId, ...page } = c.req.valid('query')
    const read = await readLedger(c.get('deps'), c.get('caller'), { paymentId, ...page })
    if (!read.ok) return problem(c, read.failure)
    const { items, nextCursor } = read.value
    return c.json({ entries: items.map(toLedgerEntryView), next_cursor: nextCursor }, 200)
  })
}

function toLedgerEntryView(entry: LedgerEntry): z.infer<typeof LedgerEntryView> {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    debit: entry.debit,
    credit: entry.credit,
    amount: toMajor(entry.amount, entry.currency),
    currency: entry.currency,
    payment_id: entry.paymentId,
    refund_id: entry.refundId,
    dispute_id: entry.disputeId,
    key: entry.key,
  }
}
