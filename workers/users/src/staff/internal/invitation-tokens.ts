import { base64url, sha256Hex } from '@shop/kernel/hash'
import type { InvitationId } from '@shop/kernel/ids'

const PURPOSE = 'shop invitation token v1'

export type InvitationTokens = {
  /** The stored form of a token: its SHA-256. */
  hash(token: string): Promise<string>
  /** The token of a new invitation. */
  of(id: InvitationId): Promise<string>
  /** The same again, for a mail that is sent later or once more; undefined when its key is gone. */
  again(invitation: { id: InvitationId; tokenHash: string }): Promise<string | undefined>
}

/**
 * Tokens of invitations: HMAC-SHA-256(key, id), so that every mail of an invitation has the same link although only the hash of
 * its token is kept.
 *
 * @param secrets private parts of the keys that sign access tokens, the one that signs now first: their holder could sign in as
 * staff anyway
 */
export function createInvitationTokens(secrets: () => readonly string[]): InvitationTokens {
  const derive = async (secret: string, id: InvitationId) => {
    const signature = await crypto.subtle.sign('HMAC', await tokenKey(secret), utf8(id))
    return base64url(new Uint8Array(signature))
  }
  return {
    hash: sha256Hex,
    of: async (id) => {
      const [current] = secrets()
      if (current === undefined) throw new Error('There is no signing key')
      return derive(current, id)
    },
    again: async ({ id, tokenHash }) => {
      for (const secret of secrets()) {
        const token = await derive(secret, id)
        if ((await sha256Hex(token)) === tokenHash) return token
      }
      return undefined
    },
  }
}

async function tokenKey(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(PURPOSE) },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
}

const utf8 = (text: string) => new TextEncoder().encode(text)
