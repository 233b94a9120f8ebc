import { createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto'

const encode = (text: string | Buffer) => Buffer.from(text).toString('base64url')

/** The claims and the header of a token, unchecked. */
export function readToken(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = '', claims = ''] = token.split('.')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: decode(header), claims: decode(claims) }
}

/** The first of the platform's own keys. */
export function signingKeyOf(signingKeys: string): KeyObject {
  const [key] = JSON.parse(signingKeys) as JsonWebKey[]
  return createPrivateKey({ key: key ?? {}, format: 'jwk' })
}

/** A token with these texts as header and claims, whatever they are, with a valid EdDSA signature of the key. */
export function signTexts(key: KeyObject, header: string | Buffer, claims: string | Buffer): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${encode(sign(null, Buffer.from(signed), key))}`
}

/** A token signed with the first of the platform's own keys, whatever its claims. */
export function signToken(signingKeys: string, header: object, claims: object): string {
  return signTexts(signingKeyOf(signingKeys), JSON.stringify(header), JSON.stringify(claims))
}

/** A token with `alg: none`. */
export function unsignedToken(claims: object): string {
  return `${encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }))}.${encode(JSON.stringify(claims))}.`
}
