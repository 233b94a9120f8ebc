import type { InvalidPromotion } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'

/** An error for each of the groups that is not a known one. */
export function refuseUnknownGroups(
  named: readonly string[],
  known: readonly string[],
): Result<undefined, InvalidPromotion> {
  const errors = named.flatMap((id, index) =>
    known.includes(id)
      ? []
      : { field: `conditions.customer_groups.${index}`, message: 'is not a customer group of this shop' },
  )
  return errors.length === 0 ? ok() : fail({ code: 'invalid_promotion', errors })
}
