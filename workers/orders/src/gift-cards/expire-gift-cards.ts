import { claimedBatch, type SweptBatch } from '@shop/contracts/service'
import type { OrdersDeps } from '../deps.ts'

const BATCH = 200

/** Removes the remaining balance of expired cards. Safe to run twice at once. @returns how many cards had one */
export async function expireGiftCards({
  giftCards,
  now,
  wakeConsumers,
}: Pick<OrdersDeps, 'giftCards' | 'now' | 'wakeConsumers'>): Promise<SweptBatch> {
  const count = await giftCards.expire({ now: now(), limit: BATCH })
  if (count > 0) await wakeConsumers(['gift_card.ended'])
  return claimedBatch(count, BATCH)
}
