import { createApp, READINESS_PATH, readinessResponse } from '@shop/http'
import { usersDeps } from './deps.ts'
import { addGetProfile } from './routes/get-profile.ts'
import { addListSigningKeys } from './routes/list-signing-keys.ts'
import { addLoginUser } from './routes/login-user.ts'
import { addLogoutUser } from './routes/logout-user.ts'
import { addRefreshSession } from './routes/refresh-session.ts'
import { addRegisterUser } from './routes/register-user.ts'

const makeApp = () => createApp<UsersEnv, ReturnType<typeof usersDeps>>({ deps: usersDeps })
export type UsersApp = ReturnType<typeof makeApp>

export function usersApp(): UsersApp {
  const app = makeApp()
  addRegisterUser(app)
  addLoginUser(app)
  addRefreshSession(app)
  addLogoutUser(app)
  addGetProfile(app)
  addListSigningKeys(app)
  app.get(READINESS_PATH, (c) => readinessResponse({ postgres: c.get('deps').pingDatabase }))
  return app
}
