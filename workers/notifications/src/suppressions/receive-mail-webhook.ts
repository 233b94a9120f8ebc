import type { InvalidSignature } from '@shop/contracts/payments/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import { isSigned, type SignedWebhook } from './internal/check-signature.ts'
import { reportOf } from './internal/read-report.ts'

type ReceiveDeps = Pick<NotificationsDeps, 'suppressions' | 'hashAddress' | 'now' | 'webhookSecret' | 'warn'>

/** A signed body that is no JSON. */
type MalformedBody = { code: 'malformed_json' }

/**
 * Receives an event of Resend: a permanent bounce or a complaint stops all mail to the address. A repeated event changes
 * nothing, and others are ignored.
 */
export async function receiveMailWebhook(
  deps: ReceiveDeps,
  webhook: SignedWebhook,
): Promise<Result<undefined, InvalidSignature | MalformedBody>> {
  const now = deps.now()
  if (deps.webhookSecret === undefined || !(await isSigned(webhook, deps.webhookSecret, now))) {
    return fail({ code: 'invalid_signature' })
  }
  const event = parsed(webhook.body)
  if (event === undefined) return fail({ code: 'malformed_json' })
  const report = reportOf(event)
  if (report === undefined) return ok()
  await deps.suppressions.add(await Promise.all(report.addresses.map(deps.hashAddress)), report.reason, now)
  deps.warn('address_suppressed', { reason: report.reason, addresses: report.addresses.length })
  return ok()
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) ?? undefined
  } catch {
    return undefined
  }
}
