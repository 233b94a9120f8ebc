import { importJWK, SignJWT } from 'jose'
import { z } from 'zod'
import type { AccessClaims } from '../domain/access-token.ts'

const PrivateKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
})
type PrivateKey = z.infer<typeof PrivateKey>

/** A key that signed before a rotation. Its private part may be missing: a stored secret cannot be read back. */
const FormerKey = PrivateKey.partial({ d: true })
type FormerKey = z.infer<typeof FormerKey>

/**
 * The text of TOKEN_SIGNING_KEYS: a JSON array of Ed25519 JWKs (RFC 8037), each with its own kid. The first signs
 * and is private; the others stay published, so that what they have signed stays valid.
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
  .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'two keys have the same kid')

export type Signer = (claims: AccessClaims) => Promise<string>

/** Signs access tokens (RFC 9068: `typ: at+jwt`) with one key, imported at the first signature. */
export function createSigner(key: PrivateKey): Signer {
  let imported: Awaited<ReturnType<typeof importJWK>> | undefined
  return async (claims) => {
    imported ??= await importJWK(key, 'EdDSA')
    return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid }).sign(imported)
  }
}

/** The public parts of the keys. */
export function publicKeys(keys: FormerKey[]) {
  return keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, use: 'sig' as const, alg: 'EdDSA' as const }))
}
