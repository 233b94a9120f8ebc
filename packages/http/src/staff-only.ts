import { type Caller, requireStaff } from '@shop/kernel/caller'
import type { MiddlewareHandler } from 'hono'
import { problem } from './problem.ts'

/**
 * Middleware of a route for staff: 401 without a user, 403 for other users. It runs before the request is validated, so
 * that only staff see validation errors. The operation checks the caller again.
 */
export const staffOnly: MiddlewareHandler<{ Variables: { caller: Caller } }> = async (c, next) => {
  const staff = requireStaff(c.get('caller'))
  return staff.ok ? next() : problem(c, staff.failure)
}
