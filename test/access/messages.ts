import { newId } from '@shop/http/ids'
import { variantIdOf } from '@shop/testing/product-body'
import type { Stage } from '../support/use-platform.ts'
import { at, type Rows, same, staffOnly } from './row.ts'

/** Webhook endpoints, live updates and mails. */
export function messageRows(stage: Stage): Rows {
  /** Nobody listens there. */
  const anEndpoint = { url: 'http://127.0.0.1:9/', events: ['order.paid'] }

  let endpoint: string | undefined
  /** In place of the one before, since a shop has a limited number. */
  async function newEndpoint(): Promise<string> {
    const { shop, admin } = stage
    const { token } = admin
    if (endpoint !== undefined) await shop.request('DELETE', `/api/webhook-endpoints/${endpoint}`, { token })
    const created = await shop.request('POST', '/api/webhook-endpoints', { token, body: anEndpoint })
    const { id }: { id: string } = created.body.webhook_endpoint
    endpoint = id
    return id
  }

  return {
    receiveMailWebhook: { call: at('/api/webhooks/mail/resend', { rawBody: '{}' }), answers: same(400) },
    listWebhookEndpoints: { call: at('/api/webhook-endpoints'), answers: staffOnly(200) },
    createWebhookEndpoint: { call: at('/api/webhook-endpoints', { body: anEndpoint }), answers: staffOnly(201) },
    getWebhookEndpoint: {
      call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}` }),
      answers: staffOnly(200),
    },
    updateWebhookEndpoint: {
      call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}`, body: { description: 'Warehouse' } }),
      answers: staffOnly(200),
    },
    deleteWebhookEndpoint: {
      call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}` }),
      answers: staffOnly(200),
    },
    rotateWebhookSecret: {
      call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}/rotate` }),
      answers: staffOnly(200),
    },
    testWebhookEndpoint: {
      call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}/test` }),
      answers: staffOnly(201),
    },
    listWebhookDeliveries: {
      call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}/deliveries` }),
      answers: staffOnly(200),
    },
    getWebhookDelivery: {
      call: async () => ({
        path: `/api/webhook-endpoints/${await newEndpoint()}/deliveries/${newId('webhookMessage')}`,
      }),
      answers: staffOnly(404),
    },
    resendWebhookDelivery: {
      call: async () => ({
        path: `/api/webhook-endpoints/${await newEndpoint()}/deliveries/${newId('webhookMessage')}/resend`,
      }),
      answers: staffOnly(404),
    },
    resendWebhookDeliveries: {
      call: async () => ({
        path: `/api/webhook-endpoints/${await newEndpoint()}/resend`,
        body: { from: '2026-11-23T10:00:00Z', to: '2026-11-23T11:00:00Z' },
      }),
      answers: staffOnly(200),
    },
    createLiveTicket: {
      call: async () => {
        const product = await stage.shop.addProduct(stage.admin)
        return { path: '/api/live/tickets', body: { topics: [`stock:${variantIdOf(product)}`] } }
      },
      answers: same(201),
    },
    openLiveSocket: { call: at('/api/live?ticket=unknown'), answers: same(426) },
    openLiveEvents: { call: at('/api/live/events?ticket=unknown'), answers: same(401) },
    listEmailTemplates: { call: at('/api/email-templates'), answers: staffOnly(200) },
    getEmailTemplate: { call: at('/api/email-templates/low_stock'), answers: staffOnly(200) },
    saveEmailTemplate: {
      call: at('/api/email-templates/low_stock', { body: { subject: 'Low', html: '<p>Low</p>', text: 'Low' } }),
      answers: staffOnly(200),
    },
    revertEmailTemplate: { call: at('/api/email-templates/low_stock'), answers: staffOnly(200) },
    previewEmailTemplate: { call: at('/api/email-templates/low_stock/preview', { body: {} }), answers: staffOnly(200) },
    publishEmailTemplate: {
      call: at('/api/email-templates/low_stock/publish', { body: { version: 2_000_000 } }),
      answers: staffOnly(404),
    },
  }
}
