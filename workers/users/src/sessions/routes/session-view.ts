import { ACCESS_TOKEN_SECONDS } from '@shop/contracts/users/access-tokens'
import { z } from 'zod'
import { toUserView, UserView } from '../../accounts/routes/user-view.ts'
import type { Session } from '../start-session.ts'

export const SessionView = z
  .strictObject({
    message: z.string().meta({ example: 'Signed in' }),
    user: UserView,
    token: z.string().meta({ description: 'Access token (JWT, EdDSA): send as `Authorization: Bearer …`' }),
    refresh_token: z.string().meta({ description: 'Good for one refresh, which gives the next one' }),
    expires_in: z.int().meta({ description: 'Seconds until `token` expires', example: ACCESS_TOKEN_SECONDS }),
  })
  .meta({ id: 'Session' })
export type SessionView = z.infer<typeof SessionView>

export function toSessionView(session: Session, message: string): SessionView {
  return {
    message,
    user: toUserView(session.user),
    token: session.token,
    refresh_token: session.refreshToken,
    expires_in: ACCESS_TOKEN_SECONDS,
  }
}
