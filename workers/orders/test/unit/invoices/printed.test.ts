import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { SHOP } from '@shop/settings/shop'
import { describe, expect, it } from 'vitest'
import { NO_UNITS } from '../../../src/fulfillment/domain/units.ts'
import { amountDocument, documentOf } from '../../../src/invoices/domain/document-of.ts'
import type { DueInvoice } from '../../../src/invoices/domain/due-invoice.ts'
import { creditRefund } from '../../../src/invoices/domain/invoicing.ts'
import { printedInvoice } from '../../../src/invoices/domain/printed-invoice.ts'
import { printedPackingSlip } from '../../../src/invoices/domain/printed-packing-slip.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { aLineRefund, anInvoicedOrder, aTaxedOrder } from '../../support/invoiced-orders.ts'
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
    expect(document).toMatchObject({ title: 'Invoice INV-1', language: 'en', notes: [] })
    expect(document.facts).toEqual([
      { label: 'Date', value: 'November 23, 2026' },
      { label: 'Order', value: '1001' },
      { label: 'Ordered on', value: 'November 23, 2026' },
    ])
    expect(document.columns).toEqual([
      { label: 'Description', align: 'left', width: 0.43 },
      { label: 'Quantity', align: 'right', width: 0.12 },
      { label: 'Unit price', align: 'right', width: 0.17 },
      { label: 'Tax', align: 'right', width: 0.11 },
      { label: 'Amount', align: 'right', width: 0.17 },
    ])
    expect(document.pageLabel(1, 2)).toBe('Page 1 of 2')
    expect(document.rows).toEqual([
      ['Mug\ncolour: blue, MUG-BLUE', '2', '€10.00', '19%', '€20.00'],
      ['Filter papers', '1', '€5.00', '7%', '€5.00'],
    ])
    expect(document.sums.filter(({ isStrong }) => isStrong).map(({ label }) => label)).toEqual(['Total'])
    expect(valuesOf(document.sums)).toEqual([
      ...['Subtotal €25.00', 'Discount -€2.00', 'Shipping: Parcel €4.90', 'Total €27.90'],
      ...['VAT 19% (included) €3.65', 'VAT 7% (included) €0.33', 'Net amount €23.92'],
    ])
  })

  it('leaves out a discount of 0, and shipping of an order without any', () => {
    const plain = printed(euros({ discountTotal: 0, shipping: null }))
    expect(valuesOf(plain.sums).slice(0, 2)).toEqual(['Subtotal €25.00', 'Total €27.90'])
  })

  it('has the options of a line without an article number', () => {
    const order = euros()
    const lines = order.lines.map((line) => ({ ...line, sku: null }))
    expect(printed({ ...order, lines }).rows.map(([name]) => name)).toEqual(['Mug\ncolour: blue', 'Filter papers'])
  })

  it('has all rates of a line', () => {
    const order = euros()
    const [mugs, ...others] = order.lines
    if (mugs === undefined) throw new Error('An order of two lines')
    const taxLines = [...mugs.taxLines, { rateId: 'city', name: 'City', rate: '0.00125', amount: 2 }]
    expect(printed({ ...order, lines: [{ ...mugs, taxLines }, ...others] }).rows[0]?.[3]).toBe('19% + 0.125%')
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
    const thai = printed(anInvoicedOrder({ currency: currency('THB') }), GERMAN)
    expect(thai.rows[0]?.at(-1)).toMatch(/^20,00\sTHB$/)
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
    expect(printed(euros({ shippingAddress: null })).blocks).toEqual([{ label: 'Bill to', lines: [] }])
  })

  it('is addressed to where it is delivered without a bill, and names one address where both are the same', () => {
    const shippingAddress = { name: 'Ada', line1: '1 Main St', city: 'Springfield', country: 'US' }
    const to = [{ label: 'Bill to', lines: ['Ada', '1 Main St', 'Springfield', 'US'] }]
    expect(printed(euros({ shippingAddress, email: 'ada@example.com' })).blocks).toEqual(to)
    expect(printed(euros({ shippingAddress, billingAddress: shippingAddress })).blocks).toEqual(to)
    expect(printed(euros({ shippingAddress: null, billingAddress: shippingAddress })).blocks).toEqual(to)
  })

  it('is from the shop, by what it has of an address', () => {
    const address = { ...SHOP.address, line2: 'Second floor', region: null, postalCode: null }
    expect(printed(euros(), { ...SHOP, address }).sender).toEqual([
      ...['Example Shop Ltd', '1 Main Street', 'Second floor', 'Springfield', 'US'],
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
    expect(document.columns).toEqual([
      { label: 'Description', align: 'left', width: 0.66 },
      { label: 'Quantity', align: 'right', width: 0.14 },
      { label: 'Amount', align: 'right', width: 0.2 },
    ])
    expect(document.rows).toEqual([
      ['Mug\nMUG-BLUE', '1', '€9.00'],
      ['Shipping', '', '€4.90'],
      ['Restocking fee', '', '-€1.00'],
    ])
    expect(valuesOf(document.sums)[0]).toBe('Total €12.90')
  })
})

describe('the names of amounts', () => {
  it('are in the language of the shop', () => {
    const order = aTaxedOrder({ currency: currency('EUR') })
    const lines = [
      { kind: 'refund', amount: 100 },
      { kind: 'uncaptured', amount: 200 },
    ] as const
    const due = { series: 'credit_note', cause: 'uncaptured', total: 300 } as const
    const document = amountDocument(order, [...lines], [])
    const { rows } = printedInvoice(anIssued(order, { ...due, document }, 1), { order, issued: [], shop: GERMAN })
    expect(rows.map(([name]) => name)).toEqual(['Erstattung', 'Nicht berechnet'])
  })
})

describe('a packing slip', () => {
  const [mugs, papers] = aTaxedOrder().lines
  if (mugs === undefined || papers === undefined) throw new Error('An order of two lines')
  const lines = [mugs, { ...papers, units: { ...NO_UNITS, removed: 1 } }]
  const order = aTaxedOrder({ lines, number: 1_001, version: 4 })

  it('has all units that were not refunded before they shipped, and no prices', () => {
    const slip = printedPackingSlip(order, undefined, SHOP)
    expect(slip).toEqual({
      ...{ title: 'Packing slip 1001', language: 'en', sums: [], notes: [], at: order.createdAt },
      sender: ['Example Shop Ltd', '1 Main Street', '62701 Springfield IL', 'US'],
      blocks: [{ label: 'Ship to', lines: ['1 Main St', 'Springfield'] }],
      facts: [{ label: 'Date', value: 'November 23, 2026' }],
      columns: [
        { label: 'Description', align: 'left', width: 0.8 },
        { label: 'Quantity', align: 'right', width: 0.2 },
      ],
      rows: [['Mug\ncolour: blue, MUG-BLUE', '2']],
      pageLabel: expect.any(Function),
    })
    expect(slip.pageLabel(2, 3)).toBe('Page 2 of 3')
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
    expect(slip.facts.slice(1)).toEqual([
      { label: 'Shipment', value: shipment.id },
      { label: 'Carrier', value: 'DHL' },
      { label: 'Tracking number', value: '4711' },
    ])
    const untracked = { ...shipment, carrier: null, trackingNumber: null, items: [...shipment.items] }
    expect(printedPackingSlip(order, untracked, SHOP).facts.map(({ label }) => label)).toEqual(['Date', 'Shipment'])
  })
})
