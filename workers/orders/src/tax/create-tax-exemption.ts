import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import type { Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { TaxExemption } from './domain/tax-exemption.ts'

type CreateDeps = Pick<OrdersDeps, 'taxExemptions' | 'creationKeys' | 'newId' | 'now'>

export type TaxExemptionDraft = Omit<TaxExemption, 'id' | 'createdAt'>

/**
 * Exempts an account from tax; once, if the request has a key. Whether the account exists is not asked: users may call
 * orders, so orders does not call users.
 */
export async function createTaxExemption(
  deps: CreateDeps,
  caller: Caller,
  draft: TaxExemptionDraft,
  idempotencyKey?: string,
): Promise<Result<Created<TaxExemption>, AccessFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'taxes:write')
  if (!staff.ok) return staff
  const key = await creationKey(`${actorIdOf(staff.value)}:createTaxExemption`, idempotencyKey, draft)
  return createOnce(key, {
    create: () => deps.taxExemptions.insert({ id: deps.newId('taxExemption'), ...draft, createdAt: deps.now() }, key),
    findKey: deps.creationKeys.find,
    find: deps.taxExemptions.find,
  })
}
