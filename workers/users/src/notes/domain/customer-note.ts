import type { ActorId } from '@shop/kernel/access'
import type { CustomerNoteId, UserId } from '@shop/kernel/ids'

/** What staff wrote down about a customer, who reads it only in the export of their account. It is never changed. */
export type CustomerNote = {
  id: CustomerNoteId
  userId: UserId
  authorId: ActorId
  text: string
  createdAt: Date
}
