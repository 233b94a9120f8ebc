import { type ComputeArgon2id, hashPassword, verifyPassword } from '@shop/passwords'
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

  it('hashes every byte as sent', () => {
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

  it('refuses a hash of other parameters instead of guessing', () => {
    expect(() => verifyPassword(compute, 'correct horse', '$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA')).toThrow()
  })
})
