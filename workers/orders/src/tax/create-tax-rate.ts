import type { InvalidTaxRate } from '@shop/contracts/orders/place-failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import type { Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { BLANK_RATE, decideTaxRate, type TaxRate, type TaxRateChanges } from './domain/tax-rate.ts'

type CreateDeps = Pick<OrdersDeps, 'taxRates' | 'creationKeys' | 'newId' | 'now'>

export type TaxRateDraft = TaxRateChanges & { name: string; country: string; rate: string }

/** Adds a rate; once, if the request has a key. */
export async function createTaxRate(
  deps: CreateDeps,
  caller: Caller,
  draft: TaxRateDraft,
  idempotencyKey?: string,
): Promise<Result<Created<TaxRate>, AccessFailure | InvalidTaxRate | CreateOnceFailure>> {
  const staff = requireScope(caller, 'taxes:write')
  if (!staff.ok) return staff
  const { name, rate, country } = draft
  const area = { country, regions: [], postalCodes: [] }
  const fields = decideTaxRate({ ...BLANK_RATE, name, rate, area }, draft)
  if (!fields.ok) return fields
  const key = await creationKey(`${actorIdOf(staff.value)}:createTaxRate`, idempotencyKey, draft)
  return createOnce(key, {
    create: () => {
      const at = deps.now()
      const taxRate = { id: deps.newId('taxRate'), ...fields.value, createdAt: at, updatedAt: at, version: 1 }
      return deps.taxRates.insert(taxRate, key)
    },
    findKey: deps.creationKeys.find,
    find: deps.taxRates.find,
  })
}
