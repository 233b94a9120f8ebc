import type { LineRefund } from '../../fulfillment/domain/line-refund.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { PricedPart, TaxLine } from '../../pricing/domain/pricing.ts'
import { shareOf } from './invoiced.ts'

/**
 * The taxes in a refund by line: of each line and of shipping its own. A part of a line has the tax up to where it ends less that
 * up to where it begins, so that all parts of a line together have its tax. A restocking fee takes its share off all of them.
 */
export function taxesOfLines(order: Order, refund: LineRefund): TaxLine[] {
  const before = refundsBefore(order, refund)
  const parts = [
    ...refund.items.flatMap(({ lineId, amount }) => {
      const line = order.lines.find(({ id }) => id === lineId)
      const from = sum(before.flatMap(({ items }) => items.filter((item) => item.lineId === lineId)))
      return line === undefined ? [] : taxesOfPart(line, from, amount)
    }),
    ...(order.shipping === null
      ? []
      : taxesOfPart(order.shipping, sum(before.map(({ shipping: amount }) => ({ amount }))), refund.shipping)),
  ]
  const { amount, restockingFee } = refund
  return addedByRate(parts).map((line) => ({ ...line, amount: shareOf(line.amount, amount, amount + restockingFee) }))
}

/** Earlier refunds by line that count, so that a part of a line has one place in it whichever refund succeeds first. */
function refundsBefore({ lineRefunds }: Order, { refundId }: LineRefund): LineRefund[] {
  const index = lineRefunds.findIndex((one) => one.refundId === refundId)
  return lineRefunds.slice(0, Math.max(0, index)).filter(({ state }) => state !== 'released')
}

function taxesOfPart({ total, taxLines }: Pick<PricedPart, 'total' | 'taxLines'>, from: number, amount: number) {
  const upTo = (line: TaxLine, end: number) => shareOf(line.amount, Math.min(end, total), total)
  return taxLines.map((line) => ({ ...line, amount: upTo(line, from + amount) - upTo(line, from) }))
}

function addedByRate(taxLines: TaxLine[]): TaxLine[] {
  const rates = new Map<string, TaxLine>()
  for (const line of taxLines) {
    rates.set(line.rateId, { ...line, amount: (rates.get(line.rateId)?.amount ?? 0) + line.amount })
  }
  return [...rates.values()]
}

const sum = (amounts: { amount: number }[]): number => amounts.reduce((total, { amount }) => total + amount, 0)
