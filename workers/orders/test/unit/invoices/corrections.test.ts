import { newId } from '@shop/http/ids'
import { SHOP } from '@shop/settings/shop'
import { describe, expect, it } from 'vitest'
import { amountDocument, documentOf } from '../../../src/invoices/domain/document-of.ts'
import type { InvoiceCause, InvoiceSeries } from '../../../src/invoices/domain/due-invoice.ts'
import { correctedBy, currentInvoice, type Invoice } from '../../../src/invoices/domain/invoice.ts'
import { printedInvoice } from '../../../src/invoices/domain/printed-invoice.ts'
import { aTaxedOrder } from '../../support/invoiced-orders.ts'
import { anIssued } from '../../support/memory-invoices.ts'

const order = aTaxedOrder({ capturedAmount: 2_790 })
let sequence = 0

/** A document for a cause, issued with a version of the order. */
function issued(series: InvoiceSeries, cause: InvoiceCause, version: number, isWhole: boolean): Invoice {
  sequence += 1
  const document = isWhole ? documentOf(order) : amountDocument(order, [{ kind: 'refund', amount: 100 }], [])
  return anIssued({ ...order, version }, { series, cause, total: document.total, document }, sequence)
}

/** An order that was captured in part, refunded, edited, and refunded again; the bank returned the second refund. */
function aHistory() {
  const refundId = newId('refund')
  const paid = issued('invoice', 'paid', 2, true)
  const uncaptured = issued('credit_note', 'uncaptured', 2, false)
  const credited = issued('credit_note', 'edit:3', 3, true)
  const edited = issued('invoice', 'edit:3', 3, true)
  const refunded = issued('credit_note', `refund:${refundId}`, 4, false)
  const other = issued('credit_note', `refund:${newId('refund')}`, 4, false)
  const returned = issued('invoice', `refund_returned:${refundId}`, 5, false)
  return { paid, uncaptured, credited, edited, refunded, other, returned }
}

describe('the invoice of an order now', () => {
  it('is the last one over the whole order, in whatever order they are read', () => {
    const { paid, edited, ...others } = aHistory()
    expect(currentInvoice([edited, ...Object.values(others), paid])).toBe(edited)
    expect(currentInvoice([...Object.values(others), paid])).toBe(paid)
    expect(currentInvoice(Object.values(others))).toBeUndefined()
  })
})

describe('the document that another one corrects', () => {
  it('is the invoice over the whole order that a credit note was issued with or after', () => {
    const { paid, uncaptured, edited, refunded, returned } = aHistory()
    const all = [returned, refunded, edited, uncaptured, paid]
    expect(correctedBy(all, uncaptured)).toBe(paid)
    expect(correctedBy(all, refunded)).toBe(edited)
  })

  it('is the invoice before an edit for the credit note of the edit', () => {
    const { paid, credited, edited } = aHistory()
    expect(correctedBy([edited, credited, paid], credited)).toBe(paid)
  })

  it('is the credit note of the same refund for the invoice of a returned refund', () => {
    const { refunded, other, returned } = aHistory()
    expect(correctedBy([other, refunded, returned], returned)).toBe(refunded)
    expect(correctedBy([other], returned)).toBeUndefined()
  })

  it('is none for an invoice over the whole order', () => {
    const { paid, credited, edited } = aHistory()
    expect([paid, edited].map((one) => correctedBy([paid, credited, edited], one))).toEqual([undefined, undefined])
  })

  it('is printed on both kinds', () => {
    const history = aHistory()
    const factOf = (invoice: Invoice) =>
      printedInvoice(invoice, { order, issued: Object.values(history), shop: SHOP }).facts.slice(3)
    expect(factOf(history.refunded)).toEqual([{ label: 'Corrects', value: history.edited.number }])
    expect(factOf(history.returned)).toEqual([{ label: 'Takes back', value: history.refunded.number }])
    expect(factOf(history.edited)).toEqual([])
  })
})
