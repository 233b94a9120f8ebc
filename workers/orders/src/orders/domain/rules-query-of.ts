import type { RulesQuery } from '../../pricing/domain/purchase.ts'
import { taxPlaceOf } from './tax-place.ts'

type Asked = Omit<RulesQuery, 'country'> & Parameters<typeof taxPlaceOf>[0]

/** Asks for the rules that apply to a customer, to their codes and to where it goes. */
export function rulesQueryOf({ codes, now, customerKey, userId, ...addresses }: Asked): RulesQuery {
  return { codes, now, customerKey, userId, country: taxPlaceOf(addresses)?.address.country ?? null }
}
