import { WorkerEntrypoint } from 'cloudflare:workers'
import type { UsersRpc } from '@shop/contracts/users/rpc'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { callerOfKey } from './api-keys/caller-of-key.ts'
import { auditOutcome } from './audit/audit-outcome.ts'
import { auditWrite } from './audit/audit-write.ts'
import { usersDeps } from './deps.ts'
import { mailOfInvitation } from './staff/mail-of-invitation.ts'

type RequestOf<M extends keyof UsersRpc> = Parameters<UsersRpc[M]>[0]

/** The methods that other workers may call. The contract describes them. */
export class UsersService extends WorkerEntrypoint<UsersEnv> implements TracedRpc<UsersRpc> {
  callerOfKey(keyHash: RequestOf<'callerOfKey'>, trace: TraceContext) {
    return answerRpc('callerOfKey', trace, () => callerOfKey(usersDeps(this.env), keyHash))
  }

  auditWrite(write: RequestOf<'auditWrite'>, trace: TraceContext) {
    return answerRpc('auditWrite', trace, () => auditWrite(usersDeps(this.env), write))
  }

  auditOutcome(outcome: RequestOf<'auditOutcome'>, trace: TraceContext) {
    return answerRpc('auditOutcome', trace, () => auditOutcome(usersDeps(this.env), outcome))
  }

  mailOfInvitation(request: RequestOf<'mailOfInvitation'>, trace: TraceContext) {
    return answerRpc('mailOfInvitation', trace, () => mailOfInvitation(usersDeps(this.env), request))
  }
}
