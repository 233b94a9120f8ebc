import type { Quote } from '@shop/contracts/catalog/rpc'
import type { GiftCardMail } from '@shop/contracts/orders/gift-cards'
import type { OrderMail, OrderTokenMail } from '@shop/contracts/orders/order-mail'
import type { AccountMail, Contact } from '@shop/contracts/users/rpc'
import { formatMoney } from '@shop/kernel/format-money'
import { localeOf } from '@shop/kernel/locale'
import type { ShopSettings } from '@shop/settings/shop-settings'
import { accountLink, type LinkSettings, needsToken, orderAccessLink, orderLink } from '../../content/domain/links.ts'
import type { MailData } from '../../content/domain/mail-data.ts'
import { orderDataOf, returnDataOf, shipmentDataOf } from '../../content/domain/order-data.ts'
import type { WebhookEndpoint } from '../../webhook-endpoints/domain/endpoint.ts'
import type { MailPlan } from './plan-mail.ts'

/** What was read for the mails of some events. */
export type ReadSubjects = {
  orders: ReadonlyMap<string, OrderMail>
  /** By the event that asked for it. */
  tokens: ReadonlyMap<number, OrderTokenMail>
  contacts: ReadonlyMap<string, Contact>
  accounts: ReadonlyMap<number, AccountMail>
  staff: readonly Contact[]
  quotes: ReadonlyMap<number, Quote>
  /** Those who may change webhook endpoints. */
  integrators: readonly Contact[]
  endpoints: ReadonlyMap<string, WebhookEndpoint>
  giftCards: ReadonlyMap<string, GiftCardMail>
  giftCardOwners: ReadonlyMap<string, Contact>
}

/** A mail to one recipient, with all that its text needs. `to` is used for sending and kept nowhere. */
export type Addressed = { recipient: string; to: string; data: MailData }

export type LetterSettings = { shop: ShopSettings; links: LinkSettings }

const CUSTOMER = 'customer'

/** The mails of a plan, one for each recipient; none when its person or order is gone, or there is nothing to tell any more. */
export function addressedMails(
  settings: LetterSettings,
  { template, subject }: MailPlan,
  read: ReadSubjects,
): Addressed[] {
  if (subject.about === 'account') {
    const mail = read.accounts.get(subject.eventId)
    if (mail === undefined || (needsToken(template) && mail.token === undefined)) return []
    const link = accountLink(settings.links, template, mail.token)
    const data = { ...commonData(settings, mail, link), about: 'account' } as const
    return [{ recipient: CUSTOMER, to: mail.to, data }]
  }
  if (subject.about === 'stock') return stockMails(settings, subject, read)
  if (subject.about === 'webhook') return webhookMails(settings, subject, read)
  if (subject.about === 'gift_card') return giftCardMails(settings, subject, read)
  const order = read.orders.get(subject.orderId)
  if (template === 'order_access') return order === undefined ? [] : accessMails(settings, order, subject, read)
  const owner = order && ownerOf(order, read)
  if (order === undefined || owner === undefined) return []
  // Paid in the meantime, or cancelled, of which another mail tells.
  if (template === 'payment_failed' && (order.status !== 'pending' || order.paymentStatus !== 'unpaid')) return []
  if (template === 'order_confirmed' && order.status === 'cancelled') return []
  return [{ recipient: CUSTOMER, to: owner.email, data: orderMailData(settings, order, owner, subject) }]
}

/** The mail with the token of a guest's order. It goes to the address of the order, also where an account has claimed it. */
function accessMails(
  settings: LetterSettings,
  order: OrderMail,
  { tokenEventId }: Extract<MailPlan['subject'], { about: 'order' }>,
  { tokens }: Pick<ReadSubjects, 'tokens'>,
): Addressed[] {
  const found = tokenEventId === undefined ? undefined : tokens.get(tokenEventId)
  if (found === undefined) return []
  const guest = { name: order.recipientName ?? undefined, locale: undefined }
  const link = orderAccessLink(settings.links, order.orderId, found.token)
  return [{ recipient: CUSTOMER, to: found.to, data: { ...orderMailData(settings, order, guest, {}), link } }]
}

type Owner = Pick<Contact, 'email' | 'name' | 'locale'>

/** Who the mails of an order go to: the account, by the address that it has now, or the guest; undefined for one that is gone. */
export function ownerOf(order: OrderMail, { contacts }: Pick<ReadSubjects, 'contacts'>): Owner | undefined {
  if (order.userId !== null) return contacts.get(order.userId)
  if (order.email === null) return undefined
  return { email: order.email, name: order.recipientName ?? undefined, locale: undefined }
}

type OrderFacts = Pick<
  Extract<MailPlan['subject'], { about: 'order' }>,
  'shipmentId' | 'returnId' | 'refunded' | 'cancelReason'
>

/** @param facts of the event, which the order does not tell */
export function orderMailData(
  settings: LetterSettings,
  order: OrderMail,
  owner: Pick<Owner, 'name' | 'locale'>,
  facts: OrderFacts,
): MailData {
  const common = commonData(settings, owner, orderLink(settings.links, order.orderId))
  return {
    ...common,
    about: 'order',
    order: orderDataOf(order, common.locale, settings.shop.timeZone),
    shipment: shipmentDataOf(order, facts.shipmentId),
    return: returnDataOf(order, facts.returnId),
    refund: facts.refunded === undefined ? null : formatMoney(order.currency, common.locale)(facts.refunded),
    cancel_reason: facts.cancelReason ?? null,
  }
}

/** None for a card that nobody is mailed, such as one that staff hand out themselves. */
function giftCardMails(
  settings: LetterSettings,
  { giftCardId }: Extract<MailPlan['subject'], { about: 'gift_card' }>,
  { giftCards, giftCardOwners }: ReadSubjects,
): Addressed[] {
  const card = giftCards.get(giftCardId)
  const owner = card && (card.userId === null ? card : giftCardOwners.get(card.userId))
  if (card === undefined || owner === undefined || owner.email === null) return []
  const reader = 'name' in owner ? owner : { name: undefined, locale: undefined }
  return [{ recipient: CUSTOMER, to: owner.email, data: giftCardMailData(settings, card, reader) }]
}

export function giftCardMailData(
  settings: LetterSettings,
  card: Pick<GiftCardMail, 'code' | 'amount' | 'currency' | 'expiresAt'>,
  reader: Pick<Owner, 'name' | 'locale'>,
): MailData {
  const common = commonData(settings, reader, null)
  const date = new Intl.DateTimeFormat(common.locale, { dateStyle: 'long', timeZone: settings.shop.timeZone })
  return {
    ...common,
    about: 'gift_card',
    gift_card: {
      code: card.code,
      amount: formatMoney(card.currency, common.locale)(card.amount),
      expires_on: card.expiresAt === null ? null : date.format(card.expiresAt),
    },
  }
}

function stockMails(
  settings: LetterSettings,
  { variantId, available, threshold }: Extract<MailPlan['subject'], { about: 'stock' }>,
  { quotes, staff }: ReadSubjects,
): Addressed[] {
  const quote = quotes.get(variantId)
  if (quote === undefined) return []
  const product = { name: quote.name, sku: quote.sku, available, threshold }
  return staff.map((contact) => ({
    recipient: contact.userId,
    to: contact.email,
    data: { ...commonData(settings, contact, null), about: 'stock', product },
  }))
}

function webhookMails(
  settings: LetterSettings,
  { endpointId }: Extract<MailPlan['subject'], { about: 'webhook' }>,
  { endpoints, integrators }: ReadSubjects,
): Addressed[] {
  const endpoint = endpoints.get(endpointId)
  // It was deleted since, or enabled again.
  if (endpoint === undefined || endpoint.status === 'enabled') return []
  // The rest of a URL may be a secret.
  const data = { id: endpoint.id, host: new URL(endpoint.url).host, description: endpoint.description || null }
  return integrators.map((contact) => ({
    recipient: contact.userId,
    to: contact.email,
    data: { ...commonData(settings, contact, null), about: 'webhook', endpoint: data },
  }))
}

export function commonData(
  { shop, links }: LetterSettings,
  { name, locale }: Pick<Owner, 'name' | 'locale'>,
  link: string | null,
) {
  const { line1, line2, city, region, postalCode, country } = shop.address
  const place = [postalCode, city, region].filter((part) => part !== null).join(' ')
  return {
    locale: localeOf(shop.locales, locale === undefined ? [] : [locale]),
    shop: {
      name: shop.legalName,
      address: [line1, line2, place, country].filter((line) => line !== null),
      url: links.storefrontUrl,
    },
    recipient: { name: name ?? null },
    link,
  }
}
