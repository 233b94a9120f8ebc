import { createHash } from 'node:crypto'
import { format } from '../api/currencies.ts'
import type { PaymentIntent, SetupIntent } from '../store/objects.ts'

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem}' +
  'button{font:inherit;padding:.5rem 1.25rem;margin-right:.5rem}'
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/** The bank's page for a payment or a card setup that requires authentication, or its final status. */
export function authenticationPage(intent: PaymentIntent | SetupIntent): string {
  const { status, description } = intent
  const what = intent.object === 'payment_intent' ? `Payment of <strong>${priceOf(intent)}</strong>` : 'Card to save'
  const shown = escaped(SHOWN_STATUS[status] ?? status)
  return page(
    `<p>${what}${description ? ` for ${escaped(description)}` : ''}</p>
${status === 'requires_action' ? FORM : `<p id="status">Status: ${shown}. You can close this window.</p>`}`,
  )
}

function priceOf({ amount, currency }: PaymentIntent): string {
  return escaped(`${format(amount, currency)} ${currency.toUpperCase()}`)
}

export function notFoundPage(): string {
  return page('<p>Payment not found.</p>')
}

/**
 * Allows only the page's own style and a form that posts to this page.
 *
 * @param returnUrl the redirect target of the form, which browsers check against `form-action` too
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

const FORM = `<p>Your bank asks you to confirm that this is you.</p>
<form method="post">
<button name="outcome" value="complete">Complete</button>
<button name="outcome" value="fail">Fail</button>
</form>`

const SHOWN_STATUS: Partial<Record<string, string>> = {
  requires_capture: 'authorized',
  requires_payment_method: 'failed',
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

/** An app's own scheme has no host. A host with characters that would start another directive is not allowed. */
function sourceOf({ protocol, origin }: URL): string {
  if (/[;,']/.test(origin)) return ''
  return origin === 'null' ? protocol : origin
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
