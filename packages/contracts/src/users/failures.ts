import type { AccessFailure } from '@shop/kernel/caller'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import type { VersionConflict } from '@shop/kernel/versions'

export type UserNotFound = { code: 'user_not_found' }
export type EmailTaken = { code: 'email_taken' }
export type WrongCredentials = { code: 'wrong_credentials' }
export type InvalidRefreshToken = { code: 'invalid_refresh_token' }
export type TooBusy = { code: 'too_busy' }
export type FactorNotFound = { code: 'factor_not_found' }
export type TooManyFactors = { code: 'too_many_factors'; maximum: number }
export type NoFactor = { code: 'no_factor' }
/** The second factor of a sign-in, or a passkey that signs in alone. */
export type WrongFactor = { code: 'wrong_factor' }
/** Of somebody who is signed in: what they prove again who they are with, or a new factor with. */
export type WrongProof = { code: 'wrong_proof' }
export type InvalidMfaToken = { code: 'invalid_mfa_token' }

export type UsersFailure =
  | AccessFailure
  | MetadataTooLarge
  | VersionConflict
  | UserNotFound
  | EmailTaken
  | WrongCredentials
  | InvalidRefreshToken
  | TooBusy
  | FactorNotFound
  | TooManyFactors
  | NoFactor
  | WrongFactor
  | WrongProof
  | InvalidMfaToken

export const USERS_PROBLEMS = {
  user_not_found: { status: 404, title: 'Account not found' },
  email_taken: { status: 409, title: 'This e-mail address already has an account' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  invalid_refresh_token: { status: 401, title: 'The refresh token is not valid' },
  factor_not_found: { status: 404, title: 'Factor not found' },
  too_many_factors: { status: 409, title: 'The account has as many factors as it can have' },
  no_factor: { status: 409, title: 'The account has no second factor' },
  wrong_factor: { status: 401, title: 'The code or passkey is wrong' },
  wrong_proof: { status: 403, title: 'What was sent does not prove it' },
  invalid_mfa_token: { status: 401, title: 'Sign in again from the start' },
  too_busy: { status: 503, title: 'Too many sign-ins at the moment', retryAfter: 1 },
} as const satisfies ProblemTable<Exclude<UsersFailure, KernelFailure>>
