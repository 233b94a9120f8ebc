import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EVENTS, PUBLIC_EVENTS } from '@shop/contracts/events/catalogue'
import { snakeCase } from '@shop/kernel/text'

const PAGE = fileURLToPath(new URL('../docs/webhooks.md', import.meta.url))

const BEGIN = '<!-- events: written by `npm run openapi` -->'
const END = '<!-- /events -->'

/** The table of the events that webhook endpoints may get, from the catalogue; those with the same data in one row. */
function tableOfEvents(): string {
  const rows = Map.groupBy(PUBLIC_EVENTS, (type) => {
    const { payload, key } = EVENTS[type]
    const members = Object.keys(payload.shape).map((member) => `\`${snakeCase(member)}\``)
    return `\`${snakeCase(key)}\` | ${members.join(', ')}`
  })
  const lines = [...rows].map(([data, types]) => `| ${types.map((type) => `\`${type}\``).join(', ')} | ${data} |`)
  return ['| types | key | data |', '|---|---|---|', ...lines].join('\n')
}

/** docs/webhooks.md, with the events as the catalogue has them now. */
export function webhooksPage(): string {
  const page = readFileSync(PAGE, 'utf8')
  const [before = '', rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error('docs/webhooks.md has no place for the events')
  return `${before}${BEGIN}\n${tableOfEvents()}\n${END}${after}`
}

export const writeWebhookEvents = (): void => writeFileSync(PAGE, webhooksPage())
