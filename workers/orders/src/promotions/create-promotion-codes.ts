import type { PromotionNotFound } from '@shop/contracts/orders/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId, type PromotionId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import type { OrdersDeps } from '../deps.ts'
import { CODE_LENGTH, type CodeBatch, newCodes } from './domain/new-codes.ts'
import { type CodePage, pageOfCodes } from './list-promotion-codes.ts'

type CreateDeps = Pick<OrdersDeps, 'promotions' | 'creationKeys' | 'newCodeBatchId' | 'randomBytes' | 'now'>
type CreateFailure = AccessFailure | PromotionNotFound | CreateOnceFailure

/** `count` from 1 to MAX_CODES. */
export type NewCodes = { id: string; count: number; prefix?: string | undefined }
/** The codes that were made, and the first page of them. */
export type CreatedCodes = CodeBatch & CodePage & { replayed: boolean }

/** More codes are read page by page. */
const FIRST_PAGE = 1_000

/**
 * Makes single-use codes of a promotion; once, if the request has a key. The promotion is not automatic from then on: only
 * codes lead to it.
 */
export async function createPromotionCodes(
  deps: CreateDeps,
  caller: Caller,
  { id: promotionId, count, prefix = '' }: NewCodes,
  idempotencyKey?: string,
): Promise<Result<CreatedCodes, CreateFailure>> {
  const staff = requireScope(caller, 'promotions:write')
  if (!staff.ok) return staff
  if (!isId('promotion', promotionId)) return fail({ code: 'promotion_not_found', promotionId })
  const request = { promotionId, count, prefix }
  const key = await creationKey(`${actorIdOf(staff.value)}:createPromotionCodes`, idempotencyKey, request)
  const made = await createOnce(key, {
    create: () => create(deps, request, key),
    findKey: deps.creationKeys.find,
    find: async (id) => (isId('codeBatch', id) ? deps.promotions.findBatch(id, promotionId) : undefined),
  })
  if (!made.ok) return made
  const { value: batch, replayed } = made.value
  const page = await pageOfCodes(deps, { promotionId, batchId: batch.id, limit: FIRST_PAGE })
  return ok({ ...batch, ...page, replayed })
}

/** A random code that exists is about as likely as a broken machine; then all are drawn again. */
function create(
  deps: CreateDeps,
  { promotionId, count, prefix }: { promotionId: PromotionId; count: number; prefix: string },
  key: IdempotencyKey | undefined,
): Promise<Result<CodeBatch, PromotionNotFound | KeyKnown>> {
  const batch = { id: deps.newCodeBatchId(), promotionId, createdAt: deps.now() }
  return untilSaved<Result<CodeBatch, PromotionNotFound | KeyKnown>>(async () => {
    const codes = newCodes(prefix, deps.randomBytes(count * CODE_LENGTH))
    const saved = await deps.promotions.insertCodes({ ...batch, codes }, key)
    if (!saved.ok) return saved
    return saved.value && ok(saved.value)
  })
}
