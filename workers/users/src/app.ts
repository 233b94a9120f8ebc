import { createApp } from '@shop/http/app'
import { backlogCheck } from '@shop/http/events/backlog-check'
import { addEventRoutes } from '@shop/http/events/event-routes'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { addChangeUserMetadata } from './accounts/routes/change-user-metadata.ts'
import { addGetProfile } from './accounts/routes/get-profile.ts'
import { addGetUserMetadata } from './accounts/routes/get-user-metadata.ts'
import { addRegisterUser } from './accounts/routes/register-user.ts'
import { type UsersApp, type UsersDeps, usersDeps } from './deps.ts'
import { addFactorRoutes } from './factors/routes/factor-routes.ts'
import { addListSigningKeys } from './sessions/routes/list-signing-keys.ts'
import { addLoginUser } from './sessions/routes/login-user.ts'
import { addLogoutUser } from './sessions/routes/logout-user.ts'
import { addRefreshSession } from './sessions/routes/refresh-session.ts'

/** @param deps tests give their own */
export function usersApp(deps = usersDeps): UsersApp {
  const app = createApp<UsersEnv, UsersDeps>({ deps })
  addRegisterUser(app)
  addLoginUser(app)
  addRefreshSession(app)
  addLogoutUser(app)
  addFactorRoutes(app)
  addGetProfile(app)
  addGetUserMetadata(app)
  addChangeUserMetadata(app)
  addListSigningKeys(app)
  addEventRoutes(app)
  app.get(READINESS_PATH, (c) => {
    const backlog = backlogCheck(c.get('deps'))
    return readinessResponse({ postgres: backlog.check }, {}, backlog.details)
  })
  return app
}
