import type { AccountExport, MailsExport, OrdersExport, PaymentsExport } from '@shop/contracts/users/export'
import { validationFailed } from '@shop/http/field-errors'
import { withLimits } from '@shop/http/limits'
import { methodNotAllowed, problem } from '@shop/http/problem'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import type { StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { Context } from 'hono'
import { z } from 'zod'
import type { GatewayContext, GatewayDeps } from '../deps.ts'

/** Raised when a member changes its meaning or is removed. */
const FORMAT_VERSION = 1

/** The gateway answers the operation itself, so no worker refuses an unknown query parameter. */
const NO_PARAMETERS = z.strictObject({})

const NO_MAILS: MailsExport = { mails: { items: [], more: false }, suppression: null }

type Gathered = OrdersExport & PaymentsExport & MailsExport
type ExportFailure = AccessFailure | StepUpRequired | RateLimited | ServiceUnavailable

/**
 * Everything that the shop knows of the caller, as one JSON document.
 *
 * Users is asked first: it checks the proof and counts the request. The others are asked in parallel, so an export costs four
 * calls for any account. An export is never partial: if a worker does not answer, the export is refused.
 */
export async function exportAccount(c: Context<GatewayContext>, caller: Caller): Promise<Response> {
  const deps = c.get('deps')
  if (c.req.method !== 'GET') return methodNotAllowed(c, ['GET'])
  if (caller.kind === 'key') return problem(c, { code: 'forbidden' })
  const query = NO_PARAMETERS.safeParse(c.req.query())
  if (!query.success) return problem(c, validationFailed(query.error))
  const { limits = [], ...known } = await deps.users.exportCustomer(caller)
  const gathered = known.ok ? await gather(deps, known.value) : known
  const answer = gathered.ok ? download(documentOf(deps.now(), gathered.value)) : problem(c, gathered.failure)
  return withLimits(answer, limits, deps.now())
}

type Everything = { known: AccountExport } & Gathered

async function gather(
  { orders, payments, notifications }: Pick<GatewayDeps, 'orders' | 'payments' | 'notifications'>,
  known: AccountExport,
): Promise<Result<Everything, ExportFailure>> {
  const { userId, verifiedEmail } = known
  const [purchases, paid, mailed] = await Promise.all([
    orders.exportCustomer(userId),
    payments.exportCustomer(userId),
    // Guests' orders may have used the same address: their mails are shown only once the caller has verified it.
    verifiedEmail === undefined ? ok(NO_MAILS) : notifications.exportCustomer(verifiedEmail),
  ])
  if (!purchases.ok || !paid.ok || !mailed.ok) return fail({ code: 'service_unavailable' })
  return ok({ known, ...purchases.value, ...paid.value, ...mailed.value })
}

function documentOf(now: Date, { known, savedMethods, suppression, ...lists }: Everything) {
  const { account, addresses, sessions, factors, apiKeys, groups, notes } = known
  return {
    format_version: FORMAT_VERSION,
    exported_at: now.toISOString(),
    ...{ account, addresses, sessions, factors, api_keys: apiKeys, customer_groups: groups, notes },
    ...{ orders: lists.orders, invoices: lists.invoices, returns: lists.returns, carts: lists.carts },
    gift_cards: lists.giftCards,
    ...{ payments: lists.payments, refunds: lists.refunds, saved_payment_methods: savedMethods },
    ...{ mails: lists.mails, mail_suppression: suppression },
  }
}

const download = (body: object) =>
  Response.json(body, {
    headers: { 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="account.json"' },
  })
