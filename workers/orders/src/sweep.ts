import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import { announceAbandonedCarts } from './carts/announce-abandoned-carts.ts'
import { claimPaidOrders } from './claims/claim-paid-orders.ts'
import type { OrdersDeps } from './deps.ts'
import { expireGiftCards } from './gift-cards/expire-gift-cards.ts'
import { forgetRecipients } from './gift-cards/forget-recipients.ts'
import { issueSoldCards } from './gift-cards/issue-sold-cards.ts'
import { expireOrders } from './orders/expire-orders.ts'
import { eraseCustomers } from './privacy/erase-customers.ts'
import { applyOpenAdjustments } from './stock/apply-open-adjustments.ts'
import { compareStock } from './stock/compare-stock.ts'
import { sellUnsoldOrders } from './stock/sell-unsold-orders.ts'

/**
 * Cancels expired orders, sells the stock of paid orders whose sale failed, applies open stock adjustments, compares orders with the
 * stock, issues bought gift cards, ends expired ones, removes addresses that codes were mailed to, assigns paid guest orders to their
 * accounts, erases customers whose accounts are gone, announces abandoned carts, and deletes old rows of carts, requests, keys, events
 * and unused counters. Safe to run twice at once.
 */
export function ordersTasks(deps: OrdersDeps): SweepTask[] {
  return [
    { name: 'expired', work: () => expireOrders(deps) },
    { name: 'sold', work: (from) => sellUnsoldOrders(deps, from) },
    { name: 'stock_adjusted', work: (from) => applyOpenAdjustments(deps, from) },
    { name: 'differing', work: async () => onlyBatch(await compareStock(deps)) },
    { name: 'claimed', work: () => claimPaidOrders(deps) },
    { name: 'gift_cards_issued', work: (from) => issueSoldCards(deps, from) },
    { name: 'gift_cards_expired', work: () => expireGiftCards(deps) },
    { name: 'gift_card_recipients_forgotten', work: () => forgetRecipients(deps) },
    { name: 'customers_erased', work: () => eraseCustomers(deps) },
    { name: 'carts_asked', work: () => announceAbandonedCarts(deps) },
    { name: 'carts_pruned', work: async () => onlyBatch(await deps.cartRows.prune(deps.now())) },
    { name: 'token_requests_pruned', work: async () => onlyBatch(await deps.tokenRequests.prune(deps.now())) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.keys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
    { name: 'buyers_pruned', work: async () => onlyBatch(await deps.buyers.prune(deps.now())) },
  ]
}
