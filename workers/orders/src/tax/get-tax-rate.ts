import type { TaxRateNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { TaxRate } from './domain/tax-rate.ts'

export async function getTaxRate(
  { taxRates }: Pick<OrdersDeps, 'taxRates'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<TaxRate, AccessFailure | TaxRateNotFound>> {
  const staff = requireScope(caller, 'taxes:read')
  if (!staff.ok) return staff
  const rate = await taxRates.find(id)
  return rate === undefined ? fail({ code: 'tax_rate_not_found', taxRateId: id }) : ok(rate)
}
