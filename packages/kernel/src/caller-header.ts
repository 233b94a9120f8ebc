import { z } from 'zod'
import { ANONYMOUS, type Caller, ROLES } from './caller.ts'
import type { SessionId, UserId } from './ids.ts'
import { AUTH_METHODS } from './proof.ts'

const CallerHeader = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({
    kind: z.literal('user'),
    userId: z.custom<UserId>((id) => typeof id === 'string' && id.startsWith('user_')),
    role: z.enum(ROLES),
    sessionId: z.custom<SessionId>((id) => typeof id === 'string' && id.startsWith('session_')).optional(),
    proof: z.object({ amr: z.array(z.enum(AUTH_METHODS)), authTime: z.int() }).optional(),
  }),
])

/** Reads `CALLER_HEADER`; a missing header means an anonymous caller, a malformed one is a bug and throws. */
export function parseCaller(header: string | null | undefined): Caller {
  return header ? CallerHeader.parse(JSON.parse(header)) : ANONYMOUS
}
