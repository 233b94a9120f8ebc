import { base64url, sha256Hex } from '@shop/kernel/hash'
import type { InvitationId } from '@shop/kernel/ids'
import { macKey, macOf } from '../../tokens/mac-key.ts'

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
  const derive = async (secret: string, id: InvitationId) => base64url(await macOf(await macKey(PURPOSE, secret), id))
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
