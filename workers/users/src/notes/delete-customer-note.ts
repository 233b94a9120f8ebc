import type { CustomerNoteNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** Deletes a note about a customer. Staff may delete notes of others, too. */
export async function deleteCustomerNote(
  { customerNotes }: Pick<UsersDeps, 'customerNotes'>,
  caller: Caller,
  { userId, noteId }: { userId: string; noteId: string },
): Promise<Result<undefined, AccessFailure | CustomerNoteNotFound>> {
  const staff = requireScope(caller, 'customers:write')
  if (!staff.ok) return staff
  const isDeleted = isId('user', userId) && isId('customerNote', noteId) && (await customerNotes.delete(userId, noteId))
  return isDeleted ? ok() : fail({ code: 'customer_note_not_found' })
}
