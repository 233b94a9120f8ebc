export type Presented = { kind: 'nothing' } | { kind: 'bearer'; token: string } | { kind: 'unreadable' }

/** What an Authorization header presents (RFC 6750, section 2.1). Schemes other than Bearer are unreadable here. */
export function presented(header: string | null | undefined): Presented {
  if (header === null || header === undefined) return { kind: 'nothing' }
  const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1]
  return token === undefined ? { kind: 'unreadable' } : { kind: 'bearer', token }
}
