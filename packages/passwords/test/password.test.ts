import { type ComputeArgon2id, hashPassword, isOutdated, verifyPassword } from '@shop/passwords'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

type Asked = Parameters<ComputeArgon2id>[0]

/** A fake argon2id: mixes password and salt into 32 bytes, and records its parameters. */
function fakeArgon2id() {
  const asked: Asked[] = []
  const compute: ComputeArgon2id = (parameters) => {
    asked.push(parameters)
    const tag = new Uint8Array(parameters.tagLength)
    for (const [index, byte] of [...parameters.salt, ...parameters.password].entries()) {
      tag[index % tag.length] = ((tag[index % tag.length] ?? 0) * 31 + byte + 1) % 256
    }
    return tag
  }
  return { compute, asked }
}

const SALT = Uint8Array.from({ length: 16 }, (_, index) => index)

describe('hashPassword', () => {
  it('writes a PHC string with its parameters, salt and tag', () => {
    const { compute, asked } = fakeArgon2id()
    const hash = hashPassword(compute, 'correct horse battery staple', SALT)
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$AAECAwQFBgcICQoLDA0ODw\$[A-Za-z0-9+/]{43}$/)
    expect(asked[0]).toMatchObject({ memorySize: 19_456, passes: 2, parallelism: 1, tagLength: 32 })
  })

  it('hashes every byte of a password', () => {
    const { compute, asked } = fakeArgon2id()
    const password = `${'ä'.repeat(127)}é`
    hashPassword(compute, password, SALT)
    expect(new TextDecoder().decode(asked[0]?.password)).toBe(password)
  })
})

describe('verifyPassword', () => {
  const { compute } = fakeArgon2id()
  const hash = hashPassword(compute, 'correct horse battery staple', SALT)

  it('accepts the password that was hashed, and no other', () => {
    expect(verifyPassword(compute, 'correct horse battery staple', hash)).toBe(true)
    expect(verifyPassword(compute, 'correct horse battery stable', hash)).toBe(false)
  })

  it.each([
    ['an account that does not exist', 'correct horse battery staple', undefined],
    ['a password of one control character', '\u0005', hash],
    ['an empty password', '', hash],
  ])('says no after the same work for %s', (_, password, known) => {
    const { compute, asked } = fakeArgon2id()
    expect(verifyPassword(compute, password, known)).toBe(false)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ memorySize: 19_456, passes: 2 })
    expect(asked[0]?.password.length).toBeGreaterThanOrEqual(8)
  })

  it('accepts a password in whatever Unicode form a keyboard composes it', () => {
    const accented = fc.string({
      unit: fc.constantFrom('a', 'é', 'ü', 'ﬁ', 'Å', '한', '\u0301', ' '),
      minLength: 8,
      maxLength: 60,
    })
    fc.assert(
      fc.property(accented, (password) => {
        const known = hashPassword(compute, password.normalize('NFD'), SALT)
        expect(verifyPassword(compute, password.normalize('NFC'), known)).toBe(true)
        expect(verifyPassword(compute, password, known)).toBe(true)
      }),
    )
  })

  it('uses the parameters that the hash names, so that they can change while hashes exist', () => {
    const { compute, asked } = fakeArgon2id()
    const old = hashPassword(compute, 'correct horse battery staple', SALT, {
      memoryKiB: 12_288,
      passes: 3,
      parallelism: 1,
    })
    expect(old).toContain('$m=12288,t=3,p=1$')
    expect(verifyPassword(compute, 'correct horse battery staple', old)).toBe(true)
    expect(asked.map(({ memorySize, passes }) => [memorySize, passes])).toEqual([
      [12_288, 3],
      [12_288, 3],
    ])
    expect([isOutdated(old), isOutdated(hash)]).toEqual([true, false])
  })

  it.each([
    ['no hash', 'secret'],
    ['a hash without its tag', hash.slice(0, -43)],
    ['more memory than an isolate has', hash.replace('m=19456', 'm=99999')],
    ['more passes than anyone waits for', hash.replace('t=2', 't=99')],
    ['several lanes', hash.replace('p=1', 'p=4')],
  ])('throws for %s instead of guessing', (_, known) => {
    expect(() => verifyPassword(compute, 'correct horse', known)).toThrow('Not a password hash')
  })
})
