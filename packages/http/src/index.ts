export { answerError } from './answer-error.ts'
export { type AppEnv, createApp, type ShopApp } from './app.ts'
export { expectedVersions, versioned } from './conditional.ts'
export { databaseFetch } from './database-fetch.ts'
export { entityTag, isUnchanged, unchanged } from './entity-tag.ts'
export { oncePerEnv, parseEnv } from './env.ts'
export { ClientClosedRequest, isUnavailable, wasNeverAsked } from './errors.ts'
export { backlogCheck } from './events/backlog-check.ts'
export { addEventRoutes } from './events/event-routes.ts'
export { guarded } from './guard.ts'
export type { HttpFailure } from './http-failures.ts'
export { newId } from './ids.ts'
export { formatPolicy, POLICY_HEADER, STATUS_HEADER } from './limit-headers.ts'
export { addressOf, withLimits } from './limits.ts'
export { log } from './log.ts'
export { MessageResponse } from './message.ts'
export {
  BEARER,
  BEARER_OR_NOTHING,
  BEARER_OR_ORDER_TOKEN,
  BODY_PROBLEMS,
  createRoute,
  json,
  jsonBody,
  problems,
} from './openapi.ts'
export { API_INFO, IF_NONE_MATCH, UNCHANGED } from './openapi-document.ts'
export { problem, problemResponse } from './problem.ts'
export { ProblemView } from './problem-view.ts'
export { type Failure, PROBLEM_MEDIA_TYPE } from './problems.ts'
export { READINESS_PATH, type Readiness, readinessResponse } from './readiness.ts'
export { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts'
export { answerRpc, type TracedRpc, traced } from './rpc.ts'
export { staffOnly } from './staff-only.ts'
export { addTrips, currentTrace, REQUEST_BUDGET_MS, type TraceContext, withTrace } from './trace.ts'
export {
  CACHE_HEADER,
  CACHEABLE_HEADER,
  childTraceparent,
  INTERNAL_PREFIX,
  parseTrips,
  ROUTE_HEADER,
  TRIPS_HEADER,
} from './trace-context.ts'
