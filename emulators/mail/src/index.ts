import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { Faults } from './faults.ts'
import type { Mail } from './mail.ts'
import { createMailServer } from './server/http.ts'
import { MailStore } from './store.ts'
import { type Report, sendReport, type WebhookTarget } from './webhooks/report.ts'

export type { Faults } from './faults.ts'
export type { Mail } from './mail.ts'
export type { Report, WebhookTarget } from './webhooks/report.ts'

export interface MailOptions {
  /** 0 (the default) chooses a free port. */
  port?: number
  /** The directory for the mails. By default they are in memory and end with the process. */
  stateDir?: string
  apiKey: string
  webhook?: WebhookTarget
  /** Serves `/_control/faults` to other processes. Default false. */
  control?: boolean
  now?: () => Date
}

export interface MailEmulator {
  readonly port: number
  readonly url: string
  /** Oldest first; of one address, in any case, or all. */
  mails(filter?: { to?: string }): Mail[]
  /** Takes a mail that was sent by another way than Resend's API. */
  add(mail: Mail): void
  clear(): void
  readonly faults: Faults
  setWebhook(webhook: WebhookTarget | undefined): void
  /**
   * Sends the signed webhook about a mail: that it bounced, or that its recipient complained.
   *
   * @returns the status of the answer
   * @throws Error without a receiver, or without an answer
   */
  report(mailId: string, report: Report): Promise<number>
  close(): Promise<void>
}

/**
 * Starts Resend's API for sending mails on 127.0.0.1, with a page that shows them. A development tool: no mail leaves this
 * machine.
 *
 * @throws PortTaken
 */
export async function startMailEmulator(options: MailOptions): Promise<MailEmulator> {
  const store = new MailStore(options.stateDir)
  const faults = new Faults()
  const now = options.now ?? (() => new Date())
  const stopping = new AbortController()
  let webhook = options.webhook
  const report = async (mailId: string, kind: Report): Promise<number> => {
    const mail = store.find(mailId)
    if (mail === undefined) throw new Error(`There is no mail ${mailId}`)
    if (webhook === undefined) throw new Error('There is nobody to report to: set the webhook first')
    return sendReport(webhook, mail, kind, now())
  }
  const server = createMailServer({
    ...{ store, faults, now, report, apiKey: options.apiKey, control: options.control ?? false },
    hasWebhook: () => webhook !== undefined,
    stopping: stopping.signal,
  })
  const port = await listenOnLoopback(server, options.port ?? 0, 'the mail emulator (MAIL_PORT)')
  return {
    port,
    url: `http://${LOOPBACK}:${port}`,
    mails: (filter) => store.list(filter),
    add: (mail) => store.add(mail),
    clear: () => store.clear(),
    faults,
    setWebhook: (target) => {
      webhook = target
    },
    report,
    close: () => {
      stopping.abort()
      const ended = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return ended
    },
  }
}
