import { askAll, type Db, type Statement } from '@shop/db/client'
import type { UserId } from '@shop/kernel/ids'
import type { RunningQuery } from '../promotions/domain/running-promotions.ts'
import { readRunning, toRunningPromotions } from '../promotions/repository/running.ts'
import { type ZoneWithOptionsRow, zonesStatement } from '../shipping/repository/zones-for.ts'
import { type TaxRow, taxStatement } from '../tax/repository/tax-for.ts'
import type { PricingRules } from './domain/purchase.ts'

/** `country` of the destination; null while it is unknown, which needs no rules of shipping and tax. */
export type RulesQuery = RunningQuery & { country: string | null; userId: UserId | null }

export type RulesRepository = ReturnType<typeof rulesRepository>

export const rulesRepository = (db: Db) => ({
  /** The rules that price a purchase, in one round trip. */
  find: async (query: RulesQuery): Promise<PricingRules> =>
    rulesStatements.resultOf(await askAll(db, rulesStatements.of(query)), query),
})

/** The statements that read the rules and what reads their rows, for a transaction that reads more. */
export const rulesStatements = {
  of(query: RulesQuery): Statement[] {
    const { country, userId, now: at } = query
    const ofPlace = country === null ? [] : [zonesStatement.of(country), taxStatement.of({ country, userId, at })]
    return [readRunning(query), ...ofPlace]
  },
  resultOf([running = [], zones = [], tax = []]: unknown[][], query: RulesQuery): PricingRules {
    return {
      ...toRunningPromotions(running, query),
      // The columns are those that the statements name.
      zones: zonesStatement.resultOf(zones as ZoneWithOptionsRow[]),
      tax: taxStatement.resultOf(tax as TaxRow[]),
    }
  },
}
