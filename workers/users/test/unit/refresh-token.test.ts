import { describe, expect, it } from 'vitest'
import { judgeSpentToken } from '../../src/sessions/domain/refresh-token.ts'
import { createRefreshTokens } from '../../src/sessions/internal/refresh-tokens.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000)
const SPENT = {
  usedAt: secondsAgo(2),
  expiresAt: secondsAgo(-60),
  sessionEnded: false,
  deviceHash: 'device',
  successor: 'next',
}

describe('judgeSpentToken', () => {
  it.each([
    ['used a moment ago', SPENT, 'repeated'],
    ['used ten seconds ago', { ...SPENT, usedAt: secondsAgo(10) }, 'repeated'],
    ['used before that', { ...SPENT, usedAt: secondsAgo(10.001) }, 'stolen'],
    ['used before that and expired since', { ...SPENT, usedAt: secondsAgo(3600), expiresAt: secondsAgo(1) }, 'refused'],
    ['of a session that has ended', { ...SPENT, sessionEnded: true }, 'refused'],
    ['expired and never used', { ...SPENT, usedAt: undefined, expiresAt: NOW }, 'refused'],
    ['whose successor was made with an unknown key', { ...SPENT, successor: undefined }, 'refused'],
    ['of a session without a device', { ...SPENT, deviceHash: undefined }, 'refused'],
  ] as const)('a token %s, from the device that signed in', (_, token, verdict) => {
    expect(judgeSpentToken(token, { deviceHash: 'device', now: NOW })).toBe(verdict)
  })

  it.each(['other', undefined])(
    'a token used a moment ago, from the device %s, is refused and ends nothing',
    (device) => {
      expect(judgeSpentToken(SPENT, { deviceHash: device, now: NOW })).toBe('refused')
      expect(judgeSpentToken({ ...SPENT, deviceHash: undefined }, { deviceHash: device, now: NOW })).toBe('refused')
    },
  )

  it('a token used before that is stolen, whatever the device', () => {
    const used = { ...SPENT, usedAt: secondsAgo(11) }
    for (const deviceHash of ['device', 'other', undefined]) {
      expect(judgeSpentToken(used, { deviceHash, now: NOW })).toBe('stolen')
    }
  })
})

describe('refresh tokens', () => {
  const newBytes = () => crypto.getRandomValues(new Uint8Array(32))
  const tokensOf = (...secrets: string[]) => createRefreshTokens({ secrets: () => secrets, newBytes })
  const tokens = tokensOf('secret')

  it('are 256 random bits', () => {
    expect(tokens.make()).toMatch(/^[\w-]{43}$/)
    expect(tokens.make()).not.toBe(tokens.make())
  })

  it('have one successor for each key, which takes the key to compute', async () => {
    const token = tokens.make()
    const [successor = ''] = await tokens.successors(token)
    expect(successor).toMatch(/^[\w-]{43}$/)
    expect(await tokens.successors(token)).toEqual([successor])
    expect(await tokensOf('other').successors(token)).not.toContain(successor)
    expect(await tokensOf('other', 'secret').successors(token)).toEqual([expect.any(String), successor])
    expect(await tokens.successors(successor)).not.toContain(token)
  })

  it('are stored as their SHA-256', async () => {
    expect(await tokens.hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
