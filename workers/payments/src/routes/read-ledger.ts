import { LedgerPageView, LedgerQuery } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { readLedger } from '../operations/read-ledger.ts'
import { toLedgerEntryView } from '../view.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/ledger',
  operationId: 'readLedger',
  tags: ['Payments'],
  summary: 'Read the ledger of all money that moved (staff)',
  description:
    'Double entry and append-only: each entry moves an amount from one account to another. The balance of `stripe` for a ' +
    'payment is what was captured less what went back.',
  security: BEARER,
  request: { query: LedgerQuery },
  responses: {
    200: json('A page, newest first', LedgerPageView),
    ...problems('authentication_required', 'forbidden', 'invalid_cursor', 'validation_failed'),
  },
})

export function addReadLedger(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const { payment_id: paymentId, limit, cursor } = c.req.valid('query')
    const read = await readLedger(c.get('deps'), c.get('caller'), { paymentId, limit, cursor })
    if (!read.ok) return problem(c, read.failure)
    const { items, nextCursor } = read.value
    return c.json({ entries: items.map(toLedgerEntryView), next_cursor: nextCursor }, 200)
  })
}
