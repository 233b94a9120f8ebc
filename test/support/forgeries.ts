import { readToken, signToken, unsignedToken } from '@shop/testing/tokens'

/** The same token with other members, signed with the platform's own key. */
export function resigned(signingKeys: string, token: string, header: object, claims: object): string {
  const good = readToken(token)
  return signToken(signingKeys, { ...good.header, ...header }, { ...good.claims, ...claims })
}

/** Tokens that must be refused, each made from a valid one. */
export const FORGERIES: Record<string, (token: string, signingKeys: string) => string> = {
  'with another role written in': (token) => {
    const [header, , signature] = token.split('.')
    const claims = Buffer.from(JSON.stringify({ ...readToken(token).claims, role: 'admin' })).toString('base64url')
    return [header, claims, signature].join('.')
  },
  'with a broken signature': (token) => `${token.slice(0, -6)}AAAAAA`,
  'without a signature': (token) => token.split('.').slice(0, 2).join('.'),
  'that says it needs none': (token) => unsignedToken(readToken(token).claims),
  'that has expired': (token, keys) => resigned(keys, token, {}, { exp: Math.floor(Date.now() / 1_000) - 60 }),
  'of another issuer': (token, keys) => resigned(keys, token, {}, { iss: 'https://elsewhere.example' }),
  'for another audience': (token, keys) => resigned(keys, token, {}, { aud: 'another-api' }),
  'of another type': (token, keys) => resigned(keys, token, { typ: 'JWT' }, {}),
  'of an unknown key': (token, keys) => resigned(keys, token, { kid: crypto.randomUUID() }, {}),
  'of a role there is not': (token, keys) => resigned(keys, token, {}, { role: 'owner' }),
  'of nobody': (token, keys) => resigned(keys, token, {}, { sub: 'somebody' }),
  'that is no token at all': () => 'not-a-token',
}
