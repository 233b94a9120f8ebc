/** What to refund by line. Amounts in major units. */
export type RefundLines = {
  items: { lineId: string; quantity: number }[]
  shipping: number
  restockingFee: number
  /** The return that the units came back with. */
  returnId?: string | undefined
}
