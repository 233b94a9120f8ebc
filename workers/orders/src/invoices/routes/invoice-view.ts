import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { INVOICE_SERIES } from '../domain/due-invoice.ts'
import { correctedBy, type Invoice } from '../domain/invoice.ts'

export const InvoiceView = z
  .strictObject({
    number: z.string().meta({ description: 'Consecutive, without gaps, for each kind', example: 'INV-1001' }),
    kind: z.enum(INVOICE_SERIES).meta({ example: 'invoice' }),
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    reason: z.enum(['paid', 'uncaptured', 'cancelled', 'refund', 'refund_returned', 'edit']).meta({
      description:
        '`paid`: the order was paid; `uncaptured`: a part of the authorization was not captured; `cancelled`: gift cards got it ' +
        'back, or it was still to be paid, when the order was cancelled; `refund`: a refund; `refund_returned`: the bank returned ' +
        'it; `edit`: the order was changed',
      example: 'paid',
    }),
    corrects: z
      .string()
      .nullable()
      .meta({ description: 'Number of the document that this one corrects', example: null }),
    total_amount: Amount.meta({ description: 'With tax, in major units', example: 1299.99 }),
    tax_amount: Amount.meta({ description: 'The tax included in the total, in major units', example: 0 }),
    currency: z.string().meta({ example: 'USD' }),
    issued_at: Instant,
    pdf: z.string().meta({
      description: 'Path of the document as PDF',
      example: `/api/orders/${ORDER_ID_EXAMPLE}/invoice.pdf?number=INV-1001`,
    }),
  })
  .meta({ id: 'Invoice' })

/** @param issued all documents of the order, in which it may correct one */
export function toInvoiceView(invoice: Invoice, issued: readonly Invoice[]): z.infer<typeof InvoiceView> {
  const { number, series, orderId, total, document, currency, issuedAt } = invoice
  return {
    number,
    kind: series,
    order_id: orderId,
    reason: reasonOf(invoice),
    corrects: correctedBy(issued, invoice)?.number ?? null,
    total_amount: toMajor(total, currency),
    tax_amount: toMajor(document.taxTotal, currency),
    currency,
    issued_at: issuedAt.toISOString(),
    pdf: `/api/orders/${orderId}/invoice.pdf?number=${encodeURIComponent(number)}`,
  }
}

function reasonOf({ cause }: Invoice): z.infer<typeof InvoiceView>['reason'] {
  if (cause.startsWith('refund:')) return 'refund'
  if (cause.startsWith('refund_returned:')) return 'refund_returned'
  if (cause.startsWith('edit:')) return 'edit'
  return cause === 'uncaptured' || cause === 'cancelled' ? cause : 'paid'
}
