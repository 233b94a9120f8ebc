import { type SQL, sql } from 'drizzle-orm'
import { cardValues, issueCtes } from '../../gift-cards/repository/issue.ts'
import type { OrderChange } from '../../orders/domain/order.ts'

/** The values of {@link STORE_CREDIT}. */
export const exchangeValues = ({ storeCredit }: OrderChange) => ({
  creditCard: cardValues(storeCredit === undefined ? [] : [storeCredit]),
})

/** Statement part: issues the card with the value of returned units, unless another writer changed the order. */
export const STORE_CREDIT: SQL = issueCtes(
  sql`(select case when exists (select from changed) then ${sql.placeholder('creditCard')} else '[]' end)`,
)
