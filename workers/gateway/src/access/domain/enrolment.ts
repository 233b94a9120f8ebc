import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

/** What leads to a session with a second factor: adding one, and the step-up that this may need. And the ways out. */
const ENROLMENT = [
  /^GET \/api\/users\/(?:factors|profile)$/,
  /^POST \/api\/users\/factors\/(?:totp|[^/]+\/confirm)$/,
  /^POST \/api\/users\/passkeys(?:\/options)?$/,
  /^POST \/api\/users\/step-up(?:\/options)?$/,
  /^POST \/api\/users\/logout-all$/,
]

export function isEnrolment({ method, path }: { method: string; path: string }): boolean {
  const operation = `${method} ${withoutTrailingSlash(path)}`
  return ENROLMENT.some((pattern) => pattern.test(operation))
}
