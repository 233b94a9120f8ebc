import { EXAMPLE_IDEMPOTENCY_KEY, KeyHeader } from '@shop/kernel/idempotency'
import { describe, expect, it } from 'vitest'

describe('an idempotency key', () => {
  it.each([crypto.randomUUID(), `"${crypto.randomUUID()}"`, 'order-1', 'a"b'])('may be %s', (key) => {
    expect(KeyHeader['idempotency-key'].parse(key)).toBe(key)
  })

  it.each([EXAMPLE_IDEMPOTENCY_KEY, EXAMPLE_IDEMPOTENCY_KEY.toUpperCase(), `"${EXAMPLE_IDEMPOTENCY_KEY}"`])(
    'may not be the published example, as %s',
    (key) => {
      const [issue] = KeyHeader['idempotency-key'].safeParse(key).error?.issues ?? []
      expect(issue?.message).toMatch(/^is the published example/)
    },
  )

  it.each(['', '""', 'two words', 'ü', 'x'.repeat(256)])('may not be %j', (key) => {
    expect(KeyHeader['idempotency-key'].safeParse(key).success).toBe(false)
  })
})
