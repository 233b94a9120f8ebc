import type { TaxExemptionNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/** Withdraws an exemption, for orders from now on. */
export async function deleteTaxExemption(
  { taxExemptions }: Pick<OrdersDeps, 'taxExemptions'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<undefined, AccessFailure | TaxExemptionNotFound>> {
  const staff = requireScope(caller, 'taxes:write')
  if (!staff.ok) return staff
  return (await taxExemptions.delete(id)) ? ok() : fail({ code: 'tax_exemption_not_found', taxExemptionId: id })
}
