import { describe, expect, it } from 'vitest'
import { judgeSpentToken } from '../../src/sessions/domain/refresh-token.ts'
import { createRefreshTokens } from '../../src/sessions/internal/refresh-tokens.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000)
const SPENT = { usedAt: secondsAgo(2), expiresAt: secondsAgo(-60), sessionEnded: false, hasSuccessor: true }

describe('judgeSpentToken', () => {
  it.each([
    ['used a moment ago', SPENT, 'repeated'],
    ['used ten seconds ago', { ...SPENT, usedAt: secondsAgo(10) }, 'repeated'],
    ['used before that', { ...SPENT, usedAt: secondsAgo(10.001) }, 'stolen'],
    ['used before that and expired since', { ...SPENT, usedAt: secondsAgo(3600), expiresAt: secondsAgo(1) }, 'stolen'],
    ['of a session that has ended', { ...SPENT, sessionEnded: true }, 'refused'],
    ['expired and never used', { ...SPENT, usedAt: null, expiresAt: NOW }, 'refused'],
    ['whose successor was made with another key', { ...SPENT, hasSuccessor: false }, 'refused'],
  ] as const)('a token %s', (_, token, verdict) => {
    expect(judgeSpentToken(token, NOW)).toBe(verdict)
  })
})

describe('refresh tokens', () => {
  const newBytes = () => crypto.getRandomValues(new Uint8Array(32))
  const tokens = createRefreshTokens({ secret: 'secret', newBytes })

  it('are 256 random bits', () => {
    expect(tokens.make()).toMatch(/^[\w-]{43}$/)
    expect(tokens.make()).not.toBe(tokens.make())
  })

  it('have one successor, which takes the key to compute', async () => {
    const token = tokens.make()
    const successor = await tokens.successor(token)
    expect(successor).toMatch(/^[\w-]{43}$/)
    expect(await tokens.successor(token)).toBe(successor)
    expect(await createRefreshTokens({ secret: 'other', newBytes }).successor(token)).not.toBe(successor)
    expect(await tokens.successor(successor)).not.toBe(token)
  })

  it('are stored as their SHA-256', async () => {
    expect(await tokens.hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
