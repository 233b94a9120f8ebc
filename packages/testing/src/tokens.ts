import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto'

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** The claims and the header of a token, unchecked. */
export function readToken(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = '', claims = ''] = token.split('.')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: decode(header), claims: decode(claims) }
}

/** A token signed with the first of the platform's own keys, whatever its claims. */
export function signToken(signingKeys: string, header: object, claims: object): string {
  const [key] = JSON.parse(signingKeys) as JsonWebKey[]
  const signed = `${encode(header)}.${encode(claims)}`
  const signature = sign(null, Buffer.from(signed), createPrivateKey({ key: key ?? {}, format: 'jwk' }))
  return `${signed}.${signature.toString('base64url')}`
}

/** A token with `alg: none`. */
export function unsignedToken(claims: object): string {
  return `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims)}.`
}
