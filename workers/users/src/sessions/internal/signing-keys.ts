import { importJWK, SignJWT } from 'jose'
import { z } from 'zod'
import type { AccessClaims } from '../domain/access-token.ts'
import { inSigningOrder, type SigningKey } from '../domain/signing-keys.ts'

const PrivateKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
  activates_at: z.iso.datetime().optional(),
})

/**
 * The text of TOKEN_SIGNING_KEYS: a JSON array of Ed25519 JWKs (RFC 8037), each with its own kid. The first is private;
 * others may be public only, so that what they have signed stays valid. All are published; {@link inSigningOrder} tells
 * which one signs.
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
  .pipe(z.tuple([PrivateKey], PrivateKey.partial({ d: true })))
  .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'two keys have the same kid')

export type Signer = (claims: AccessClaims) => Promise<string>

/** Signs access tokens (RFC 9068: `typ: at+jwt`) with the key whose turn it is. Each is imported at its first signature. */
export function createSigner(keys: readonly SigningKey[], now: () => Date): Signer {
  const imported = new Map<string, Awaited<ReturnType<typeof importJWK>>>()
  return async (claims) => {
    const [key] = inSigningOrder(keys, now())
    if (key === undefined) throw new Error('There is no signing key')
    const { kid } = key
    const ready = imported.get(kid) ?? (await importJWK(jwkOf(key), 'EdDSA'))
    imported.set(kid, ready)
    return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid }).sign(ready)
  }
}

const jwkOf = ({ kty, crv, x, d }: SigningKey) => ({ kty, crv, x, ...(d === undefined ? {} : { d }) })

/** The public parts of the keys, the one that signs first. */
export function publicKeys(keys: readonly SigningKey[], now: Date) {
  return inSigningOrder(keys, now).map(({ kty, crv, x, kid }) => ({
    kty,
    crv,
    x,
    kid,
    use: 'sig' as const,
    alg: 'EdDSA' as const,
  }))
}
