import { askAll, type Db, type Statement } from '@shop/db/client'
import { candidatesStatement } from '../promotions/repository/running.ts'
import { type ZoneWithOptionsRow, zonesStatement } from '../shipping/repository/zones-for.ts'
import { type TaxRow, taxStatement } from '../tax/repository/tax-for.ts'
import type { PricingRules, RulesQuery } from './domain/purchase.ts'

export const rulesRepository = (db: Db) => ({
  /** The rules that price a purchase, in one round trip. */
  find: async (query: RulesQuery): Promise<PricingRules> =>
    rulesStatements.resultOf(await askAll(db, rulesStatements.of(query))),
})

/** The statements that read the rules and what reads their rows, for a transaction that reads more. */
export const rulesStatements = {
  of({ country, userId, now: at, ...query }: RulesQuery): Statement[] {
    const ofPlace = country === null ? [] : [zonesStatement.of(country), taxStatement.of({ country, userId, at })]
    return [candidatesStatement.of({ ...query, now: at }), ...ofPlace]
  },
  resultOf([candidates = [], zones = [], tax = []]: unknown[][]): PricingRules {
    return {
      ...candidatesStatement.resultOf(candidates),
      // The columns are those that the statements name.
      zones: zonesStatement.resultOf(zones as ZoneWithOptionsRow[]),
      tax: taxStatement.resultOf(tax as TaxRow[]),
    }
  },
}
