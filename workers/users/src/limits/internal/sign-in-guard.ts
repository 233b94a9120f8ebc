import type { Limit } from '@shop/contracts/limit'
import { LIMITS, type LimitStatus, raisedLocally } from '@shop/contracts/limits'
import { callObject } from '@shop/http/call-object'
import { log } from '@shop/http/log'
import type { Objects } from '@shop/http/objects'
import { normalEmail } from '@shop/kernel/email'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { Outcome } from '../domain/guesses.ts'
import { accountRules, addressRules, forgivenPool, type LimitedRules } from '../domain/sign-in-rules.ts'
import type { QuotaStatus } from '../domain/sliding-window.ts'
import type { SignInObject } from '../sign-in-object.ts'

const TIMEOUT_MS = 2_000

/** Who signs in. An account is the normal form of its address, whether or not it exists. */
export type SignInAttempt = { email: string; address: string; deviceId?: string | undefined }

/** A sign-in that was counted, if every status allows it. */
export type BegunAttempt = {
  statuses: LimitStatus[]
  /** Records the outcome. A wrong password that cannot be recorded must not be answered as such. */
  settle(outcome: Outcome): Promise<Result<LimitStatus[], ServiceUnavailable>>
}

export type SignInGuard = {
  /** Counts a sign-in as one that may fail. Without a way to count, none is allowed. */
  begin(attempt: SignInAttempt): Promise<Result<BegunAttempt, ServiceUnavailable>>
  /** Makes a device known to an account, as one that has just signed up. */
  remember(who: { email: string; deviceId: string }): Promise<Result<undefined, ServiceUnavailable>>
}

/** One object's part in a sign-in. */
type Part = {
  object: () => DurableObjectStub<SignInObject>
  limited: LimitedRules
  statuses: QuotaStatus[]
  forgives?: string
  device?: string | undefined
}

/**
 * Counts wrong passwords in Durable Objects: one for the account, which alone decides about it, and one for the address.
 *
 * @param options.raised whether limits per address are raised, as they are locally
 */
export function signInGuard(options: {
  objects: Objects<SignInObject>
  raised: boolean
  newAttemptId: () => string
}): SignInGuard {
  const addressLimit = options.raised ? raisedLocally(LIMITS.signIn) : LIMITS.signIn
  return {
    begin: (attempt) =>
      answering<BegunAttempt>(async () => {
        const id = options.newAttemptId()
        const hashes = await hashesOf(attempt)
        const byAccount = await beginAtAccount(options.objects, id, hashes)
        // Of many guessers, each has an address; what the account refuses costs one call, and writes nothing.
        if (isRefused(byAccount)) return { statuses: statusesOf(byAccount), settle: async () => ok([]) }
        const byAddress = await beginAtAddress(options.objects, id, { hashes, limit: addressLimit })
        const parts = [byAddress, byAccount]
        // What the address refused, the account must not go on counting.
        if (isRefused(byAddress)) await settle(id, [byAccount], 'undecided')
        return { statuses: parts.flatMap(statusesOf), settle: (outcome) => settle(id, parts, outcome) }
      }),
    remember: ({ email, deviceId }) =>
      answering(async () => {
        const account = normalEmail(email)
        const [name, device] = [accountName(await sha256Hex(account)), await deviceHash(account, deviceId)]
        await called(() => options.objects(name).remember(device))
        return undefined
      }),
  }
}

const accountName = (hash: string) => `account:${hash}`

/** Hashes, so that no object learns e-mail addresses, client addresses or ids of devices. */
async function hashesOf({ email, address, deviceId }: SignInAttempt) {
  const account = normalEmail(email)
  return {
    account: await sha256Hex(account),
    address: await sha256Hex(address),
    device: deviceId === undefined ? undefined : await deviceHash(account, deviceId),
  }
}

const deviceHash = (account: string, deviceId: string) => sha256Hex(`${account} ${deviceId}`)

type Hashes = Awaited<ReturnType<typeof hashesOf>>

const isRefused = ({ statuses }: Part) => !statuses.every(({ isAllowed }) => isAllowed)

async function beginAtAccount(objects: Objects<SignInObject>, id: string, hashes: Hashes): Promise<Part> {
  const object = () => objects(accountName(hashes.account))
  const { device } = hashes
  const { known, unknown } = accountRules(hashes)
  const rules = { known: known.rules, unknown: unknown.rules }
  const { isKnown, statuses } = await called(() => object().begin({ id, device, rules }))
  return { object, limited: isKnown ? known : unknown, statuses, forgives: forgivenPool(hashes, isKnown), device }
}

async function beginAtAddress(
  objects: Objects<SignInObject>,
  id: string,
  { hashes, limit }: { hashes: Hashes; limit: Limit },
): Promise<Part> {
  const object = () => objects(`address:${hashes.address}`)
  const limited = addressRules(limit)
  const rules = { known: limited.rules, unknown: limited.rules }
  const { statuses } = await called(() => object().begin({ id, rules }))
  return { object, limited, statuses }
}

/** Except for a wrong password, an outcome that is not recorded ends by itself after a few seconds. */
async function settle(id: string, parts: Part[], outcome: Outcome): Promise<Result<LimitStatus[], ServiceUnavailable>> {
  if (outcome === 'wrong') return answering(() => settleParts(id, parts, outcome))
  return ok(await settleParts(id, parts, outcome).catch((error: unknown) => warnUnsettled(parts, error)))
}

async function settleParts(id: string, parts: Part[], outcome: Outcome): Promise<LimitStatus[]> {
  const settled = parts.map(async ({ object, limited, forgives, device }) => {
    const remembered = outcome === 'right' ? device : undefined
    const { rules } = limited
    const statuses = await called(() => object().settle({ id, outcome, rules, forgives, device: remembered }))
    return statusesOf({ limited, statuses })
  })
  return (await Promise.all(settled)).flat()
}

const statusesOf = ({ limited, statuses }: Pick<Part, 'limited' | 'statuses'>): LimitStatus[] =>
  limited.limits.flatMap((limit, index) => {
    const status = statuses[index]
    return status === undefined ? [] : [{ limit, ...status }]
  })

/** Safe to repeat: a sign-in that is begun twice counts once more at most, for a few seconds. */
const called = <T>(attempt: () => Promise<T>): Promise<T> =>
  callObject(async () => attempt(), { dependency: 'sign-in object', timeoutMs: TIMEOUT_MS })

function warnUnsettled(parts: Part[], error: unknown): LimitStatus[] {
  log('warn', 'sign_in_not_settled', { error })
  return parts.flatMap(statusesOf)
}

async function answering<T>(work: () => Promise<T>): Promise<Result<T, ServiceUnavailable>> {
  try {
    return ok(await work())
  } catch (error) {
    log('error', 'sign_in_limits_unavailable', { error })
    return fail({ code: 'service_unavailable' })
  }
}
