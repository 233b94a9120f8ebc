import type { Db } from '@shop/db/client'
import { collectionReads } from './reads.ts'
import { collectionWrites } from './writes.ts'

export type { NewCollection } from './statements.ts'

export const collectionRepository = (db: Db) => ({ ...collectionReads(db), ...collectionWrites(db) })

export type CollectionRepository = ReturnType<typeof collectionRepository>
