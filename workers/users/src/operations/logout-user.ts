import type { Deps } from '../ports.ts'

/** Ends the session of a refresh token. An unknown token, or a session that has ended already, is as good. */
export async function logoutUser(deps: Deps, refreshToken: string): Promise<void> {
  await deps.users.endSessionOfToken(await deps.refreshTokens.hash(refreshToken), deps.now())
}
