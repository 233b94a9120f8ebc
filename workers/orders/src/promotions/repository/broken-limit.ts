import { violationDetail } from '@shop/db/errors'
import { codeKey } from '../domain/code-key.ts'
import type { BrokenLimit, NewUse } from '../domain/uses.ts'

const REASONS: [constraint: string, reason: BrokenLimit['reason']][] = [
  ['promotion_counters_usage_limit', 'used_up'],
  ['promotion_counters_budget', 'used_up'],
  ['promotion_counters_per_customer', 'used_up_by_customer'],
]
const SINGLE_USE = 'promotion_uses_single_use'

/**
 * The limit because of which a statement with `claimUsesCtes` failed; undefined if it failed otherwise.
 *
 * The database describes the row that violates a constraint. Which use that is, is found by the values of the uses
 * themselves, not by the form of the description, which depends on the language of the database.
 *
 * @param uses that the statement claimed
 */
export function brokenLimit(error: unknown, uses: readonly NewUse[]): BrokenLimit | undefined {
  const code = violationDetail(error, SINGLE_USE)
  if (code !== undefined) {
    return broken(uses, 'used_up', (use) => use.code !== null && code.includes(`=(${codeKey(use.code)})`))
  }
  for (const [constraint, reason] of REASONS) {
    const row = violationDetail(error, constraint)
    if (row !== undefined) return broken(uses, reason, (use) => row.includes(use.promotionId))
  }
  return undefined
}

function broken(
  uses: readonly NewUse[],
  reason: BrokenLimit['reason'],
  isNamed: (use: NewUse) => boolean,
): BrokenLimit {
  const named = uses.find(isNamed) ?? (uses.length === 1 ? uses[0] : undefined)
  return { promotionId: named?.promotionId, code: named?.code, reason }
}
