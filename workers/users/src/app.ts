import { createApp } from '@shop/http/app'
import { backlogCheck } from '@shop/http/events/backlog-check'
import { addEventRoutes } from '@shop/http/events/event-routes'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { wakeAfterWrites } from '@shop/http/wake-after-writes'
import { addChangeUserMetadata } from './accounts/routes/change-user-metadata.ts'
import { addGetProfile } from './accounts/routes/get-profile.ts'
import { addGetUser } from './accounts/routes/get-user.ts'
import { addGetUserMetadata } from './accounts/routes/get-user-metadata.ts'
import { addListUsers } from './accounts/routes/list-users.ts'
import { addRegisterUser } from './accounts/routes/register-user.ts'
import { addUpdateProfile } from './accounts/routes/update-profile.ts'
import { addCreateAddress } from './addresses/routes/create-address.ts'
import { addDeleteAddress } from './addresses/routes/delete-address.ts'
import { addGetAddress } from './addresses/routes/get-address.ts'
import { addListAddresses } from './addresses/routes/list-addresses.ts'
import { addUpdateAddress } from './addresses/routes/update-address.ts'
import { addCreateApiKey } from './api-keys/routes/create-api-key.ts'
import { addListApiKeys } from './api-keys/routes/list-api-keys.ts'
import { addRevokeApiKey } from './api-keys/routes/revoke-api-key.ts'
import { addListAudit } from './audit/routes/list-audit.ts'
import { type UsersApp, type UsersDeps, usersDeps } from './deps.ts'
import { addChangeEmail } from './emails/routes/change-email.ts'
import { addConfirmEmail } from './emails/routes/confirm-email.ts'
import { addConfirmVerification } from './emails/routes/confirm-verification.ts'
import { addRequestVerification } from './emails/routes/request-verification.ts'
import { addFactorRoutes } from './factors/routes/factor-routes.ts'
import { addCustomerGroupRoutes } from './groups/routes/customer-group-routes.ts'
import { addCreateCustomerNote } from './notes/routes/create-customer-note.ts'
import { addDeleteCustomerNote } from './notes/routes/delete-customer-note.ts'
import { addListCustomerNotes } from './notes/routes/list-customer-notes.ts'
import { addChangePassword } from './passwords/routes/change-password.ts'
import { addConfirmPasswordReset } from './passwords/routes/confirm-password-reset.ts'
import { addRequestPasswordReset } from './passwords/routes/request-password-reset.ts'
import { addEraseAccount } from './privacy/routes/erase-account.ts'
import { addEraseCustomer } from './privacy/routes/erase-customer.ts'
import { addEndSession } from './sessions/routes/end-session.ts'
import { addListSessions } from './sessions/routes/list-sessions.ts'
import { addListSigningKeys } from './sessions/routes/list-signing-keys.ts'
import { addLoginUser } from './sessions/routes/login-user.ts'
import { addLogoutAll } from './sessions/routes/logout-all.ts'
import { addLogoutUser } from './sessions/routes/logout-user.ts'
import { addRefreshSession } from './sessions/routes/refresh-session.ts'
import { addAcceptInvitation } from './staff/routes/accept-invitation.ts'
import { addChangeRole } from './staff/routes/change-role.ts'
import { addInviteStaff } from './staff/routes/invite-staff.ts'
import { addListInvitations } from './staff/routes/list-invitations.ts'
import { addResetFactors } from './staff/routes/reset-factors.ts'
import { addRevokeInvitation } from './staff/routes/revoke-invitation.ts'

/** Where events are written that webhook endpoints get and that have no mail. Signing in writes none, and is frequent. */
const PUBLIC_EVENTS_AT = [
  '/api/users/profile',
  '/api/users/me',
  '/api/users/verification/confirm',
  '/api/users/invitations/accept',
  '/api/users/:id{user_.+}',
  '/api/users/:id{user_.+}/*',
  '/api/customer-groups/*',
]

/** @param deps tests give their own */
export function usersApp(deps = usersDeps): UsersApp {
  const app = createApp<UsersEnv, UsersDeps>({ deps })
  for (const path of PUBLIC_EVENTS_AT) app.use(path, wakeAfterWrites)
  addRegisterUser(app)
  addLoginUser(app)
  addRefreshSession(app)
  addLogoutUser(app)
  addChangePassword(app)
  addRequestPasswordReset(app)
  addConfirmPasswordReset(app)
  addRequestVerification(app)
  addConfirmVerification(app)
  addChangeEmail(app)
  addConfirmEmail(app)
  addLogoutAll(app)
  addListSessions(app)
  addEndSession(app)
  addFactorRoutes(app)
  addGetProfile(app)
  addUpdateProfile(app)
  addEraseAccount(app)
  addListAddresses(app)
  addCreateAddress(app)
  addGetAddress(app)
  addUpdateAddress(app)
  addDeleteAddress(app)
  addListUsers(app)
  addGetUserMetadata(app)
  addChangeUserMetadata(app)
  addListCustomerNotes(app)
  addCreateCustomerNote(app)
  addDeleteCustomerNote(app)
  addListSigningKeys(app)
  addInviteStaff(app)
  addListInvitations(app)
  addAcceptInvitation(app)
  addRevokeInvitation(app)
  addChangeRole(app)
  addResetFactors(app)
  // After every other path below /api/users, which could be an id.
  addGetUser(app)
  addCustomerGroupRoutes(app)
  addEraseCustomer(app)
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
