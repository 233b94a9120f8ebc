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
}

/** The platform, and the receiver of all its webhooks in a scenario that has one. */
export type FailingStage = Stage & { receiver?: WebhookReceiver | undefined }

/** Requests that may fail, each of which makes something durable: the n-th of them fails. */
export type Boundary = {
  name: string
  fail(to: FailingStage, kind: 'cut_before' | 'cut_after', skip: number): FaultHandle
}

/** Something that happens after a sale. A new one is added to the list in scenarios.ts. */
export type Scenario = {
  name: string
  boundaries: readonly Boundary[]
  /** Of many calls: without `LONG=1`, some failures of the first boundary do. */
  isLong?: boolean
  /** One receiver gets the webhooks of all its tries. */
  hasReceiver?: true
  /** @param name of the try, for what it finds */
  begin(stage: FailingStage, name: string): Promise<Try>
}

/** The statements of a service, or those that a pattern matches. */
export function postgresOf(service: StoredService['name'], sql?: FaultMatch['sql']): Boundary {
  const match: FaultMatch = { role: `${service}_service`, ...(sql === undefined ? {} : { sql }) }
  return {
    name: `Postgres of ${service}`,
    fail: (stage, kind, skip) => failPostgres(stage, kind, skip, match),
  }
}

export const STRIPE: Boundary = { name: 'Stripe', fail: (stage, kind, skip) => failStripe(stage, kind, skip) }

export const MAIL_PROVIDER: Boundary = {
  name: 'the provider of mails',
  fail: ({ platform }, kind, skip) => platform.mail.faults.add({ kind, skip }),
}

export const RECEIVER: Boundary = {
  name: 'the receiver of webhooks',
  fail: ({ receiver }, kind, skip) => {
    if (receiver === undefined) throw new Error('The scenario has no receiver')
    return receiver.faults.add({ kind, skip })
  },
}
