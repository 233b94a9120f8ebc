import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { SingleUseCode } from '../domain/new-codes.ts'

export const BATCH_ID_EXAMPLE = 'batch_01jd4k2v9rf0fv8z3x1m5q7w2e'

/** Flat, so that a list of them is a table. */
export const CodeView = z
  .strictObject({
    code: z.string().meta({ example: 'WELCOME-7K3M9QX2TB5DH' }),
    batch_id: z.string().meta({ description: 'The same for all that one request made', example: BATCH_ID_EXAMPLE }),
    order_id: z.string().nullable().meta({ description: 'The order that uses it', example: null }),
    created_at: Instant,
  })
  .meta({ id: 'PromotionCode' })

export const toCodeView = ({ code, batchId, usedBy, createdAt }: SingleUseCode): z.infer<typeof CodeView> => ({
  code,
  batch_id: batchId,
  order_id: usedBy,
  created_at: createdAt.toISOString(),
})
