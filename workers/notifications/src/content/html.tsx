/** @jsxImportSource hono/jsx */
import type { Labels, Letter } from './domain/letter.ts'
import type { MailData, OrderData } from './domain/mail-data.ts'
import { wordsOf } from './domain/write-letter.ts'

/**
 * No quotes, ampersands or angle brackets: they would be escaped. Colours by the reader's scheme; one column that fits 360
 * pixels; nothing is loaded.
 */
const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 0; background: #f4f4f5; color: #18181b; font: 16px/1.5 system-ui, -apple-system, Segoe UI, Roboto, sans-serif; }
main { box-sizing: border-box; max-width: 600px; margin: 0 auto; padding: 24px 16px; background: #ffffff; overflow-wrap: anywhere; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 16px; }
h2 { font-size: 16px; margin: 24px 0 8px; }
p { margin: 0 0 12px; }
.button { display: inline-block; padding: 12px 20px; border-radius: 6px; background: #1d4ed8; color: #ffffff; font-weight: 600; text-decoration: none; }
.small { font-size: 14px; color: #52525b; }
a { color: #1d4ed8; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: 8px 0; border-top: 1px solid #d4d4d8; }
dl { margin: 0; border-top: 1px solid #d4d4d8; padding-top: 8px; }
.sum { display: flex; justify-content: space-between; gap: 16px; }
dd { margin: 0; }
.amount { white-space: nowrap; }
.total { font-weight: 600; }
address { font-style: normal; margin: 0 0 12px; }
footer { box-sizing: border-box; max-width: 600px; margin: 0 auto; padding: 16px; }
@media (prefers-color-scheme: dark) {
body { background: #09090b; color: #f4f4f5; }
main { background: #18181b; }
.button { background: #93c5fd; color: #09090b; }
.small { color: #a1a1aa; }
a { color: #93c5fd; }
li, dl { border-color: #3f3f46; }
}`

/** The HTML part of a mail. Every text is escaped. */
export function htmlOf(letter: Letter, data: MailData): string {
  return `<!doctype html>${String(<Mail letter={letter} data={data} />)}`
}

function Mail({ letter, data }: { letter: Letter; data: MailData }) {
  const { labels } = wordsOf(data.locale)
  return (
    <html lang={data.locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{letter.subject}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{letter.heading}</h1>
          {letter.paragraphs.map((paragraph) => (
            <p>{paragraph}</p>
          ))}
          {letter.action && <Action action={letter.action} labels={labels} />}
          {data.about === 'order' && <Order order={data.order} labels={labels} />}
          {letter.note && <p class="small">{letter.note}</p>}
        </main>
        <footer class="small">
          <a href={data.shop.url}>{data.shop.name}</a>
          <address>{data.shop.address.join(', ')}</address>
        </footer>
      </body>
    </html>
  )
}

function Action({ action, labels }: { action: { label: string; url: string }; labels: Labels }) {
  return (
    <>
      <p>
        <a class="button" href={action.url}>
          {action.label}
        </a>
      </p>
      <p class="small">
        {labels.orOpen} <a href={action.url}>{action.url}</a>
      </p>
    </>
  )
}

function Order({ order, labels }: { order: OrderData['order']; labels: Labels }) {
  return (
    <section>
      <h2>
        {labels.order} {order.number}
      </h2>
      <ul aria-label={labels.items}>
        {order.items.map((item) => (
          <li>
            <div class="sum">
              <span>
                {item.quantity} × {item.name}
              </span>{' '}
              <span class="amount">{item.total}</span>
            </div>
            {item.options !== '' && <div class="small">{item.options}</div>}
          </li>
        ))}
      </ul>
      <dl>
        <Sum label={labels.subtotal} amount={order.subtotal} />
        <Sum label={labels.discount} amount={order.discount} />
        <Sum label={shippingLabel(order, labels)} amount={order.shipping} />
        {!order.tax_included && <Sum label={labels.tax} amount={order.tax} />}
        <Sum label={labels.total} amount={order.total} isTotal />
        {order.tax_included && <Sum label={labels.taxIncluded} amount={order.tax} />}
      </dl>
      {order.address.length > 0 && (
        <>
          <h2>{labels.deliveryTo}</h2>
          <address>
            {order.address.map((line) => (
              <div>{line}</div>
            ))}
          </address>
        </>
      )}
    </section>
  )
}

function Sum({ label, amount, isTotal = false }: { label: string; amount: string | null; isTotal?: boolean }) {
  if (amount === null) return null
  return (
    <div class={isTotal ? 'sum total' : 'sum'}>
      <dt>{label}</dt>
      <dd class="amount">{amount}</dd>
    </div>
  )
}

const shippingLabel = ({ shipping_method: method }: OrderData['order'], labels: Labels) =>
  method === null ? labels.shipping : `${labels.shipping}: ${method}`
