/** A key as its secret has it: a JWK (RFC 8037). */
export type SigningKey = {
  kid: string
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  /** Absent of a key that signed before and is still published: a stored secret cannot be read back. */
  d?: string | undefined
  /** It is published before this instant and signs only after it. Absent: it may sign at once. */
  activates_at?: string | undefined
}

/**
 * The keys in the order in which they sign: the one that signs now first. Of the private keys whose time has come, the one
 * activated last signs; a new key is published until then, so that everybody who verifies tokens has it before it is used.
 *
 * Should none have been activated, the one signs that will be first: a shop whose clock is behind must still sign.
 */
export function inSigningOrder<K extends SigningKey>(keys: readonly K[], now: Date): K[] {
  const rank = (key: K) => {
    if (key.d === undefined) return Number.MIN_SAFE_INTEGER
    const at = activation(key)
    // Keys to come are ranked below all that are active, the earliest first.
    return at <= now.getTime() ? at : -at
  }
  return keys.toSorted((one, other) => rank(other) - rank(one))
}

/** Keys without an activation are older than any with one. */
const activation = ({ activates_at: at }: SigningKey) => (at === undefined ? 0 : Date.parse(at))
