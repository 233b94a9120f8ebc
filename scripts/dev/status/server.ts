import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { page, STYLE } from './page.ts'
import type { StatusSources } from './sources.ts'
import { readStatus } from './status.ts'

export type { StatusSources } from './sources.ts'

export type StatusServer = { url: string; close(): Promise<void> }

export type StatusServerOptions = {
  sources: StatusSources
  /** 0 takes a free one. */
  port: number
  /** Of the API, for links. */
  shopUrl: string
}

/** A web page can make a browser send here under its own host name (DNS rebinding), and then read the answer. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/

const HEADERS = {
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
    `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Serves what is in the emulators as a page at `/` and as JSON at `/status.json`, on 127.0.0.1. It changes nothing.
 *
 * @throws PortTaken
 */
export async function startStatusServer({ sources, port, shopUrl }: StatusServerOptions): Promise<StatusServer> {
  const server = createServer((request, response) => {
    answer(request, sources, shopUrl).then(
      (given) => send(response, given, request.method === 'HEAD'),
      (error: unknown) => send(response, plain(500, `The status cannot be shown: ${String(error)}`), false),
    )
  })
  const bound = await listenOnLoopback(server, port, 'the status page (STATUS_PORT)')
  return {
    url: `http://${LOOPBACK}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Answer = { status: number; type: string; body: string }

async function answer(request: IncomingMessage, sources: StatusSources, shopUrl: string): Promise<Answer> {
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) return plain(403, 'Ask for 127.0.0.1 by its address.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'There is nothing to change here.')
  const url = URL.parse(`http://${LOOPBACK}${request.url ?? '/'}`)
  if (url?.pathname === '/status.json') {
    const body = JSON.stringify(await readStatus(sources), undefined, 2)
    return { status: 200, type: 'application/json', body }
  }
  if (url?.pathname !== '/') return plain(404, 'Here are / and /status.json.')
  const status = await readStatus(sources)
  const body = page({ status, shopUrl, now: new Date(), refreshSeconds: refreshOf(url.searchParams) })
  return { status: 200, type: 'text/html; charset=utf-8', body }
}

function refreshOf(query: URLSearchParams): number | undefined {
  const seconds = Number(query.get('refresh') ?? Number.NaN)
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600 ? seconds : undefined
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` }
}

function send(response: ServerResponse, { status, type, body }: Answer, isHead: boolean): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(isHead ? undefined : body)
}
