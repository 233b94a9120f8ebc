import type { StripeTaxes } from '../../../src/stripe/taxes.ts'
import type { TaxCall, TaxRecord, TaxRecordAnswer } from '../../../src/taxes/domain/tax-record.ts'
import type { TaxRecordRepository } from '../../../src/taxes/repository.ts'

/** What is due to be recorded, in memory, and a Stripe Tax that records all of it unless `answer` is set. */
export class FakeTaxes {
  due: TaxRecord[] = []
  answer: TaxRecordAnswer | undefined
  readonly calls: TaxCall[] = []
  readonly settled: Parameters<TaxRecordRepository['settle']>[0][] = []
  readonly postponed: [reference: string, until: Date][] = []

  readonly repository: TaxRecordRepository = {
    claimDue: async ({ limit }) => this.due.splice(0, limit),
    settle: async (outcome) => {
      this.settled.push(outcome)
    },
    postpone: async (reference, until) => {
      this.postponed.push([reference, until])
    },
  }

  readonly stripe: StripeTaxes = {
    make: async (call) => {
      this.calls.push(call)
      return this.answer ?? { kind: 'recorded', stripeId: `tax_${this.calls.length}` }
    },
  }
}
