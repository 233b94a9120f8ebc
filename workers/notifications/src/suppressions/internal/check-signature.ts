/** How old a signed request may be, and how far ahead of this clock. Source: Standard Webhooks. */
const TOLERANCE_SECONDS = 300
/** While a secret is rotated there are two. */
const MOST_SIGNATURES = 5

/** The headers of a signed webhook, as they were sent. */
export type SignedWebhook = { id: string; timestamp: string; signatures: string; body: string }

/**
 * Whether a webhook was signed with the secret, now. `crypto.subtle.verify` compares in constant time.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secret `whsec_` and a key in base64
 */
export async function isSigned(
  { id, timestamp, signatures, body }: SignedWebhook,
  secret: string,
  now: Date,
): Promise<boolean> {
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return false
  const keyBytes = bytesOf(secret.replace(/^whsec_/, ''))
  if (keyBytes === undefined || keyBytes.length === 0) return false
  const key = await crypto.subtle.importKey('raw', keyBytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  const given = signatures
    .split(' ')
    .slice(0, MOST_SIGNATURES)
    .map((one) => (one.startsWith('v1,') ? bytesOf(one.slice(3)) : undefined))
    .filter((bytes) => bytes !== undefined)
  const checked = await Promise.all(given.map((signature) => crypto.subtle.verify('HMAC', key, signature, signed)))
  return checked.includes(true)
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
