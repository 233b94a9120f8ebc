import { newId } from '@shop/http/ids'
import { ok } from '@shop/kernel/result'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../src/invoices/domain/document-of.ts'
import {
  creditRefund,
  type Invoicing,
  invoiceEdit,
  invoicePaid,
  reverseCredit,
} from '../../../src/invoices/domain/invoicing.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { cancelled, changeOf } from '../../../src/orders/domain/steps.ts'
import { aLineRefund, anInvoicedOrder, aTaxedOrder } from '../../support/invoiced-orders.ts'
import { anIssued } from '../../support/memory-invoices.ts'
import { AT, taken } from '../../support/shipments.ts'

const BY_SYSTEM = { actor: { kind: 'system' }, at: AT } as const

const taxesIn = ({ invoices: [due] }: Invoicing) => due?.document.taxLines.map(({ rateId, amount }) => [rateId, amount])
const refundOf = (amount: number) => ({ refundId: newId('refund'), amount })

/** The order after a refund, and the credit note of the refund. */
function refunded(order: Order, amount: number, byLine?: Order['lineRefunds'][number]) {
  const after = {
    ...order,
    refundedAmount: order.refundedAmount + amount,
    ...(byLine && { lineRefunds: [...order.lineRefunds, byLine] }),
  }
  const credited = creditRefund(after, { refundId: byLine?.refundId ?? newId('refund'), amount }, byLine)
  return { credited, after: { ...after, invoiced: credited.invoiced } }
}

describe('the invoice of an order', () => {
  it('is over its stored lines and totals', () => {
    const order = aTaxedOrder({ capturedAmount: 2_790 })
    expect(invoicePaid(order)).toEqual({
      invoices: [{ series: 'invoice', cause: 'paid', total: 2_790, document: documentOf(order) }],
      invoiced: { total: 2_790, taxLines: order.taxLines, isByLine: true },
    })
  })

  it('has a credit note beside it over what staff did not capture', () => {
    const order = aTaxedOrder({ capturedAmount: 1_395 })
    const issued = invoicePaid(order)
    expect(issued.invoices).toMatchObject([
      { series: 'invoice', total: 2_790 },
      {
        ...{ series: 'credit_note', cause: 'uncaptured', total: 1_395 },
        document: { kind: 'amount', lines: [{ kind: 'uncaptured', amount: 1_395 }], taxTotal: 200 },
      },
    ])
    expect(issued.invoiced?.total).toBe(1_395)
  })

  it('is issued once', () => {
    const order = anInvoicedOrder()
    expect(invoicePaid(order)).toEqual({ invoices: [], invoiced: order.invoiced })
  })
})

describe('the credit note of a refund', () => {
  it('by amount has its share of each tax', () => {
    const order = anInvoicedOrder()
    const { credited } = refunded(order, 1_000)
    expect(credited.invoices).toMatchObject([
      { series: 'credit_note', total: 1_000, document: { lines: [{ kind: 'refund', amount: 1_000 }], taxTotal: 143 } },
    ])
    expect(taxesIn(credited)).toEqual([
      ['standard', 131],
      ['reduced', 12],
    ])
  })

  it('by line has the tax of its lines and of the shipping', () => {
    const order = anInvoicedOrder()
    const refund = aLineRefund(order, [[0, 1, 900]], { shipping: 490 })
    const { credited } = refunded(order, refund.amount, refund)
    expect(credited.invoices[0]?.document.lines).toEqual([
      { kind: 'item', name: 'Mug', sku: 'MUG-BLUE', quantity: 1, amount: 900 },
      { kind: 'shipping', amount: 490 },
    ])
    expect(taxesIn(credited)).toEqual([['standard', 222]])
  })

  it('less a restocking fee has less of the tax', () => {
    const order = anInvoicedOrder()
    const refund = aLineRefund(order, [[1, 1, 500]], { restockingFee: 250 })
    const { credited } = refunded(order, refund.amount, refund)
    expect(credited.invoices[0]?.document).toMatchObject({
      lines: [
        { kind: 'item', name: 'Filter papers', sku: null, quantity: 1, amount: 500 },
        { kind: 'restocking_fee', amount: -250 },
      ],
      total: 250,
    })
    expect(taxesIn(credited)).toEqual([['reduced', 17]])
  })

  it('by line of which an edit has credited a part has the rest as an amount', () => {
    const order = anInvoicedOrder()
    const refund = aLineRefund(order, [[0, 1, 900]])
    const edited = { ...order, invoiced: { total: 2_690, taxLines: order.taxLines, isByLine: true } }
    const { credited } = refunded(edited, refund.amount, refund)
    expect(credited.invoices).toMatchObject([{ total: 800, document: { lines: [{ kind: 'refund', amount: 800 }] } }])
  })

  it('that succeeded late for fewer units than it was over is an amount', () => {
    const order = anInvoicedOrder()
    const refund = { ...aLineRefund(order, [[0, 1, 900]]), amount: 1_800 }
    const { credited } = refunded(order, 1_800, refund)
    expect(credited.invoices[0]?.document.lines).toEqual([{ kind: 'refund', amount: 1_800 }])
  })

  it('by line has no more tax of a rate than is still invoiced', () => {
    const order = anInvoicedOrder()
    const [standard, reduced] = order.taxLines
    if (standard === undefined || reduced === undefined) throw new Error('Two rates')
    const left = (taxLines: typeof order.taxLines) => ({
      ...order,
      invoiced: { total: 2_790, taxLines, isByLine: true },
    })
    const refund = aLineRefund(order, [[1, 1, 500]])
    expect(taxesIn(refunded(left([standard, { ...reduced, amount: 10 }]), 500, refund).credited)).toEqual([
      ['reduced', 10],
    ])
    expect(taxesIn(refunded(left([standard]), 500, refund).credited)).toEqual([])
  })

  it('over the last that is invoiced has all the tax that is left, whatever its lines had', () => {
    const order = { ...anInvoicedOrder(), capturedAmount: 900 }
    const [standard] = order.taxLines
    if (standard === undefined) throw new Error('A rate')
    const invoiced = { total: 900, taxLines: [{ ...standard, amount: 150 }], isByLine: true }
    const refund = aLineRefund(order, [[0, 1, 900]])
    expect(taxesIn(refunded({ ...order, invoiced }, 900, refund).credited)).toEqual([['standard', 150]])
  })

  it('is not issued where nothing was invoiced', () => {
    const order = aTaxedOrder({ capturedAmount: 2_790, refundedAmount: 500 })
    expect(creditRefund(order, refundOf(500), undefined)).toEqual({ invoices: [], invoiced: null })
  })

  it('is taken back when the bank returns the refund', () => {
    const order = anInvoicedOrder()
    const { after, credited } = refunded(order, 1_000)
    const [due] = credited.invoices
    const refundId = newId('refund')
    const returned = reverseCredit(after, refundId, due && anIssued(after, due, 1))
    expect(returned.invoices).toEqual([
      { series: 'invoice', cause: `refund_returned:${refundId}`, total: 1_000, document: due?.document },
    ])
    expect(returned.invoiced).toEqual({ ...order.invoiced, isByLine: false })
  })
})

describe('a refund that the bank returned', () => {
  it('has no invoice where it had no credit note, or nothing is invoiced', () => {
    const order = anInvoicedOrder()
    expect(reverseCredit(order, newId('refund'), undefined)).toEqual({ invoices: [], invoiced: order.invoiced })
    const [due] = refunded(order, 1_000).credited.invoices
    if (due === undefined) throw new Error('A credit note')
    const uninvoiced = { ...order, invoiced: null }
    expect(reverseCredit(uninvoiced, newId('refund'), anIssued(order, due, 1))).toEqual({
      ...{ invoices: [], invoiced: null },
    })
  })
})

describe('the credit notes of a cancelled order', () => {
  /** 27.90 with taxes, of which gift cards paid so much. */
  const paidBy = (giftCardAmount: number) => {
    const order = anInvoicedOrder()
    return { ...order, giftCardAmount, capturedAmount: order.total - giftCardAmount }
  }

  it('are one over what gift cards got back, in the step that cancels it', () => {
    const order = paidBy(2_790)
    const { invoices, to } = cancelled(order, 'cancelled_by_staff')
    expect(invoices).toMatchObject([{ series: 'credit_note', cause: 'cancelled', total: 2_790 }])
    expect(to).toMatchObject({ paymentStatus: 'refunded', invoiced: { total: 0 } })
  })

  it('and those of the refunds of what was charged leave nothing', () => {
    const order = paidBy(1_000)
    const { invoices, to } = cancelled(order, 'cancelled_by_staff')
    expect(invoices).toMatchObject([{ total: 1_000 }])
    const { credited } = refunded({ ...order, ...to }, 1_790)
    expect(credited).toMatchObject({ invoices: [{ total: 1_790 }], invoiced: { total: 0 } })
  })

  it('are none where no gift card paid, or nothing was invoiced', () => {
    expect(cancelled(paidBy(0), 'cancelled_by_staff').invoices).toBeUndefined()
    expect(cancelled({ ...paidBy(1_000), invoiced: null }, 'cancelled_by_staff').invoices).toBeUndefined()
  })
})

describe('all credit notes of an order', () => {
  /** Refunds by amount, or of one unit of a line, in any order. */
  const aHistory = fc.array(
    fc.record({
      byLine: fc.boolean(),
      index: fc.integer({ min: 0, max: 1 }),
      amount: fc.integer({ min: 1, max: 900 }),
    }),
    { maxLength: 12 },
  )

  it('leave what the shop keeps, and never more or less tax than was invoiced', () => {
    fc.assert(
      fc.property(aHistory, (history) => {
        let order = anInvoicedOrder()
        for (const { byLine, index, amount: wanted } of history) {
          const left = order.capturedAmount - order.refundedAmount
          const amount = Math.min(wanted, left)
          if (amount === 0) continue
          const refund = byLine ? aLineRefund(order, [[index, 1, amount]]) : undefined
          order = refunded(order, amount, refund).after
          const { total = 0, taxLines = [] } = order.invoiced ?? {}
          expect(total).toBe(order.capturedAmount - order.refundedAmount)
          const taxes = taxLines.map((line) => line.amount)
          expect(Math.min(...taxes)).toBeGreaterThanOrEqual(0)
        }
        const rest = order.capturedAmount - order.refundedAmount
        if (rest > 0) order = refunded(order, rest).after
        expect(order.invoiced).toMatchObject({ total: 0, taxLines: [{ amount: 0 }, { amount: 0 }] })
      }),
    )
  })

  it('by line together have exactly the tax of each line', () => {
    let order = anInvoicedOrder()
    const taxes: unknown[] = []
    for (const [amount, quantity] of [
      [333, 1],
      [333, 1],
      [1_134, 1],
    ] as const) {
      const refund = aLineRefund(order, [[0, quantity, amount]])
      const { credited, after } = refunded(order, amount, refund)
      order = after
      taxes.push(credited.invoices[0]?.document.taxTotal)
    }
    expect(taxes).toEqual([53, 53, 181])
  })
})

describe('the cancellation of an invoiced order', () => {
  const cancelledOf = (order: Order) => taken(order, ok(cancelled(order, 'cancelled_by_staff')))
  const issuedBy = (order: Order) => changeOf(order, cancelled(order, 'cancelled_by_staff'), BY_SYSTEM).invoices

  it('has a credit note over what gift cards get back by it, and the refund of the rest another one', () => {
    const paid = { ...anInvoicedOrder(), giftCardAmount: 1_000, chargedAmount: 1_790, capturedAmount: 1_790 }
    expect(issuedBy(paid)).toMatchObject([
      { series: 'credit_note', cause: 'cancelled', total: 1_000, document: { lines: [{ kind: 'refund' }] } },
    ])
    const { after, credited } = refunded(cancelledOf(paid), 1_790)
    expect(credited.invoices).toMatchObject([{ total: 1_790 }])
    expect(after.invoiced).toMatchObject({ total: 0, taxLines: [{ amount: 0 }, { amount: 0 }] })
  })

  it('that gift cards pay wholly has one over all of it', () => {
    const order = { ...anInvoicedOrder(), giftCardAmount: 2_790, chargedAmount: 0, capturedAmount: 0 }
    expect(issuedBy(order)).toMatchObject([{ total: 2_790 }])
    expect(cancelledOf(order)).toMatchObject({ invoiced: { total: 0 }, refundedAmount: 2_790 })
  })

  it('has one over what an edit added that was not paid', () => {
    const order = anInvoicedOrder()
    const invoiced = { total: 3_790, taxLines: order.taxLines, isByLine: true }
    const edited = { ...order, total: 3_790, invoiced }
    expect(issuedBy(edited)).toMatchObject([
      { total: 1_000, document: { lines: [{ kind: 'uncaptured', amount: 1_000 }] } },
    ])
  })

  it('has none where payments refund all of it, and where nothing was invoiced', () => {
    expect(issuedBy(anInvoicedOrder())).toBeUndefined()
    expect(issuedBy(aTaxedOrder({ giftCardAmount: 1_000 }))).toBeUndefined()
  })
})

describe('an edit of an invoiced order', () => {
  const edited = (before: Order): Order => ({
    ...before,
    lines: before.lines.slice(0, 1),
    ...{ subtotal: 2_000, taxTotal: 365, total: 2_290, version: before.version + 1 },
    taxLines: before.taxLines.slice(0, 1),
  })

  it('has a credit note over the invoice before, and an invoice over the order as it is', () => {
    const before = anInvoicedOrder()
    const after = edited(before)
    const { invoices, invoiced } = invoiceEdit(before, after)
    expect(invoices).toEqual([
      { series: 'credit_note', cause: 'edit:3', total: 2_790, document: documentOf(before) },
      { series: 'invoice', cause: 'edit:3', total: 2_290, document: documentOf(after) },
    ])
    expect(invoiced).toMatchObject({ total: 2_290, taxLines: [{ amount: 365 }, { amount: 0 }] })
  })

  it('that takes something off has no second credit note when that is refunded', () => {
    const before = anInvoicedOrder()
    const after = edited(before)
    const now = { ...after, invoiced: invoiceEdit(before, after).invoiced }
    expect(refunded(now, 500).credited).toEqual({ invoices: [], invoiced: now.invoiced })
    expect(refunded(now, 600).credited.invoices).toMatchObject([{ total: 100 }])
  })

  it('has a credit note over so much less as went back by refunds before, which have credit notes', () => {
    const before = anInvoicedOrder()
    const after = edited(before)
    const { invoices, invoiced } = invoiceEdit(before, after, 300)
    expect(invoices[0]).toMatchObject({
      ...{ series: 'credit_note', cause: 'edit:3', total: 2_490 },
      document: {
        ...{ kind: 'amount', lines: [{ kind: 'refund', amount: 2_490 }], total: 2_490, taxTotal: 355 },
        taxLines: [{ amount: 326 }, { amount: 29 }],
      },
    })
    expect(invoiced).toMatchObject({ total: 2_590, isByLine: false })
  })

  it('has taxes by line after it where it had them before, and all of the invoice was credited', () => {
    const before = anInvoicedOrder()
    expect(invoiceEdit(before, edited(before)).invoiced?.isByLine).toBe(true)
    const { after: byAmount } = refunded(before, 290)
    expect(invoiceEdit(byAmount, edited(byAmount)).invoiced?.isByLine).toBe(false)
    expect(invoiceEdit(byAmount, edited(byAmount), 290).invoiced?.isByLine).toBe(false)
  })

  it('keeps the credit notes of refunds before', () => {
    const { after: before } = refunded(anInvoicedOrder(), 290)
    expect(invoiceEdit(before, edited(before)).invoiced?.total).toBe(2_000)
  })

  it('issues nothing while the order is not paid', () => {
    const before = aTaxedOrder()
    expect(invoiceEdit(before, edited(before))).toEqual({ invoices: [], invoiced: null })
  })
})
