/** Amounts in major units; `total`, `captured` and `net` follow from the others. */
export type SalesFiguresBody = {
  currency: string
  orders: number
  gross: number
  discounts: number
  shipping: number
  tax: number
  included_tax: number
  total: number
  adjustments: number
  captured: number
  refunds: number
  disputes: number
  net: number
}

export type SalesReportBody = {
  from: string
  to: string
  time_zone: string
  group: string
  totals: SalesFiguresBody[]
  rows: (SalesFiguresBody & {
    day?: string
    product_id?: number | null
    product_name?: string | null
    country?: string | null
  })[]
}
