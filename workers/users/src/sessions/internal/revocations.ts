import { callObject } from '@shop/http/call-object'
import type { Objects } from '@shop/http/objects'
import type { UserId } from '@shop/kernel/ids'
import type { RevocationObject } from '../revocation-object.ts'

const TIMEOUT_MS = 2_000

/** What the gateway asks before it forwards a write. */
export type RevocationClient = {
  /** @throws Unavailable when the object of the user does not answer */
  reach(userId: UserId): Promise<void>
  /**
   * Ends access by sessions, or by whatever else carries an id. Safe to repeat.
   *
   * @throws Unavailable when the object does not answer; then access may still be possible
   */
  end(userId: UserId, credentialIds: readonly string[]): Promise<void>
}

export function revocationClient(objects: Objects<RevocationObject>): RevocationClient {
  const options = { dependency: 'revocation object', timeoutMs: TIMEOUT_MS }
  return {
    reach: async (userId) => {
      await callObject(async () => objects(userId).isEnded(''), options)
    },
    end: (userId, credentialIds) => callObject(async () => objects(userId).end([...credentialIds]), options),
  }
}
