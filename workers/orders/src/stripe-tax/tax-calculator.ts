import { sha256Hex } from '@shop/kernel/hash'
import type { TaxAnswer } from './domain/tax-answer.ts'
import type { TaxRequest } from './domain/tax-request.ts'

/** Stripe Tax with a memory. */
export type TaxCalculator = {
  calculate(request: TaxRequest): Promise<TaxAnswer>
  /** Forgets the calculation of a written order: the next order, though alike, gets one of its own. */
  forget(calculationId: string): void
}

/** Rates may change, and a cart may be viewed for hours. */
const REMEMBERED_MS = 10 * 60_000
const MOST_REMEMBERED = 500

type Remembered = { answer: TaxAnswer & { kind: 'calculated' }; until: number }

/**
 * Remembers calculations in this instance, so that views of a cart and its order ask once. Only answers are kept, no calls
 * under way: one request may not wait for the connection of another.
 */
export function taxCalculator(ask: (request: TaxRequest) => Promise<TaxAnswer>, now: () => Date): TaxCalculator {
  const remembered = new Map<string, Remembered>()
  return {
    async calculate(request) {
      const digest = await sha256Hex(JSON.stringify(request))
      const known = remembered.get(digest)
      if (known !== undefined && now().getTime() < known.until) return known.answer
      const answer = await ask(request)
      if (answer.kind !== 'calculated') return answer
      remembered.delete(digest)
      remembered.set(digest, { answer, until: now().getTime() + REMEMBERED_MS })
      const [oldest] = remembered.keys()
      if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
      return answer
    },
    forget(calculationId) {
      for (const [digest, { answer }] of remembered) {
        if (answer.calculationId === calculationId) remembered.delete(digest)
      }
    },
  }
}
