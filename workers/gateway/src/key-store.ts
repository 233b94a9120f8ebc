import { Unavailable } from '@shop/kernel'
import { importJWK, type JWK } from 'jose'
import * as z from 'zod/mini'

/** A key taken out of the published set stops being trusted after this time, while users answers. */
const FRESH_MS = 5 * 60_000
/** An unknown kid asks users at most so often, since anybody can make one up. */
const ASK_AGAIN_MS = 10_000

// Loose on purpose: a member that is added to the set later must not stop every sign-in here.
const KeySet = z.object({
  keys: z.array(z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string() })),
})

export type PublicKey = Awaited<ReturnType<typeof importJWK>>
export type KeyStore = { keyFor(kid: string): Promise<PublicKey | null> }

/**
 * The public keys of access tokens, kept in the isolate.
 *
 * Each request that needs them asks for itself: one that waited for another's answer would hang when that one is
 * cancelled. While users is down, the keys that are known go on being trusted.
 *
 * @param fetchKeys the body of the JWKS document; throws when users does not answer
 */
export function createKeyStore(options: { fetchKeys: () => Promise<unknown>; now: () => number }): KeyStore {
  let keys: ReadonlyMap<string, PublicKey> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  async function reload(): Promise<ReadonlyMap<string, PublicKey>> {
    askedAt = options.now()
    try {
      const { keys: published } = KeySet.parse(await options.fetchKeys())
      keys = new Map(await Promise.all(published.map(async (key) => [key.kid, await importKey(key)] as const)))
    } catch (error) {
      if (keys === undefined) throw new Unavailable('token keys', error)
    }
    return keys
  }

  return {
    keyFor: async (kid) => {
      if (keys === undefined) return (await reload()).get(kid) ?? null
      const age = options.now() - askedAt
      const known = keys.get(kid)
      if (known === undefined && age < ASK_AGAIN_MS) return null
      if (known !== undefined && age < FRESH_MS) return known
      return (await reload()).get(kid) ?? null
    },
  }
}

const importKey = (key: JWK) => importJWK(key, 'EdDSA')
