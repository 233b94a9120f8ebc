import type { UserId } from '@shop/kernel/ids'

/** Something that a service knows of a customer, as the API shows it; JSON. */
export type ExportedItem = Record<string, unknown>

/** A list of an export, newest first. `more`: there are older ones, which the lists of the API show page by page. */
export type ExportedList = { items: ExportedItem[]; more: boolean }

/** How many items of a list an export has at most: what a worker can hold and send at once, with large orders too. */
export const EXPORTED_AT_MOST = 200

/**
 * What users knows of an account. Notifications finds the mails by `verifiedEmail`: undefined while nothing shows that the
 * address is the caller's, since anybody may register any address. Notes are without their authors.
 */
export type AccountExport = {
  userId: UserId
  verifiedEmail: string | undefined
  account: ExportedItem
  addresses: ExportedItem[]
  sessions: ExportedList
  factors: ExportedItem[]
  apiKeys: ExportedItem[]
  groups: ExportedItem[]
  notes: ExportedList
}

/** Invoices and returns are those of the orders. */
export type OrdersExport = {
  orders: ExportedList
  invoices: ExportedItem[]
  returns: ExportedItem[]
  carts: ExportedItem[]
  /** Without their codes. */
  giftCards: ExportedList
}
export type PaymentsExport = { payments: ExportedList; refunds: ExportedItem[]; savedMethods: ExportedItem[] }
/** `suppression`: why the address gets no mail; null where it does. */
export type MailsExport = { mails: ExportedList; suppression: string | null }
