import { entityTag, isUnchanged, unchanged } from '@shop/http/entity-tag'
import { validationFailed } from '@shop/http/field-errors'
import { problem } from '@shop/http/problem'
import { Unavailable } from '@shop/kernel/unavailable'
import { ROUTED_SERVICES } from '@shop/services'
import type { Context } from 'hono'
import { z } from 'zod'
import type { GatewayContext } from '../deps.ts'
import type { Upstreams } from '../env.ts'
import { askUpstream } from '../forwarding/ask-upstream.ts'
import { toApiDocument } from './domain/api-document.ts'
import { mergeDocuments } from './internal/merge-documents.ts'
import { OWN_OPERATIONS } from './internal/own-operations.ts'

const TIMEOUT_MS = 5_000
/** Workers are deployed one by one, so a cached description becomes outdated. */
const CACHED_MS = 60_000

/** Unknown parameters are refused, as by every other operation. */
const NO_QUERY = z.strictObject({})

const cached = new WeakMap<Upstreams, { text: string; tag: string; until: number }>()

/** Serves the description of the whole API, merged from those of the workers. */
export async function showApiDescription(c: Context<GatewayContext>): Promise<Response> {
  const query = NO_QUERY.safeParse(c.req.query())
  if (!query.success) return problem(c, validationFailed(query.error))
  const { upstreams } = c.get('deps')
  const now = Date.now()
  const known = cached.get(upstreams)
  const { text, tag } = known !== undefined && now < known.until ? known : await refresh(upstreams, now)
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'public, max-age=60', etag: tag })
  return isUnchanged(c.req.header('if-none-match'), tag) ? unchanged(headers) : new Response(text, { headers })
}

async function refresh(upstreams: Upstreams, now: number) {
  const text = await describeApi(upstreams)
  const description = { text, tag: await entityTag(text), until: now + CACHED_MS }
  cached.set(upstreams, description)
  return description
}

async function describeApi(upstreams: Upstreams): Promise<string> {
  const parts = await Promise.all(
    ROUTED_SERVICES.map(async ({ name }) => {
      const request = new Request(`https://${name}.internal/openapi.json`)
      const response = await askUpstream(upstreams[name], name, request, TIMEOUT_MS)
      if (response.status !== 200) throw new Unavailable(name)
      return toApiDocument(await response.json())
    }),
  )
  return JSON.stringify(mergeDocuments([...parts, OWN_OPERATIONS]))
}
