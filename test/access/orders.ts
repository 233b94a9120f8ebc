import type { Stage } from '../support/use-platform.ts'
import type { NewOrders } from './new-orders.ts'
import { at, ownerOrStaff, type Rows, same, signedIn, staffOnly } from './row.ts'

/** Orders, their shipments and documents. */
export function orderRows(stage: Stage, { newOrder, newPaidOrder, newShipment }: NewOrders): Rows {
  return {
    requestOrderToken: {
      call: async () => ({
        path: '/api/orders/token',
        body: { order_id: (await newOrder()).id, email: `${crypto.randomUUID()}@example.com` },
      }),
      answers: same(202),
    },
    placeOrder: {
      call: async () => ({
        path: '/api/orders',
        body: { items: [{ product_id: (await stage.shop.addProduct(stage.admin)).id, quantity: 1 }] },
      }),
      answers: signedIn(201),
    },
    listOrders: {
      call: async () => {
        await newOrder()
        return { path: '/api/orders' }
      },
      answers: signedIn(200),
      shows: ['customer'],
    },
    getOrder: {
      call: async () => ({ path: `/api/orders/${(await newOrder()).id}` }),
      answers: ownerOrStaff(200),
      shows: ['customer', 'admin'],
    },
    listOrderEvents: {
      call: async () => ({ path: `/api/orders/${(await newOrder()).id}/events` }),
      answers: ownerOrStaff(200),
    },
    updateOrder: {
      call: async () => ({ path: `/api/orders/${(await newOrder()).id}`, body: { metadata: { note: 'x' } } }),
      answers: staffOnly(200),
      shows: ['admin'],
    },
    changeOrderStatus: {
      call: async () => ({ path: `/api/orders/${(await newOrder()).id}/status`, body: { status: 'cancelled' } }),
      answers: ownerOrStaff(200),
      shows: ['customer', 'admin'],
    },
    editOrder: {
      call: async () => {
        const { id, items } = await newOrder()
        const body = { items: [{ line_id: items[0]?.id, quantity: 1 }], preview: true }
        return { path: `/api/orders/${id}/edits`, body }
      },
      answers: staffOnly(200),
      shows: ['admin'],
    },
    exportOrders: { call: at('/api/orders.csv?number=1'), answers: staffOnly(200) },
    createShipment: {
      call: async () => {
        const { id, items } = await newPaidOrder()
        const body = { items: [{ line_id: items[0]?.id, quantity: 1 }] }
        return { path: `/api/orders/${id}/shipments`, body, headers: { 'idempotency-key': crypto.randomUUID() } }
      },
      answers: staffOnly(201),
    },
    listShipments: {
      call: async () => ({ path: `/api/orders/${(await newOrder()).id}/shipments` }),
      answers: ownerOrStaff(200),
    },
    updateShipment: {
      call: async () => ({ path: `/api/shipments/${await newShipment()}`, body: { carrier: 'DHL' } }),
      answers: staffOnly(200),
    },
    cancelShipment: {
      call: async () => ({ path: `/api/shipments/${await newShipment()}/cancel` }),
      answers: staffOnly(200),
    },
    listInvoices: {
      call: async () => ({ path: `/api/orders/${(await newPaidOrder()).id}/invoices` }),
      answers: ownerOrStaff(200),
    },
    printInvoice: {
      call: async () => ({ path: `/api/orders/${(await newPaidOrder()).id}/invoice.pdf` }),
      answers: ownerOrStaff(200),
    },
    printPackingSlip: {
      call: async () => ({ path: `/api/orders/${(await newOrder()).id}/packing-slip.pdf` }),
      answers: staffOnly(200),
    },
  }
}
