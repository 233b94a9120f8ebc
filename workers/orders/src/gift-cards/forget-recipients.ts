import { claimedBatch, type SweptBatch } from '@shop/contracts/service'
import { addSeconds, DAY_SECONDS } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'

const BATCH = 200
const KEEP_SECONDS = 30 * DAY_SECONDS

/** Removes the addresses that codes were mailed to 30 days before. @returns how many cards had one */
export async function forgetRecipients({ giftCards, now }: Pick<OrdersDeps, 'giftCards' | 'now'>): Promise<SweptBatch> {
  const before = addSeconds(now(), -KEEP_SECONDS)
  return claimedBatch(await giftCards.forgetRecipients({ before, limit: BATCH }), BATCH)
}
