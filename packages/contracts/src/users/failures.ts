import type { AccessFailure } from '@shop/kernel/caller'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import type { VersionConflict } from '@shop/kernel/versions'

export type UserNotFound = { code: 'user_not_found' }
export type EmailTaken = { code: 'email_taken' }
export type WrongCredentials = { code: 'wrong_credentials' }
export type InvalidRefreshToken = { code: 'invalid_refresh_token' }
export type TooBusy = { code: 'too_busy' }
export type InvitationNotFound = { code: 'invitation_not_found' }
export type LastAdmin = { code: 'last_admin' }
export type ApiKeyNotFound = { code: 'api_key_not_found' }

export type UsersFailure =
  | AccessFailure
  | MetadataTooLarge
  | VersionConflict
  | UserNotFound
  | EmailTaken
  | WrongCredentials
  | InvalidRefreshToken
  | TooBusy
  | InvitationNotFound
  | LastAdmin
  | ApiKeyNotFound

export const USERS_PROBLEMS = {
  user_not_found: { status: 404, title: 'Account not found' },
  email_taken: { status: 409, title: 'This e-mail address already has an account' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  invalid_refresh_token: { status: 401, title: 'The refresh token is not valid' },
  invitation_not_found: { status: 404, title: 'This invitation does not exist, has ended or was taken' },
  last_admin: { status: 409, title: 'A shop keeps at least one administrator' },
  api_key_not_found: { status: 404, title: 'API key not found' },
  too_busy: { status: 503, title: 'Too many sign-ins at the moment', retryAfter: 1 },
} as const satisfies ProblemTable<Exclude<UsersFailure, KernelFailure>>
