import { entityTag, isUnchanged, unchanged } from '@shop/http/entity-tag'
import { Unavailable } from '@shop/kernel'
import type { Context } from 'hono'
import type { GatewayContext } from '../context.ts'
import { SERVICES } from '../domain/upstreams.ts'
import { type GatewayBindings, upstreams } from '../env.ts'
import { toApiDocument } from '../openapi/document.ts'
import { mergeDocuments } from '../openapi/merge.ts'
import { OWN_OPERATIONS } from '../openapi/own-operations.ts'
import { askUpstream } from '../upstream.ts'

const TIMEOUT_MS = 5_000
/** Workers are deployed one by one, so a description kept for good would grow old. */
const KEEP_MS = 60_000

const kept = new WeakMap<GatewayBindings, { text: string; tag: string; until: number }>()

/** Serves the description of the whole API, put together from the workers' own. */
export async function showApiDescription(c: Context<GatewayContext>): Promise<Response> {
  const now = Date.now()
  const known = kept.get(c.env)
  const { text, tag } = known !== undefined && now < known.until ? known : await describeAnew(c.env, now)
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'public, max-age=60', etag: tag })
  return isUnchanged(c.req.header('if-none-match'), tag) ? unchanged(headers) : new Response(text, { headers })
}

async function describeAnew(env: GatewayBindings, now: number) {
  const text = await describe(env)
  const description = { text, tag: await entityTag(text), until: now + KEEP_MS }
  kept.set(env, description)
  return description
}

async function describe(env: GatewayBindings): Promise<string> {
  const services = upstreams(env)
  const parts = await Promise.all(
    SERVICES.map(async (name) => {
      const request = new Request(`https://${name}.internal/openapi.json`)
      const response = await askUpstream(services[name], name, request, TIMEOUT_MS)
      if (response.status !== 200) throw new Unavailable(name)
      return toApiDocument(await response.json())
    }),
  )
  return JSON.stringify(mergeDocuments([...parts, OWN_OPERATIONS]))
}
