import type {
  AdjustmentConflict,
  FoundHold,
  HoldConflict,
  HoldFailure,
  HoldGone,
  Product,
  ProductFields,
  Quote,
  StockBelowHeld,
  StockLedgerEntry,
  StockLevel,
} from '@shop/contracts'
import type { Result } from '@shop/kernel'
import type { KeptAnswer } from './domain/kept-answer.ts'
import type { ProductPosition } from './domain/product-cursor.ts'
import type { Adjust, Adjusted, SetOnHand } from './domain/stock/adjust.ts'
import type { ListedStock, StockAudit } from './domain/stock/audit.ts'
import type { Done } from './domain/stock/books.ts'
import type { LowStockWatch } from './domain/stock/low-stock.ts'

/** An event of its own key, written in the same batch as the change; it is due at `firstAttemptAt`. */
export type Announcement = { key: string; firstAttemptAt: Date }

export type ProductStore = {
  find(id: number): Promise<Product | undefined>
  list(query: {
    category?: string | undefined
    search?: string | undefined
    after?: ProductPosition | undefined
    limit: number
  }): Promise<Product[]>
  quote(ids: number[]): Promise<Quote[]>
  /** Saves the opening stock, where there is any, as an event in the same batch, due when the change is. */
  insert(product: ProductFields & { openingStock: number; createdAt: Date; change: Announcement }): Promise<Product>
  /** @returns undefined when the product is gone, or its price is not what the change was decided from any more */
  update(update: {
    id: number
    fields: Partial<ProductFields>
    decidedFrom: Pick<Product, 'price' | 'currency'>
    stock?: StockLevel | undefined
    updatedAt: Date
    change: Announcement
  }): Promise<Product | undefined>
  /** @returns false when there is no such product any more */
  delete(product: { id: number; deletedAt: Date; change: Announcement }): Promise<boolean>
}

export type OpeningStock = { eventId: number; variantId: number; quantity: number; key: string }

export type OpeningStore = {
  claim(options: { limit: number; now: Date }): Promise<OpeningStock[]>
  confirm(opening: { eventId: number; now: Date }): Promise<void>
  confirmOf(opening: { variantId: number; now: Date }): Promise<void>
  prune(now: Date): Promise<number>
}

export type LowStockRow = { productId: number; name: string; available: number; threshold: number }

/** From when on stock is low, and what is. */
export type WatchStore = {
  read(variantId: number): Promise<LowStockWatch | undefined>
  /** Those whose object has not confirmed to have heard of it, as they are now. */
  claim(options: { limit: number; now: Date }): Promise<{ key: string; watch: LowStockWatch & { variantId: number } }[]>
  confirm(change: { key: string; now: Date }): Promise<void>
  /** By product id, from just after one. */
  listLow(page: { after: number; limit: number }): Promise<LowStockRow[]>
}

/** What is listed of the stock of variants. */
export type StockListing = {
  /** By variant id, from just after one. */
  read(page: { after: number; limit: number }): Promise<ListedStock[]>
  /**
   * Lists levels in place of what was read; those that are listed otherwise by now are left alone.
   *
   * @returns the variants that were rewritten
   */
  rewrite(changes: { listed: ListedStock; level: StockLevel }[]): Promise<number[]>
}

/** Changes of the catalogue that those who keep its answers may not have heard of. */
export type ChangeStore = {
  /** @returns the ids of their events */
  claim(options: { limit: number; now: Date }): Promise<number[]>
  confirmAll(events: { eventIds: number[]; now: Date }): Promise<void>
  confirm(change: { key: string; now: Date }): Promise<void>
}

/** Answers kept outside, for all places; any may be gone at any time. Each call throws when it is not answered. */
export type AnswerCache = {
  /** The version of the catalogue and what is kept under the key, in one trip; what comes may be anything. */
  read(key: string): Promise<{ version: unknown; kept: unknown }>
  keep(key: string, answer: KeptAnswer, milliseconds: number): Promise<void>
  /** Gives the catalogue its first version, unless it has one. */
  begin(version: number): Promise<void>
  /** Makes a new version, so that nothing kept before counts any more. */
  renew(): Promise<void>
  /** Throws when it does not answer. */
  ping(): Promise<void>
}

/** The stock objects, by variant. Every call may be repeated with the same id or key; each throws when not answered. */
export type StockObjects = {
  level(variantId: number): Promise<StockLevel>
  /** The level, and movements of it, newest first; those before an entry, where one is given. */
  ledger(
    variantId: number,
    page: { before?: number | undefined; limit: number },
  ): Promise<{ level: StockLevel; entries: StockLedgerEntry[] }>
  audit(variantId: number): Promise<StockAudit>
  findHolds(variantId: number, request: { holdIds: string[] }): Promise<Omit<FoundHold, 'variantId'>[]>
  watchLowStock(variantId: number, watch: LowStockWatch): Promise<void>
  hold(
    variantId: number,
    request: { holdId: string; quantity: number; expiresAt: Date },
  ): Promise<Result<Done, HoldFailure>>
  extend(variantId: number, request: { holdId: string; expiresAt: Date }): Promise<Result<StockLevel, HoldGone>>
  release(variantId: number, request: { holdId: string }): Promise<Result<StockLevel, never>>
  commit(
    variantId: number,
    request: { holdId: string; quantity: number },
  ): Promise<Result<Done, HoldGone | HoldConflict>>
  commitLate(variantId: number, request: { holdId: string; quantity: number }): Promise<Result<Done, HoldFailure>>
  returnSale(variantId: number, request: { holdId: string }): Promise<Result<StockLevel, never>>
  adjust(variantId: number, request: Adjust): Promise<Result<Adjusted, StockBelowHeld | AdjustmentConflict>>
  setOnHand(variantId: number, request: SetOnHand): Promise<Result<StockLevel, StockBelowHeld | AdjustmentConflict>>
  open(
    variantId: number,
    request: { quantity: number; key: string },
  ): Promise<Result<StockLevel, StockBelowHeld | AdjustmentConflict>>
}

export type CatalogDeps = {
  products: ProductStore
  openings: OpeningStore
  listing: StockListing
  watches: WatchStore
  changes: ChangeStore
  /** Absent in a shop without Redis. */
  answers?: AnswerCache | undefined
  stock: StockObjects
  now: () => Date
  /** Lets work go on after the answer; it may be lost. */
  later: (work: Promise<unknown>) => void
  /** A key nobody has used before. */
  newKey: () => string
  /** Throws when the database does not answer. */
  pingDatabase: () => Promise<void>
  /** Notes what went wrong and will be made good later. */
  warn: (event: string, fields: Record<string, unknown>) => void
}
