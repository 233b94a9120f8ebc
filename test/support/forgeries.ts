import {
  createCipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { readToken, signingKeyOf, signTexts, signToken, unsignedToken } from '@shop/testing/tokens'

/** The same token with other members, signed with the platform's own key. */
export function resigned(signingKeys: string, token: string, header: object, claims: object): string {
  const good = readToken(token)
  return signToken(signingKeys, { ...good.header, ...header }, { ...good.claims, ...claims })
}

/** Makes a token that must be refused from a valid one. */
export type Forgery = (token: string, signingKeys: string) => string

const base64url = (text: string | Buffer) => Buffer.from(text).toString('base64url')
const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow
const own = generateKeyPairSync('ed25519')
const ownJwk = own.publicKey.export({ format: 'jwk' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** Signed by the right key, with a claim that no token of ours has. */
const claiming =
  (claims: object): Forgery =>
  (token, keys) =>
    resigned(keys, token, {}, claims)
/** Signed by the right key, with another header. */
const headed =
  (header: object): Forgery =>
  (token, keys) =>
    resigned(keys, token, header, {})
const without =
  (claim: string): Forgery =>
  (token, keys) =>
    resigned(keys, token, {}, { [claim]: undefined })

/** Signed by a key of the attacker, who says in the header where to find it. */
const bringing =
  (header: object): Forgery =>
  (token) => {
    const good = readToken(token)
    return signTexts(own.privateKey, JSON.stringify({ ...good.header, ...header }), JSON.stringify(good.claims))
  }

/** Signed by another algorithm, under the name of our key. */
function signedAs(token: string, alg: string, signer: (text: Buffer) => Buffer): string {
  const good = readToken(token)
  const text = `${base64url(JSON.stringify({ ...good.header, alg }))}.${base64url(JSON.stringify(good.claims))}`
  return `${text}.${base64url(signer(Buffer.from(text)))}`
}

/** HS256 with what everybody knows of our key as the secret. */
const hmacWith =
  (secretOf: (key: KeyObject) => string | Buffer): Forgery =>
  (token, keys) => {
    const secret = secretOf(createPublicKey(signingKeyOf(keys)))
    return signedAs(token, 'HS256', (text) => createHmac('sha256', secret).update(text).digest())
  }

/** Changes the texts of header and claims before they are signed with the right key. */
const rewritten =
  (rewrite: (header: string, claims: string) => [string | Buffer, string | Buffer]): Forgery =>
  (token, keys) => {
    const { header, claims } = readToken(token)
    return signTexts(signingKeyOf(keys), ...rewrite(JSON.stringify(header), JSON.stringify(claims)))
  }

const parts = (change: (header: string, claims: string, signature: string) => string): Forgery => {
  return (token) => {
    const [header = '', claims = '', signature = ''] = token.split('.')
    return change(header, claims, signature)
  }
}

/** The next character of the base64url alphabet: in the last place of a signature, only bits that are not decoded differ. */
function nextCharacter(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[(alphabet.indexOf(character) + 1) % 64] ?? ''
}

function encrypted(token: string): string {
  const header = base64url(JSON.stringify({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', cty: 'JWT' }))
  const [key, iv] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(header))
  const text = Buffer.concat([cipher.update(token), cipher.final()])
  return [header, '', base64url(iv), base64url(text), base64url(cipher.getAuthTag())].join('.')
}

const changedRole = (claims: string) =>
  base64url(Buffer.from(claims, 'base64url').toString().replace('"customer"', '"admin"'))

const SIGNATURES: Record<string, Forgery> = {
  'with another role written in': parts((header, claims, signature) => `${header}.${changedRole(claims)}.${signature}`),
  'with a broken signature': (token) => `${token.slice(0, -6)}AAAAAA`,
  'with one bit of the signature flipped': parts((header, claims, signature) => {
    const bytes = Buffer.from(signature, 'base64url')
    bytes[10] = (bytes[10] ?? 0) ^ 1
    return `${header}.${claims}.${base64url(bytes)}`
  }),
  'with a signature of zeros': parts((header, claims) => `${header}.${claims}.${base64url(Buffer.alloc(64))}`),
  'with a signature that is cut': parts((header, claims, signature) => `${header}.${claims}.${signature.slice(0, 43)}`),
  'without a signature': (token) => token.split('.').slice(0, 2).join('.'),
  'with an empty signature': parts((header, claims) => `${header}.${claims}.`),
  'that says it needs none': (token) => unsignedToken(readToken(token).claims),
  'that says NONE, under the name of our key': (token) => signedAs(token, 'NONE', () => Buffer.alloc(0)),
  'that says it needs none, with our signature': headed({ alg: 'none' }),
  'signed with HS256 and our public key as PEM': hmacWith((key) => key.export({ type: 'spki', format: 'pem' })),
  'signed with HS256 and our public key as DER': hmacWith((key) => key.export({ type: 'spki', format: 'der' })),
  'signed with HS256 and the x of our public key': hmacWith((key) => key.export({ format: 'jwk' }).x ?? ''),
  'signed with HS256 and an empty secret': hmacWith(() => ''),
  'signed with RS256': (token) => signedAs(token, 'RS256', (text) => sign('sha256', text, rsa.privateKey)),
  'signed with ES256': (token) =>
    signedAs(token, 'ES256', (text) => sign('sha256', text, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' })),
  'signed by another key under the name of ours': bringing({}),
}

const HEADERS: Record<string, Forgery> = {
  'of another type': headed({ typ: 'JWT' }),
  'of no type': headed({ typ: undefined }),
  'of the type of an ID token': headed({ typ: 'id+jwt' }),
  'of a type that only looks alike': headed({ typ: 'AT+JWT' }),
  'of an unknown key': headed({ kid: crypto.randomUUID() }),
  'of no key': headed({ kid: undefined }),
  'whose key is no text': headed({ kid: 1 }),
  'whose key is a path': headed({ kid: '../../../dev/null' }),
  'whose key is SQL': headed({ kid: "' union select 'key' --" }),
  'whose key is a member of every object': headed({ kid: '__proto__' }),
  'that brings its key along': bringing({ jwk: ownJwk }),
  'that brings its key along as the one to use': bringing({ kid: 'own', jwk: { ...ownJwk, kid: 'own' } }),
  'that says where its key is': bringing({ jku: 'https://attacker.example/jwks.json' }),
  'that says where its certificate is': bringing({ x5u: 'https://attacker.example/cert.pem' }),
  'that brings a certificate': bringing({ x5c: [base64url(own.publicKey.export({ type: 'spki', format: 'der' }))] }),
  'that has a critical extension': headed({ crit: ['exp'] }),
  'that has an unknown critical extension': headed({ crit: ['urn:shop:admin'], 'urn:shop:admin': true }),
  'whose payload is not encoded': headed({ b64: false, crit: ['b64'] }),
  'that is compressed': headed({ zip: 'DEF' }),
  'that says it contains another': headed({ cty: 'JWT' }),
  'with our key brought along, too': (token, keys) => {
    const [key] = JSON.parse(keys) as JsonWebKey[]
    const jwk = createPublicKey(createPrivateKey({ key: key ?? {}, format: 'jwk' })).export({ format: 'jwk' })
    return resigned(keys, token, { jwk }, {})
  },
}

const CLAIMS: Record<string, Forgery> = {
  'that has expired': (token, keys) => resigned(keys, token, {}, { exp: seconds(-60) }),
  'that never expires': without('exp'),
  'whose expiry is text': (token, keys) => resigned(keys, token, {}, { exp: `${seconds(600)}` }),
  'that is not valid yet': (token, keys) => resigned(keys, token, {}, { nbf: seconds(600) }),
  'that is issued in the future': (token, keys) => resigned(keys, token, {}, { iat: seconds(600) }),
  'that does not say when it was issued': without('iat'),
  'of another issuer': claiming({ iss: 'https://elsewhere.example' }),
  'of an issuer that begins like ours': (token, keys) =>
    resigned(keys, token, {}, { iss: `${readToken(token).claims.iss}.attacker.example` }),
  'of no issuer': without('iss'),
  'for another audience': claiming({ aud: 'another-api' }),
  'for us and somebody else': (token, keys) =>
    resigned(keys, token, {}, { aud: [readToken(token).claims.aud, 'another-api'] }),
  'for nobody': without('aud'),
  'of a role there is not': claiming({ role: 'owner' }),
  'of several roles': claiming({ role: ['customer', 'admin'] }),
  'of no role': without('role'),
  'of nobody': claiming({ sub: 'somebody' }),
  'without a user': without('sub'),
  'of a number': claiming({ sub: 1 }),
  'of a user with something behind': (token, keys) =>
    resigned(keys, token, {}, { sub: `${readToken(token).claims.sub}\r\nx-shop-role: admin` }),
  'of an order': claiming({ sub: 'order_01jd4k2v9rf0fv8z3x1m5q7w2e' }),
  'of no session': without('sid'),
  'of a session that is no text': claiming({ sid: { id: 'session_01jd4k2v9rf0fv8z3x1m5q7w2e' } }),
  'without an id': without('jti'),
  'that does not say how it was proved': without('amr'),
  'that does not say when it was proved': without('auth_time'),
  'whose proof is text': claiming({ amr: 'mfa' }),
  'whose time of the proof is text': (token, keys) => resigned(keys, token, {}, { auth_time: `${seconds(0)}` }),
}

const TEXTS: Record<string, Forgery> = {
  'that is no token at all': () => 'not-a-token',
  'that is only dots': () => '..',
  'with a part too many': (token) => `${token}.e30`,
  'with an empty part in front': (token) => `.${token}`,
  'that is cut': (token) => token.slice(0, token.length / 2),
  'that is oversized': claiming({ padding: 'x'.repeat(5_000) }),
  'whose last character is another for the same bytes': (token) => token.slice(0, -1) + nextCharacter(token.slice(-1)),
  'with padding': (token) => `${token}==`,
  'with padding within': parts((header, claims, signature) => `${header}=.${claims}.${signature}`),
  'in ordinary base64': parts((header, claims, signature) => {
    const bytes = Buffer.from(signature, 'base64url')
    return `${header}.${claims}.${bytes.toString('base64')}`
  }),
  'whose claims have a member twice': rewritten((header, claims) => [
    header,
    claims.replace('"role":"customer"', '"role":"customer","role":"admin"'),
  ]),
  'whose header has a member twice': rewritten((header, claims) => [header.replace('{', '{"alg":"none",'), claims]),
  'whose claims have spaces': rewritten((header, claims) => [header, claims.replace(',', ', ')]),
  'whose header has a line break': rewritten((header, claims) => [`${header}\n`, claims]),
  'whose claims are a list': rewritten((header, claims) => [header, `[${claims}]`]),
  'whose claims are text': rewritten((header) => [header, '"admin"']),
  'whose claims are nothing': rewritten((header) => [header, 'null']),
  'whose claims are not JSON': rewritten((header) => [header, 'role=admin']),
  'whose claims are not UTF-8': rewritten((header) => [header, Buffer.from([0x7b, 0xff, 0x7d])]),
  'whose header is a list': rewritten((header, claims) => [`[${header}]`, claims]),
  'that contains another token': (token, keys) =>
    signTexts(signingKeyOf(keys), JSON.stringify({ ...readToken(token).header, cty: 'JWT' }), token),
  'that is encrypted': (token) => encrypted(token),
}

/** Tokens that must be refused, whatever they are sent for. */
export const FORGERIES: Record<string, Forgery> = { ...SIGNATURES, ...HEADERS, ...CLAIMS, ...TEXTS }
