import { z } from 'zod'

/**
 * The message in the queue of levels: what can be bought of variants, as it was just listed. It is for display, and may be lost
 * or repeated: the next one of the variant has a higher `sequence`.
 */
export const StockLevelsMessage = z.object({
  levels: z.array(z.object({ variantId: z.int(), available: z.int(), sequence: z.int() })),
})
export type StockLevelsMessage = z.infer<typeof StockLevelsMessage>
export type StockLevelMessage = StockLevelsMessage['levels'][number]
