/** How long an access token is valid. */
export const ACCESS_TOKEN_SECONDS = 600

/** Answered by the object of a user about what they signed in with: a session, by its id. */
export interface Revocations {
  isEnded(credentialId: string): Promise<boolean>
}
