import type { CatalogRpc } from '@shop/contracts/catalog/rpc'
import type { EventSource } from '@shop/contracts/events/delivery'
import type { EventLog } from '@shop/contracts/events/log'
import { confirmEvents, pullEvents } from '@shop/contracts/events/serve-events'
import type { OrdersRpc } from '@shop/contracts/orders/rpc'
import type { PaymentsRpc } from '@shop/contracts/payments/rpc'
import type { UsersRpc } from '@shop/contracts/users/rpc'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { notificationsEvents } from '@shop/db/schema/notifications'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { newId } from '@shop/http/ids'
import { log } from '@shop/http/log'
import { objectsIn } from '@shop/http/objects'
import { type TracedRpc, traced } from '@shop/http/rpc'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { base64url } from '@shop/kernel/hash'
import type { Id, IdKind, MailId } from '@shop/kernel/ids'
import { createSealer, type Sealer } from '@shop/kernel/sealer'
import { SHOP } from '@shop/settings/shop'
import type { ShopSettings } from '@shop/settings/shop-settings'
import type { LinkSettings } from './content/domain/links.ts'
import { NotificationsSettings } from './env.ts'
import { creationKeyRepository } from './idempotency/repository.ts'
import { type TopicClient, topicClient } from './live/object/topic-client.ts'
import { type LiveRepository, liveRepository } from './live/repository.ts'
import type { EventSourceName } from './mails/domain/mail.ts'
import { type MailRepository, mailRepository } from './mails/repository.ts'
import { cloudflareProvider } from './providers/cloudflare.ts'
import type { MailProvider } from './providers/provider.ts'
import { resendProvider } from './providers/resend.ts'
import { addressHasher, type HashAddress } from './suppressions/internal/hash-address.ts'
import { type SuppressionRepository, suppressionRepository } from './suppressions/repository.ts'
import { type TemplateRepository, templateRepository } from './templates/repository.ts'
import { type PostWebhook, postWebhook } from './webhook-deliveries/internal/post-webhook.ts'
import { type WebhookDeliveryRepository, webhookDeliveryRepository } from './webhook-deliveries/repository/index.ts'
import { dnsOverHttps, type Resolve } from './webhook-endpoints/dns-over-https.ts'
import type { TargetPolicy } from './webhook-endpoints/domain/webhook-url.ts'
import { type WebhookEndpointRepository, webhookEndpointRepository } from './webhook-endpoints/repository.ts'
import { sweeperOf } from './webhook-endpoints/sweepers.ts'

export type NotificationsDeps = {
  mails: MailRepository
  suppressions: SuppressionRepository
  templates: TemplateRepository
  users: Pick<UsersRpc, 'accountMails' | 'contactsOf' | 'staffContacts'>
  orders: Pick<OrdersRpc, 'orderMails' | 'orderTokenMails' | 'giftCardMails'>
  orderAccess: Pick<OrdersRpc, 'maySeeOrder'>
  catalog: Pick<CatalogRpc, 'quoteEach'>
  webhookEndpoints: WebhookEndpointRepository
  webhookDeliveries: WebhookDeliveryRepository
  creationKeys: ReturnType<typeof creationKeyRepository>
  /** Its own events. */
  events: EventLog
  /** Encrypts the secrets of webhook endpoints. */
  sealer: Sealer
  /** Where webhooks may go. */
  targets: TargetPolicy
  resolve: Resolve
  postWebhook: PostWebhook
  /** Has what is due for an endpoint sent, by the object of the endpoint. */
  wakeEndpoint: (endpointId: string) => Promise<void>
  /** The services whose events have mails or are sent to webhook endpoints. */
  sources: Record<EventSourceName, EventSource>
  /** Absent in a shop that sends no mail. */
  provider: MailProvider | undefined
  /** Of Resend; absent in a shop that gets no webhooks. */
  webhookSecret: string | undefined
  hashAddress: HashAddress
  shop: ShopSettings
  links: LinkSettings
  live: LiveRepository
  liveTopics: TopicClient
  newMailId: () => MailId
  newId: <K extends IdKind>(kind: K) => Id<K>
  /** A key that signs webhooks. */
  newSecret: () => Uint8Array<ArrayBuffer>
  /** Fresh and random, of 128 bits. */
  newTicket: () => string
  now: () => Date
  /** Logs a problem. */
  warn: (event: string, fields: Record<string, unknown>) => void
}

const TICKET_BYTES = 16

export type NotificationsApp = ShopApp<NotificationsEnv, NotificationsDeps>

export const notificationsDeps = oncePerEnv((env: NotificationsEnv): NotificationsDeps => {
  const settings = parseEnv(NotificationsSettings, env)
  const db = connect({
    connectionString: settings.NOTIFICATIONS_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  const now = () => new Date()
  const events = eventLog(db, notificationsEvents)
  const limits = { invocationLimit: settings.INVOCATION_LIMIT }
  // `accountMails` is called for events that only a worker which has it writes.
  const users = traced<UsersRpc>(env.USERS as unknown as TracedRpc<UsersRpc>, 'users', limits)
  const orders = traced<OrdersRpc>(env.ORDERS, 'orders', limits)
  const payments = traced<PaymentsRpc>(env.PAYMENTS, 'payments', limits)
  const catalog = traced<CatalogRpc>(env.CATALOG, 'catalog', limits)
  return {
    mails: mailRepository(db),
    suppressions: suppressionRepository(db),
    templates: templateRepository(db),
    webhookEndpoints: webhookEndpointRepository(db),
    webhookDeliveries: webhookDeliveryRepository(db),
    creationKeys: creationKeyRepository(db),
    events,
    sealer: createSealer('shop webhook secrets v1', sealingSecrets(settings)),
    targets: settings.ENVIRONMENT === 'development' ? 'loopback' : 'public',
    resolve: dnsOverHttps(),
    postWebhook: postWebhook(),
    wakeEndpoint: async (endpointId) => {
      await wakeSweeper(env, sweeperOf(endpointId))
    },
    users,
    orders,
    orderAccess: orders,
    catalog,
    sources: { users, orders, payments, catalog, notifications: sourceOf({ events, now }) },
    provider: providerOf(settings, env),
    webhookSecret: settings.resend.webhookSecret,
    hashAddress: addressHasher(settings.MAIL_ADDRESS_SECRET),
    shop: SHOP,
    links: linksOf(settings),
    live: liveRepository(db),
    liveTopics: topicClient(objectsIn(env.LIVE_TOPICS, settings)),
    newMailId: () => newId('mail'),
    newId,
    newSecret: () => crypto.getRandomValues(new Uint8Array(SECRET_BYTES)),
    newTicket: () => base64url(crypto.getRandomValues(new Uint8Array(TICKET_BYTES))),
    now,
    warn: (event, fields) => log('warn', event, fields),
  }
})

/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32

function sealingSecrets({
  WEBHOOK_SEALING_SECRET,
  WEBHOOK_SEALING_SECRET_NEXT: next,
}: NotificationsSettings): [string, ...string[]] {
  return next === undefined ? [WEBHOOK_SEALING_SECRET] : [next, WEBHOOK_SEALING_SECRET]
}

/** Its own events, taken as those of the other services are. */
const sourceOf = (log: Parameters<typeof pullEvents>[0]): EventSource => ({
  pullEvents: (request) => pullEvents(log, request),
  confirmEvents: (request) => confirmEvents(log, request),
})

function providerOf(settings: NotificationsSettings, { EMAIL }: NotificationsEnv): MailProvider | undefined {
  const { MAIL_DRIVER: driver, MAIL_FROM: from, resend } = settings
  if (driver === 'cloudflare') return cloudflareProvider(EMAIL, from)
  // The settings were checked: Resend has its key.
  if (driver === 'resend') return resendProvider({ baseUrl: resend.baseUrl, apiKey: resend.apiKey ?? '', from })
  return undefined
}

const linksOf = (settings: NotificationsSettings): LinkSettings => ({
  storefrontUrl: settings.STOREFRONT_URL,
  adminUrl: settings.ADMIN_URL,
  order: settings.LINK_ORDER,
  verifyEmail: settings.LINK_VERIFY_EMAIL,
  resetPassword: settings.LINK_RESET_PASSWORD,
  confirmEmail: settings.LINK_CONFIRM_EMAIL,
  invitation: settings.LINK_INVITATION,
})
