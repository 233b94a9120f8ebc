import { formatMoney } from '@shop/kernel/format-money'
import type { ShopSettings } from '@shop/settings/shop-settings'
import { addressLines } from '../../orders/domain/address-lines.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { TaxLine } from '../../pricing/domain/pricing.ts'
import { type DocumentLabels, languageOf } from '../../printing/domain/labels.ts'
import { isPrintableSign } from '../../printing/domain/printable.ts'
import type { Printed } from '../../printing/domain/printed.ts'
import { correctedBy, type Invoice, type InvoiceBuyer } from './invoice.ts'
import type { AmountLine, InvoiceDocument, OrderDocument } from './invoice-document.ts'
import { dateIn, describe, senderOf } from './printed-parts.ts'

type Words = { locale: string; labels: DocumentLabels; money: (minor: number) => string }

/**
 * An invoice or a credit note as it is printed, in the language of the shop. Every amount is a stored one.
 *
 * @param issued all documents of the order, to name the one that this one corrects
 */
export function printedInvoice(
  invoice: Invoice,
  { order, issued, shop }: { order: Order; issued: readonly Invoice[]; shop: ShopSettings },
): Printed {
  const { locale, labels } = languageOf(shop.locales)
  const words: Words = { locale, labels, money: moneyIn(invoice, locale) }
  const corrected = correctedBy(issued, invoice)
  const date = dateIn(locale, shop.timeZone)
  const isCredit = invoice.series === 'credit_note'
  return {
    title: `${isCredit ? labels.creditNote : labels.invoice} ${invoice.number}`,
    language: locale,
    sender: senderOf(shop, labels),
    blocks: blocksOf(invoice.buyer, labels),
    facts: [
      { label: labels.date, value: date(invoice.issuedAt) },
      { label: labels.order, value: String(order.number) },
      { label: labels.ordered, value: date(order.createdAt) },
      ...(corrected === undefined
        ? []
        : [{ label: isCredit ? labels.corrects : labels.takesBack, value: corrected.number }]),
    ],
    ...tableOf(invoice.document, words),
    sums: sumsOf(invoice.document, words),
    notes: notesOf(invoice.document, labels),
    pageLabel: (page, pages) => labels.page.replace('{page}', String(page)).replace('{pages}', String(pages)),
    at: invoice.issuedAt,
  }
}

function moneyIn({ currency }: Invoice, locale: string): (minor: number) => string {
  const withSign = formatMoney(currency, locale)
  return isPrintableSign(withSign(0)) ? withSign : formatMoney(currency, locale, 'code')
}

/** The billing address, and the shipping address if it differs. */
function blocksOf({ email, vatId, ...buyer }: InvoiceBuyer, labels: DocumentLabels): Printed['blocks'] {
  const [billed, shipped] = [addressLines(buyer.billingAddress), addressLines(buyer.shippingAddress)]
  const lines = billed.length > 0 ? billed : shipped
  const named = lines.length === 0 && email !== null ? [email] : lines
  const hasOther = billed.length > 0 && shipped.length > 0 && billed.join('\n') !== shipped.join('\n')
  return [
    { label: labels.billTo, lines: [...named, ...(vatId === null ? [] : [`${labels.vatId} ${vatId}`])] },
    ...(hasOther ? [{ label: labels.shipTo, lines: shipped }] : []),
  ]
}

function tableOf(document: InvoiceDocument, words: Words): Pick<Printed, 'columns' | 'rows'> {
  const { labels, money } = words
  const text = { label: labels.description, align: 'left' } as const
  const figure = (label: string, width: number) => ({ label, align: 'right', width }) as const
  if (document.kind === 'amount') {
    return {
      columns: [{ ...text, width: 0.66 }, figure(labels.quantity, 0.14), figure(labels.amount, 0.2)],
      rows: document.lines.map((line) => [
        nameOf(line, labels),
        line.kind === 'item' ? String(line.quantity) : '',
        money(line.amount),
      ]),
    }
  }
  return {
    columns: [
      { ...text, width: 0.43 },
      figure(labels.quantity, 0.12),
      figure(labels.unitPrice, 0.17),
      figure(labels.taxRate, 0.11),
      figure(labels.amount, 0.17),
    ],
    rows: document.lines.map((line) => [
      describe(line),
      String(line.quantity),
      money(line.unitPrice),
      line.taxLines.map(({ rate }) => percent(rate, words.locale)).join(' + '),
      money(line.subtotal),
    ]),
  }
}

function nameOf(line: AmountLine, labels: DocumentLabels): string {
  switch (line.kind) {
    case 'item':
      return describe({ ...line, options: {} })
    case 'shipping':
      return labels.shipping
    case 'restocking_fee':
      return labels.restockingFee
    case 'refund':
      return labels.refund
    case 'uncaptured':
      return labels.uncaptured
  }
}

/** From the subtotal to the total, each step with what it adds. Tax that prices include comes after the total. */
function sumsOf(document: InvoiceDocument, words: Words): Printed['sums'] {
  const { labels, money } = words
  const net = { label: labels.net, value: money(document.total - document.taxTotal) }
  const total = { label: labels.total, value: money(document.total), isStrong: true }
  const steps = document.kind === 'order' ? stepsOf(document, words) : []
  const taxes = document.taxLines.map((line) => ({ label: taxLabel(line, words), value: money(line.amount) }))
  if (!document.pricesIncludeTax) return [...steps, net, ...taxes, total]
  const included = taxes.map(({ label, value }) => ({ label: `${label} (${labels.included})`, value }))
  return [...steps, total, ...included, net]
}

function stepsOf({ subtotal, discountTotal, shipping }: OrderDocument, { labels, money }: Words): Printed['sums'] {
  return [
    { label: labels.subtotal, value: money(subtotal) },
    ...(discountTotal === 0 ? [] : [{ label: labels.discount, value: money(-discountTotal) }]),
    ...(shipping === null ? [] : [{ label: `${labels.shipping}: ${shipping.name}`, value: money(shipping.subtotal) }]),
  ]
}

const taxLabel = ({ name, rate }: TaxLine, { locale }: Words): string => `${name} ${percent(rate, locale)}`

/** A rate is a decimal fraction: 0.19. */
const percent = (rate: string, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4 }).format(Number(rate))

function notesOf({ taxExemption }: InvoiceDocument, labels: DocumentLabels): string[] {
  if (taxExemption === null) return []
  return [taxExemption === 'reverse_charge' ? labels.reverseCharge : labels.exempt]
}
