import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { StockLevel } from '../domain/level.ts'
import type { StockLedgerEntry } from '../domain/movement.ts'
import type { StockedVariant } from '../domain/stocked-variant.ts'
import {
  InventoryView,
  MovementView,
  toInventoryView,
  toMovementView,
  toPublicInventoryView,
} from './inventory-view.ts'

export const GetInventoryQuery = z.object({ limit: LimitParam, cursor: CursorParam })

/** What getInventory and getVariantInventory answer. */
export const InventoryResponse = z
  .strictObject({
    inventory: InventoryView,
    movements: z.array(MovementView).optional().meta({ description: 'Staff only: newest first' }),
    next_cursor: NextCursor.optional(),
  })
  .meta({ id: 'InventoryResponse' })

type Shown = {
  variant: StockedVariant
  level: StockLevel
  ledger?: { items: StockLedgerEntry[]; nextCursor: string | null }
}

export function toInventoryResponse({ variant, level, ledger }: Shown): z.input<typeof InventoryResponse> {
  const stocked = { ...variant, variantId: variant.id }
  if (ledger === undefined) return { inventory: toPublicInventoryView(stocked, level) }
  const inventory = { ...toInventoryView(stocked, level), low_stock_threshold: variant.terms.threshold }
  return { inventory, movements: ledger.items.map(toMovementView), next_cursor: ledger.nextCursor }
}
