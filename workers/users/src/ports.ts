import type {
  EmailTaken,
  LimitFigure,
  NewRefreshToken,
  SessionId,
  TooBusy,
  User,
  UserWithPassword,
} from '@shop/contracts'
import type { Result, ServiceUnavailable, UserId } from '@shop/kernel'
import type { AccessClaims } from './domain/access-token.ts'
import type { Counter } from './domain/counters.ts'
import type { SpentToken } from './domain/refresh-token.ts'

/** Accounts and sessions as the operations need them; deps.ts fills it from the database. */
export type UserStore = {
  /** Saves the account and its first session, or nothing. */
  saveNewUser(user: UserWithPassword, token: NewRefreshToken): Promise<Result<undefined, EmailTaken>>
  findUserByEmail(email: string): Promise<UserWithPassword | null>
  findUser(id: UserId): Promise<User | null>
  saveRefreshToken(token: NewRefreshToken): Promise<void>
  /** Uses a token and saves its successor at once; null, and nothing changed, when it cannot be used. */
  rotateRefreshToken(rotation: {
    tokenHash: string
    successorHash: string
    expiresAt: Date
    now: Date
  }): Promise<User | null>
  findSpentRefreshToken(token: {
    tokenHash: string
    successorHash: string
  }): Promise<(SpentToken & { user: User; sessionId: SessionId }) | null>
  endSession(sessionId: SessionId, now: Date): Promise<void>
  endSessionOfToken(tokenHash: string, now: Date): Promise<void>
  /** Deletes some of what expired before `before`; returns how many. */
  pruneRefreshTokens(before: Date): Promise<number>
}

/** Password hashing, one at a time in an isolate. */
export type Passwords = {
  hash(password: string): Promise<Result<string, TooBusy>>
  /** @param hash null costs the same and is never right */
  verify(password: string, hash: string | null): Promise<Result<boolean, TooBusy>>
}

export type RefreshTokens = {
  /** 256 random bits, base64url. */
  make(): string
  /** What is kept of a token: its SHA-256. */
  hash(token: string): Promise<string>
  /** The one token that follows: the same each time it is asked for, and beyond guessing without our key. */
  successor(token: string): Promise<string>
}

/** What has been counted of an attempt; it may go on if every figure allows it. */
export type Taken = {
  figures: LimitFigure[]
  /** Takes back what counts failures only; says how the limits stand then. Does not fail. */
  forgive(): Promise<LimitFigure[]>
}

export type Limits = {
  /** Counts an attempt on every counter that allows it. Without a way to count there is no attempt. */
  take(counters: Counter[]): Promise<Result<Taken, ServiceUnavailable>>
}

export type Deps = {
  users: UserStore
  limits: Limits
  passwords: Passwords
  refreshTokens: RefreshTokens
  signAccessToken(claims: AccessClaims): Promise<string>
  issuer: string
  audience: string
  newUserId(): UserId
  newSessionId(): SessionId
  newTokenId(): string
  now(): Date
  pingDatabase(): Promise<void>
}
