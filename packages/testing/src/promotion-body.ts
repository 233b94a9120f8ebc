type AmountBody = { currency: string; amount: number }

/** A promotion, as openapi.json describes it. */
export type PromotionBody = {
  id: string
  name: string
  code: string | null
  single_use_codes: boolean
  automatic: boolean
  type: string
  value: number | null
  amounts: AmountBody[]
  usage_limit: number | null
  usage_limit_per_customer: number | null
  budget: AmountBody | null
  uses: number | null
  budget_used: number | null
  version: number
}

export type PromotionCodeBody = { code: string; batch_id: string; order_id: string | null }
