import { z } from 'zod'
import type { SecondFactorRequired } from '../challenge-second-factor.ts'
import { MFA_TOKEN_SECONDS } from '../domain/factor.ts'

/** A sign-in whose password was right, and that goes on with a factor. */
export const SecondFactorView = z
  .strictObject({
    message: z.string().meta({ example: 'Second factor required' }),
    mfa_required: z.literal(true),
    mfa_token: z.string().meta({ description: 'For `POST /api/users/login/factor`' }),
    methods: z
      .array(z.enum(['code', 'passkey', 'recovery_code']))
      .meta({ description: 'Members of that body which the account can send', example: ['code', 'recovery_code'] }),
    expires_in: z.int().meta({ description: 'Seconds until `mfa_token` expires', example: MFA_TOKEN_SECONDS }),
  })
  .meta({ id: 'SecondFactorRequired' })

export function toSecondFactorView({ mfaToken, methods }: SecondFactorRequired): z.infer<typeof SecondFactorView> {
  return {
    message: 'Second factor required',
    mfa_required: true,
    mfa_token: mfaToken,
    methods,
    expires_in: MFA_TOKEN_SECONDS,
  }
}
