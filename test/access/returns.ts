import type { Stage } from '../support/use-platform.ts'
import type { NewOrders } from './new-orders.ts'
import { at, ownerOrStaff, type Rows, staffOnly } from './row.ts'

/** Returns of what has shipped. */
export function returnRows(stage: Stage, { newOrder, newShippedOrder, newReturn, returnOf }: NewOrders): Rows {
  return {
    createReturn: {
      call: async () => {
        const order = await newShippedOrder()
        const headers = { 'idempotency-key': crypto.randomUUID() }
        return { path: `/api/orders/${order.id}/returns`, body: returnOf(order), headers }
      },
      answers: ownerOrStaff(201),
    },
    listOrderReturns: {
      call: async () => ({ path: `/api/orders/${(await newOrder()).id}/returns` }),
      answers: ownerOrStaff(200),
    },
    listReturns: { call: at('/api/returns'), answers: staffOnly(200) },
    getReturn: { call: async () => ({ path: `/api/returns/${(await newReturn()).id}` }), answers: ownerOrStaff(200) },
    cancelReturn: {
      call: async () => ({ path: `/api/returns/${(await newReturn()).id}/cancel` }),
      answers: ownerOrStaff(200),
    },
    approveReturn: {
      call: async () => ({ path: `/api/returns/${(await newReturn()).id}/approve` }),
      answers: staffOnly(200),
    },
    refuseReturn: {
      call: async () => ({ path: `/api/returns/${(await newReturn()).id}/refuse`, body: { reason: 'It was worn' } }),
      answers: staffOnly(200),
    },
    receiveReturn: {
      call: async () => {
        const { id, order } = await newReturn(stage.admin)
        const body = { items: [{ line_id: order.items[0]?.id, quantity: 1, restock: true }] }
        return { path: `/api/returns/${id}/receive`, body, headers: { 'idempotency-key': crypto.randomUUID() } }
      },
      answers: staffOnly(200),
    },
    exchangeReturn: {
      call: async () => {
        const { id, order } = await newReturn(stage.admin)
        const [item] = order.items
        const received = { items: [{ line_id: item?.id, quantity: 1, restock: true }] }
        await stage.shop.request('POST', `/api/returns/${id}/receive`, {
          ...{ token: stage.admin.token, body: received, headers: { 'idempotency-key': crypto.randomUUID() } },
        })
        const body = { items: [{ variant_id: item?.variant_id, quantity: 1 }] }
        return { path: `/api/returns/${id}/exchange`, body, headers: { 'idempotency-key': crypto.randomUUID() } }
      },
      answers: staffOnly(201),
      shows: ['admin'],
    },
    closeReturn: {
      call: async () => ({ path: `/api/returns/${(await newReturn(stage.admin)).id}/close` }),
      answers: staffOnly(200),
    },
  }
}
