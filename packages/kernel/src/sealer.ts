import { derivedKeys } from './derived-keys.ts'
import { base64url, fromBase64url, sha256Hex } from './hash.ts'

const IV_BYTES = 12

/** A secret as it is stored; a {@link Sealer} opens it. */
export type Sealed = { text: string; keyId: string }

/** Encrypts secrets for storage. */
export type Sealer = {
  /** @param owner what the secret belongs to: a text moved to another owner does not open */
  seal(secret: Uint8Array<ArrayBuffer>, owner: string): Promise<Sealed>
  /** @throws Error for a text of another owner, a changed text, or a key that is gone */
  open(sealed: Sealed, owner: string): Promise<Uint8Array<ArrayBuffer>>
  /** Whether it was sealed with a key that no longer seals. */
  isStale(sealed: Sealed): Promise<boolean>
}

/**
 * Seals with AES-256-GCM. The id of a key follows from its secret, so that a row tells which key opens it.
 *
 * @param info names what is sealed: a text that was sealed for something else does not open
 * @param secrets the first seals; the others only open
 */
export function createSealer(info: string, secrets: readonly [string, ...string[]]): Sealer {
  const [current] = secrets
  const keyOf = derivedKeys(info, 'encrypt')
  const idOf = async (secret: string) => (await sha256Hex(`${info} ${secret}`)).slice(0, 16)
  const secretOf = async (keyId: string) => {
    for (const secret of secrets) if ((await idOf(secret)) === keyId) return secret
    throw new Error(
      `No secret opens what was sealed as "${info}": its secret was replaced, and the former one is not set`,
    )
  }
  const parameters = (iv: Uint8Array<ArrayBuffer>, owner: string) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(owner),
  })
  return {
    seal: async (secret, owner) => {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const box = await crypto.subtle.encrypt(parameters(iv, owner), await keyOf(current), secret)
      return { text: base64url(new Uint8Array([...iv, ...new Uint8Array(box)])), keyId: await idOf(current) }
    },
    open: async ({ text, keyId }, owner) => {
      const bytes = fromBase64url(text)
      const key = await keyOf(await secretOf(keyId))
      const parts = parameters(bytes.slice(0, IV_BYTES), owner)
      return new Uint8Array(await crypto.subtle.decrypt(parts, key, bytes.slice(IV_BYTES)))
    },
    isStale: async ({ keyId }) => keyId !== (await idOf(current)),
  }
}
