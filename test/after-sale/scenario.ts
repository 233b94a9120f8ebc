import type { FaultHandle } from '@shop/emulator-kit/fault-list'
import type { FaultMatch } from '@shop/neon-emulator/faults'
import type { StoredService } from '@shop/services'
import type { WebhookReceiver } from '@shop/testing/webhook-receiver'
import { failPostgres, failStripe } from '../support/failpoints.ts'
import type { Stage } from '../support/use-platform.ts'

/** One try of a scenario, with data of its own. */
export type Try = {
  /** Calls the shop as a client does, and repeats each call until it is done. */
  run(): Promise<void>
  /** What is not as it has to be in the end, in words. Empty once it is, and stays so. */
  mismatches(): Promise<string[]>
  /** Where its webhooks go. */
  receiver?: WebhookReceiver
  /** Called after the last look at it. */
  end?(): Promise<void>
}

/** Requests that may fail, each of which makes something durable: the n-th of them fails. */
export type Boundary = {
  name: string
  fail(stage: Stage, tried: Try, kind: 'cut_before' | 'cut_after', skip: number): FaultHandle
}

/** Something that happens after a sale. A new one is added to the list in scenarios.ts. */
export type Scenario = {
  name: string
  boundaries: readonly Boundary[]
  /** @param name of the try, for what it finds */
  begin(stage: Stage, name: string): Promise<Try>
}

/** The statements of a service, or those that a pattern matches. */
export function postgresOf(service: StoredService['name'], sql?: FaultMatch['sql']): Boundary {
  const match: FaultMatch = { role: `${service}_service`, ...(sql === undefined ? {} : { sql }) }
  return {
    name: `Postgres of ${service}`,
    fail: (stage, _, kind, skip) => failPostgres(stage, kind, skip, match),
  }
}

export const STRIPE: Boundary = { name: 'Stripe', fail: (stage, _, kind, skip) => failStripe(stage, kind, skip) }

export const MAIL_PROVIDER: Boundary = {
  name: 'the provider of mails',
  fail: ({ platform }, _, kind, skip) => platform.mail.faults.add({ kind, skip }),
}

export const RECEIVER: Boundary = {
  name: 'the receiver of webhooks',
  fail: (_, { receiver }, kind, skip) => {
    if (receiver === undefined) throw new Error('The scenario has no receiver')
    return receiver.faults.add({ kind, skip })
  },
}
