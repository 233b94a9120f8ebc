import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it, vi } from 'vitest'
import { exportOrders } from '../../src/orders/export-orders.ts'
import { anOrder } from '../support/orders.ts'
import { NOW, testDeps } from '../support/test-deps.ts'

const admin: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }
const customer: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }

async function linesOf(chunks: AsyncIterable<string>): Promise<string[]> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text.split('\r\n').slice(0, -1)
}

describe('the export of orders', () => {
  it('has a line for each, newest first, with its amounts in major units', async () => {
    const orders = [anOrder(), anOrder({ userId: null, email: '=cmd@example.com', createdAt: addSeconds(NOW, 1) })]
    const exported = exportOrders(testDeps({ orders }).deps, admin, {})
    if (!exported.ok) throw new Error(exported.failure.code)
    const [head, first, second, ...more] = await linesOf(exported.value)
    expect(head).toBe(
      'number,id,created_at,status,payment_status,fulfillment_status,user_id,email,currency,subtotal,discount_total,' +
        'shipping_total,tax_total,total_amount,captured_amount,refunded_amount,shipping,country,items,' +
        'gift_card_amount,amount_due',
    )
    expect(first).toMatch(new RegExp(`^${orders[1]?.number},${orders[1]?.id},`))
    expect(first).toContain(",'=cmd@example.com,")
    expect(second).toBe(
      `${orders[0]?.number},${orders[0]?.id},2026-11-23T10:00:00.000Z,pending,unpaid,unfulfilled,${orders[0]?.userId},,USD,` +
        '25,0,0,0,25,0,0,,,2 × MUG-BLUE; 1 × Filter papers,0,25',
    )
    expect(more).toEqual([])
  })

  it('reads page after page, until one is short', async () => {
    const orders = Array.from({ length: 401 }, (_, n) => anOrder({ createdAt: addSeconds(NOW, n) }))
    const { deps } = testDeps({ orders })
    const limits: number[] = []
    const list: typeof deps.orders.list = (query) => {
      limits.push(query.limit)
      return deps.orders.list(query)
    }
    const exported = exportOrders({ orders: { ...deps.orders, list } }, admin, {})
    if (!exported.ok) throw new Error(exported.failure.code)
    const [, ...lines] = await linesOf(exported.value)
    expect(lines.map((line) => line.split(',')[1])).toEqual(orders.map(({ id }) => id).reverse())
    expect(limits).toEqual([200, 200, 200])
  })

  it('has of the processing orders those to be shipped, as the list has', async () => {
    const { deps } = testDeps()
    const asked = vi.spyOn(deps.orders, 'list')
    for (const status of ['processing', 'shipped'] as const) {
      const exported = exportOrders(deps, admin, { status })
      if (exported.ok) await linesOf(exported.value)
    }
    expect(asked.mock.calls.map(([{ toShip }]) => toShip)).toEqual([true, false])
  })

  it('is for staff only', () => {
    const { deps } = testDeps()
    expect(exportOrders(deps, customer, {})).toEqual({ ok: false, failure: { code: 'forbidden' } })
    expect(exportOrders(deps, { kind: 'anonymous' }, {})).toMatchObject({
      failure: { code: 'authentication_required' },
    })
  })
})
