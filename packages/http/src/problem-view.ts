import { z } from 'zod'

/** A problem on the wire (RFC 9457). Further members are the failure's own, in snake_case. */
export const ProblemView = z
  .looseObject({
    type: z.string().meta({ example: 'urn:shop:problem:validation_failed' }),
    title: z.string().meta({ example: 'The request is not valid' }),
    status: z.int().meta({ example: 422 }),
    detail: z.string().optional(),
    code: z.string().meta({ example: 'validation_failed' }),
    request_id: z.string().meta({ example: '0c8e5a52-6f0c-4a0c-9a57-1f3c1f5e7a11' }),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with which field; at most 50' }),
    more_errors: z.int().optional().meta({ description: 'How many more errors there are', example: 3 }),
  })
  .meta({ id: 'Problem' })
export type ProblemView = z.infer<typeof ProblemView>
