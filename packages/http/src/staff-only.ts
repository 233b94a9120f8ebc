import { type Caller, requireStaff } from '@shop/kernel'
import type { MiddlewareHandler } from 'hono'
import { problem } from './problem.ts'

/** Refuses everybody but staff before the body is read, so that only staff learn what is wrong with it. */
export const staffOnly: MiddlewareHandler<{ Variables: { caller: Caller } }> = async (c, next) => {
  const staff = requireStaff(c.get('caller'))
  return staff.ok ? next() : problem(c, staff.failure)
}
