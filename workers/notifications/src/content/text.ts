import type { Labels, Letter } from './domain/letter.ts'
import type { MailData, OrderData } from './domain/mail-data.ts'
import { wordsOf } from './domain/write-letter.ts'

/** The text part of a mail, with the same content as its HTML. */
export function textOf(letter: Letter, data: MailData): string {
  const { labels } = wordsOf(data.locale)
  const blocks = [
    letter.heading,
    ...letter.paragraphs,
    letter.action && `${letter.action.label}:\n${letter.action.url}`,
    data.about === 'order' ? orderText(data.order, labels) : undefined,
    letter.note,
    ['--', data.shop.name, ...data.shop.address, data.shop.url].join('\n'),
  ]
  return `${blocks.filter((block) => block !== undefined).join('\n\n')}\n`
}

function orderText(order: OrderData['order'], labels: Labels): string {
  const items = order.items.map(
    ({ quantity, name, options, total }) => `${quantity} × ${name}${options === '' ? '' : ` (${options})`}: ${total}`,
  )
  const sums = [
    [labels.subtotal, order.subtotal],
    [labels.discount, order.discount],
    [labels.shipping, order.shipping],
    [labels.tax, order.tax_included ? null : order.tax],
    [labels.total, order.total],
    [labels.taxIncluded, order.tax_included ? order.tax : null],
  ].flatMap(([label, amount]) => (amount === null ? [] : [`${label}: ${amount}`]))
  const address = order.address.length === 0 ? [] : [`${labels.deliveryTo}:\n${order.address.join('\n')}`]
  return [`${labels.order} ${order.number}`, items.join('\n'), sums.join('\n'), ...address].join('\n\n')
}
