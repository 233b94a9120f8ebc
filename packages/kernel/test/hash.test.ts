import { describe, expect, it } from 'vitest'
import { base64url, fromBase64url, sha256Hex } from '../src/hash.ts'

describe('sha256Hex', () => {
  it('gives the digest of the standard’s example', async () => {
    expect(await sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('hashes the UTF-8 bytes', async () => {
    expect(await sha256Hex('ä')).not.toBe(await sha256Hex('a\u0308'))
  })
})

describe('base64url', () => {
  it.each([
    [[], ''],
    [[0xfb], '-w'],
    [[0xff, 0xef], '_-8'],
    [[0, 1, 2], 'AAEC'],
  ])('writes %j as %j, and reads it back', (bytes, text) => {
    expect(base64url(Uint8Array.from(bytes))).toBe(text)
    expect([...fromBase64url(text)]).toEqual(bytes)
  })

  it('reads padded text too', () => {
    expect([...fromBase64url('-w==')]).toEqual([0xfb])
  })

  it.each(['+w', 'a', 'AA AA', 'ä', '=A'])('refuses %j', (text) => {
    expect(() => fromBase64url(text)).toThrow(SyntaxError)
  })
})
