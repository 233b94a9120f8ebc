import { hashPassword, verifyPassword } from '@shop/passwords'
import { loadArgon2id } from '@shop/passwords/node'
import { describe, expect, it } from 'vitest'

describe('passwords by argon2id', async () => {
  const compute = await loadArgon2id()

  it('returns the tag of RFC 9106 for its test vector', () => {
    const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte)
    const vector = { password: filled(32, 1), salt: filled(16, 2), secret: filled(8, 3), ad: filled(12, 4) }
    const tag = compute({ ...vector, parallelism: 4, passes: 3, memorySize: 32, tagLength: 32 })
    expect(Buffer.from(tag).toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
  })

  it('verifies a password by all its characters, in any script, and accepts no other', () => {
    const password = `${'correct horse '.repeat(8)}Pässwörd 🐴`
    const hash = hashPassword(compute, password)
    expect(verifyPassword(compute, password, hash)).toBe(true)
    expect(verifyPassword(compute, `${password}!`, hash)).toBe(false)
    expect(verifyPassword(compute, password.normalize('NFD'), hash)).toBe(true)
  })

  it('salts each hash anew', () => {
    const password = 'correct horse battery staple'
    expect(hashPassword(compute, password)).not.toBe(hashPassword(compute, password))
  })
})
