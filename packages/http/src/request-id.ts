export const REQUEST_ID_HEADER = 'x-request-id'

/** The client's request id if it is well-formed (8 to 128 of `A-Z a-z 0-9 . _ -`), else a fresh one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get(REQUEST_ID_HEADER)
  return given !== null && /^[A-Za-z0-9._-]{8,128}$/.test(given) ? given : crypto.randomUUID()
}
