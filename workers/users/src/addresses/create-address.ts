import type { Address } from '@shop/addresses/address'
import type { InvalidAddress, TooManyAddresses } from '@shop/contracts/users/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import { fail, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { type CustomerAddress, type DefaultChoice, decideAddress } from './domain/customer-address.ts'

type NewAddress = { address: Address; defaults: DefaultChoice }
type CreateFailure = AuthenticationRequired | InvalidAddress | TooManyAddresses | CreateOnceFailure

/** Adds an address to the caller's address book; once, if the request has a key. */
export async function createAddress(
  deps: Pick<UsersDeps, 'accounts' | 'addresses' | 'creationKeys' | 'newId' | 'now'>,
  caller: Caller,
  { address, defaults }: NewAddress,
  idempotencyKey?: string,
): Promise<Result<Created<CustomerAddress>, CreateFailure>> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return allowed
  const { userId } = allowed.value
  const decided = decideAddress({}, address)
  if (!decided.ok) return decided
  const key = await creationKey(`${userId}:createAddress`, idempotencyKey, { address, defaults })
  const created = await createOnce(key, {
    create: () => {
      const at = deps.now()
      // The statement decides the flags, since only it knows whether the address is the first.
      const flags = { isDefaultShipping: false, isDefaultBilling: false }
      const times = { createdAt: at, updatedAt: at, version: 1 }
      const draft = { id: deps.newId('address'), userId, address: decided.value, ...flags, ...times }
      return deps.addresses.insert(draft, defaults, key)
    },
    findKey: deps.creationKeys.find,
    find: (id) => deps.addresses.find(userId, id),
  })
  if (created.ok || created.failure.code !== 'too_many_addresses') return created
  // A token can outlive its account, which has no room for addresses either.
  return (await deps.accounts.find(userId)) === undefined ? fail({ code: 'authentication_required' }) : created
}
