import { createApp } from '@shop/http/app'
import { backlogCheck } from '@shop/http/events/backlog-check'
import { addEventRoutes } from '@shop/http/events/event-routes'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { addChangeUserMetadata } from './accounts/routes/change-user-metadata.ts'
import { addGetProfile } from './accounts/routes/get-profile.ts'
import { addGetUserMetadata } from './accounts/routes/get-user-metadata.ts'
import { addRegisterUser } from './accounts/routes/register-user.ts'
import { addCreateApiKey } from './api-keys/routes/create-api-key.ts'
import { addListApiKeys } from './api-keys/routes/list-api-keys.ts'
import { addRevokeApiKey } from './api-keys/routes/revoke-api-key.ts'
import { addListAudit } from './audit/routes/list-audit.ts'
import { type UsersApp, type UsersDeps, usersDeps } from './deps.ts'
import { addListSigningKeys } from './sessions/routes/list-signing-keys.ts'
import { addLoginUser } from './sessions/routes/login-user.ts'
import { addLogoutUser } from './sessions/routes/logout-user.ts'
import { addRefreshSession } from './sessions/routes/refresh-session.ts'
import { addAcceptInvitation } from './staff/routes/accept-invitation.ts'
import { addChangeRole } from './staff/routes/change-role.ts'
import { addInviteStaff } from './staff/routes/invite-staff.ts'
import { addListInvitations } from './staff/routes/list-invitations.ts'
import { addRevokeInvitation } from './staff/routes/revoke-invitation.ts'

/** @param deps tests give their own */
export function usersApp(deps = usersDeps): UsersApp {
  const app = createApp<UsersEnv, UsersDeps>({ deps })
  addRegisterUser(app)
  addLoginUser(app)
  addRefreshSession(app)
  addLogoutUser(app)
  addGetProfile(app)
  addGetUserMetadata(app)
  addChangeUserMetadata(app)
  addListSigningKeys(app)
  addInviteStaff(app)
  addListInvitations(app)
  addAcceptInvitation(app)
  addRevokeInvitation(app)
  addChangeRole(app)
  addListAudit(app)
  addCreateApiKey(app)
  addListApiKeys(app)
  addRevokeApiKey(app)
  addEventRoutes(app)
  app.get(READINESS_PATH, (c) => {
    const backlog = backlogCheck(c.get('deps'))
    return readinessResponse({ postgres: backlog.check }, {}, backlog.details)
  })
  return app
}
