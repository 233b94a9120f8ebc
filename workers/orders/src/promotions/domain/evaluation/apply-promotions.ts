import { sum } from '../../../pricing/domain/rational.ts'
import { codeKey } from '../code-key.ts'
import type { CodeRefusal, Promotion } from '../promotion.ts'
import { type Basket, type Discount, discountAmount, without } from './basket.ts'
import { evaluatePromotion } from './evaluate-promotion.ts'

export type GivenPromotion = { promotion: Promotion; discount: Discount }

export type RefusedPromotion = { promotion: Promotion; reason: CodeRefusal }

/** Both lists in the order in which promotions are applied. */
export type AppliedPromotions = { given: GivenPromotion[]; refused: RefusedPromotion[] }

/**
 * Decides which promotions apply to a cart, and what each takes off.
 *
 * They are applied by priority, then id, each on what the ones before have left. One that is not stackable is an alternative
 * to all others: the buyer gets whatever takes off most, and the stackable ones if that is as much. A promotion entered by
 * several of its codes applies once.
 *
 * @param basket with nothing taken off
 */
export function applyPromotions(promotions: readonly Promotion[], basket: Basket): AppliedPromotions {
  const ordered = inOrder(promotions)
  const alone = ordered.filter(({ stackable }) => !stackable)
  const together = applyInTurn(
    ordered.filter(({ stackable }) => stackable),
    basket,
  )
  const alternatives = [together, ...alone.map((promotion) => applyInTurn([promotion], basket))]
  const best = alternatives.reduce((first, next) => (amountOf(next) > amountOf(first) ? next : first))
  const refused = alternatives.flatMap((alternative) =>
    alternative === best ? alternative.refused : excluded(alternative),
  )
  return { given: best.given, refused: refused.sort((a, b) => byTurn(a.promotion, b.promotion)) }
}

function applyInTurn(promotions: readonly Promotion[], basket: Basket): AppliedPromotions {
  const applied: AppliedPromotions = { given: [], refused: [] }
  let left = basket
  for (const promotion of promotions) {
    if (applied.given.some((given) => given.promotion.id === promotion.id)) {
      applied.refused.push({ promotion, reason: 'excluded_by_another' })
      continue
    }
    const evaluation = evaluatePromotion(promotion, left)
    if (!evaluation.ok) {
      applied.refused.push({ promotion, reason: evaluation.failure.code })
      continue
    }
    applied.given.push({ promotion, discount: evaluation.value })
    left = without(left, evaluation.value)
  }
  return applied
}

function excluded({ given, refused }: AppliedPromotions): RefusedPromotion[] {
  return [...refused, ...given.map(({ promotion }) => ({ promotion, reason: 'excluded_by_another' as const }))]
}

function amountOf({ given }: AppliedPromotions): bigint {
  return sum(given.map(({ discount }) => discountAmount(discount)))
}

/** In the order in which they are applied. One that is entered by the same code again counts once. */
function inOrder(promotions: readonly Promotion[]): Promotion[] {
  const sorted = [...promotions].sort(byTurn)
  return sorted.filter((promotion, index) => {
    const before = sorted[index - 1]
    return before === undefined || byTurn(before, promotion) !== 0
  })
}

function byTurn(a: Promotion, b: Promotion): number {
  return a.priority - b.priority || compareText(a.id, b.id) || compareText(keyOf(a), keyOf(b))
}

function keyOf({ code }: Promotion): string {
  return code === null ? '' : codeKey(code)
}

/** By code units, so that the order is the same everywhere. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
