import { base64url, fromBase64url } from '@shop/kernel/hash'
import type { UserId } from '@shop/kernel/ids'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { CHALLENGE_SECONDS } from '../domain/challenge.ts'
import type { Passkey } from '../domain/factor.ts'

export type PasskeyCreationOptions = PublicKeyCredentialCreationOptionsJSON
export type PasskeyRequestOptions = PublicKeyCredentialRequestOptionsJSON
/** What an authenticator answers when it made a passkey. */
export type CreatedPasskey = RegistrationResponseJSON
/** What an authenticator answers to a challenge. */
export type PasskeyAnswer = AuthenticationResponseJSON

export type RelyingParty = {
  /** As people see it. */
  name: string
  /** The domain that passkeys belong to. */
  id: string
  /** The pages that may use them. */
  origins: readonly string[]
}

/** EdDSA, ES256, RS256 (COSE): what the runtime can verify. */
const ALGORITHMS = [-8, -7, -257]
const TIMEOUT_MS = CHALLENGE_SECONDS * 1_000

type Challenge = Uint8Array<ArrayBuffer>
type Known = Pick<Passkey, 'credentialId' | 'transports'>

export type Passkeys = {
  creationOptions(request: {
    user: { id: UserId; email: string; name: string | null }
    existing: readonly Known[]
    challenge: Challenge
  }): Promise<PasskeyCreationOptions>
  /** @returns undefined for an answer that is not valid */
  verifyCreation(response: CreatedPasskey, challenge: string): Promise<Passkey | undefined>
  /** @param request.allowed without any, the client offers every passkey that it has for the shop */
  requestOptions(request: {
    allowed: readonly Known[]
    challenge: Challenge
    verifiesUser: boolean
  }): Promise<PasskeyRequestOptions>
  /** @returns what has changed about the passkey, or undefined for an answer that is not valid */
  verifyRequest(
    response: PasskeyAnswer,
    rules: { passkey: Passkey; challenge: string; verifiesUser: boolean },
  ): Promise<Pick<Passkey, 'signCount' | 'isBackedUp'> | undefined>
}

/**
 * Passkeys (https://www.w3.org/TR/webauthn-3/). Which maker built the authenticator is not asked: the attestation would tell
 * more about people than a shop needs.
 *
 * The library is loaded at first use, since most requests need none of it.
 */
export function createPasskeys({ name, id, origins }: RelyingParty): Passkeys {
  const expected = { expectedOrigin: [...origins], expectedRPID: id }
  const load = () => import('@simplewebauthn/server')
  const named = (known: readonly Known[]) =>
    known.map(({ credentialId, transports }) => ({ id: credentialId, transports }))
  return {
    creationOptions: async ({ user, existing, challenge }) =>
      (await load()).generateRegistrationOptions({
        rpName: name,
        rpID: id,
        userName: user.email,
        userDisplayName: user.name ?? user.email,
        userID: new Uint8Array(new TextEncoder().encode(user.id)),
        challenge,
        timeout: TIMEOUT_MS,
        attestationType: 'none',
        excludeCredentials: named(existing),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    verifyCreation: async (response, challenge) => {
      const { verifyRegistrationResponse } = await load()
      const verified = await orUndefined(
        verifyRegistrationResponse({
          response,
          expectedChallenge: challenge,
          ...expected,
          requireUserVerification: false,
          supportedAlgorithmIDs: ALGORITHMS,
        }),
      )
      if (verified?.registrationInfo === undefined) return undefined
      const { credential, credentialBackedUp } = verified.registrationInfo
      return {
        credentialId: credential.id,
        publicKey: base64url(credential.publicKey),
        signCount: credential.counter,
        transports: credential.transports ?? [],
        isBackedUp: credentialBackedUp,
      }
    },
    requestOptions: async ({ allowed, challenge, verifiesUser }) =>
      (await load()).generateAuthenticationOptions({
        rpID: id,
        challenge,
        timeout: TIMEOUT_MS,
        ...(allowed.length > 0 && { allowCredentials: named(allowed) }),
        userVerification: verifiesUser ? 'required' : 'preferred',
      }),
    verifyRequest: async (response, { passkey, challenge, verifiesUser }) => {
      const { verifyAuthenticationResponse } = await load()
      const verified = await orUndefined(
        verifyAuthenticationResponse({
          response,
          expectedChallenge: challenge,
          ...expected,
          requireUserVerification: verifiesUser,
          credential: {
            id: passkey.credentialId,
            publicKey: fromBase64url(passkey.publicKey),
            counter: passkey.signCount,
          },
        }),
      )
      if (verified?.verified !== true) return undefined
      const { newCounter, credentialBackedUp } = verified.authenticationInfo
      return { signCount: newCounter, isBackedUp: credentialBackedUp }
    },
  }
}

/** The library throws an Error for every answer that is not valid; nothing in it waits for anything outside. */
const orUndefined = <T>(verification: Promise<T>): Promise<T | undefined> => verification.catch(() => undefined)
