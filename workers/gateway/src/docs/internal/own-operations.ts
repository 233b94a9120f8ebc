import { describeAccess, PUBLIC, securityOf } from '@shop/http/access'
import { API_INFO, IF_NONE_MATCH, UNCHANGED } from '@shop/http/openapi-document'
import { ROUTED_SERVICES } from '@shop/services'
import { EXPORT_PATH } from '../../privacy/domain/is-export.ts'
import type { ApiDocument } from '../domain/api-document.ts'
import { ACCOUNT_EXPORT_SCHEMA, EXPORT_OPERATION } from './export-operation.ts'

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const LIMITED = {
  400: problem('`malformed_request`: The request cannot be read'),
  429: problem('`rate_limited`: Too many requests'),
  500: problem('`internal_error`: Something went wrong on our side'),
}
/** Every other operation of the gateway is public. */
const OPEN = { tags: ['Gateway'], security: securityOf(PUBLIC), 'x-access': describeAccess(PUBLIC) }
const json = (description: string, schema: unknown, example: unknown) => ({
  description,
  content: { 'application/json': { schema, example } },
})

const check = {
  type: 'object',
  required: ['status', 'latency_ms'],
  properties: {
    status: { type: 'string', enum: ['ok', 'degraded', 'down'] },
    latency_ms: { type: 'integer', minimum: 0 },
    checks: { type: 'object', description: "The worker's own dependencies" },
    events: {
      type: 'object',
      description: 'The deliveries of its events that are not done',
      required: ['pending', 'parked', 'lag_seconds'],
      properties: {
        pending: { type: 'integer', minimum: 0, description: 'Counted up to 1,000' },
        parked: {
          type: 'integer',
          minimum: 0,
          description: 'Failed ten times: staff retry or skip them. Counted up to 1,000',
        },
        lag_seconds: { type: 'integer', minimum: 0, description: 'Age of the oldest pending one' },
      },
    },
  },
}
const READY = {
  status: 'ok',
  latency_ms: 4,
  checks: { postgres: { status: 'ok', latency_ms: 2 } },
  events: { pending: 0, parked: 0, lag_seconds: 0 },
}
const EXAMPLE = Object.fromEntries(ROUTED_SERVICES.map(({ name }) => [name, READY]))
const readiness = { $ref: '#/components/schemas/Readiness' }

const start = {
  type: 'object',
  required: ['name', 'version', 'description', 'links'],
  properties: {
    name: { type: 'string' },
    version: { type: 'string' },
    description: { type: 'string' },
    links: { type: 'object', additionalProperties: { type: 'string' } },
  },
}
const { title: name, version, description } = API_INFO
const START_EXAMPLE = { name, version, description, links: { docs: '/docs', openapi: '/openapi.json' } }

/** The operations that the gateway answers itself, described as the workers describe theirs. */
export const OWN_OPERATIONS: ApiDocument = {
  paths: {
    '/': {
      get: {
        operationId: 'showStart',
        ...OPEN,
        summary: 'What this is, with links; a page for browsers',
        responses: {
          200: json('The API and where to go on', start, START_EXAMPLE),
          ...LIMITED,
        },
      },
    },
    '/health': {
      get: {
        operationId: 'showHealth',
        ...OPEN,
        summary: 'Liveness: asks no dependency',
        responses: {
          200: json(
            'The gateway runs',
            { type: 'object', required: ['status'], properties: { status: { type: 'string', const: 'ok' } } },
            { status: 'ok' },
          ),
          400: LIMITED[400],
          500: LIMITED[500],
        },
      },
    },
    '/health/ready': {
      get: {
        operationId: 'showReadiness',
        ...OPEN,
        summary: 'Readiness: every worker has checked its dependencies within the last second',
        responses: {
          200: json('Everything needed answers; degraded without payments or caches', readiness, {
            status: 'ready',
            checks: EXAMPLE,
          }),
          ...LIMITED,
          503: json('Something it cannot do without is down', readiness, {
            status: 'unavailable',
            checks: { ...EXAMPLE, users: { status: 'down', latency_ms: 4000 } },
          }),
        },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'showApiDescription',
        ...OPEN,
        summary: 'This description',
        parameters: [IF_NONE_MATCH],
        responses: {
          200: json('OpenAPI 3.1', { type: 'object' }, { openapi: '3.1.0' }),
          304: UNCHANGED,
          ...LIMITED,
          422: problem('`validation_failed`: The request is not valid'),
          503: problem('`service_unavailable`: Temporarily unavailable'),
        },
      },
    },
    [EXPORT_PATH]: { get: EXPORT_OPERATION },
  },
  components: {
    schemas: {
      AccountExport: ACCOUNT_EXPORT_SCHEMA,
      Readiness: {
        type: 'object',
        required: ['status', 'checks'],
        properties: {
          status: { type: 'string', enum: ['ready', 'degraded', 'unavailable'] },
          checks: { type: 'object', additionalProperties: check },
        },
      },
    },
  },
}
