import type { SessionView, User, UserView } from '@shop/contracts'
import { ACCESS_TOKEN_SECONDS } from '../domain/access-token.ts'
import type { Session } from '../operations/session.ts'

export function toUserView(user: User): UserView {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    created_at: user.createdAt.toISOString(),
  }
}

export function toSessionView(session: Session, message: string): SessionView {
  return {
    message,
    user: toUserView(session.user),
    token: session.token,
    refresh_token: session.refreshToken,
    expires_in: ACCESS_TOKEN_SECONDS,
  }
}
