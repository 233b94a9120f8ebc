import type { Caller } from '@shop/kernel/caller'
import { encodeCursor } from '@shop/kernel/pagination'
import { describe, expect, it } from 'vitest'
import { listDisputes } from '../../src/disputes/list-disputes.ts'
import { readLedger } from '../../src/ledger/read-ledger.ts'
import { listDiscrepancies } from '../../src/reconciliation/list-discrepancies.ts'
import { listStripeEvents } from '../../src/webhooks/list-stripe-events.ts'
import { aDisputeReport, CUSTOMER, now, PAYMENT_ID, STAFF, USD } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

type Page = { limit?: number; cursor?: string }

/** Each list with three rows in its repository, and the position after the second. */
const LISTS = {
  disputes: {
    second: { sortKey: now.toISOString(), id: 'du_2' },
    list: (caller: Caller, page: Page) => {
      const { deps } = aWorld()
      const rows = ['du_1', 'du_2', 'du_3'].map((id) => ({ ...aDisputeReport({ id }), paymentId: PAYMENT_ID }))
      deps.disputes.list = async ({ after, limit }) => rows.slice(after === undefined ? 0 : 2, limit)
      return listDisputes(deps, caller, page)
    },
  },
  'flagged events': {
    second: { sortKey: now.toISOString(), id: 'evt_2' },
    list: (caller: Caller, page: Page) => {
      const { deps } = aWorld()
      const event = { type: 'test', flag: 'another_mode', intentId: null, createdAt: now, receivedAt: now } as const
      const rows = ['evt_1', 'evt_2', 'evt_3'].map((id) => ({ id, ...event }))
      deps.webhookEvents.listFlagged = async ({ after, limit }) => rows.slice(after === undefined ? 0 : 2, limit)
      return listStripeEvents(deps, caller, page)
    },
  },
  discrepancies: {
    second: { sortKey: now.toISOString(), id: '2' },
    list: (caller: Caller, page: Page) => {
      const { deps } = aWorld()
      const found = { kind: 'refund_failed', subject: 're_1', paymentId: null, stripe: null, shop: null } as const
      const rows = [3, 2, 1].map((id) => ({ id, ...found, foundAt: now }))
      deps.discrepancies.listOpen = async ({ after, limit }) =>
        rows.filter(({ id }) => id < (after ?? 4)).slice(0, limit)
      return listDiscrepancies(deps, caller, page)
    },
  },
  'ledger entries': {
    second: { sortKey: now.toISOString(), id: '2' },
    list: (caller: Caller, page: Page) => {
      const { deps } = aWorld()
      const entry = {
        at: now,
        debit: 'stripe',
        credit: 'sales',
        amount: 1,
        currency: USD,
        paymentId: PAYMENT_ID,
      } as const
      const rows = [3, 2, 1].map((id) => ({ id, ...entry, refundId: null, disputeId: null, key: `k${id}` }))
      deps.ledger.list = async ({ after, limit }) => rows.filter(({ id }) => id < (after ?? 4)).slice(0, limit)
      return readLedger(deps, caller, page)
    },
  },
}

describe.each(Object.entries(LISTS))('the list of %s', (_, { list, second }) => {
  it.each([
    [{ kind: 'anonymous' as const }, 'authentication_required'],
    [CUSTOMER, 'forbidden'],
  ])('is refused to %j: %s', async (caller, code) => {
    expect(await list(caller, {})).toEqual({ ok: false, failure: { code } })
  })

  it('is read page by page', async () => {
    const first = await list(STAFF, { limit: 2 })
    expect(first).toMatchObject({ ok: true, value: { items: { length: 2 }, nextCursor: encodeCursor(second) } })
    const next = await list(STAFF, { limit: 2, cursor: encodeCursor(second) })
    expect(next).toMatchObject({ ok: true, value: { items: { length: 1 }, nextCursor: null } })
  })

  it.each(['nonsense', encodeCursor({ sortKey: 'yesterday', id: '1' })])('refuses the cursor %s', async (cursor) => {
    expect(await list(STAFF, { cursor })).toEqual({ ok: false, failure: { code: 'invalid_cursor' } })
  })
})

describe('the ledger of one payment', () => {
  it('is empty for a malformed payment id', async () => {
    const read = await readLedger(aWorld().deps, STAFF, { paymentId: 'no id' })
    expect(read).toEqual({ ok: true, value: { items: [], nextCursor: null } })
  })
})
