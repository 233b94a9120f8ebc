import { log } from '@shop/http/log'
import type { Caller } from '@shop/kernel/caller'
import { Unavailable } from '@shop/kernel/unavailable'
import type { GatewayDeps } from '../deps.ts'
import { auditedWrite } from './domain/audited-write.ts'
import { createdIdIn } from './domain/created-id.ts'

type Asked = { method: string; path: string; requestId: string }

/**
 * Sends a request on. A write of staff is written down before, and afterwards how it was answered and what it created.
 *
 * An answer that could not be written down, or that never came, leaves the record without one: then it may have been made.
 *
 * @throws Unavailable when it could not be written down: it is not sent on then
 */
export async function auditWrite(
  { users }: Pick<GatewayDeps, 'users'>,
  caller: Caller,
  asked: Asked,
  send: () => Promise<Response>,
): Promise<Response> {
  const write = auditedWrite(caller, asked)
  if (write === undefined) return send()
  const written = await users.auditWrite(write)
  if (!written.ok) throw new Unavailable('audit')
  const response = await send()
  const { status } = response
  const createdId = status === 201 ? await createdIdOf(response.clone()) : null
  const ended = await users.auditOutcome({ id: written.value, status, createdId })
  if (!ended.ok) log('error', 'audit_outcome_lost', { audit_id: written.value, status })
  return response
}

/** An answer that breaks off has been made all the same. */
const createdIdOf = async (response: Response) => createdIdIn(await response.text().catch(() => ''))
