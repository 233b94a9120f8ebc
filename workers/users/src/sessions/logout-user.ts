import type { UsersDeps } from '../deps.ts'

/** Ends the session of a refresh token. Succeeds too for an unknown token and for a session that has ended already. */
export async function logoutUser(
  deps: Pick<UsersDeps, 'now' | 'refreshTokens' | 'sessions'>,
  refreshToken: string,
): Promise<void> {
  await deps.sessions.endByToken(await deps.refreshTokens.hash(refreshToken), deps.now())
}
