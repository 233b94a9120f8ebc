import type { Address } from '@shop/addresses/address'
import { addresses, users } from '@shop/db/schema/users'
import type { AddressId, UserId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import type { CustomerAddress } from '../domain/customer-address.ts'

/** The columns of an address, joined with its account. */
export const ADDRESS_COLUMNS = {
  id: addresses.id,
  userId: addresses.userId,
  address: addresses.address,
  isDefaultShipping: sql<boolean>`coalesce(${users.defaultShippingAddressId} = ${addresses.id}, false)`,
  isDefaultBilling: sql<boolean>`coalesce(${users.defaultBillingAddressId} = ${addresses.id}, false)`,
  version: addresses.version,
  createdAt: addresses.createdAt,
  updatedAt: addresses.updatedAt,
}

type AddressRow = typeof addresses.$inferSelect & { isDefaultShipping: boolean; isDefaultBilling: boolean }

export function toCustomerAddress({ id, userId, address, ...row }: AddressRow): CustomerAddress {
  // Only this worker writes these columns: ids are TypeIDs, and addresses obeyed the rules of their country.
  return { ...row, id: id as AddressId, userId: userId as UserId, address: address as Address }
}
