import type { UsersApp } from '../../deps.ts'
import { addAddPasskey } from './add-passkey.ts'
import { addConfirmTotp } from './confirm-totp.ts'
import { addEnrolTotp } from './enrol-totp.ts'
import { addListFactors } from './list-factors.ts'
import { addLoginWithFactor } from './login-with-factor.ts'
import { addLoginWithPasskey } from './login-with-passkey.ts'
import { addRemoveFactor } from './remove-factor.ts'
import { addReplaceRecoveryCodes } from './replace-recovery-codes.ts'
import { addStartPasskey } from './start-passkey.ts'
import { addStartPasskeyLogin } from './start-passkey-login.ts'
import { addStartStepUp } from './start-step-up.ts'
import { addStepUp } from './step-up.ts'

export function addFactorRoutes(app: UsersApp): void {
  addLoginWithFactor(app)
  addStartPasskeyLogin(app)
  addLoginWithPasskey(app)
  addStartStepUp(app)
  addStepUp(app)
  addListFactors(app)
  addEnrolTotp(app)
  addReplaceRecoveryCodes(app)
  addConfirmTotp(app)
  addRemoveFactor(app)
  addStartPasskey(app)
  addAddPasskey(app)
}
