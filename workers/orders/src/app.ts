import { createApp } from '@shop/http/app'
import { backlogCheck } from '@shop/http/events/backlog-check'
import { addEventRoutes } from '@shop/http/events/event-routes'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { wakeAfterWrites } from '@shop/http/wake-after-writes'
import { addRequestOrderToken } from './access/routes/request-order-token.ts'
import { addCartRoutes } from './carts/routes/cart-routes.ts'
import { type OrdersApp, ordersDeps } from './deps.ts'
import { skipDelivery } from './events/skip-delivery.ts'
import { addFulfillmentRoutes } from './fulfillment/routes/fulfillment-routes.ts'
import { addGiftCardRoutes } from './gift-cards/routes/gift-card-routes.ts'
import { addInvoiceRoutes } from './invoices/routes/invoice-routes.ts'
import { addEditOrder } from './order-edits/routes/edit-order.ts'
import { addChangeOrderStatus } from './orders/routes/change-order-status.ts'
import { addExportOrders } from './orders/routes/export-orders.ts'
import { addGetOrder } from './orders/routes/get-order.ts'
import { addListOrderEvents } from './orders/routes/list-order-events.ts'
import { addListOrders } from './orders/routes/list-orders.ts'
import { addPlaceOrder } from './orders/routes/place-order.ts'
import { addUpdateOrder } from './orders/routes/update-order.ts'
import { addCreatePromotion } from './promotions/routes/create-promotion.ts'
import { addCreatePromotionCodes } from './promotions/routes/create-promotion-codes.ts'
import { addDeletePromotion } from './promotions/routes/delete-promotion.ts'
import { addGetPromotion } from './promotions/routes/get-promotion.ts'
import { addListPromotionCodes } from './promotions/routes/list-promotion-codes.ts'
import { addListPromotions } from './promotions/routes/list-promotions.ts'
import { addUpdatePromotion } from './promotions/routes/update-promotion.ts'
import { addExportSalesReport } from './reports/routes/export-sales-report.ts'
import { addReadSalesReport } from './reports/routes/read-sales-report.ts'
import { addReturnRoutes } from './returns/routes/return-routes.ts'
import { addShippingRoutes } from './shipping/routes/shipping-routes.ts'
import { addTaxRoutes } from './tax/routes/tax-routes.ts'

/** Where orders are placed. All other changes of orders wake the consumers of their events themselves. */
const PLACED_AT = ['/api/orders', '/api/carts/:id/complete']

/** @param deps tests give their own */
export function ordersApp(deps = ordersDeps): OrdersApp {
  const app = createApp({ deps })
  for (const path of PLACED_AT) app.use(path, wakeAfterWrites)
  addPlaceOrder(app)
  addRequestOrderToken(app)
  addListOrders(app)
  addExportOrders(app)
  addGetOrder(app)
  addListOrderEvents(app)
  addUpdateOrder(app)
  addChangeOrderStatus(app)
  addEditOrder(app)
  addFulfillmentRoutes(app)
  addInvoiceRoutes(app)
  addReturnRoutes(app)
  addCartRoutes(app)
  addGiftCardRoutes(app)
  addShippingRoutes(app)
  addTaxRoutes(app)
  addListPromotions(app)
  addCreatePromotion(app)
  addGetPromotion(app)
  addUpdatePromotion(app)
  addDeletePromotion(app)
  addCreatePromotionCodes(app)
  addListPromotionCodes(app)
  addReadSalesReport(app)
  addExportSalesReport(app)
  addEventRoutes(app, skipDelivery)
  app.get(READINESS_PATH, (c) => {
    const backlog = backlogCheck(c.get('deps'))
    return readinessResponse({ postgres: backlog.check }, {}, backlog.details)
  })
  return app
}
