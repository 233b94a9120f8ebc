import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSealer } from '../src/sealer.ts'

const OLD = 'the secret of before, of at least 32 characters'
const NEW = 'the secret of now, of at least 32 characters'
const sealer = createSealer('secrets of a test', [OLD])
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => new Uint8Array(bytes))

describe('a sealed secret', () => {
  it('opens as what was sealed, and shows nothing of it', () =>
    fc.assert(
      fc.asyncProperty(someBytes, async (secret) => {
        const sealed = await sealer.seal(secret, 'factor_1')
        const again = await sealer.seal(secret, 'factor_1')
        expect(await sealer.open(sealed, 'factor_1')).toEqual(secret)
        // A fresh nonce each time: equal secrets do not look equal.
        expect(again.text).not.toBe(sealed.text)
      }),
      { numRuns: 25 },
    ))

  it('does not open for another owner, nor when a bit of it was changed', async () => {
    const sealed = await sealer.seal(new Uint8Array([1, 2, 3]), 'factor_1')
    await expect(sealer.open(sealed, 'factor_2')).rejects.toThrow()
    const changed = (sealed.text.startsWith('A') ? 'B' : 'A') + sealed.text.slice(1)
    await expect(sealer.open({ ...sealed, text: changed }, 'factor_1')).rejects.toThrow()
  })

  it('still opens while its secret is the former one, and is then stale', async () => {
    const sealed = await sealer.seal(new Uint8Array([1, 2, 3]), 'factor_1')
    const rotated = createSealer('secrets of a test', [NEW, OLD])
    expect(await rotated.open(sealed, 'factor_1')).toEqual(new Uint8Array([1, 2, 3]))
    expect([await sealer.isStale(sealed), await rotated.isStale(sealed)]).toEqual([false, true])
    const resealed = await rotated.seal(new Uint8Array([1, 2, 3]), 'factor_1')
    expect(resealed.keyId).not.toBe(sealed.keyId)
    await expect(createSealer('secrets of a test', [NEW]).open(sealed, 'factor_1')).rejects.toThrow(
      'No secret opens what was sealed as "secrets of a test"',
    )
  })
})
