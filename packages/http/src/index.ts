export { answerError } from './answer-error.ts'
export { type AppEnv, createApp, type ShopApp } from './app.ts'
export { expectedVersions, IfMatchHeader, versioned } from './conditional.ts'
export { databaseFetch } from './database-fetch.ts'
export { dependencyFetch } from './dependency-fetch.ts'
export { oncePerEnv, parseEnv } from './env.ts'
export { ClientClosedRequest, isUnavailable, wasNeverAsked } from './errors.ts'
export { addEventRoutes } from './events/event-routes.ts'
export { guarded } from './guard.ts'
export type { HttpFailure } from './http-failures.ts'
export { newId } from './ids.ts'
export {
  FIGURE_HEADER,
  formatFigure,
  formatPolicy,
  POLICY_HEADER,
  secondsUntil,
  setLimitHeaders,
} from './limit-headers.ts'
export { addressOf, withLimits } from './limits.ts'
export { type LogFields, log } from './log.ts'
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
export { problem, problemResponse, type StatusOf } from './problem.ts'
export { ProblemView } from './problem-view.ts'
export {
  type Failure,
  type FailureCode,
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  retryAfterSeconds,
  toProblem,
} from './problems.ts'
export { READINESS_PATH, type Readiness, readinessResponse } from './readiness.ts'
export { redact } from './redact.ts'
export { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts'
export { answerRpc, type TracedRpc, traced } from './rpc.ts'
export { staffOnly } from './staff-only.ts'
export type { TraceContext, Trips } from './trace.ts'
