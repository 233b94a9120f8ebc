import { MetadataField, MetadataPatch, patchMetadata } from '@shop/kernel/metadata'
import { describe, expect, it } from 'vitest'

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key ${n}`, 'x']))

describe('metadata', () => {
  it('has at most 50 pairs of short texts', () => {
    expect(MetadataField.safeParse(pairs(50)).success).toBe(true)
    for (const refused of [pairs(51), { a: 1 }, { a: null }, { '': 'x' }, { a: 'x'.repeat(501) }, { a: '\0' }, []]) {
      expect(MetadataField.safeParse(refused).success).toBe(false)
    }
  })

  it('is patched pair by pair: null removes one, or all', () => {
    const current = { kept: '1', changed: '2', removed: '3' }
    const changes = { changed: 'two', removed: null, absent: null, added: '4' }
    expect(MetadataPatch.safeParse(changes).success).toBe(true)
    expect(patchMetadata(current, changes)).toEqual({ ok: true, value: { kept: '1', changed: 'two', added: '4' } })
    expect(patchMetadata(current, null)).toEqual({ ok: true, value: {} })
  })

  it('counts the pairs after a patch', () => {
    const full = pairs(50)
    expect(patchMetadata(full, { more: 'x' })).toEqual({
      ok: false,
      failure: { code: 'metadata_too_large', maximumPairs: 50 },
    })
    expect(patchMetadata(full, { more: 'x', 'key 0': null })).toMatchObject({ ok: true })
  })

  it('has no key that changes an object’s prototype', () => {
    const hostile = JSON.parse('{"__proto__": "x", "constructor": "y"}')
    const patched = patchMetadata({}, hostile)
    expect(patched.ok && Object.getPrototypeOf(patched.value)).toBe(Object.prototype)
  })
})
