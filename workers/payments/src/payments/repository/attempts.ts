import type { PaymentState } from '@shop/contracts/payments/states'
import { askAll, type Db } from '@shop/db/client'
import type { KeyClaim } from '@shop/db/idempotency-keys'
import { paymentKeys, payments } from '@shop/db/schema/payments'
import { statement } from '@shop/db/statement'
import { Unavailable } from '@shop/kernel/unavailable'
import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { paymentEventCtes } from '../../events/repository.ts'
import { attachAttempt } from '../../idempotency/repository.ts'
import type { CardOwner } from '../../saved-methods/domain/saved-method.ts'
import { customerOf } from '../../saved-methods/repository.ts'
import type { Capture } from '../domain/next-capture.ts'
import type { OrderPayment, Payment } from '../domain/payment.ts'
import { pausedUntil } from './declines.ts'
import { type KeyValues, keyValues } from './key-values.ts'
import { toPayment, toPaymentFromJson } from './rows.ts'

export type NewPayment = Pick<
  Payment,
  'id' | 'orderId' | 'userId' | 'chargeNo' | 'amount' | 'currency' | 'captureMethod' | 'attemptMethod' | 'createdAt'
> & { attemptUntil: Date; cards: CardOwner; taxCalculationId: string | null }

/**
 * One more call to Stripe: to confirm with a method, or to capture. `key` belongs to the request that makes
 * it.
 */
export type NewAttempt = ({ method: string; cards: CardOwner } | { capture: Capture }) & {
  until: Date
  now: Date
  key?: KeyClaim | undefined
}

/** How often the payment that was in the way may be canceled before it can be read. */
const ROUNDS = 3

export const paymentAttempts = (db: Db) => ({
  /**
   * Starts the one payment of a charge, unless its declines pause it, or finds the one it has; `started` tells which. One round
   * trip.
   *
   * The unique index over payments that are not canceled decides between parallel calls.
   *
   * @param key of the request, which gets the attempt if this starts the payment
   */
  async start(fresh: NewPayment, key?: KeyClaim): Promise<{ started: boolean } & OrderPayment> {
    const { cards, attemptUntil, createdAt, ...columns } = fresh
    const insert = insertPayment({
      ...columns,
      cardOwner: cards.userId,
      savesMethod: cards.saves,
      attemptUntil: attemptUntil.toISOString(),
      now: createdAt.toISOString(),
      ...keyValues(key),
    })
    for (let round = 0; round < ROUNDS; round += 1) {
      const [inserted = [], [row] = []] = await askAll(db, [
        insert,
        readCurrent({ orderId: fresh.orderId, chargeNo: fresh.chargeNo }),
      ])
      if (row === undefined) continue
      const found = currentOf(row)
      const isPaused = found.pausedUntil !== undefined && found.pausedUntil > createdAt
      if (found.isCurrent || isPaused) return { started: inserted.length === 1, ...found }
    }
    throw new Unavailable('payments')
  },

  /**
   * Claims the payment for one more call to Stripe, if nobody changed it since it was read and no call is under way.
   *
   * A call that tries a method is made only while no declines pause the order. Each decline is written by the statement
   * that ends its call and changes the version, so this statement sees all of them: parallel requests cannot try more
   * cards together than one after the other.
   *
   * @returns undefined when another caller won
   */
  async claimAttempt(
    { id, version }: Pick<Payment, 'id' | 'version'>,
    { until, now, key, ...what }: NewAttempt,
  ): Promise<Payment | undefined> {
    const change =
      'method' in what
        ? { method: what.method, cardOwner: what.cards.userId, savesMethod: what.cards.saves, ...NO_CAPTURE }
        : { method: null, cardOwner: null, savesMethod: null, ...capturing(what.capture) }
    const [[claimed] = []] = await askAll(db, [
      claim({ id, version, until: until.toISOString(), now: now.toISOString(), ...change, ...keyValues(key) }),
    ])
    return claimed === undefined ? undefined : paymentOf(claimed)
  },

  /**
   * Ends an attempt that Stripe refused before doing anything. A payment without a PaymentIntent ends with it, and the
   * key of the request is released, so that a retry runs afresh.
   */
  async endAttempt({ id, attempt }: Pick<Payment, 'id' | 'attempt'>, now: Date): Promise<void> {
    await askAll(db, [end({ id, attempt, now: now.toISOString() })])
  },

  /** Claims payments whose call to Stripe was lost (its time is over), each for one caller. */
  async claimLostAttempts(options: { now: Date; until: Date; limit: number }): Promise<Payment[]> {
    const lost = db
      .select({ id: payments.id })
      .from(payments)
      .where(lt(payments.attemptUntil, options.now))
      .orderBy(payments.attemptUntil)
      .limit(options.limit)
      .for('update', { skipLocked: true })
    const claimed = await db
      .update(payments)
      .set({ attemptUntil: options.until, version: sql`${payments.version} + 1` })
      .where(inArray(payments.id, lost))
      .returning()
    return claimed.map(toPayment)
  },

  /** Claims open payments without news since `seenBefore`, longest first, each for one caller. */
  async claimUnseen(options: {
    now: Date
    seenBefore: Date
    states: readonly PaymentState[]
    limit: number
  }): Promise<Payment[]> {
    const due = db
      .select({ id: payments.id })
      .from(payments)
      .where(
        and(
          // Exactly the condition of the index payments_open.
          sql`state not in ('starting', 'succeeded', 'canceled')`,
          inArray(payments.state, [...options.states]),
          isNull(payments.attemptUntil),
          lt(payments.updatedAt, options.seenBefore),
        ),
      )
      .orderBy(payments.updatedAt)
      .limit(options.limit)
      .for('update', { skipLocked: true })
    const claimed = await db
      .update(payments)
      .set({ updatedAt: options.now, version: sql`${payments.version} + 1` })
      .where(inArray(payments.id, due))
      .returning()
    return claimed.map(toPayment)
  },
})

/** @param row with a payment as `to_jsonb(p)` */
const paymentOf = (row: unknown): Payment => toPaymentFromJson((row as { payment: Record<string, unknown> }).payment)

type CurrentRow = { payment: Record<string, unknown>; paused_until: string | null; is_current: boolean }

function currentOf(row: unknown): OrderPayment {
  // The columns are those that `readCurrent` names.
  const { payment, paused_until: until, is_current: isCurrent } = row as CurrentRow
  return { payment: toPaymentFromJson(payment), pausedUntil: until === null ? undefined : new Date(until), isCurrent }
}

type InsertValues = KeyValues & {
  id: string
  orderId: string
  userId: string | null
  chargeNo: number
  amount: number
  currency: string
  captureMethod: string
  taxCalculationId: string | null
  attemptMethod: string | null
  cardOwner: string | null
  savesMethod: boolean
  attemptUntil: string
  now: string
}

const insertPayment = statement<InsertValues>(() => {
  const p = (name: keyof InsertValues) => sql.placeholder(name)
  return sql`
    with fresh as (
      insert into ${payments} (id, order_id, user_id, charge_no, amount, currency, state, capture_method, attempt, attempt_method,
                               attempt_until, stripe_customer_id, saves_method, tax_calculation_id, observed_at,
                               created_at, updated_at)
      select ${p('id')}, ${p('orderId')}, ${p('userId')}, ${p('chargeNo')}::int, ${p('amount')}::bigint,
             ${p('currency')}, 'starting', ${p('captureMethod')}, 1, ${p('attemptMethod')}, ${p('attemptUntil')}::timestamptz,
             ${customerOf(sql`${p('cardOwner')}::text`)}, ${p('savesMethod')}::boolean, ${p('taxCalculationId')},
             ${p('now')}::timestamptz,
             ${p('now')}::timestamptz, ${p('now')}::timestamptz
      where coalesce(${pausedUntil(sql`${p('orderId')}::text`)} <= ${p('now')}::timestamptz, true)
      on conflict (order_id, charge_no) where state <> 'canceled' and not duplicate and method = 'card' do nothing
      returning *
    ),
    attached as (${attachAttempt(sql`fresh`)}),
    ${paymentEventCtes(sql`fresh`)}
    select id from fresh`
})

const readCurrent = statement<{ orderId: string; chargeNo: number }>(
  () => sql`
    select to_jsonb(p) as payment, to_jsonb(pause.until) as paused_until, p.is_current
    from (select ${pausedUntil(sql`${sql.placeholder('orderId')}`)} as until) pause cross join (
      select p.*, p.charge_no = ${sql.placeholder('chargeNo')}::int and p.state <> 'canceled' and not p.duplicate as is_current
      from ${payments} p where p.order_id = ${sql.placeholder('orderId')} and p.method = 'card'
      order by is_current desc, p.created_at desc limit 1) p`,
)

const capturing = ({ amount, isFinal }: Capture) => ({ captureAmount: amount, captureIsFinal: isFinal })
const NO_CAPTURE = { captureAmount: null, captureIsFinal: true }

type ClaimValues = KeyValues & {
  id: string
  version: number
  method: string | null
  cardOwner: string | null
  savesMethod: boolean | null
  captureAmount: number | null
  captureIsFinal: boolean
  until: string
  now: string
}

/** An attempt changes no state, so it has no event. */
const claim = statement<ClaimValues>(() => {
  const p = (name: keyof ClaimValues) => sql.placeholder(name)
  return sql`
    with claimed as (
      update ${payments} p set
        attempt_method = coalesce(${p('method')}::text, p.attempt_method),
        saves_method = coalesce(${p('savesMethod')}::boolean, p.saves_method),
        stripe_customer_id = coalesce(p.stripe_customer_id, ${customerOf(sql`${p('cardOwner')}::text`)}),
        capture_amount = coalesce(${p('captureAmount')}::bigint, p.capture_amount),
        capture_is_final = ${p('captureIsFinal')}::boolean,
        attempt = p.attempt + 1, attempt_until = ${p('until')}::timestamptz, updated_at = ${p('now')}::timestamptz,
        version = p.version + 1
      where p.id = ${p('id')} and p.version = ${p('version')}::int and p.attempt_until is null
        and (${p('method')}::text is null or coalesce(${pausedUntil(sql`p.order_id`)} <= ${p('now')}::timestamptz, true))
      returning p.*
    ),
    attached as (${attachAttempt(sql`claimed`)})
    select to_jsonb(c) as payment from claimed c`
})

type EndValues = { id: string; attempt: number; now: string }

const end = statement<EndValues>(() => {
  const p = (name: keyof EndValues) => sql.placeholder(name)
  return sql`
    with was as (
      select id, state from ${payments} where id = ${p('id')} and attempt = ${p('attempt')}::int for update
    ),
    ended as (
      update ${payments} p set
        attempt_until = null, capture_amount = null, updated_at = ${p('now')}::timestamptz, version = p.version + 1,
        state = case when p.intent_id is null then 'canceled' else p.state end
      from was where p.id = was.id
      returning p.*, was.state as was_state
    ),
    ${paymentEventCtes(sql`ended`, sql`p.state <> p.was_state`)}
    delete from ${paymentKeys}
    where ${eq(paymentKeys.subject, sql`${p('id')}`)} and attempt = ${p('attempt')}::int and answer is null`
})
