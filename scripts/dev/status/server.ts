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
}

/** With DNS rebinding a web page can send requests here under its own host name and read the responses. */
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
 * Serves the contents of the emulators as a page at `/` and as JSON at `/status.json`, on 127.0.0.1. Read-only.
 *
 * @throws PortTaken
 */
export async function startStatusServer({ sources, port }: StatusServerOptions): Promise<StatusServer> {
  const server = createServer((request, response) => {
    answer(request, sources).then(
      (given) => send(response, given, request.method === 'HEAD'),
      (error: unknown) => send(response, plain(500, `Cannot read the status: ${String(error)}`), false),
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

async function answer(request: IncomingMessage, sources: StatusSources): Promise<Answer> {
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) return plain(403, 'Use the address 127.0.0.1.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'This page is read-only.')
  const url = URL.parse(`http://${LOOPBACK}${request.url ?? '/'}`)
  if (url?.pathname === '/status.json') {
    const body = JSON.stringify(await readStatus(sources), undefined, 2)
    return { status: 200, type: 'application/json', body }
  }
  if (url?.pathname !== '/') return plain(404, 'Not found. Available: / and /status.json.')
  const status = await readStatus(sources)
  const body = page({ status, shopUrl: sources.shopUrl, now: new Date(), refreshSeconds: refreshOf(url.searchParams) })
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
