/**
 * The answer of anything that can fail in an expected way. A throw is a bug or an outage, never a business answer,
 * because own properties of errors do not survive Workers RPC.
 */
export type Result<T, F> = { ok: true; value: T } | { ok: false; failure: F }

export function ok(): { ok: true; value: undefined }
export function ok<T>(value: T): { ok: true; value: T }
export function ok<T>(value?: T) {
  return { ok: true, value }
}

export function fail<const F extends { code: string }>(failure: F): { ok: false; failure: F } {
  return { ok: false, failure }
}
