import type { ShopApp } from '@shop/http'
import type { PaymentsDeps } from '../ports.ts'

export const WEBHOOK_PATH = '/api/webhooks/stripe'

export type PaymentsApp = ShopApp<PaymentsEnv, PaymentsDeps>
