import type { AccessFailure } from '@shop/kernel/caller'
import type { FieldError, KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import type { VersionConflict } from '@shop/kernel/versions'

export type UserNotFound = { code: 'user_not_found' }
/** In the address book of the caller. */
export type AddressNotFound = { code: 'address_not_found' }
/** An address that breaks the rules of its country. */
export type InvalidAddress = { code: 'invalid_address'; errors: FieldError[] }
export type TooManyAddresses = { code: 'too_many_addresses'; maximum: number }
export type EmailTaken = { code: 'email_taken' }
export type WrongCredentials = { code: 'wrong_credentials' }
export type InvalidRefreshToken = { code: 'invalid_refresh_token' }
export type SessionNotFound = { code: 'session_not_found' }
export type TooBusy = { code: 'too_busy' }
/** The token of a mail that is unknown, used, expired, or replaced by a later one. */
export type InvalidAccountToken = { code: 'invalid_account_token' }
/** Of somebody who is signed in already: the password that they repeat. */
export type WrongPassword = { code: 'wrong_password' }

/** What a new password must not be. */
export type PasswordRule =
  | 'password_too_short'
  | 'password_too_long'
  | 'password_too_common'
  | 'password_contains_email'
  | 'password_contains_shop_name'
  | 'password_breached'
export type PasswordError = FieldError & { code: PasswordRule }
export type InvalidPassword = { code: 'invalid_password'; errors: PasswordError[] }
export type InvitationNotFound = { code: 'invitation_not_found' }
export type LastAdmin = { code: 'last_admin' }
export type ApiKeyNotFound = { code: 'api_key_not_found' }
export type FactorNotFound = { code: 'factor_not_found' }
export type TooManyFactors = { code: 'too_many_factors'; maximum: number }
export type NoFactor = { code: 'no_factor' }
/** The second factor of a sign-in, or a passkey that signs in alone. */
export type WrongFactor = { code: 'wrong_factor' }
/** Of somebody who is signed in: what they prove again who they are with, or a new factor with. */
export type WrongProof = { code: 'wrong_proof' }
export type InvalidMfaToken = { code: 'invalid_mfa_token' }
export type CustomerGroupNotFound = { code: 'customer_group_not_found' }
/** Names of groups differ in more than their case. */
export type CustomerGroupNameTaken = { code: 'customer_group_name_taken' }
export type TooManyCustomerGroups = { code: 'too_many_customer_groups'; maximum: number }
/** Accounts that do not exist, of those that were to join a group. */
export type CustomersNotFound = { code: 'customers_not_found'; userIds: string[] }
export type CustomerNoteNotFound = { code: 'customer_note_not_found' }

export type UsersFailure =
  | AccessFailure
  | MetadataTooLarge
  | VersionConflict
  | UserNotFound
  | AddressNotFound
  | InvalidAddress
  | TooManyAddresses
  | EmailTaken
  | WrongCredentials
  | InvalidRefreshToken
  | SessionNotFound
  | TooBusy
  | InvalidAccountToken
  | WrongPassword
  | InvalidPassword
  | InvitationNotFound
  | LastAdmin
  | ApiKeyNotFound
  | FactorNotFound
  | TooManyFactors
  | NoFactor
  | WrongFactor
  | WrongProof
  | InvalidMfaToken
  | CustomerGroupNotFound
  | CustomerGroupNameTaken
  | TooManyCustomerGroups
  | CustomersNotFound
  | CustomerNoteNotFound

export const USERS_PROBLEMS = {
  user_not_found: { status: 404, title: 'Account not found' },
  address_not_found: { status: 404, title: 'Address not found' },
  invalid_address: { status: 422, title: 'Not an address of its country' },
  too_many_addresses: { status: 422, title: 'The address book is full' },
  email_taken: { status: 409, title: 'This e-mail address already has an account' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  invalid_refresh_token: { status: 401, title: 'The refresh token is not valid' },
  session_not_found: { status: 404, title: 'Session not found' },
  invalid_account_token: { status: 422, title: 'This link is not valid any more' },
  wrong_password: { status: 403, title: 'The password is wrong' },
  invalid_password: { status: 422, title: 'This password cannot be used' },
  invitation_not_found: { status: 404, title: 'This invitation does not exist, has ended or was taken' },
  last_admin: { status: 409, title: 'A shop keeps at least one administrator' },
  api_key_not_found: { status: 404, title: 'API key not found' },
  factor_not_found: { status: 404, title: 'Factor not found' },
  too_many_factors: { status: 409, title: 'The account has as many factors as it can have' },
  no_factor: { status: 409, title: 'The account has no second factor' },
  wrong_factor: { status: 401, title: 'The code or passkey is wrong' },
  wrong_proof: { status: 403, title: 'What was sent does not prove it' },
  invalid_mfa_token: { status: 401, title: 'Sign in again from the start' },
  customer_group_not_found: { status: 404, title: 'Customer group not found' },
  customer_group_name_taken: { status: 409, title: 'Another customer group has this name' },
  too_many_customer_groups: { status: 409, title: 'The shop has as many customer groups as it can have' },
  customers_not_found: { status: 422, title: 'Some of these accounts do not exist' },
  customer_note_not_found: { status: 404, title: 'Note not found' },
  too_busy: { status: 503, title: 'Too many sign-ins at the moment', retryAfter: 1 },
} as const satisfies ProblemTable<Exclude<UsersFailure, KernelFailure>>
