import type { AuthMethod, Proof } from '@shop/kernel/proof'

/** A proof of now. Times of tokens are whole seconds; the last one began before now. */
export function provenBy(amr: readonly AuthMethod[], now: Date): Proof {
  return { amr, authTime: Math.floor(now.getTime() / 1_000) }
}

/**
 * The proof of a session after another one: all methods together, at the time of the last. A password and a second factor
 * are two factors, in whichever order they came.
 */
export function strengthened(earlier: Proof, amr: readonly AuthMethod[], now: Date): Proof {
  const all = new Set([...earlier.amr, ...amr])
  if (all.has('pwd') && (all.has('otp') || all.has('pop'))) all.add('mfa')
  return provenBy([...all], now)
}
