import { rowFromJson } from '@shop/db/json-row'
import { customerGroups } from '@shop/db/schema/users-customers'
import type { CustomerGroupId } from '@shop/kernel/ids'
import type { CustomerGroup } from '../domain/customer-group.ts'

export function toCustomerGroup(row: typeof customerGroups.$inferSelect): CustomerGroup {
  // Only this worker writes ids, and all of them are TypeIDs.
  return { ...row, id: row.id as CustomerGroupId }
}

/** Of a row that was selected as `to_jsonb(row)`. */
export const groupFromJson = (json: Record<string, unknown>): CustomerGroup =>
  toCustomerGroup(rowFromJson(customerGroups, json))
