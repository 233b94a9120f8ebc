import type { InvalidPassword } from '@shop/contracts/users/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { passwordErrors } from './domain/password-rules.ts'

/** `field` of the request, for the errors. */
type ChosenPassword = { password: string; field: string; email: string }
export type CheckPasswordDeps = Pick<UsersDeps, 'passwordRules' | 'breachedPasswords'>

/** What is wrong with a password by itself. Nobody is asked, so that no limit has to count it. */
export function judgeNewPassword(
  { passwordRules }: Pick<UsersDeps, 'passwordRules'>,
  chosen: ChosenPassword,
): Result<undefined, InvalidPassword> {
  const errors = passwordErrors(chosen, passwordRules)
  return errors.length === 0 ? ok() : fail({ code: 'invalid_password', errors })
}

/** Checks a password before it becomes that of an account. Breaches are asked about last, and only where the shop does so. */
export async function checkNewPassword(
  deps: CheckPasswordDeps,
  chosen: ChosenPassword,
): Promise<Result<undefined, InvalidPassword>> {
  const judged = judgeNewPassword(deps, chosen)
  if (!judged.ok) return judged
  if (!(await deps.breachedPasswords?.has(chosen.password))) return ok()
  const message = 'was published after a breach of another service'
  return fail({ code: 'invalid_password', errors: [{ field: chosen.field, code: 'password_breached', message }] })
}
