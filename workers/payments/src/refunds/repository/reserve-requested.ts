import { askAll, type Db, type Statement } from '@shop/db/client'
import { attachSubject, keyClaimStatements } from '@shop/db/idempotency-keys'
import { paymentKeys, payments, refunds } from '@shop/db/schema/payments'
import { statement } from '@shop/db/statement'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type SQL, sql } from 'drizzle-orm'
import type { Refund } from '../domain/refund.ts'
import {
  GROUP,
  IS_CAPTURED,
  LEFT,
  type NewRefund,
  partOfPayment,
  refundsOf,
  reservation,
  SINGLE_ID,
  type SingleValues,
  singleValuesOf,
} from './reservation.ts'
import {
  leftOfOrder,
  type NewSpread,
  partsOverPayments,
  SPREAD_IDS,
  type SpreadValues,
  spreadValuesOf,
} from './spread.ts'

/** The first part of a refund and its further parts from other payments. */
export type RefundGroup = [Refund, ...Refund[]]

export type ReservedRefund =
  | { kind: 'reserved' | 'replayed'; refunds: RefundGroup }
  | { kind: 'in_flight' }
  | { kind: 'other_request' }
  /** Only `left` can be refunded, in minor units. */
  | { kind: 'exceeds'; left: number }

export const requestedReservations = (db: Db) => {
  /** The statements are one transaction, so a refusal leaves no key. */
  async function reserveOnce(
    { id, now, leaseUntil }: Pick<NewRefund, 'id' | 'now' | 'leaseUntil'>,
    { scope, key, requestHash }: IdempotencyKey,
    { reserve, left }: { reserve: (keyed: KeyValues) => Statement; left: Statement },
  ): Promise<ReservedRefund> {
    const claim = { scope, key, requestHash, claim: id }
    const [claimed, [made] = [], found, [remaining] = []] = await askAll(db, [
      keys.insert(claim, { now, claimedUntil: leaseUntil }),
      reserve({ scope, key, claim: id }),
      keys.read(claim),
      left,
      releaseUnused({ scope, key, claim: id }),
    ])
    const known = keys.resultOf(claim, claimed, found)
    if (known.kind === 'known') return replay(refundsOf({ refunds: known.subject }), now)
    if (known.kind !== 'claimed') return { kind: known.kind }
    const [first, ...others] = refundsOf(made)
    if (first !== undefined) return { kind: 'reserved', refunds: [first, ...others] }
    // The column is the one that both statements of `left` name.
    return {
      kind: 'exceeds',
      left: Number((remaining as { left_amount: string | null } | undefined)?.left_amount ?? 0),
    }
  }

  return {
    /**
     * Creates a refund of one payment that staff requested: idempotency key, amount, refund, ledger entry and event are one
     * transaction, before Stripe is called. The same key finds the first refund.
     */
    reserve: (fresh: NewRefund, key: IdempotencyKey): Promise<ReservedRefund> =>
      reserveOnce(fresh, key, {
        reserve: (keyed) => reserveRequested({ ...singleValuesOf(fresh), ...keyed }),
        left: readLeft({ paymentId: fresh.paymentId }),
      }),

    /** Creates the refunds of a request that takes an amount from several payments of an order: all of them or none. */
    reserveOverPayments: (fresh: NewSpread & { ids: [Refund['id'], ...Refund['id'][]] }, key: IdempotencyKey) =>
      reserveOnce({ ...fresh, id: fresh.ids[0] }, key, {
        reserve: (keyed) => reserveSpread({ ...spreadValuesOf(fresh), ...keyed }),
        left: readLeftOfOrder({ orderId: fresh.orderId, paymentId: fresh.paymentId }),
      }),

    /**
     * The refund that was made with a key. If the key has expired, the refund with the id derived from it. Undefined for neither.
     */
    async findRequested(
      { id, now }: Pick<NewRefund, 'id' | 'now'>,
      { scope, key, requestHash }: IdempotencyKey,
    ): Promise<Exclude<ReservedRefund, { kind: 'exceeds' }> | undefined> {
      const claim = { scope, key, requestHash, claim: id }
      const [found = [], [known] = []] = await askAll(db, [keys.read(claim), readGroup({ id })])
      if (found.length === 0) {
        const made = refundsOf(known)
        return made.length === 0 ? undefined : replay(made, now)
      }
      const led = keys.resultOf(claim, [], found)
      if (led.kind === 'known') return replay(refundsOf({ refunds: led.subject }), now)
      return { kind: led.kind === 'other_request' ? 'other_request' : 'in_flight' }
    },
  }
}

function replay(
  [first, ...others]: Refund[],
  now: Date,
): { kind: 'in_flight' } | { kind: 'replayed'; refunds: RefundGroup } {
  const isAsking = ({ state, leaseUntil }: Refund) => state === 'pending' && leaseUntil !== null && leaseUntil > now
  if (first === undefined || isAsking(first) || others.some(isAsking)) return { kind: 'in_flight' }
  return { kind: 'replayed', refunds: [first, ...others] }
}

type KeyValues = { scope: string; key: string; claim: string }
const k = (name: keyof KeyValues) => sql`${sql.placeholder(name)}`
const CLAIM = { scope: k('scope'), key: k('key'), claim: k('claim') }
const HOLDS_CLAIM = sql`scope = ${CLAIM.scope} and key = ${CLAIM.key} and claim = ${CLAIM.claim} and subject is null`
const HAS_CLAIM = sql`exists (select from ${paymentKeys} where ${HOLDS_CLAIM})`

/** Attaches the first of the refunds to the key. */
const attached = (ids: SQL): SQL =>
  sql`, attached as (${attachSubject(paymentKeys, CLAIM, {
    subject: sql`(select id from refund where id = (${ids})[1])`,
  })})`

const keys = keyClaimStatements<Record<string, unknown>[]>(
  paymentKeys,
  sql`select ${GROUP} from ${refunds} r where r.id = known.subject or r.part_of = known.subject`,
)

/** Index of the others: refunds_parts. */
const readGroup = statement<{ id: string }>(
  () => sql`
    select ${GROUP} as refunds from ${refunds} r
    where r.id = ${sql.placeholder('id')} or r.part_of = ${sql.placeholder('id')}`,
)

const readLeft = statement<{ paymentId: string }>(
  () => sql`
    select sum(${LEFT}) as left_amount from ${payments} where id = ${sql.placeholder('paymentId')} and ${IS_CAPTURED}`,
)

const readLeftOfOrder = statement<{ orderId: string; paymentId: string | null }>(
  () => sql`
    select sum(left_amount) as left_amount from (${leftOfOrder({
      orderId: sql`${sql.placeholder('orderId')}`,
      paymentId: sql`${sql.placeholder('paymentId')}`,
    })}) payment`,
)

const releaseUnused = statement<KeyValues>(() => sql`delete from ${paymentKeys} where ${HOLDS_CLAIM}`)

const reserveRequested = statement<SingleValues & KeyValues>(() =>
  reservation({ ids: SINGLE_ID, parts: partOfPayment(HAS_CLAIM), also: attached(SINGLE_ID) }),
)

const reserveSpread = statement<SpreadValues & KeyValues>(() =>
  reservation({
    ids: SPREAD_IDS,
    parts: partsOverPayments(HAS_CLAIM, { takesLess: false }),
    also: attached(SPREAD_IDS),
  }),
)
