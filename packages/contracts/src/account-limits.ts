import type { Limit } from './limit.ts'

/** The limits of sign-ins, passwords and mails about accounts, kept exactly by objects of the users worker. */
export const ACCOUNT_LIMITS = {
  /** Against guesses at many accounts. */
  signIn: {
    name: 'sign-in',
    per: 'client address',
    counts: 'failures',
    quota: 30,
    windowSeconds: 600,
    operations: 'loginUser, loginWithFactor, loginWithPasskey and stepUp',
  },
  /** A device is known to an account that it has signed in to before. */
  signInFailures: {
    name: 'sign-in-failures',
    per: 'account and client address, or known device,',
    counts: 'failures',
    quota: 5,
    windowSeconds: 3_600,
    firstDelaySeconds: 15,
    operations: 'loginUser, loginWithFactor and stepUp',
  },
  accountFailures: {
    name: 'account-failures',
    per: 'account from all unknown devices',
    counts: 'failures',
    quota: 20,
    windowSeconds: 3_600,
    operations: 'loginUser, loginWithFactor and stepUp',
  },
  registration: {
    name: 'registration',
    per: 'client address',
    counts: 'requests',
    quota: 20,
    windowSeconds: 3_600,
    operations: 'registerUser',
  },
  registrationEmail: {
    name: 'registration-email',
    per: 'e-mail address',
    counts: 'requests',
    quota: 10,
    windowSeconds: 3_600,
    operations: 'registerUser',
  },
  accountMail: {
    name: 'account-mail',
    per: 'client address',
    counts: 'requests',
    quota: 20,
    windowSeconds: 3_600,
    operations: 'requestVerification, requestPasswordReset and changeEmail',
  },
  /** The same for addresses with and without an account; each operation by itself. */
  accountMailEmail: {
    name: 'account-mail-email',
    per: 'e-mail address',
    counts: 'requests',
    quota: 5,
    windowSeconds: 3_600,
    operations: 'requestVerification, requestPasswordReset and changeEmail, each',
  },
  emailChange: {
    name: 'email-change',
    per: 'account',
    counts: 'requests',
    quota: 10,
    windowSeconds: 3_600,
    operations: 'changeEmail',
  },
  /** Changes by what only the owner knows: a password, or the token of a mail. Each may cost a password hash. */
  credentialChange: {
    name: 'credential-change',
    per: 'client address',
    counts: 'requests',
    quota: 30,
    windowSeconds: 60,
    operations: 'changePassword, changeEmail, confirmEmail, confirmVerification and confirmPasswordReset',
  },
  /** Somebody who found a device signed in must not guess the password of its owner. */
  passwordFailures: {
    name: 'password-failures',
    per: 'account',
    counts: 'failures',
    quota: 10,
    windowSeconds: 900,
    operations: 'changePassword and changeEmail',
  },
  /** What a customer may take away is a lot of reading for every worker. */
  dataExport: {
    name: 'data-export',
    per: 'account',
    counts: 'requests',
    quota: 5,
    windowSeconds: 3_600,
    operations: 'exportAccount',
  },
} as const satisfies Record<string, Limit>
