import type { KeyClaim } from '../../../src/idempotency/answer-once.ts'
import type { KeyRepository } from '../../../src/idempotency/repository.ts'
import type { PaymentOutcome, SettledPayment } from '../../../src/payments/domain/outcome.ts'
import type { Payment } from '../../../src/payments/domain/payment.ts'

type Row = KeyClaim & { paymentId?: string; attempt?: number; outcome?: PaymentOutcome }

/** Idempotency keys in memory. */
export class FakeKeys implements KeyRepository {
  readonly rows: Row[] = []
  readonly #payments: Map<string, Payment>

  constructor(payments: Map<string, Payment>) {
    this.#payments = payments
  }

  async claim(claim: KeyClaim) {
    const known = this.#find(claim)
    if (known === undefined) {
      this.rows.push({ ...claim })
      return 'claimed' as const
    }
    if (known.requestHash !== claim.requestHash) return 'other_request' as const
    const payment = this.#payments.get(known.paymentId ?? '')
    return payment === undefined || known.outcome === undefined
      ? ('in_flight' as const)
      : { payment, outcome: known.outcome }
  }

  async release(claim: KeyClaim): Promise<void> {
    this.#remove((row) => row.claim === claim.claim && row.paymentId === undefined)
  }

  async answer(claim: KeyClaim, { payment, outcome }: SettledPayment): Promise<void> {
    Object.assign(this.#find(claim) ?? {}, { paymentId: payment.id, outcome })
  }

  attach(claim: KeyClaim | undefined, payment: Pick<Payment, 'id' | 'attempt'>): void {
    const row = claim && this.#find(claim)
    if (row !== undefined) Object.assign(row, { paymentId: payment.id, attempt: payment.attempt })
  }

  answerAttempt({ id, attempt }: Pick<Payment, 'id' | 'attempt'>, outcome: PaymentOutcome): void {
    for (const row of this.rows) {
      if (row.paymentId === id && row.attempt === attempt) row.outcome ??= outcome
    }
  }

  releaseAttempt({ id, attempt }: Pick<Payment, 'id' | 'attempt'>): void {
    this.#remove((row) => row.paymentId === id && row.attempt === attempt && row.outcome === undefined)
  }

  prune = async () => 0

  #find(claim: KeyClaim): Row | undefined {
    return this.rows.find((row) => row.scope === claim.scope && row.key === claim.key)
  }

  #remove(matches: (row: Row) => boolean): void {
    this.rows.splice(0, this.rows.length, ...this.rows.filter((row) => !matches(row)))
  }
}
