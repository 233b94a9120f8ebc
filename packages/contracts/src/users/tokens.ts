/** What the token of a mail is for. */
export const TOKEN_KINDS = ['verification', 'password_reset', 'email_change'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]
