/** What a challenge is for: an answer to one counts for nothing else. */
export type ChallengePurpose = 'register' | 'sign_in' | 'second_factor' | 'step_up'

/** @param subject whom it is for: an account, the hash of an MFA token, or empty for a sign-in that names nobody */
export type ChallengeUse = { purpose: ChallengePurpose; subject: string }

/** A challenge that a passkey has answered. Its hash is stored until it would have expired anyway. */
export type AnsweredChallenge = { challenge: string; hash: string; expiresAt: Date }

export const CHALLENGE_SECONDS = 300
