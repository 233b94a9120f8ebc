import { html } from '@shop/emulator-kit/html'
import type { Mail } from '../mail.ts'
import { page } from './page.ts'

/** All mails, newest first. */
export function listPage(mails: readonly Mail[], to: string | undefined): string {
  const rows = mails.toReversed().map(
    (mail) => html`<li><a href="/mails/${mail.id}"><span class="subject">${mail.subject}</span><br>
<span class="small">to ${mail.to.join(', ')} · ${mail.sentAt.replace('T', ' ').slice(0, 19)}</span></a></li>
`,
  )
  const none = html`<p>No mails yet. What the shop sends appears here; reload to see it.</p>`
  return page(
    'Mails',
    html`<h1>Mails</h1>
<form action="/"><label>to <input name="to" type="search" value="${to ?? ''}" placeholder="an address"></label> <button>Show</button></form>
${rows.length === 0 ? none : html`<ul>${rows}</ul>`}
<p class="small"><a href="/mails${to ? html`?to=${encodeURIComponent(to)}`.text : ''}">JSON</a></p>`,
  )
}

/** One mail: its HTML in a frame that runs no script, its text, and what its recipient can report. */
export function mailPage(mail: Mail, hasWebhook: boolean): string {
  const field = (name: string, value: string) => (value === '' ? html`` : html`<dt>${name}</dt><dd>${value}</dd>`)
  const report = (kind: string, label: string) =>
    html`<form method="post" action="/mails/${mail.id}/reports"><input type="hidden" name="report" value="${kind}"><button>${label}</button></form>`
  return page(
    mail.subject,
    html`<p><a href="/">All mails</a></p><h1>${mail.subject}</h1>
<dl>${field('from', mail.from)}${field('to', mail.to.join(', '))}${field('cc', mail.cc.join(', '))}${field('sent', mail.sentAt)}
${field('via', mail.via)}${field('key', mail.idempotency?.key ?? '')}</dl>
${
  mail.html === null
    ? html``
    : html`<iframe title="The mail" src="/mails/${mail.id}/html"></iframe>
<p class="small"><a href="/mails/${mail.id}/html">Open it alone</a></p>`
}
${mail.text === null ? html`` : html`<h2>Text</h2><pre>${mail.text}</pre>`}
${hasWebhook ? html`<h2>Report to the shop</h2>${report('bounce', 'The address does not exist')}${report('complaint', 'It is spam')}` : html``}`,
  )
}

/** For the HTML of a mail: no scripts; its links open in a tab of their own. */
export const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; sandbox allow-popups allow-popups-to-escape-sandbox"

/** The HTML of a mail, as it is but for where its links open. */
export function mailHtml({ html: body }: Mail): string {
  return (body ?? '').replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`)
}
