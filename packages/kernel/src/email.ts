import { text } from './text.ts'

/** An e-mail address as people write it; the part before the @ is not parsed any further. */
export const Email = text(3, 254)
  .regex(/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/, 'must be an e-mail address')
  .meta({ format: 'email', description: 'Compared without regard to case', example: 'ada@example.com' })
