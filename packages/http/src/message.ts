import { z } from 'zod'

/** The response of an operation that has nothing else to say. */
export const MessageResponse = z.strictObject({ message: z.string() }).meta({ id: 'Message' })
