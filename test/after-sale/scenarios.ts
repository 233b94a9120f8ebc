import { EDIT_SCENARIOS } from './edit-scenarios.ts'
import { GIFT_CARD_SCENARIOS } from './gift-card-scenarios.ts'
import { eventMismatches, mailMismatches, openDeliveries, webhookMismatches } from './records.ts'
import { RETURN_SCENARIOS } from './return-scenarios.ts'
import { MAIL_PROVIDER, postgresOf, RECEIVER, type Scenario, STRIPE } from './scenario.ts'
import {
  allOf,
  CHANGES,
  changeShipment,
  DELIVERIES,
  isPaid,
  orderMismatches,
  refundSurely,
  shipSurely,
  unitMismatches,
} from './scenario-steps.ts'
import { sellOrder } from './sold-order.ts'

/** What may be interrupted after a sale. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a shipment of which the first captures the payment',
    boundaries: [postgresOf('orders', CHANGES), postgresOf('payments', CHANGES), STRIPE],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => {
          await shipSurely(sold, 1)
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { fulfillment_status: 'partially_fulfilled', payment_status: 'paid' }),
            unitMismatches(sold, [1, 0, 0, 0]),
            eventMismatches(sold, { 'shipment.created': 1, 'shipment.shipped': 1, 'order.paid': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'a shipment that is packed, and then leaves',
    boundaries: [postgresOf('orders', CHANGES)],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => changeShipment(sold, await shipSurely(sold, 3, 'packed'), 'shipped'),
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'shipped', fulfillment_status: 'fulfilled', payment_status: 'paid' }),
            unitMismatches(sold, [3, 0, 0, 0]),
            eventMismatches(sold, { 'shipment.created': 1, 'shipment.shipped': 1, 'order.shipped': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'a refund by line',
    boundaries: [postgresOf('orders', CHANGES), postgresOf('payments', CHANGES), STRIPE],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      await shipSurely(sold, 2)
      await isPaid(sold)
      return {
        run: () => refundSurely(sold, 2),
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'shipped', payment_status: 'partially_refunded', refunded_amount: 25 }),
            unitMismatches(sold, [2, 0, 1, 2]),
            eventMismatches(sold, { 'order.refund_reserved': 1, 'order.refunded': 1, 'refund.succeeded': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'the mails of an order',
    boundaries: [
      postgresOf('notifications', /notifications.{1,3}mails/),
      postgresOf('orders', DELIVERIES),
      MAIL_PROVIDER,
    ],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => {
          await shipSurely(sold, 3)
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'shipped', payment_status: 'paid' }),
            mailMismatches(sold, [/^Your order at/, /is on its way$/]),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'the webhooks of an order',
    boundaries: [postgresOf('notifications', /webhook_deliveries/), postgresOf('orders', DELIVERIES), RECEIVER],
    hasReceiver: true,
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => {
          const id = await shipSurely(sold, 3, 'packed')
          await changeShipment(sold, id, 'shipped')
          await changeShipment(sold, id, 'delivered')
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'delivered', payment_status: 'paid' }),
            webhookMismatches(sold, stage.receiver?.events ?? []),
            openDeliveries(sold),
          ),
      }
    },
  },
  ...RETURN_SCENARIOS,
  ...EDIT_SCENARIOS,
  ...GIFT_CARD_SCENARIOS,
]
