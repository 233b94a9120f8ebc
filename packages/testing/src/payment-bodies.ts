/** Bodies of the payments API, as a client reads them. Amounts in major units; instants are RFC 3339. */

export type PaymentBody = {
  id: string
  order_id: string
  amount: number
  currency: string
  method: string
  status: string
  capture_method: string
  captured_amount: number
  refunded_amount: number
  client_secret: string | null
  created_at: string
}

export type RefundBody = {
  id: string
  payment_id: string
  amount: number
  currency: string
  destination: string
  status: string
  failure: string | null
  reason: string
  created_at: string
}

export type LedgerEntryBody = {
  id: number
  at: string
  debit: string
  credit: string
  amount: number
  currency: string
  payment_id: string | null
  refund_id: string | null
  dispute_id: string | null
  key: string
}

export type DisputeBody = {
  id: string
  payment_id: string
  amount: number
  currency: string
  reason: string
  status: string
  evidence_due_at: string | null
  created_at: string
  closed_at: string | null
}

export type StripeEventBody = {
  id: string
  type: string
  flag: string
  payment_intent: string | null
  created_at: string
  received_at: string
}

export type DiscrepancyBody = {
  id: number
  kind: string
  subject: string
  payment_id: string | null
  stripe: string | null
  shop: string | null
  found_at: string
}

export type ReconciliationBody = { compared: number; applied: number; discrepancies: number; finished: boolean }

export type SavedMethodBody = { id: string; brand: string; last4: string; exp_month: number; exp_year: number }
