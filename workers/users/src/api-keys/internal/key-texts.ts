import { type ApiKeyKind, newApiKey } from '@shop/kernel/api-key'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { ApiKeyId } from '@shop/kernel/ids'
import { macKey, macOf } from '../../tokens/mac-key.ts'

const PURPOSE = 'shop api key v1'
const KEY_BYTES = 24

export type KeyTexts = {
  /** A key of 192 random bits. */
  random(kind: ApiKeyKind): string
  /**
   * The keys that a request with an Idempotency-Key may have made, one for each signing key; the first is the one to give. So the
   * repeated request is answered with the same key, although only its hash is kept.
   */
  repeatable(kind: ApiKeyKind, id: ApiKeyId, key: IdempotencyKey): Promise<string[]>
}

/**
 * The texts of API keys. A repeatable one is HMAC-SHA-256(secret, id and idempotency key), cut to 192 bits.
 *
 * @param options.secrets private parts of the keys that sign access tokens, the one that signs now first: their holder could sign
 * in as the maker anyway
 */
export function createKeyTexts(options: {
  secrets: () => readonly string[]
  randomBytes: (length: number) => Uint8Array
}): KeyTexts {
  return {
    random: (kind) => newApiKey(kind, options.randomBytes(KEY_BYTES)),
    repeatable: (kind, id, { scope, key }) =>
      Promise.all(
        options.secrets().map(async (secret) => {
          const mac = await macOf(await macKey(PURPOSE, secret), JSON.stringify([id, scope, key]))
          return newApiKey(kind, mac.subarray(0, KEY_BYTES))
        }),
      ),
  }
}
