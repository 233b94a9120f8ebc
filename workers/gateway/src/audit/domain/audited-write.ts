import type { AuditedWrite } from '@shop/contracts/users/rpc'
import { actorIdOf, isStaff } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { isWrite } from '../../forwarding/domain/is-write.ts'
import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'
import { ID } from './created-id.ts'
import { WRITES } from './writes.ts'

type Asked = { method: string; path: string; requestId: string }

/** The record of a write that staff or a secret key asks for; undefined for any other request. */
export function auditedWrite(caller: Caller, { method, path, requestId }: Asked): AuditedWrite | undefined {
  if (caller.kind === 'anonymous' || !isStaff(caller) || !isWrite(method)) return undefined
  const found = operationAt(method, path)
  return {
    actorId: actorIdOf(caller),
    role: caller.kind === 'user' ? caller.role : null,
    method,
    operation: found?.operation ?? null,
    path: found?.path ?? null,
    resourceId: found?.resourceId ?? null,
    requestId,
  }
}

const MATCHERS = WRITES.map(([method, path, operation]) => ({
  ...{ method, path, operation },
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`),
  parameters: path.split('{').length - 1,
})).sort((a, b) => a.parameters - b.parameters)

/** Only what looks like an id is kept of a path: anybody may write anything there. */
function operationAt(method: string, path: string) {
  const trimmed = withoutTrailingSlash(path)
  for (const { pattern, ...candidate } of MATCHERS) {
    const found = candidate.method === method ? pattern.exec(trimmed) : null
    if (found === null) continue
    const last = found.at(-1)
    const resourceId = candidate.parameters > 0 && last !== undefined && ID.test(last) ? last : null
    return { operation: candidate.operation, path: candidate.path, resourceId }
  }
  return undefined
}
