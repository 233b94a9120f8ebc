import { opaqueId } from '@shop/kernel/ids'
import { Instant, text } from '@shop/kernel/text'
import { z } from 'zod'
import type { CustomerNote } from '../domain/customer-note.ts'

export const CustomerNoteIdParam = opaqueId('note_01jd4k2v9rf0fv8z3x1m5q7w2e')

const TEXT_EXAMPLE = 'Asked for invoices in German'

export const CreateCustomerNoteBody = z
  .strictObject({
    text: text(1, 5_000)
      .refine((value) => value === '' || value.trim() !== '', 'must not be blank')
      .meta({ example: TEXT_EXAMPLE }),
  })
  .meta({ id: 'CreateCustomerNoteRequest' })

export const CustomerNoteView = z
  .strictObject({
    id: CustomerNoteIdParam,
    text: z.string().meta({ example: TEXT_EXAMPLE }),
    author_id: z
      .string()
      .meta({ description: 'The account, or the API key', example: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e' }),
    created_at: Instant,
  })
  .meta({ id: 'CustomerNote' })

export const toCustomerNoteView = ({ id, text, authorId, createdAt }: CustomerNote) => ({
  ...{ id, text, author_id: authorId },
  created_at: createdAt.toISOString(),
})
