import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { SHOP } from '@shop/settings/shop'
import { describe, expect, it } from 'vitest'
import { NO_UNITS } from '../../../src/fulfillment/domain/units.ts'
import { documentOf } from '../../../src/invoices/domain/document-of.ts'
import type { DueInvoice } from '../../../src/invoices/domain/due-invoice.ts'
import { creditRefund } from '../../../src/invoices/domain/invoicing.ts'
import { printedInvoice } from '../../../src/invoices/domain/printed-invoice.ts'
import { printedPackingSlip } from '../../../src/invoices/domain/printed-packing-slip.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { aLineRefund, anInvoicedOrder } from '../../support/invoiced-orders.ts'
import { anIssued } from '../../support/memory-invoices.ts'

const GERMAN = { ...SHOP, locales: ['de', 'en'] as const, vatId: 'DE123456789' }

const invoiceOf = (order: Order) => {
  const due: DueInvoice = { series: 'invoice', cause: 'paid', total: order.total, document: documentOf(order) }
  return anIssued(order, due, 1)
}
function printed(order: Order, shop: Parameters<typeof printedInvoice>[1]['shop'] = SHOP) {
  const invoice = invoiceOf(order)
  return printedInvoice(invoice, { order, issued: [invoice], shop })
}
const valuesOf = (sums: { label: string; value: string }[]) => sums.map(({ label, value }) => `${label} ${value}`)
const euros = (over: Partial<Order> = {}) => anInvoicedOrder({ currency: currency('EUR'), number: 1_001, ...over })

describe('a printed invoice', () => {
  it('has its number, the order, its lines and its sums', () => {
    const document = printed(euros())
    expect(document.title).toBe('Invoice INV-1')
    expect(document.facts).toContainEqual({ label: 'Order', value: '1001' })
    expect(document.rows).toEqual([
      ['Mug\ncolour: blue, MUG-BLUE', '2', '€10.00', '19%', '€20.00'],
      ['Filter papers', '1', '€5.00', '7%', '€5.00'],
    ])
    expect(valuesOf(document.sums)).toEqual([
      ...['Subtotal €25.00', 'Discount -€2.00', 'Shipping: Parcel €4.90', 'Total €27.90'],
      ...['VAT 19% (included) €3.65', 'VAT 7% (included) €0.33', 'Net amount €23.92'],
    ])
  })

  it('adds tax that prices do not include before the total', () => {
    const order = euros({ pricesIncludeTax: false, total: 3_188, capturedAmount: 3_188 })
    expect(valuesOf(printed(order).sums).slice(3)).toEqual([
      ...['Net amount €27.90', 'VAT 19% €3.65', 'VAT 7% €0.33', 'Total €31.88'],
    ])
  })

  it('is in the language of the shop, as far as there is one', () => {
    const document = printed(euros(), GERMAN)
    expect(document).toMatchObject({ title: 'Rechnung INV-1', language: 'de' })
    expect(document.sender.at(-1)).toBe('USt-IdNr. DE123456789')
    expect(document.rows[0]?.at(-1)).toMatch(/^20,00\s€$/)
    expect(printed(euros(), { ...SHOP, locales: ['fr', 'ja'] }).title).toBe('Invoice INV-1')
  })

  it('writes the code of a currency whose sign is not printed', () => {
    const thai = printed(anInvoicedOrder({ currency: currency('THB') }), { ...SHOP, locales: ['en-TH'] })
    expect(thai.rows[0]?.at(-1)).toMatch(/^THB\s20\.00$/)
  })

  it('is addressed to the bill, and names another address of delivery', () => {
    const billingAddress = { name: 'Ada', line1: '1 Main St', city: 'Springfield', country: 'US' }
    const { blocks } = printed(euros({ billingAddress, shippingAddress: 'Grace\n2 Side St', vatId: 'DE136695976' }))
    expect(blocks).toEqual([
      { label: 'Bill to', lines: ['Ada', '1 Main St', 'Springfield', 'US', 'VAT ID DE136695976'] },
      { label: 'Ship to', lines: ['Grace', '2 Side St'] },
    ])
    expect(printed(euros({ shippingAddress: null, email: 'ada@example.com' })).blocks).toEqual([
      { label: 'Bill to', lines: ['ada@example.com'] },
    ])
  })

  it('says why no tax is charged', () => {
    const notes = (taxExemption: Order['taxExemption']) =>
      printed(euros({ taxExemption, taxLines: [], taxTotal: 0 })).notes
    expect(notes('reverse_charge')).toEqual(['Reverse charge: the recipient owes the tax.'])
    expect(notes('buyer')).toEqual(['The recipient is exempt from tax.'])
    expect(notes(null)).toEqual([])
  })
})

describe('a printed credit note', () => {
  it('has what is credited, and names the invoice', () => {
    const order = euros()
    const refund = aLineRefund(order, [[0, 1, 900]], { shipping: 490, restockingFee: 100 })
    const after = { ...order, refundedAmount: refund.amount, lineRefunds: [refund], version: 3 }
    const [due] = creditRefund(after, refund, refund).invoices
    if (due === undefined) throw new Error('A credit note')
    const issued = [invoiceOf(order), anIssued(after, due, 7)]
    const document = printedInvoice(anIssued(after, due, 7), { order: after, issued, shop: SHOP })
    expect(document.title).toBe('Credit note CN-7')
    expect(document.facts.at(-1)).toEqual({ label: 'Corrects', value: 'INV-1' })
    expect(document.rows).toEqual([
      ['Mug\nMUG-BLUE', '1', '€9.00'],
      ['Shipping', '', '€4.90'],
      ['Restocking fee', '', '-€1.00'],
    ])
    expect(valuesOf(document.sums)[0]).toBe('Total €12.90')
  })
})

describe('a packing slip', () => {
  const [mugs, papers] = anInvoicedOrder().lines
  if (mugs === undefined || papers === undefined) throw new Error('An order of two lines')
  const lines = [mugs, { ...papers, units: { ...NO_UNITS, removed: 1 } }]
  const order = euros({ lines, version: 4 })

  it('has all units that were not refunded before they shipped, and no prices', () => {
    const slip = printedPackingSlip(order, undefined, SHOP)
    expect(slip.rows).toEqual([['Mug\ncolour: blue, MUG-BLUE', '2']])
    expect(JSON.stringify(slip)).not.toContain('€')
  })

  it('of a shipment has its units and its tracking', () => {
    const shipment = {
      id: newId('shipment'),
      ...{ status: 'packed' as const, carrier: 'DHL', trackingNumber: '4711', trackingUrl: null },
      ...{
        shippedAt: null,
        deliveredAt: null,
        cancelledAt: null,
        createdAt: order.createdAt,
        updatedAt: order.createdAt,
      },
      items: [{ lineId: mugs.id, quantity: 1 }],
    } as const
    const slip = printedPackingSlip(order, { ...shipment, items: [...shipment.items] }, SHOP)
    expect(slip.rows).toEqual([['Mug\ncolour: blue, MUG-BLUE', '1']])
    expect(slip.facts.slice(1).map(({ value }) => value)).toEqual([shipment.id, 'DHL', '4711'])
  })
})
