import { z } from 'zod'

/** The response of an operation that returns only a message. */
export const MessageResponse = z.strictObject({ message: z.string() }).meta({ id: 'Message' })
