import { base64url, fromBase64url } from '@shop/kernel/hash'

type Options = { challenge: string; rp?: { id?: string }; rpId?: string; user?: { id: string } }
type Overrides = {
  /** Of the page; by default the one that the device was made with. */
  origin?: string
  /** Whether the user entered a PIN or gave a fingerprint. */
  verifiesUser?: boolean
  /** Instead of the next count of signatures. */
  count?: number
}
type Bytes = Uint8Array<ArrayBuffer>

/** Flags of authenticator data: the user was there, was verified; a new credential follows. */
const PRESENT = 0x01
const VERIFIED = 0x04
const ATTESTED = 0x40
const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * An authenticator with one passkey (ES256), and the browser around it: what `navigator.credentials` would answer, as JSON.
 *
 * Source: https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
 */
export async function passkeyDevice({ origin, counts = true }: { origin: string; counts?: boolean }) {
  const keys = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify'])
  // The type leaves open whether the algorithm has one key or two.
  const { privateKey, publicKey } = keys as CryptoKeyPair
  const credentialId = crypto.getRandomValues(new Uint8Array(32))
  const id = base64url(credentialId)
  let count = 0
  let userHandle: string | undefined
  const clientData = (type: string, challenge: string, over: Overrides) =>
    utf8(JSON.stringify({ type, challenge, origin: over.origin ?? origin, crossOrigin: false }))
  const authenticatorData = async (rpId: string, over: Overrides, credential?: Bytes) => {
    if (counts) count += 1
    const counted = new Uint8Array(4)
    new DataView(counted.buffer).setUint32(0, over.count ?? count)
    const flags = PRESENT | ((over.verifiesUser ?? true) ? VERIFIED : 0) | (credential === undefined ? 0 : ATTESTED)
    return joined(await sha256(utf8(rpId)), [flags], counted, credential ?? [])
  }
  return {
    /** As `navigator.credentials.create` with these options. */
    async create({ challenge, rp, user }: Options, over: Overrides = {}) {
      userHandle = user?.id
      const { x = '', y = '' } = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey
      const credential = joined(new Uint8Array(16), [0, credentialId.length], credentialId, coseKey(x, y))
      const data = await authenticatorData(rp?.id ?? '', over, credential)
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge, over)),
          attestationObject: base64url(attestationObject(data)),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      }
    },
    /** As `navigator.credentials.get` with these options. */
    async get({ challenge, rpId }: Options, over: Overrides = {}) {
      const data = await authenticatorData(rpId ?? '', over)
      const client = clientData('webauthn.get', challenge, over)
      const signature = await crypto.subtle.sign(ES256, privateKey, joined(data, await sha256(client)))
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(derSignature(new Uint8Array(signature))),
          ...(userHandle !== undefined && { userHandle }),
        },
        clientExtensionResults: {},
      }
    },
  }
}

const utf8 = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text))
const joined = (...parts: (Uint8Array | number[])[]): Bytes => new Uint8Array(parts.flatMap((part) => [...part]))
const sha256 = async (data: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', data))

/** CBOR of `{ 1: 2, 3: -7, -1: 1, -2: x, -3: y }`: an EC2 key of P-256 for ES256 (RFC 9053). */
function coseKey(x: string, y: string): Bytes {
  const head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]
  return joined(head, [0x21, 0x58, 32], fromBase64url(x), [0x22, 0x58, 32], fromBase64url(y))
}

/** CBOR of `{ fmt: 'none', attStmt: {}, authData }`. */
function attestationObject(authData: Bytes): Bytes {
  const text = (value: string) => joined([0x60 + value.length], utf8(value))
  return joined(
    [0xa3],
    text('fmt'),
    text('none'),
    text('attStmt'),
    [0xa0],
    text('authData'),
    [0x58, authData.length],
    authData,
  )
}

/** Authenticators write ECDSA signatures in DER, WebCrypto as both numbers side by side. */
function derSignature(raw: Bytes): Bytes {
  const integer = (bytes: Bytes) => {
    const digits = bytes.slice(bytes.findIndex((byte) => byte !== 0))
    const signed = (digits[0] ?? 0) > 0x7f ? joined([0], digits) : digits
    return joined([0x02, signed.length], signed)
  }
  const body = joined(integer(raw.slice(0, 32)), integer(raw.slice(32)))
  return joined([0x30, body.length], body)
}
