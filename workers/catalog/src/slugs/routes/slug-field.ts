import { z } from 'zod'

/** A slug that staff choose. */
export const slug = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters a to z and digits, joined by single hyphens')
  .meta({ description: 'Unique part of a URL; made from the name when omitted', example: 'kitchen' })
