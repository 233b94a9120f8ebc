import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountTokens } from '../../src/tokens/account-tokens.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const SECRET = 'a secret of at least thirty-two characters'
const tokens = accountTokens({ secret: SECRET, newId: () => crypto.randomUUID() })

describe('the token of a mail', () => {
  it('is the same each time for its id, so that a repeated mail has the same link', async () => {
    const { id, hash, createdAt, expiresAt } = await tokens.make(NOW)
    const token = await tokens.tokenOf(id)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await accountTokens({ secret: SECRET, newId: () => '' }).tokenOf(id)).toBe(token)
    expect(await tokens.hash(token)).toBe(hash)
    expect([createdAt, expiresAt]).toEqual([NOW, new Date('2026-11-23T11:00:00.000Z')])
  })

  it('is another one for each id and each secret, and none is its id or its hash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.uuid(), fc.string({ minLength: 32 }), async (id, otherId, otherSecret) => {
        fc.pre(id !== otherId && otherSecret !== SECRET)
        const token = await tokens.tokenOf(id)
        const others = [
          await tokens.tokenOf(otherId),
          await accountTokens({ secret: otherSecret, newId: () => id }).tokenOf(id),
          await tokens.hash(token),
          id,
        ]
        expect(others).not.toContain(token)
      }),
    )
  })
})
