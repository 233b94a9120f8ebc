import { Email, Instant, opaqueId, ROLES, text } from '@shop/kernel'
import { z } from 'zod'

export const MIN_PASSWORD_LENGTH = 15
export const MAX_PASSWORD_LENGTH = 128

export const RegisterBody = z
  .strictObject({
    email: Email,
    password: text(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH).meta({
      description: 'A passphrase; every character counts',
      example: 'correct horse battery staple',
    }),
    name: text(1, 200).optional().meta({ example: 'Ada Lovelace' }),
  })
  .meta({ id: 'RegisterRequest' })

export const LoginBody = z
  .strictObject({
    email: text(1, 254).meta({ example: 'ada@example.com' }),
    password: text(1, 1024).meta({ example: 'correct horse battery staple' }),
  })
  .meta({ id: 'LoginRequest' })

export const RefreshBody = z
  .strictObject({
    refresh_token: text(1, 200).meta({
      description: 'From the last sign-in or refresh',
      example: 'dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4',
    }),
  })
  .meta({ id: 'RefreshRequest' })

export const UserView = z
  .strictObject({
    id: opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    email: z.string().meta({ example: 'ada@example.com' }),
    name: z.string().nullable().meta({ example: 'Ada Lovelace' }),
    role: z.enum(ROLES).meta({ example: 'customer' }),
    created_at: Instant,
  })
  .meta({ id: 'User' })
export type UserView = z.infer<typeof UserView>

export const SessionView = z
  .strictObject({
    message: z.string().meta({ example: 'Signed in' }),
    user: UserView,
    token: z.string().meta({ description: 'Access token (JWT, EdDSA): send as `Authorization: Bearer …`' }),
    refresh_token: z.string().meta({ description: 'Good for one refresh, which gives the next one' }),
    expires_in: z.int().meta({ description: 'Seconds until `token` expires', example: 900 }),
  })
  .meta({ id: 'Session' })
export type SessionView = z.infer<typeof SessionView>

export const ProfileView = z.strictObject({ user: UserView }).meta({ id: 'Profile' })

export const JwksView = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        use: z.literal('sig'),
        alg: z.literal('EdDSA'),
      }),
    ),
  })
  .meta({ id: 'JsonWebKeySet' })
