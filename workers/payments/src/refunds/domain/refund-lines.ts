/** What to refund by line. Amounts in major units. */
export type RefundLines = {
  items: { lineId: string; quantity: number }[]
  shipping: number
  restockingFee: number
  /** The return that received the units. */
  returnId?: string | undefined
}
