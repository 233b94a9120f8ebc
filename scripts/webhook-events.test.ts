import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { webhooksPage } from './write-webhook-events.ts'

const PAGE = new URL('../docs/webhooks.md', import.meta.url)

it('docs/webhooks.md lists every public event of the catalogue with its data', () => {
  expect(readFileSync(PAGE, 'utf8'), 'run npm run openapi').toBe(webhooksPage())
})

it('docs/webhooks.md shows the receiver that the tests run', () => {
  const sample = readFileSync(new URL('../docs/samples/webhook-receiver.ts', import.meta.url), 'utf8')
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8')) ?? []
  expect(shown).toBe(sample)
})
