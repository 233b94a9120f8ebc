import { text } from '@shop/kernel/text'
import { z } from 'zod'

/** Names a session by one of its refresh tokens. */
export const RefreshBody = z
  .strictObject({
    refresh_token: text(1, 200).meta({
      description: 'From the last sign-in or refresh',
      example: 'dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4',
    }),
  })
  .meta({ id: 'RefreshRequest' })
