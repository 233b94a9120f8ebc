import { askAll, type Db } from '@shop/db/client'
import { attachSubject, keyClaimStatements } from '@shop/db/idempotency-keys'
import { paymentKeys, payments, refunds } from '@shop/db/schema/payments'
import { statement } from '@shop/db/statement'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type SQL, sql } from 'drizzle-orm'
import { refundEventCtes } from '../../events/repository.ts'
import { book } from '../../ledger/repository.ts'
import type { Payment } from '../../payments/domain/payment.ts'
import { toPaymentFromJson } from '../../payments/repository/rows.ts'
import { NOT_MADE, type Refund } from '../domain/refund.ts'
import { toRefundFromJson } from './rows.ts'

/** `amount` in minor units; undefined stands for all that is left. Until `leaseUntil` the creator asks Stripe. */
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reason' | 'actor'> & {
  amount: number | undefined
  now: Date
  leaseUntil: Date
}

export type ReservedRefund =
  | { kind: 'reserved' | 'replayed'; refund: Refund }
  | { kind: 'in_flight' }
  | { kind: 'other_request' }
  /** The payment as it is has less than the amount left. */
  | { kind: 'exceeds'; payment: Payment | undefined }

export const refundReservations = (db: Db) => ({
  /**
   * Creates a refund that staff requested: idempotency key, amount, refund, ledger entry and event are one transaction,
   * before Stripe is asked. The same key finds the first refund; a refusal leaves no key.
   */
  async reserve(fresh: NewRefund, { scope, key, requestHash }: IdempotencyKey): Promise<ReservedRefund> {
    const claim = { scope, key, requestHash, claim: fresh.id }
    const [claimed, [reserved] = [], found, [payment] = []] = await askAll(db, [
      keys.insert(claim, { now: fresh.now, claimedUntil: fresh.leaseUntil }),
      reserveRequested({ ...valuesOf(fresh), dedupKey: fresh.id, scope, key, claim: fresh.id }),
      keys.read(claim),
      readPayment({ id: fresh.paymentId }),
      releaseUnused({ scope, key, claim: fresh.id }),
    ])
    const known = keys.resultOf(claim, claimed, found)
    if (known.kind === 'known') return replay(toRefundFromJson(known.subject), fresh.now)
    if (known.kind === 'in_flight' || known.kind === 'other_request') return { kind: known.kind }
    if (reserved !== undefined) return { kind: 'reserved', refund: refundOf(reserved) }
    return { kind: 'exceeds', payment: payment === undefined ? undefined : toPaymentFromJson((payment as JsonRow).row) }
  },

  /**
   * What a key led to, or the refund with the id that was made of a key which is forgotten by now; undefined for neither.
   */
  async findRequested(
    { id, now }: Pick<NewRefund, 'id' | 'now'>,
    { scope, key, requestHash }: IdempotencyKey,
  ): Promise<Exclude<ReservedRefund, { kind: 'exceeds' }> | undefined> {
    const claim = { scope, key, requestHash, claim: id }
    const [found = [], [known] = []] = await askAll(db, [keys.read(claim), readRefund({ id })])
    if (found.length === 0) return known === undefined ? undefined : replay(refundOf(known), now)
    const led = keys.resultOf(claim, [], found)
    if (led.kind === 'known') return replay(toRefundFromJson(led.subject), now)
    return { kind: led.kind === 'other_request' ? 'other_request' : 'in_flight' }
  },

  /**
   * Creates the refund of all that is left of a payment whose order could not take it, once: an event may come again
   * months later. One that Stripe refused or the bank returned stays with staff; only one that was never made may follow.
   *
   * @returns undefined when nothing is left, or staff have to decide
   */
  async reserveAutomatic(fresh: NewRefund): Promise<Refund | undefined> {
    const [[reserved] = [], [known] = []] = await askAll(db, [
      automaticReservation(fresh),
      readAutomatic({ paymentId: fresh.paymentId, dedupKey: fresh.reason }),
    ])
    const row = reserved ?? known
    return row === undefined ? undefined : refundOf(row)
  },

  /** Records a refund that was made in Stripe's dashboard, once. Nothing happens where less is left of the payment. */
  async adopt({ stripeRefundId, ...fresh }: NewRefund & { stripeRefundId: string }): Promise<void> {
    await askAll(db, [adopt({ ...valuesOf(fresh), dedupKey: fresh.id, stripeRefundId })])
  },
})

type JsonRow = { row: Record<string, unknown> }

/** @param row with a refund as `to_jsonb(r)` */
const refundOf = (row: unknown): Refund => toRefundFromJson((row as JsonRow).row)

function replay(refund: Refund, now: Date): { kind: 'in_flight' } | { kind: 'replayed'; refund: Refund } {
  const isAsking = refund.state === 'pending' && refund.leaseUntil !== null && refund.leaseUntil > now
  return isAsking ? { kind: 'in_flight' } : { kind: 'replayed', refund }
}

type Values = {
  id: string
  paymentId: string
  amount: number | null
  dedupKey: string
  reason: string
  actor: string
  now: string
  leaseUntil: string
}

const valuesOf = ({ id, paymentId, amount, reason, actor, now, leaseUntil }: NewRefund) => ({
  id,
  paymentId,
  amount: amount ?? null,
  reason,
  actor: JSON.stringify(actor),
  now: now.toISOString(),
  leaseUntil: leaseUntil.toISOString(),
})

const p = (name: keyof Values | keyof KeyValues | 'stripeRefundId') => sql.placeholder(name)
type KeyValues = { scope: string; key: string; claim: string }
const CLAIM = { scope: sql`${p('scope')}`, key: sql`${p('key')}`, claim: sql`${p('claim')}` }
const HOLDS_CLAIM = sql`scope = ${CLAIM.scope} and key = ${CLAIM.key} and claim = ${CLAIM.claim} and subject is null`

const keys = keyClaimStatements<Record<string, unknown>>(
  paymentKeys,
  sql`select to_jsonb(r) from ${refunds} r where r.id = known.subject`,
)

const readPayment = statement<{ id: string }>(
  () => sql`select to_jsonb(p) as row from ${payments} p where p.id = ${sql.placeholder('id')}`,
)

const readRefund = statement<{ id: string }>(
  () => sql`select to_jsonb(r) as row from ${refunds} r where r.id = ${sql.placeholder('id')}`,
)

const releaseUnused = statement<KeyValues>(() => sql`delete from ${paymentKeys} where ${HOLDS_CLAIM}`)

const reserveRequested = statement<Values & KeyValues>(() =>
  reservation({
    condition: sql`exists (select from ${paymentKeys} where ${HOLDS_CLAIM})`,
    also: sql`, attached as (${attachSubject(paymentKeys, CLAIM, { subject: sql`(select id from refund)` })})`,
  }),
)

const reserveAutomatic = statement<Values>(() =>
  reservation({
    condition: sql`not exists (
      select from ${refunds} earlier
      where earlier.payment_id = ${p('paymentId')} and earlier.reason = ${p('reason')} and earlier.actor->>'kind' = 'system'
        and earlier.failure is distinct from ${NOT_MADE}::text)`,
  }),
)

/** The statement that reserves an automatic refund, for a transaction that does more. It returns the refund as `row`. */
export const automaticReservation = (fresh: NewRefund) =>
  reserveAutomatic({ ...valuesOf(fresh), dedupKey: fresh.reason })

const readAutomatic = statement<Pick<Values, 'paymentId' | 'dedupKey'>>(
  () => sql`
    select to_jsonb(r) as row from ${refunds} r
    where r.payment_id = ${p('paymentId')} and r.dedup_key = ${p('dedupKey')}`,
)

const adopt = statement<Values & { stripeRefundId: string }>(() =>
  reservation({
    condition: sql`not exists (select from ${refunds} where stripe_refund_id = ${p('stripeRefundId')})`,
    stripeRefundId: sql`${p('stripeRefundId')}`,
  }),
)

/**
 * The statement that inserts a refund, reserves and books its amount and writes its event. `was` locks the payment, so
 * that of concurrent refunds each sees what the others have left.
 *
 * @param parts.also further CTEs, over the one row of `refund`
 */
function reservation(parts: { condition: SQL; stripeRefundId?: SQL; also?: SQL }): SQL {
  const { condition, stripeRefundId = sql`null`, also = sql.empty() } = parts
  return sql`
    with was as (
      select id, coalesce(${p('amount')}::bigint, captured_amount - refunded_amount - reserved_amount) as wanted
      from ${payments} where id = ${p('paymentId')} and state = 'succeeded' and ${condition}
      for update
    ),
    reserved as (
      update ${payments} p set reserved_amount = p.reserved_amount + was.wanted, version = p.version + 1
      from was
      where p.id = was.id and was.wanted between 1 and p.captured_amount - p.refunded_amount - p.reserved_amount
      returning p.*, was.wanted
    ),
    refund as (
      insert into ${refunds} (id, payment_id, order_id, amount, currency, state, stripe_refund_id, dedup_key, reason, actor,
                              lease_until, next_attempt_at, created_at, updated_at)
      select ${p('id')}, id, order_id, wanted, currency, 'pending', ${stripeRefundId}, ${p('dedupKey')}, ${p('reason')},
             ${p('actor')}::jsonb, ${p('leaseUntil')}::timestamptz, ${p('leaseUntil')}::timestamptz,
             ${p('now')}::timestamptz, ${p('now')}::timestamptz
      from reserved
      returning *
    ),
    booked as (${book('refund_reserved', {
      from: sql`refund`,
      about: sql`id`,
      at: sql`created_at`,
      amount: sql`amount`,
      currency: sql`currency`,
      paymentId: sql`payment_id`,
      refundId: sql`id`,
    })}),
    ${refundEventCtes(
      ['refund.created'],
      sql`
        select 'refund.created' as type, refund.payment_id, reserved.version, refund.id as refund_id, refund.order_id,
               refund.amount, refund.currency, refund.state, reserved.captured_amount, refund.created_at as at
        from refund join reserved on reserved.id = refund.payment_id`,
    )}
    ${also}
    select to_jsonb(refund) as row from refund`
}
