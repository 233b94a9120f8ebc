import { createApp, READINESS_PATH, readinessResponse } from '@shop/http'
import { ordersDeps } from './deps.ts'
import { addChangeOrderStatus } from './routes/change-order-status.ts'
import { addGetOrder } from './routes/get-order.ts'
import { addListOrderEvents } from './routes/list-order-events.ts'
import { addListOrders } from './routes/list-orders.ts'
import type { OrdersApp } from './routes/orders-app.ts'
import { addPlaceOrder } from './routes/place-order.ts'

export function ordersApp(): OrdersApp {
  const app = createApp({ deps: ordersDeps })
  addPlaceOrder(app)
  addListOrders(app)
  addGetOrder(app)
  addListOrderEvents(app)
  addChangeOrderStatus(app)
  app.get(READINESS_PATH, (c) => readinessResponse({ postgres: c.get('deps').store.ping }))
  return app
}
