import { problem } from '@shop/http'
import { requireStaff } from '@shop/kernel'
import type { MiddlewareHandler } from 'hono'
import type { CatalogAppEnv } from './catalog-app.ts'

/** Runs before the body is checked, so that only staff learn what is wrong with it. The operation asks again. */
export const staffOnly: MiddlewareHandler<CatalogAppEnv> = async (c, next) => {
  const staff = requireStaff(c.get('caller'))
  return staff.ok ? next() : problem(c, staff.failure)
}
