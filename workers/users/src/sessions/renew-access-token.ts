import type { SessionId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import type { User } from '../accounts/domain/user.ts'
import { type IssueTokensDeps, issueAccessToken } from './internal/issue-tokens.ts'

export type RenewTokenDeps = IssueTokensDeps

/** A fresh access token of a session after another proof. Its refresh token stays as it is. */
export function renewAccessToken(
  deps: RenewTokenDeps,
  user: User,
  session: { sessionId: SessionId; proof: Proof },
  now: Date,
): Promise<string> {
  return issueAccessToken(deps, user, session, now)
}
