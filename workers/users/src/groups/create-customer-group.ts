import type { CustomerGroupNameTaken, TooManyCustomerGroups } from '@shop/contracts/users/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import type { Metadata } from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { CustomerGroup } from './domain/customer-group.ts'

type CreateDeps = Pick<UsersDeps, 'customerGroups' | 'creationKeys' | 'newId' | 'now' | 'wakeDeliveries'>
type CreateFailure = AccessFailure | CustomerGroupNameTaken | TooManyCustomerGroups | CreateOnceFailure

/** Adds an empty group; once, if the request has a key. */
export async function createCustomerGroup(
  deps: CreateDeps,
  caller: Caller,
  request: { name: string; metadata?: Metadata | undefined },
  idempotencyKey?: string,
): Promise<Result<Created<CustomerGroup>, CreateFailure>> {
  const staff = requireScope(caller, 'customers:write')
  if (!staff.ok) return staff
  const { name, metadata = {} } = request
  const key = await creationKey(`${actorIdOf(staff.value)}:createCustomerGroup`, idempotencyKey, request)
  const at = deps.now()
  const group = { id: deps.newId('customerGroup'), name, metadata, createdAt: at, updatedAt: at, version: 1 }
  return createOnce(key, {
    create: async () => {
      const saved = await deps.customerGroups.insert(group, key)
      if (!saved.ok) return saved
      await deps.wakeDeliveries()
      return ok(group)
    },
    findKey: deps.creationKeys.find,
    find: deps.customerGroups.find,
  })
}
