import { claimedBatch, type SweptBatch } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'

const BATCH = 200
const KEEP_SECONDS = 30 * 86_400

/** Forgets to whom the codes of cards were mailed, 30 days later: the card is the bearer's. @returns how many there were */
export async function forgetRecipients({ giftCards, now }: Pick<OrdersDeps, 'giftCards' | 'now'>): Promise<SweptBatch> {
  const before = addSeconds(now(), -KEEP_SECONDS)
  return claimedBatch(await giftCards.forgetRecipients({ before, limit: BATCH }), BATCH)
}
