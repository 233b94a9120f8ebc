import type { IncomingHttpHeaders } from 'node:http'
import { listPage, MAIL_POLICY, mailHtml, mailPage } from '../pages/pages.ts'
import type { MailStore } from '../store.ts'
import { REPORTS, type Report } from '../webhooks/report.ts'
import { type Answer, jsonAnswer, pageAnswer, textAnswer } from './answer.ts'

export type SiteRequest = { method: string; url: URL; headers: IncomingHttpHeaders; body: string }

export type Site = {
  store: MailStore
  hasWebhook: () => boolean
  report: (id: string, report: Report) => Promise<number>
}

const NOT_FOUND = textAnswer(404, 'There is no such mail.')

/** Answers the pages for people, and `GET /mails` for tests. */
export async function answerSite(site: Site, request: SiteRequest): Promise<Answer> {
  const { method, url } = request
  const to = url.searchParams.get('to') || undefined
  const [, root = '', id, part] = url.pathname.split('/')
  if (method === 'POST') return root === 'mails' && id && part === 'reports' ? report(site, id, request) : NOT_FOUND
  if (method !== 'GET') return textAnswer(405, 'GET or POST')
  if (url.pathname === '/') return pageAnswer(listPage(site.store.list({ to }), to))
  if (root !== 'mails') return NOT_FOUND
  if (id === undefined || id === '') return jsonAnswer(200, { mails: site.store.list({ to }) })
  const mail = site.store.find(id)
  if (mail === undefined) return NOT_FOUND
  if (part === 'html') return pageAnswer(mailHtml(mail), MAIL_POLICY)
  return part === undefined ? pageAnswer(mailPage(mail, site.hasWebhook())) : NOT_FOUND
}

async function report(site: Site, id: string, { headers, url, body }: SiteRequest): Promise<Answer> {
  // Another page of the browser can post here, too.
  if (headers.origin !== undefined && headers.origin !== url.origin) return textAnswer(403, 'Not from another page')
  const kind = new URLSearchParams(body).get('report')
  const known = REPORTS.find((one) => one === kind)
  if (known === undefined || site.store.find(id) === undefined) return NOT_FOUND
  const answered = await site.report(id, known).catch((error: unknown) => String(error))
  return textAnswer(200, `The shop answered ${answered}. Go back to the mail.`)
}
