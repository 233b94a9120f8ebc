import type { CustomerGroupNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { CustomerGroup } from './domain/customer-group.ts'

/** One group, for staff. */
export async function getCustomerGroup(
  { customerGroups }: Pick<UsersDeps, 'customerGroups'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<CustomerGroup, AccessFailure | CustomerGroupNotFound>> {
  const staff = requireScope(caller, 'customers:read')
  if (!staff.ok) return staff
  const group = await customerGroups.find(id)
  return group === undefined ? fail({ code: 'customer_group_not_found' }) : ok(group)
}
