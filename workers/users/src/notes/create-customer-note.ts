import type { UserNotFound } from '@shop/contracts/users/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import { isId } from '@shop/kernel/ids'
import { fail, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { CustomerNote } from './domain/customer-note.ts'

type CreateDeps = Pick<UsersDeps, 'customerNotes' | 'creationKeys' | 'newId' | 'now'>

/** Writes a note about a customer; once, if the request has a key. */
export async function createCustomerNote(
  deps: CreateDeps,
  caller: Caller,
  { userId, text }: { userId: string; text: string },
  idempotencyKey?: string,
): Promise<Result<Created<CustomerNote>, AccessFailure | UserNotFound | CreateOnceFailure>> {
  const staff = requireScope(caller, 'customers:write')
  if (!staff.ok) return staff
  if (!isId('user', userId)) return fail({ code: 'user_not_found' })
  const authorId = actorIdOf(staff.value)
  const key = await creationKey(`${authorId}:createCustomerNote`, idempotencyKey, { userId, text })
  const note = { id: deps.newId('customerNote'), userId, authorId, text, createdAt: deps.now() }
  return createOnce(key, {
    create: () => deps.customerNotes.insert(note, key),
    findKey: deps.creationKeys.find,
    find: deps.customerNotes.find,
  })
}
