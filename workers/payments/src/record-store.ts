import type { Db } from '@shop/db'
import { findCustomer, keepCustomer } from '@shop/db/repositories/payments/customers'
import { noteDiscrepancy, openDiscrepancies, resolveDiscrepancies } from '@shop/db/repositories/payments/discrepancies'
import { applyDispute, disputesOfPayment, listDisputes } from '@shop/db/repositories/payments/disputes'
import { booksOf, claimStep, endStep, refundStates } from '@shop/db/repositories/payments/reconciliation'
import { flaggedEvents, keepEvent } from '@shop/db/repositories/payments/stripe-events'
import type { ReconciliationStore } from './ports/reconciliation.ts'
import type { RecordStore } from './ports/records.ts'

export function recordStore(db: Db): RecordStore {
  return {
    keepEvent: (event) => keepEvent(db, event),
    flaggedEvents: (page) => flaggedEvents(db, page),
    applyDispute: (report, event) => applyDispute(db, report, event),
    disputes: (page) => listDisputes(db, page),
    disputesOf: (paymentId) => disputesOfPayment(db, paymentId),
    customerOf: (userId) => findCustomer(db, userId),
    keepCustomer: (fresh) => keepCustomer(db, fresh),
    noteDiscrepancy: (found) => noteDiscrepancy(db, found),
    openDiscrepancies: (page) => openDiscrepancies(db, page),
  }
}

export function reconciliationStore(db: Db): ReconciliationStore {
  return {
    claimStep: (walk, at) => claimStep(db, walk, at),
    endStep: (step, next) => endStep(db, step, next),
    booksOf: (ids) => booksOf(db, ids),
    refundStates: (ids) => refundStates(db, ids),
    resolveDiscrepancies: (looked) => resolveDiscrepancies(db, looked),
  }
}
