export type Authorization = { kind: 'nothing' } | { kind: 'bearer'; token: string } | { kind: 'unreadable' }

/** Reads an Authorization header (RFC 6750, section 2.1). Schemes other than Bearer are unreadable here. */
export function readAuthorization(header: string | undefined): Authorization {
  if (header === undefined) return { kind: 'nothing' }
  const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1]
  return token === undefined ? { kind: 'unreadable' } : { kind: 'bearer', token }
}
