import type { StatusFault, TransportFault } from '@shop/emulator-kit/fault-effects'
import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'
import type { NeonRequest } from './request.ts'

export type { FaultHandle } from '@shop/emulator-kit/fault-list'

/** The requests that a fault affects. An absent field matches all. One matching statement of a batch suffices. */
export type FaultMatch = {
  /** A part of a statement, in any case: `insert into "notes"."note"`; or a pattern. */
  sql?: string | RegExp
  /** The first word of a statement, in any case: `INSERT`. For a common table expression it is `WITH`. */
  operation?: string
  /** The role of the request: `notes_service`. */
  role?: string
  /** A single statement or a transaction. */
  kind?: 'single' | 'batch'
}

/**
 * The transport faults of the kit, and `status`: answers that HTTP status with `message`. For 400 the client throws a
 * NeonDbError with `code`, an SQLSTATE such as 40001. `body` replaces the whole body, for answers that are not JSON.
 */
export type FaultEffect = TransportFault | (StatusFault & { code?: string; message?: string; body?: string })

export type Fault = FaultEffect & FaultCounts & { match?: FaultMatch }

/** Faults by statement or caller. */
export class Faults extends FaultList<Fault> {
  /** @internal the fault for this request, counted as a hit */
  hit(request: NeonRequest): Fault | undefined {
    return this.hitFirst(({ match }) => match === undefined || matches(match, request))
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
