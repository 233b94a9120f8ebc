import type { StatusFault, WayFault } from '@shop/emulator-kit/fault-effects'
import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'
import type { NeonRequest } from './request.ts'

export type { FaultHandle } from '@shop/emulator-kit/fault-list'

/** Which requests a fault is for; what is left out matches all. Of a batch, one statement must match. */
export type FaultMatch = {
  /** A part of a statement, in any case: `insert into "orders"."orders"`; or a pattern. */
  sql?: string | RegExp
  /** The first word of a statement, in any case: `INSERT`. One that starts with WITH counts as WITH. */
  operation?: string
  /** Who asks: `orders_service`. */
  role?: string
  /** One statement by itself, or a transaction. */
  kind?: 'single' | 'batch'
}

/**
 * What goes wrong besides what can on the way: `status` answers `status` with `message`; with 400, the client throws a
 * NeonDbError with `code`, an SQLSTATE such as 40001. `body` is sent as it is, for answers that are none of Neon's.
 */
export type FaultEffect = WayFault | (StatusFault & { code?: string; message?: string; body?: string })

export type Fault = FaultEffect & FaultCounts & { match?: FaultMatch }

/** Faults by statement or caller. */
export class Faults extends FaultList<Fault> {
  /** @internal the fault this request gets, counted as used */
  take(request: NeonRequest): Fault | undefined {
    return this.takeFirst(({ match }) => match === undefined || matches(match, request))
  }
}

function matches(match: FaultMatch, request: NeonRequest): boolean {
  if (match.role !== undefined && match.role !== request.role) return false
  if (match.kind !== undefined && match.kind !== request.kind) return false
  if (match.sql === undefined && match.operation === undefined) return true
  const statements = request.kind === 'single' ? [request.statement] : request.statements
  return statements.some(({ text }) => hasSql(match, text) && isOperation(match, text))
}

function hasSql({ sql }: FaultMatch, text: string): boolean {
  if (sql === undefined) return true
  return typeof sql === 'string' ? text.toLowerCase().includes(sql.toLowerCase()) : text.search(sql) >= 0
}

function isOperation({ operation }: FaultMatch, text: string): boolean {
  return operation === undefined || text.match(/^[\s(]*(\w+)/)?.[1]?.toUpperCase() === operation.toUpperCase()
}
