import { z } from 'zod'
import { ANONYMOUS, type Caller, ROLES } from './caller.ts'
import { ID_PREFIXES, type Id, type IdKind } from './ids.ts'
import { AUTH_METHODS } from './proof.ts'
import { ALL_SCOPES } from './scopes.ts'

const idOf = <K extends IdKind>(kind: K) =>
  z.custom<Id<K>>((id) => typeof id === 'string' && id.startsWith(`${ID_PREFIXES[kind]}_`))

const CallerHeader = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({
    kind: z.literal('user'),
    userId: idOf('user'),
    role: z.enum(ROLES),
    sessionId: idOf('session').optional(),
    proof: z.object({ amr: z.array(z.enum(AUTH_METHODS)), authTime: z.int() }).optional(),
  }),
  z.object({ kind: z.literal('key'), keyId: idOf('apiKey'), scopes: z.array(z.enum(ALL_SCOPES)) }),
])

/** Reads `CALLER_HEADER`; a missing header means an anonymous caller, a malformed one is a bug and throws. */
export function parseCaller(header: string | null | undefined): Caller {
  return header ? CallerHeader.parse(JSON.parse(header)) : ANONYMOUS
}
