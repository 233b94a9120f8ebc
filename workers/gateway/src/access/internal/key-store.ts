import { Unavailable } from '@shop/kernel/unavailable'
import { importJWK, type JWK } from 'jose'
import { z } from 'zod'

/** A key that is no longer published stops being trusted after this time, while users answers. */
const FRESH_MS = 5 * 60_000
/** Unknown kids fetch the keys at most this often, since anybody can invent one. */
const REFETCH_MS = 10_000

// Loose on purpose: a member that is added to the set later must not stop every sign-in here.
const KeySet = z.object({
  keys: z.array(z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string() })),
})

type PublicKey = Awaited<ReturnType<typeof importJWK>>
export type KeyStore = { keyFor(kid: string): Promise<PublicKey | undefined> }

/**
 * The public keys of access tokens, kept in the isolate.
 *
 * Each request that needs them fetches for itself: one that waited for another request's fetch would hang when that
 * request is cancelled. While users is down, the known keys stay trusted.
 *
 * @param options.fetchKeys the body of the JWKS document; throws when users does not answer
 */
export function createKeyStore(options: { fetchKeys: () => Promise<unknown>; now: () => number }): KeyStore {
  let keys: ReadonlyMap<string, PublicKey> | undefined
  let fetchedAt = Number.NEGATIVE_INFINITY

  async function refetch(): Promise<ReadonlyMap<string, PublicKey>> {
    fetchedAt = options.now()
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
      if (keys === undefined) return (await refetch()).get(kid)
      const age = options.now() - fetchedAt
      const known = keys.get(kid)
      if (known === undefined && age < REFETCH_MS) return undefined
      if (known !== undefined && age < FRESH_MS) return known
      return (await refetch()).get(kid)
    },
  }
}

const importKey = (key: JWK) => importJWK(key, 'EdDSA')
