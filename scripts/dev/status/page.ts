import { Html, html } from '@shop/emulator-kit/html'
import type { DatabaseOverview } from '@shop/neon-emulator/tables'
import type { EventBacklog, SetFault, StripeObject, StripeOverview } from './sources.ts'
import type { Found, Status } from './status.ts'
import { table } from './table.ts'

/** The whole style sheet: the page loads nothing. */
export const STYLE = `
:root{color-scheme:light dark;font:14px/1.45 system-ui,sans-serif}
body{margin:1.5rem auto;max-width:75rem;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2rem 0 .4rem}h3{font-size:1rem;margin:1rem 0 .3rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.2rem .7rem .2rem 0;border-bottom:1px solid #8884;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;opacity:.7;white-space:nowrap}td{font-family:ui-monospace,monospace;font-size:.85rem}
.number{font-variant-numeric:tabular-nums}.none{opacity:.65;margin:.2rem 0}.bad{color:#c33}
`

export type PageOptions = { status: Status; shopUrl: string; now: Date; refreshSeconds: number | undefined }

/** The status page: plain HTML that runs no script. */
export function page({ status, shopUrl, now, refreshSeconds }: PageOptions): string {
  const refresh = refreshSeconds === undefined ? [] : [html`<meta http-equiv="refresh" content="${refreshSeconds}">`]
  const refreshing = refreshSeconds === undefined ? REFRESHING : html`<a href="/">stop refreshing</a>`
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Local shop: status</title>${refresh}
<meta name="viewport" content="width=device-width"><style>${new Html(STYLE)}</style></head><body>
<h1>Local shop</h1>
<p><a href="${shopUrl}">${shopUrl}</a> · <a href="${shopUrl}/docs">docs</a> · as of ${now.toISOString()} ·
<a href="">reload</a> · ${refreshing} · <a href="/status.json">status.json</a></p>
${section('Database', status.database, databaseSection)}
${section('Events', status.events, eventsSection)}
${section('Redis', status.redis, ({ engine, keys }) => html`<p>Engine: ${engine}. ${keys.length} keys.</p>${keysTable(keys)}`)}
${section('Stripe', status.stripe, stripeSection)}
${faultsSection(status.faults)}
</body></html>
`.text
}

const FAULTS_SET = html`<p class="none">Not read, because reading would trigger the active faults (below).</p>`

const REFRESHING = html`<a href="/?refresh=5">refresh every 5 s</a>`

function section<T>(title: string, found: Found<T>, show: (value: T) => Html): Html {
  if (found.state === 'real') {
    return html`<h2>${title}</h2><p class="none">The real service, with the keys in .dev.vars: not shown.</p>`
  }
  if (found.state === 'failed') return html`<h2>${title}</h2><p class="bad">Cannot be read: ${found.reason}</p>`
  return html`<h2>${title}</h2>${show(found.value)}`
}

function databaseSection({ version, tables }: DatabaseOverview): Html {
  const rows = tables.map(({ schema, table, rows, isMore }) => [schema, table, isMore ? `over ${rows}` : rows] as const)
  return html`<p>PostgreSQL ${version}.</p>${table(['schema', 'table', 'rows'], rows, 'No tables.')}`
}

function eventsSection(backlogs: EventBacklog[] | null): Html {
  if (backlogs === null) return FAULTS_SET
  const rows = backlogs.map(({ service, pending, parked, lagSeconds }) => [service, pending, parked, `${lagSeconds} s`])
  return html`${table(['service', 'pending', 'parked', 'lag'], rows, 'No service has an event log.')}
<p class="none">Staff list parked deliveries at GET /api/events/SERVICE?status=parked, and retry or skip them.</p>`
}

function keysTable(keys: readonly { key: string; type: string; expiresInMs: number | null; value: string }[]): Html {
  const rows = keys.map(({ key, type, expiresInMs, value }) => [
    key,
    type,
    expiresInMs === null ? 'no' : `${Math.ceil(expiresInMs / 1_000)} s`,
    value,
  ])
  return table(['key', 'type', 'expires', 'value'], rows, 'No keys.')
}

function stripeSection({ objects, events }: StripeOverview): Html {
  if (objects === null || events === null) {
    return FAULTS_SET
  }
  const lists = Object.entries(objects).map(
    ([name, list]) => html`<h3>${name.replace('_', ' ')}</h3>
${table(['id', 'created', 'amount', 'status', 'of', 'metadata'], list.map(objectRow), 'None.')}`,
  )
  const sent = events.map(({ id, type, created, state }) => [id, instant(created), type, state])
  return html`${lists}<h3>webhooks</h3>${table(['event', 'created', 'type', 'delivery'], sent, 'None sent.')}`
}

function objectRow(object: StripeObject): string[] {
  const { id, created, amount, currency, status, payment_intent, charge, metadata } = object
  const of = payment_intent ?? charge ?? ''
  const money = amount === undefined ? '' : `${amount} ${currency ?? ''}`
  return [id, instant(created), money, String(status ?? ''), String(of), JSON.stringify(metadata ?? {})]
}

function faultsSection({ neon, redis, stripe }: Status['faults']): Html {
  const rows = Object.entries({ Neon: neon, Redis: redis, Stripe: stripe }).flatMap(([name, found]) =>
    found.state === 'read' ? found.value.map((set) => faultRow(name, set)) : [],
  )
  return html`<h2>Active faults</h2>${table(['at', 'fault', 'left', 'hit'], rows, 'None.')}`
}

function faultRow(name: string, { fault, left, hits }: SetFault): (string | number)[] {
  return [
    name,
    JSON.stringify(fault),
    left === null || left === Number.POSITIVE_INFINITY ? 'until removed' : left,
    hits,
  ]
}

function instant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
}
