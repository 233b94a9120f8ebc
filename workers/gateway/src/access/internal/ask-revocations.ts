import type { Revocations } from '@shop/contracts/users/access-tokens'
import { callObject } from '@shop/http/call-object'
import type { Objects } from '@shop/http/objects'
import { countTrip } from '@shop/http/trace'
import type { AskIsEnded } from './session-states.ts'

/** An object near the database, asked from anywhere. */
const TIMEOUT_MS = 2_000

export type RevocationStub = Rpc.DurableObjectBranded & Revocations

/** Asks the object of a user. Each call is counted as a round trip of the request. */
export function askRevocations(objects: Objects<RevocationStub>): AskIsEnded {
  return ({ userId, sessionId }) =>
    callObject(
      async () => {
        countTrip('revocations')
        return objects(userId).isEnded(sessionId)
      },
      { dependency: 'revocations', timeoutMs: TIMEOUT_MS },
    )
}
