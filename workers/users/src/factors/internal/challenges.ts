import { derivedKeys } from '@shop/kernel/derived-keys'
import { base64url, fromBase64url } from '@shop/kernel/hash'
import { addSeconds } from '@shop/kernel/time'
import { CHALLENGE_SECONDS, type ChallengeUse } from '../domain/challenge.ts'

const INFO = 'shop passkey challenges v1'
const RANDOM_BYTES = 16
const EXPIRY_BYTES = 8
const SIGNED_BYTES = RANDOM_BYTES + EXPIRY_BYTES

/**
 * Challenges for passkeys: random bits, an expiry, and a MAC over both, the purpose and the subject. None is stored until
 * it is answered, so that asking for one costs nothing; the row of an answered one is what makes it single-use.
 */
export type Challenges = {
  make(use: ChallengeUse, now: Date): Promise<Uint8Array<ArrayBuffer>>
  /** @returns when it expires, or undefined unless it is ours, for this use, and not expired */
  check(challenge: string, use: ChallengeUse, now: Date): Promise<Date | undefined>
}

/** @param secrets the first signs; the others are accepted too */
export function createChallenges(secrets: [string, ...string[]]): Challenges {
  const keyOf = derivedKeys(INFO, 'sign')
  return {
    make: async (use, now) => {
      const signed = new Uint8Array(SIGNED_BYTES)
      crypto.getRandomValues(signed.subarray(0, RANDOM_BYTES))
      const expiresAt = addSeconds(now, CHALLENGE_SECONDS)
      new DataView(signed.buffer).setBigUint64(RANDOM_BYTES, BigInt(expiresAt.getTime()))
      const mac = await crypto.subtle.sign('HMAC', await keyOf(secrets[0]), messageOf(signed, use))
      return new Uint8Array([...signed, ...new Uint8Array(mac)])
    },
    check: async (challenge, use, now) => {
      const bytes = bytesOf(challenge)
      if (bytes === undefined || bytes.length <= SIGNED_BYTES) return undefined
      const signed = bytes.slice(0, SIGNED_BYTES)
      const mac = bytes.slice(SIGNED_BYTES)
      const expiresAt = new Date(Number(new DataView(signed.buffer).getBigUint64(RANDOM_BYTES)))
      for (const secret of secrets) {
        const isOurs = await crypto.subtle.verify('HMAC', await keyOf(secret), mac, messageOf(signed, use))
        if (isOurs) return expiresAt > now ? expiresAt : undefined
      }
      return undefined
    },
  }
}

/** JSON keeps the parts apart, whatever they contain. */
const messageOf = (signed: Uint8Array, { purpose, subject }: ChallengeUse) =>
  new TextEncoder().encode(JSON.stringify([base64url(signed), purpose, subject]))

function bytesOf(challenge: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64url(challenge)
  } catch {
    return undefined
  }
}
