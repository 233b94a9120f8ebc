import type { PaymentsDeps } from '../deps.ts'
import type { NewDiscrepancy } from './domain/discrepancy.ts'

export type ReportDeps = Pick<PaymentsDeps, 'discrepancies' | 'now' | 'warn'>

/** Lists a difference for staff, and logs it. */
export async function reportDiscrepancy(deps: ReportDeps, found: Omit<NewDiscrepancy, 'foundAt'>): Promise<void> {
  await deps.discrepancies.record({ ...found, foundAt: deps.now() })
  const { kind, subject, paymentId } = found
  deps.warn('discrepancy_found', { kind, subject, paymentId })
}
