import type { RateLimited } from '@shop/kernel/failures'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import { secondsUntil } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'
import type { GiftCardRef } from './domain/gift-card-ref.ts'
import type { NamedCard } from './domain/spendable-cards.ts'

export type ReadCardsDeps = Pick<
  OrdersDeps,
  'giftCards' | 'giftCardCodes' | 'codeAttempts' | 'giftCardCodeLimit' | 'now'
>

type Named = {
  giftCards: readonly GiftCardRef[]
  /** The client's network address, by which attempts are limited. */
  address: string
}

/**
 * Reads the cards that a buyer named. Counts every code as an attempt of the address first, valid or not. Above the limit no card is
 * read, and the result is `rate_limited`.
 */
export async function readNamedCards(
  deps: ReadCardsDeps,
  { giftCards: refs, address }: Named,
): Promise<Result<NamedCard[], RateLimited>> {
  if (refs.length === 0) return ok([])
  const counted = await countCodes(deps, address, refs.filter((ref) => 'code' in ref).length)
  if (!counted.ok) return counted
  const keyed = await Promise.all(
    refs.map(async (ref) => ({ ref, key: 'id' in ref ? ref.id : await deps.giftCardCodes.hashOf(ref.code) })),
  )
  // Text that cannot be a code is looked up too, so that it takes as long as an unknown code.
  const found = await deps.giftCards.findNamed(keyed.map(({ key }) => key ?? ''))
  return ok(keyed.map(({ ref, key }) => ({ ref, card: key === undefined ? undefined : found.get(key) })))
}

async function countCodes(
  { codeAttempts, giftCardCodeLimit: { quota }, now: clock }: ReadCardsDeps,
  address: string,
  codes: number,
): Promise<Result<undefined, RateLimited>> {
  if (codes === 0) return ok()
  const now = clock()
  const { isAllowed, resetsAt } = await codeAttempts.count(await sha256Hex(`gift-card-codes:${address}`), codes, {
    quota,
    now,
  })
  if (isAllowed) return ok()
  return fail({ code: 'rate_limited', retryAfter: secondsUntil(resetsAt, now) })
}
