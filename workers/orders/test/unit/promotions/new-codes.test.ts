import { describe, expect, it } from 'vitest'
import { codeKey } from '../../../src/promotions/domain/code-key.ts'
import { CODE_LENGTH, newCodes } from '../../../src/promotions/domain/new-codes.ts'

describe('single-use codes', () => {
  it('have 13 random characters, which nobody misreads, after the prefix', () => {
    const random = Uint8Array.from({ length: 2 * CODE_LENGTH }, (_, index) => index + 8)
    expect(newCodes('welcome-', random)).toEqual(['WELCOME-89ABCDEFGHJKM', 'WELCOME-NPQRSTVWXYZ01'])
  })

  it('have 5 random bits in each character', () => {
    const random = Uint8Array.from({ length: 256 * CODE_LENGTH }, (_, index) => index % 256)
    const counts = Map.groupBy(newCodes('', random).join(''), (character) => character)
    expect(counts.size).toBe(32)
    expect(new Set([...counts.values()].map(({ length }) => length))).toEqual(new Set([8 * CODE_LENGTH]))
  })

  it('are made as they are compared', () => {
    const [code = ''] = newCodes('  ｖip ', new Uint8Array(CODE_LENGTH))
    expect(code).toBe('VIP0000000000000')
    expect(codeKey(code)).toBe(code)
  })
})
