import type { IdempotencyKeyTooWeak } from '@shop/contracts/orders/failures'
import { normalEmail } from '@shop/kernel/email'
import { sha256Hex } from '@shop/kernel/hash'
import type { IdempotencyInFlight, IdempotencyKeyReused } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { type Buyer, isUnguessable } from '../../access/domain/buyer.ts'
import type { BuyerCounter, CounterState } from '../../buyers/domain/caps.ts'
import type { OrdersDeps } from '../../deps.ts'
import type { PricingRules, RulesQuery } from '../../pricing/domain/purchase.ts'
import type { Order } from '../domain/order.ts'
import type { OrderRequest } from '../domain/order-request.ts'
import type { KeyClaim } from '../repository/idempotency-keys.ts'

/** An attempt that is not done after this counts as dead, and the next one may take over its key. */
const CLAIM_SECONDS = 60

type KeyedRequest = Omit<OrderRequest, 'address' | 'email' | 'cartId' | 'exchangeOf' | 'expectedCodes'>

/** The claim of this attempt; undefined when the request has no key. Refuses a guessable key of a guest. */
export async function claimOf(
  deps: Pick<OrdersDeps, 'newClaim'>,
  buyer: Buyer,
  { idempotencyKey, items, shippingAddress, ...others }: KeyedRequest,
): Promise<Result<KeyClaim | undefined, IdempotencyKeyTooWeak>> {
  if (idempotencyKey === undefined) return ok(undefined)
  const email = buyer.email === null ? [] : [normalEmail(buyer.email)]
  const requestHash = await sha256Hex(JSON.stringify([items, shippingAddress, ...email, ...sentOf(others)]))
  const claim = deps.newClaim()
  if (buyer.userId !== null) {
    return ok({ scope: `${buyer.userId}:placeOrder`, key: idempotencyKey, requestHash, claim })
  }
  if (!isUnguessable(idempotencyKey)) return fail({ code: 'idempotency_key_too_weak' })
  // Address and key together return a guest's order, so only their hash is stored.
  const key = await sha256Hex(JSON.stringify([...email, idempotencyKey]))
  return ok({ scope: 'guest:placeOrder', key, requestHash, claim })
}

/** What was sent, so that a key from before orders had these members still knows its request. */
function sentOf(members: Omit<KeyedRequest, 'idempotencyKey' | 'items' | 'shippingAddress'>): object[] {
  const { currency, codes, giftCards, shippingOptionId, billingAddress, note, vatId, expectedTotalAmount } = members
  const sent = Object.entries({
    currency,
    codes,
    giftCards,
    shippingOptionId,
    billingAddress,
    note,
    vatId,
    expectedTotalAmount,
  }).filter(([, value]) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0))
  return sent.length === 0 ? [] : [Object.fromEntries(sent)]
}

/** `known`: the order that the key led to before. `states`: what the buyer's counters count. `number`: for the new order. */
type Claimed = { known?: Order; states: CounterState[]; rules: PricingRules; number: number }

/** Claims the key, where there is one, and reads the counters of the buyer and the rules of prices in the same round trip. */
export async function claimKey(
  deps: Pick<OrdersDeps, 'keys' | 'now'>,
  claim: KeyClaim | undefined,
  { counters, query }: { counters: BuyerCounter[]; query: RulesQuery },
): Promise<Result<Claimed, IdempotencyInFlight | IdempotencyKeyReused>> {
  const now = deps.now()
  const times = { now, claimedUntil: addSeconds(now, CLAIM_SECONDS) }
  const { key, ...read } = await deps.keys.begin(claim, { ...times, counters, query })
  if (key?.kind === 'in_flight') return fail({ code: 'idempotency_in_flight' })
  if (key?.kind === 'other_request') return fail({ code: 'idempotency_key_reused' })
  return ok(key?.kind === 'known' ? { known: key.subject, ...read } : read)
}

/**
 * Drops the claim of an attempt that failed or whose outcome is unknown. A claim with an order stays, and once it is gone
 * an order still on its way cannot be written. If dropping fails, the claim ends when it is overdue.
 */
export async function dropClaim(deps: Pick<OrdersDeps, 'keys' | 'warn'>, claim: KeyClaim | undefined): Promise<void> {
  if (claim === undefined) return
  await deps.keys.drop(claim).catch((error: unknown) => deps.warn('claim_kept', { error }))
}
