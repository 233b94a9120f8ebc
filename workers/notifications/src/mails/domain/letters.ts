import type { Quote } from '@shop/contracts/catalog/rpc'
import type { OrderMail } from '@shop/contracts/orders/order-mail'
import type { AccountMail, Contact } from '@shop/contracts/users/rpc'
import { localeOf } from '@shop/kernel/locale'
import type { ShopSettings } from '@shop/settings/shop-settings'
import { accountLink, type LinkSettings, needsToken, orderLink } from '../../content/domain/links.ts'
import type { MailData } from '../../content/domain/mail-data.ts'
import { moneyIn, orderDataOf, shipmentDataOf } from '../../content/domain/order-data.ts'
import type { MailPlan } from './plan-mail.ts'

/** What was read for the mails of some events. */
export type ReadSubjects = {
  orders: ReadonlyMap<string, OrderMail>
  contacts: ReadonlyMap<string, Contact>
  accounts: ReadonlyMap<number, AccountMail>
  staff: readonly Contact[]
  quotes: ReadonlyMap<number, Quote>
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
  const order = read.orders.get(subject.orderId)
  const owner = order && ownerOf(order, read)
  if (order === undefined || owner === undefined) return []
  // Paid in the meantime, or cancelled, of which another mail tells.
  if (template === 'payment_failed' && (order.status !== 'pending' || order.paymentStatus !== 'unpaid')) return []
  if (template === 'order_confirmed' && order.status === 'cancelled') return []
  return [{ recipient: CUSTOMER, to: owner.email, data: orderMailData(settings, order, owner, subject) }]
}

type Owner = Pick<Contact, 'email' | 'name' | 'locale'>

/** Who the mails of an order go to: the account, by the address that it has now, or the guest; undefined for one that is gone. */
export function ownerOf(order: OrderMail, { contacts }: Pick<ReadSubjects, 'contacts'>): Owner | undefined {
  if (order.userId !== null) return contacts.get(order.userId)
  if (order.email === null) return undefined
  return { email: order.email, name: order.recipientName ?? undefined, locale: undefined }
}

type OrderFacts = Pick<Extract<MailPlan['subject'], { about: 'order' }>, 'shipmentId' | 'refunded' | 'cancelReason'>

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
    refund: facts.refunded === undefined ? null : moneyIn(order, common.locale)(facts.refunded),
    cancel_reason: facts.cancelReason ?? null,
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
