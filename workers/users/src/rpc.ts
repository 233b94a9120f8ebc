import { WorkerEntrypoint } from 'cloudflare:workers'
import { pullEvents } from '@shop/contracts/events/serve-events'
import type { UsersRpc } from '@shop/contracts/users/rpc'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { contactsOf } from './accounts/contacts-of.ts'
import { staffContacts } from './accounts/staff-contacts.ts'
import { callerOfKey } from './api-keys/caller-of-key.ts'
import { scopesOfKeys } from './api-keys/scopes-of-keys.ts'
import { auditOutcome } from './audit/audit-outcome.ts'
import { auditWrite } from './audit/audit-write.ts'
import { usersDeps } from './deps.ts'
import { accountMails } from './events/account-mails.ts'
import { confirmEvents } from './events/confirm-events.ts'
import { exportAccount } from './privacy/export-account.ts'
import { toAccountExport } from './privacy/routes/account-export-view.ts'

type RequestOf<M extends keyof UsersRpc> = Parameters<UsersRpc[M]>[0]

/** The methods that notifications and the gateway may call. The contract describes them. */
export class UsersService extends WorkerEntrypoint<UsersEnv> implements TracedRpc<UsersRpc> {
  accountMails(request: RequestOf<'accountMails'>, trace: TraceContext) {
    return answerRpc('accountMails', trace, () => accountMails(usersDeps(this.env), request))
  }

  pullEvents(request: RequestOf<'pullEvents'>, trace: TraceContext) {
    return answerRpc('pullEvents', trace, () => pullEvents(usersDeps(this.env), request))
  }

  confirmEvents(request: RequestOf<'confirmEvents'>, trace: TraceContext) {
    return answerRpc('confirmEvents', trace, () => confirmEvents(usersDeps(this.env), request))
  }

  contactsOf(request: RequestOf<'contactsOf'>, trace: TraceContext) {
    return answerRpc('contactsOf', trace, () => contactsOf(usersDeps(this.env), request))
  }

  staffContacts(request: RequestOf<'staffContacts'>, trace: TraceContext) {
    return answerRpc('staffContacts', trace, () => staffContacts(usersDeps(this.env), request))
  }

  callerOfKey(keyHash: RequestOf<'callerOfKey'>, trace: TraceContext) {
    return answerRpc('callerOfKey', trace, () => callerOfKey(usersDeps(this.env), keyHash))
  }

  scopesOfKeys(request: RequestOf<'scopesOfKeys'>, trace: TraceContext) {
    return answerRpc('scopesOfKeys', trace, () => scopesOfKeys(usersDeps(this.env), request))
  }

  auditWrite(write: RequestOf<'auditWrite'>, trace: TraceContext) {
    return answerRpc('auditWrite', trace, () => auditWrite(usersDeps(this.env), write))
  }

  auditOutcome(outcome: RequestOf<'auditOutcome'>, trace: TraceContext) {
    return answerRpc('auditOutcome', trace, () => auditOutcome(usersDeps(this.env), outcome))
  }

  exportCustomer(caller: RequestOf<'exportCustomer'>, trace: TraceContext) {
    return answerRpc('exportCustomer', trace, async () => {
      const known = await exportAccount(usersDeps(this.env), caller)
      return known.ok ? { ...known, value: toAccountExport(known.value) } : known
    })
  }
}
