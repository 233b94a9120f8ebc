import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { SLIM_STRIPE, USED_RESOURCES, writeSlimStripe } from './slim-stripe.ts'

const CALLERS = fileURLToPath(new URL('../workers/payments/src/stripe/', import.meta.url))
const FILES = ['answers', 'client', 'intents', 'refunds', 'saved-methods', 'webhooks']

type Sdk = { default: new (key: string) => Record<string, object> }

describe('the slim stripe', () => {
  beforeAll(writeSlimStripe)
  const load = async () => (await import(SLIM_STRIPE)) as Sdk

  it('has every resource that payments calls', async () => {
    const sources = await Promise.all(FILES.map((file) => readFile(`${CALLERS}${file}.ts`, 'utf8')))
    const called = new Set(sources.flatMap((source) => [...source.matchAll(/\bstripe\.(\w+)\.(\w+)\(/g)].map(String)))
    expect(called.size).toBeGreaterThan(8)
    const stripe = new (await load()).default('sk_test_1')
    for (const call of called) {
      const [, resource = '', method = ''] = /stripe\.(\w+)\.(\w+)\(/.exec(call) ?? []
      expect(stripe[resource], call).toHaveProperty(method)
    }
  })

  it('has nothing else', async () => {
    const stripe = new (await load()).default('sk_test_1')
    const methodsOf = (name: string) => Object.getOwnPropertyNames(Object.getPrototypeOf(stripe[name])).length
    const names = Object.keys(stripe).filter((name) => typeof stripe[name] === 'object' && !name.startsWith('_'))
    expect(names).toContain('subscriptions')
    expect(methodsOf('subscriptions')).toBe(1)
    for (const name of USED_RESOURCES) expect(methodsOf(`${name[0]?.toLowerCase()}${name.slice(1)}`)).toBeGreaterThan(3)
  })

  it('is not written again when it is there', async () => {
    const before = await stat(SLIM_STRIPE)
    await writeSlimStripe()
    expect((await stat(SLIM_STRIPE)).mtimeMs).toBe(before.mtimeMs)
  })
})
