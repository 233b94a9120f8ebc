import type { Db } from '@shop/db/client'
import { codeReads } from './code-reads.ts'
import { codeWrites } from './code-writes.ts'
import { promotionReads } from './reads.ts'
import { promotionWrites } from './writes.ts'

export const promotionRepository = (db: Db) => ({
  ...promotionReads(db),
  ...promotionWrites(db),
  ...codeReads(db),
  ...codeWrites(db),
})
