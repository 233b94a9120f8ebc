/** Why a session ended before its time. */
export const END_REASONS = [
  'logged_out',
  'logged_out_everywhere',
  'ended_by_owner',
  'refresh_token_reused',
  'password_changed',
  'password_reset',
  'email_changed',
  'factors_changed',
  'role_changed',
  'account_removed',
] as const
export type EndReason = (typeof END_REASONS)[number]
