import type { Db } from '@shop/db/client'
import { categoryReads } from './reads.ts'
import { categoryWrites } from './writes.ts'

export type { NewCategory } from './statements.ts'
export type { SavedCategory } from './writes.ts'

export const categoryRepository = (db: Db) => ({ ...categoryReads(db), ...categoryWrites(db) })

export type CategoryRepository = ReturnType<typeof categoryRepository>
