import { isStaff } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { FactorRequired } from '@shop/kernel/failures'
import { hasSecondFactor } from '@shop/kernel/proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { GatewayDeps } from '../deps.ts'
import { isEnrolment } from './domain/enrolment.ts'

/**
 * Where staff need a second factor: lets those without one only add it. The access token says what its session has proved, so
 * this asks nobody. Machines have keys instead of factors.
 */
export function requireStaffFactor(
  { settings }: Pick<GatewayDeps, 'settings'>,
  caller: Caller,
  request: { method: string; path: string },
): Result<undefined, FactorRequired> {
  if (settings.STAFF_MFA === 'off' || caller.kind !== 'user' || !isStaff(caller)) return ok()
  return hasSecondFactor(caller.proof) || isEnrolment(request) ? ok() : fail({ code: 'factor_required' })
}
