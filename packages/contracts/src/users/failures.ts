import type { AccessFailure } from '@shop/kernel/caller'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import type { VersionConflict } from '@shop/kernel/versions'

export type UserNotFound = { code: 'user_not_found' }
export type EmailTaken = { code: 'email_taken' }
export type WrongCredentials = { code: 'wrong_credentials' }
export type InvalidRefreshToken = { code: 'invalid_refresh_token' }
export type SessionNotFound = { code: 'session_not_found' }
export type TooBusy = { code: 'too_busy' }

export type UsersFailure =
  | AccessFailure
  | MetadataTooLarge
  | VersionConflict
  | UserNotFound
  | EmailTaken
  | WrongCredentials
  | InvalidRefreshToken
  | SessionNotFound
  | TooBusy

export const USERS_PROBLEMS = {
  user_not_found: { status: 404, title: 'Account not found' },
  email_taken: { status: 409, title: 'This e-mail address already has an account' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  invalid_refresh_token: { status: 401, title: 'The refresh token is not valid' },
  session_not_found: { status: 404, title: 'Session not found' },
  too_busy: { status: 503, title: 'Too many sign-ins at the moment', retryAfter: 1 },
} as const satisfies ProblemTable<Exclude<UsersFailure, KernelFailure>>
