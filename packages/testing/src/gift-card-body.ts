/** A gift card on the wire. `code` only in the answer that issued it. */
export type GiftCardBody = {
  id: string
  code: string
  status: string
  last_four: string
  balance: number
  currency: string
  source: string
  entries: { kind: string; amount: number }[]
}
