import type { ShopApp } from '@shop/http'
import type { OrdersDeps } from '../ports.ts'

export type OrdersApp = ShopApp<OrdersEnv, OrdersDeps>
