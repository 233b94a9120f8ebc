import { text } from '@shop/kernel/text'
import { z } from 'zod'
import { DeviceId } from './client-of.ts'

const refreshToken = text(1, 200).meta({
  description: 'From the last sign-in or refresh',
  example: 'dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4',
})

/** Names a session by one of its refresh tokens. */
export const LogoutBody = z.strictObject({ refresh_token: refreshToken }).meta({ id: 'LogoutRequest' })

export const RefreshBody = z
  .strictObject({ refresh_token: refreshToken, device_id: DeviceId })
  .meta({ id: 'RefreshRequest' })
