import type {
  AccountData,
  AccountTemplate,
  GiftCardData,
  OrderData,
  OrderTemplate,
  StockData,
  WebhookData,
} from './mail-data.ts'

/** The words of a mail. The order that it is about is shown below them. */
export type Letter = {
  subject: string
  heading: string
  paragraphs: string[]
  action?: { label: string; url: string } | undefined
  /** In small print, such as what to do if the reader did not ask for it. */
  note?: string | undefined
}

export type Labels = {
  order: string
  items: string
  subtotal: string
  discount: string
  shipping: string
  tax: string
  taxIncluded: string
  total: string
  deliveryTo: string
  /** Before a link that is written out. */
  orOpen: string
}

/** Everything that mails say in one language. */
export type Words = {
  labels: Labels
  order: Record<OrderTemplate, (data: OrderData) => Letter>
  account: Record<AccountTemplate, (data: AccountData) => Letter>
  giftCard: (data: GiftCardData) => Letter
  lowStock: (data: StockData) => Letter
  webhookDisabled: (data: WebhookData) => Letter
}

export const action = (label: string, url: string | null): Letter['action'] =>
  url === null ? undefined : { label, url }
