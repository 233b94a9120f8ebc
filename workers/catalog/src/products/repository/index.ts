import type { Db } from '@shop/db/client'
import { productQuotes } from './quotes.ts'
import { productReads } from './reads.ts'
import { productWrites } from './writes.ts'

export type { NewProduct, ProductUpdate } from './statements.ts'
export type { SavedProduct } from './writes.ts'

export const productRepository = (db: Db) => ({ ...productReads(db), ...productQuotes(db), ...productWrites(db) })

export type ProductRepository = ReturnType<typeof productRepository>
