import { createHash } from 'node:crypto'
import { format } from '../currencies.ts'
import type { PaymentIntent, SetupIntent } from '../objects.ts'

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem}' +
  'button{font:inherit;padding:.5rem 1.25rem;margin-right:.5rem}'
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/** The bank's page for a payment (or a card to save) that asks for authentication, or what has become of it. */
export function authenticationPage(intent: PaymentIntent | SetupIntent): string {
  const { status, description } = intent
  const what = intent.object === 'payment_intent' ? `Payment of <strong>${priceOf(intent)}</strong>` : 'A card to save'
  const said = escaped(SAID[status] ?? `It is ${status}.`)
  return page(
    `<p>${what}${description ? ` for ${escaped(description)}` : ''}</p>
${status === 'requires_action' ? FORM : `<p id="status">${said} You may close this window.</p>`}`,
  )
}

function priceOf({ amount, currency }: PaymentIntent): string {
  return escaped(`${format(amount, currency)} ${currency.toUpperCase()}`)
}

export function notFoundPage(): string {
  return page('<p>There is no such payment.</p>')
}

/**
 * Nothing but its own style, and a form that goes here.
 *
 * @param returnUrl where the answer to the form redirects: browsers hold that against `form-action` too
 */
export function pageHeaders(returnUrl: string | undefined): Record<string, string> {
  const actions = returnUrl === undefined ? "'self'" : `'self' ${sourceOf(new URL(returnUrl))}`
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy':
      `default-src 'none'; style-src ${STYLE_HASH}; form-action ${actions}; base-uri 'none'; ` +
      "frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  }
}

const FORM = `<p>Your bank asks whether it is you.</p>
<form method="post">
<button name="outcome" value="complete">Complete</button>
<button name="outcome" value="fail">Fail</button>
</form>`

const SAID: Partial<Record<string, string>> = {
  succeeded: 'It has succeeded.',
  requires_capture: 'The payment is authorized.',
  requires_payment_method: 'It has failed.',
  canceled: 'It is canceled.',
}

function page(content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Confirm your payment</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Confirm your payment</h1>
${content}
</body>
</html>
`
}

/** An app's own scheme has no host. A host may hold what would begin another directive: it gets no permission. */
function sourceOf({ protocol, origin }: URL): string {
  if (/[;,']/.test(origin)) return ''
  return origin === 'null' ? protocol : origin
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
