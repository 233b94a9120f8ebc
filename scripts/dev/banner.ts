import { DEMO_ADMIN, DEMO_CUSTOMER } from '../seed/accounts.ts'
import type { Ports } from './options.ts'
import type { RealParts } from './real-parts.ts'

/** What a newcomer needs: addresses, sign-ins, and a purchase to paste. */
export function banner(options: { ports: Ports; statusUrl: string; real: RealParts; seeded: boolean }): string {
  const { ports, statusUrl, real, seeded } = options
  const base = `http://localhost:${ports.gateway}`
  const place = (isReal: boolean, service: string, local: string) =>
    isReal ? `the real ${service}, with the keys in .dev.vars` : local
  const signIns = `
  Sign in    admin     ${DEMO_ADMIN.email} / ${DEMO_ADMIN.password}
             customer  ${DEMO_CUSTOMER.email} / ${DEMO_CUSTOMER.password}

  Buy something (paste it):

  ${purchase(base)}
`
  return `
  The shop is open.

  API        ${base}
  Docs       ${base}/docs   ${base}/redoc   ${base}/openapi.json
  Status     ${statusUrl}   the contents of the database, Redis and Stripe
  Database   ${place(real.database, 'Neon', `http://127.0.0.1:${ports.neon}/sql`)}
  Stripe     ${place(real.stripe, 'Stripe', `http://127.0.0.1:${ports.stripe}`)}
  Redis      ${place(real.redis, 'Upstash', `http://127.0.0.1:${ports.upstash}`)}
  Mails      ${place(real.mail, 'Resend', `http://127.0.0.1:${ports.mail}   what the shop has sent`)}
${real.notes.map((note) => `\n  Note: ${note}\n`).join('')}${seeded ? signIns : ''}
  Ctrl-C stops the shop and keeps its data. \`npm run dev -- --reset\` deletes it.
`
}

function purchase(base: string): string {
  const json = "-H 'content-type: application/json'"
  const login = JSON.stringify(DEMO_CUSTOMER)
  const field = (name: string) => `sed -E 's/.*"${name}":"([^"]+)".*/\\1/'`
  return (
    `T=$(curl -s ${base}/api/users/login ${json} -d '${login}' | ${field('token')}); ` +
    `O=$(curl -s ${base}/api/orders -H "authorization: Bearer $T" ${json} -d '{"items":[{"product_id":1,"quantity":1}]}' | ` +
    `sed -E 's/.*"order":\\{"id":"([^"]+)".*/\\1/'); ` +
    `curl -s ${base}/api/payments -H "authorization: Bearer $T" ${json} ` +
    `-d "{\\"order_id\\":\\"$O\\",\\"payment_method\\":\\"pm_card_visa\\"}"`
  )
}
