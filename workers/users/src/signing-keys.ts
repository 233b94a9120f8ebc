import { importJWK, SignJWT } from 'jose'
import { z } from 'zod'
import type { AccessClaims } from './domain/access-token.ts'

const PrivateKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
})
export type PrivateKey = z.infer<typeof PrivateKey>

/** A key that signed before. Its private part may be gone: a secret cannot be read back when a new key is added. */
const FormerKey = PrivateKey.partial({ d: true })
export type FormerKey = z.infer<typeof FormerKey>

/**
 * The text of TOKEN_SIGNING_KEYS: a JSON array of Ed25519 JWKs (RFC 8037), each with a kid of its own. The first signs
 * and is private; the others only stay published, so that what they have signed stays valid.
 */
export const SigningKeys = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.tuple([PrivateKey], FormerKey))
  .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'two keys have one kid')

/** Signs access tokens (RFC 9068: `typ: at+jwt`) with one key, imported at the first signature. */
export function createSigner(key: PrivateKey): (claims: AccessClaims) => Promise<string> {
  let imported: Awaited<ReturnType<typeof importJWK>> | undefined
  return async (claims) => {
    imported ??= await importJWK(key, 'EdDSA')
    return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid }).sign(imported)
  }
}

/** What anybody may know of the keys. */
export function publicKeys(keys: FormerKey[]) {
  return keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, use: 'sig' as const, alg: 'EdDSA' as const }))
}
