import { text } from '@shop/kernel/text'

const MIN_PASSWORD_LENGTH = 15
const MAX_PASSWORD_LENGTH = 128

/** A password of one's own choice. */
export const NewPassword = text(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH).meta({
  description: 'A passphrase; every character counts',
  example: 'correct horse battery staple',
})
