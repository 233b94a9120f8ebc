import type { MailTemplate } from '@shop/contracts/notifications/states'
import type { CancelReason } from '@shop/contracts/orders/states'

/** What the mails of a template are about. */
export const SUBJECT_OF = {
  order_confirmed: 'order',
  payment_failed: 'order',
  order_shipped: 'order',
  order_cancelled: 'order',
  order_refunded: 'order',
  order_access: 'order',
  return_approved: 'order',
  return_refused: 'order',
  return_received: 'order',
  gift_card: 'gift_card',
  email_verification: 'account',
  password_reset: 'account',
  email_change: 'account',
  email_changed: 'account',
  password_changed: 'account',
  factor_added: 'account',
  factor_removed: 'account',
  staff_invitation: 'account',
  low_stock: 'stock',
  webhook_endpoint_disabled: 'webhook',
} as const satisfies Record<MailTemplate, 'order' | 'account' | 'gift_card' | 'stock' | 'webhook'>

type TemplateAbout<S> = { [T in MailTemplate]: (typeof SUBJECT_OF)[T] extends S ? T : never }[MailTemplate]
export type OrderTemplate = TemplateAbout<'order'>
export type AccountTemplate = TemplateAbout<'account'>

/** The members of every mail. Names are those that templates of staff use. */
type Common = {
  /** BCP 47. */
  locale: string
  shop: { name: string; address: string[]; url: string }
  recipient: { name: string | null }
  /** Where the button leads; null for a mail without one. */
  link: string | null
}

export type OrderItemData = { name: string; options: string; quantity: number; total: string }

/** Amounts as the reader's language writes them; null where there is none. */
export type OrderData = Common & {
  about: 'order'
  order: {
    id: string
    /** What people call it by. */
    number: number
    placed_on: string
    /** Whether money was taken or reserved for it. */
    paid: boolean
    items: OrderItemData[]
    subtotal: string
    discount: string | null
    shipping: string | null
    shipping_method: string | null
    tax: string | null
    tax_included: boolean
    total: string
    address: string[]
  }
  /** What has left, in the mail that says so. */
  shipment: {
    items: Omit<OrderItemData, 'total'>[]
    carrier: string | null
    tracking_number: string | null
    tracking_url: string | null
  } | null
  /** What comes back, in the mails about a return. */
  return: { items: Omit<OrderItemData, 'total'>[]; refuse_reason: string | null } | null
  refund: string | null
  cancel_reason: CancelReason | null
}

export type AccountData = Common & { about: 'account' }

/** `link` is null: the code is all that is needed. */
export type GiftCardData = Common & {
  about: 'gift_card'
  gift_card: { code: string; amount: string; expires_on: string | null }
}

export type StockData = Common & {
  about: 'stock'
  product: { name: string; sku: string | null; available: number; threshold: number }
}

export type WebhookData = Common & {
  about: 'webhook'
  endpoint: { id: string; host: string; description: string | null }
}

/** What a mail is written with, by the shop's own templates and by those of staff. */
export type MailData = OrderData | AccountData | GiftCardData | StockData | WebhookData

/** A mail, ready to be sent. */
export type RenderedMail = { subject: string; html: string; text: string }
