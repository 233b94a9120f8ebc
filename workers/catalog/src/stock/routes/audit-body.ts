import { z } from 'zod'

/** An audit asks one stock object per variant, so its page may be larger than one that is read. */
const MAX_AUDIT = 500

/** The page of variants that rebuildInventory and reconcileInventory check. */
export const AuditBody = z
  .strictObject({
    limit: z.int().min(1).max(MAX_AUDIT).default(200).meta({ description: 'Variants to check', example: 200 }),
    cursor: z.string().max(400).nullable().optional().meta({
      description: '`next_cursor` of the previous page; null or omitted for the first',
      example: null,
    }),
  })
  .meta({ id: 'AuditRequest' })

export const checked = z.int().meta({ description: 'Variants that were checked', example: 200 })
