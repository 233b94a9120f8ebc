import { text } from '@shop/kernel/text'

/** UTF-16 code units. A password that an account has is no longer than 128 characters; anything longer is wrong. */
const MOST_UNITS = 1_024

export const CurrentPassword = text(1, MOST_UNITS).meta({ example: 'violet teapots sing at noon' })

/** How long it is, and what it contains, depends on the shop and the account: see `invalid_password`. */
export const NewPassword = text(1, MOST_UNITS).meta({
  description:
    'A passphrase of 15 to 128 characters, unless the shop sets another minimum. Every character counts, and none is required. ' +
    'Refused where it is common, or contains the e-mail address or the name of the shop',
  example: 'violet teapots sing at noon',
})
