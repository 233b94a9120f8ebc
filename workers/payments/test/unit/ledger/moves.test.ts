import { describe, expect, it } from 'vitest'
import { LEDGER_MOVES, type LedgerMove } from '../../../src/ledger/domain/ledger.ts'

/** What the accounts hold after these entries of 1 each, debits above 0; accounts that hold nothing are left out. */
function balancesOf(...moves: LedgerMove[]): Record<string, number> {
  const balances: Record<string, number> = {}
  for (const { debit, credit } of moves.map((move) => LEDGER_MOVES[move])) {
    balances[debit] = (balances[debit] ?? 0) + 1
    balances[credit] = (balances[credit] ?? 0) - 1
  }
  return Object.fromEntries(Object.entries(balances).filter(([, balance]) => balance !== 0))
}
const SALE = { stripe: 1, sales: -1 }

describe('the ledger', () => {
  it('has a payment as money at Stripe and as a sale', () => {
    expect(balancesOf('captured')).toEqual(SALE)
  })

  it('owes a refund until it has left Stripe', () => {
    expect(balancesOf('captured', 'refund_reserved')).toEqual({ ...SALE, refunds: 1, refunds_due: -1 })
    expect(balancesOf('captured', 'refund_reserved', 'refund_succeeded')).toEqual({ sales: -1, refunds: 1 })
  })

  it('has nothing left of a refund that failed, or that the bank returned', () => {
    expect(balancesOf('captured', 'refund_reserved', 'refund_failed')).toEqual(SALE)
    expect(balancesOf('captured', 'refund_reserved', 'refund_succeeded', 'refund_returned')).toEqual(SALE)
  })

  it('has a refund that left late, after it was recorded as failed, like any other', () => {
    expect(balancesOf('refund_reserved', 'refund_failed', 'refund_late')).toEqual(
      balancesOf('refund_reserved', 'refund_succeeded'),
    )
  })

  it('has disputed money apart until the bank decides', () => {
    expect(balancesOf('captured', 'dispute_opened')).toEqual({ sales: -1, disputes: 1 })
    expect(balancesOf('captured', 'dispute_opened', 'dispute_won')).toEqual(SALE)
    expect(balancesOf('captured', 'dispute_opened', 'dispute_lost')).toEqual({ sales: -1, chargebacks: 1 })
  })

  it('has a gift card that was sold as a debt, which becomes a sale when it is spent', () => {
    expect(balancesOf('captured', 'gift_card_sold')).toEqual({ stripe: 1, gift_cards: -1 })
    expect(balancesOf('captured', 'gift_card_sold', 'gift_card_spent')).toEqual(SALE)
  })

  it('has a gift card that was given as a debt at the expense of the shop, however it was issued', () => {
    const given = { gift_card_expense: 1, gift_cards: -1 }
    expect(balancesOf('gift_card_given')).toEqual(given)
    expect(balancesOf('refund_overdrawn')).toEqual(given)
  })

  it('owes a refund to a gift card to the card', () => {
    expect(balancesOf('captured', 'refund_reserved', 'refund_credited')).toEqual({
      ...SALE,
      ...{ refunds: 1, gift_cards: -1 },
    })
  })

  it('gains what was left of a card that ended', () => {
    expect(balancesOf('captured', 'gift_card_sold', 'gift_card_ended')).toEqual({ stripe: 1, gift_card_breakage: -1 })
  })
})
