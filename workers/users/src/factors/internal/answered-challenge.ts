import { fromBase64url, sha256Hex } from '@shop/kernel/hash'
import { z } from 'zod'
import type { UsersDeps } from '../../deps.ts'
import type { AnsweredChallenge, ChallengeUse } from '../domain/challenge.ts'

const ClientData = z.object({ challenge: z.string() })

/**
 * The challenge that a passkey says it has answered, if it is ours and for this use. Whether the answer is right, and whether
 * it is the first, is still to be checked.
 */
export async function answeredChallenge(
  deps: Pick<UsersDeps, 'challenges'>,
  { response }: { response: { clientDataJSON: string } },
  use: ChallengeUse,
  now: Date,
): Promise<AnsweredChallenge | undefined> {
  const challenge = challengeIn(response.clientDataJSON)
  const expiresAt = challenge === undefined ? undefined : await deps.challenges.check(challenge, use, now)
  if (challenge === undefined || expiresAt === undefined) return undefined
  return { challenge, hash: await sha256Hex(challenge), expiresAt }
}

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const text = new TextDecoder().decode(fromBase64url(clientDataJSON))
    return ClientData.parse(JSON.parse(text)).challenge
  } catch {
    return undefined
  }
}
