import { Secret, TOTP } from 'otpauth/slim'

/** 160 bits, as long as the hash (RFC 4226, section 4). */
export const TOTP_SECRET_BYTES = 20

/** What every authenticator app supports (RFC 6238); many ignore other values. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 }
/** Accepts the step before and after: clocks differ, and people take time to type. */
const WINDOW = 1

/** The secret as people type it: base32. */
export const base32 = (secret: Uint8Array<ArrayBuffer>): string => secretOf(secret).base32

/**
 * What the QR code of an authenticator app contains.
 *
 * Source: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 */
export function otpauthUri(
  secret: Uint8Array<ArrayBuffer>,
  { issuer, label }: { issuer: string; label: string },
): string {
  return new TOTP({ ...PARAMETERS, issuer, label, secret: secretOf(secret) }).toString()
}

/** The time step of a code, if it is a code of now or of the steps beside. */
export function stepOfCode(secret: Uint8Array<ArrayBuffer>, code: string, now: Date): number | undefined {
  const timestamp = now.getTime()
  const delta = TOTP.validate({ ...PARAMETERS, token: code, secret: secretOf(secret), timestamp, window: WINDOW })
  return delta === null ? undefined : TOTP.counter({ period: PARAMETERS.period, timestamp }) + delta
}

const secretOf = (secret: Uint8Array<ArrayBuffer>) => new Secret({ buffer: secret.slice().buffer })
