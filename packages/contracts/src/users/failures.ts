import type { AuthenticationRequired } from '../caller.ts'

export type EmailTaken = { code: 'email_taken' }
export type WrongCredentials = { code: 'wrong_credentials' }
export type InvalidRefreshToken = { code: 'invalid_refresh_token' }
export type TooBusy = { code: 'too_busy' }

export type UsersFailure = AuthenticationRequired | EmailTaken | WrongCredentials | InvalidRefreshToken | TooBusy
