import type { Db } from '@shop/db'
import { findCustomer, keepCustomer } from '@shop/db/repositories/payments/customers'
import { noteDiscrepancy, openDiscrepancies } from '@shop/db/repositories/payments/discrepancies'
import { applyDispute, disputesOfPayment, listDisputes } from '@shop/db/repositories/payments/disputes'
import { flaggedEvents, keepEvent } from '@shop/db/repositories/payments/stripe-events'
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
