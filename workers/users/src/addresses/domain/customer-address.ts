import type { Address } from '@shop/addresses/address'
import { applyCountryRules } from '@shop/addresses/country-rules'
import type { InvalidAddress } from '@shop/contracts/users/failures'
import type { AddressId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'

export const MAX_ADDRESSES = 50

/** An address in the address book of a customer. Of each book at most one is the default of each kind. */
export type CustomerAddress = {
  id: AddressId
  userId: UserId
  address: Address
  isDefaultShipping: boolean
  isDefaultBilling: boolean
  version: number
  createdAt: Date
  updatedAt: Date
}

/**
 * Whether an address is to be the default of a kind: true makes it that, and another one ceases to be it; false takes it away.
 * Undefined leaves it as it is, and makes a new address the default where it is the first.
 */
export type DefaultChoice = { defaultShipping?: boolean | undefined; defaultBilling?: boolean | undefined }

/** Merges a change into an address: a member of the change replaces its value; an undefined one removes it. */
export type AddressChanges = { readonly [Part in keyof Address]?: Address[Part] | undefined }

/** Applies changes to an address, or to nothing for a new one, and the rules of its country to the whole. */
export function decideAddress(current: Partial<Address>, changes: AddressChanges): Result<Address, InvalidAddress> {
  const merged = Object.entries({ ...current, ...changes }).filter(([, part]) => part !== undefined)
  // A new address has its required parts by the schema of the request, and a changed one by the address of before.
  const parts = Object.fromEntries(merged) as Address
  const { address, errors } = applyCountryRules(parts)
  if (errors.length === 0) return ok(address)
  return fail({ code: 'invalid_address', errors: errors.map(({ part, message }) => ({ field: part, message })) })
}
