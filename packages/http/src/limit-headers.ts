import type { Limit, LimitFigure } from '@shop/contracts'

/**
 * The limits that an answer was under, and, where it is known, what is left of them.
 * Source: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10
 */
export const POLICY_HEADER = 'ratelimit-policy'
export const FIGURE_HEADER = 'ratelimit'

/** `"address";q=600;w=60`: quota, and window in seconds. */
export function formatPolicy({ name, quota, windowSeconds }: Limit): string {
  return `"${name}";q=${quota};w=${windowSeconds}`
}

/** `"sign-in";r=29;t=60`: what remains, and the seconds until the window ends. */
export function formatFigure({ limit, remaining, resetsAt }: LimitFigure, now: Date): string {
  return `"${limit.name}";r=${remaining};t=${secondsUntil(resetsAt, now)}`
}

/** Whole seconds to wait, at least one. */
export function secondsUntil(instant: Date, now: Date): number {
  return Math.max(1, Math.ceil((instant.getTime() - now.getTime()) / 1_000))
}

/** Says what limits an answer was under; nothing, when it is not known. */
export function setLimitHeaders(headers: Headers, figures: readonly LimitFigure[], now: Date): void {
  if (figures.length === 0) return
  headers.set(POLICY_HEADER, figures.map(({ limit }) => formatPolicy(limit)).join(', '))
  headers.set(FIGURE_HEADER, figures.map((figure) => formatFigure(figure, now)).join(', '))
}
