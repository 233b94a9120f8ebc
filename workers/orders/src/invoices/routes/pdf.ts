import { streamed } from '@shop/http/conditional'
import type { Context } from 'hono'
import { z } from 'zod'
import type { PrintedFile } from '../print-invoice.ts'

export const PDF_RESPONSE = {
  description: 'The document',
  content: { 'application/pdf': { schema: z.string().meta({ format: 'binary' }) } },
} as const

/** Answers a printed file. */
export function pdf(c: Context, { name, bytes }: PrintedFile) {
  streamed(c)
  // A copy, since the type of the body does not allow for shared memory.
  return c.body(Uint8Array.from(bytes), 200, {
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${name}"`,
  })
}
