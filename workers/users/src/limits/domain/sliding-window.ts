/** The counts of the current and the previous window. */
export type Window = { number: number; used: number; usedBefore: number }

export type Quota = { quota: number; windowSeconds: number }
export type QuotaStatus = { isAllowed: boolean; remaining: number; resetsAt: Date }

/**
 * Counts one attempt, if the quota allows it. As in @upstash/ratelimit, the previous window counts in proportion to its
 * share of a window that ends now, so a new window does not bring a whole new quota at once.
 */
export function countIn(window: Window | undefined, limit: Quota, now: Date): { window: Window; status: QuotaStatus } {
  const current = windowAt(window, limit, now)
  const milliseconds = limit.windowSeconds * 1_000
  const passed = (now.getTime() % milliseconds) / milliseconds
  const free = limit.quota - current.used - Math.floor((1 - passed) * current.usedBefore)
  const resetsAt = new Date((current.number + 1) * milliseconds)
  if (free <= 0) return { window: current, status: { isAllowed: false, remaining: 0, resetsAt } }
  return {
    window: { ...current, used: current.used + 1 },
    status: { isAllowed: true, remaining: free - 1, resetsAt },
  }
}

/** Uncounts one attempt, in the previous window if it was counted there. */
export function uncountIn(window: Window | undefined, limit: Quota, now: Date): Window {
  const current = windowAt(window, limit, now)
  if (current.used > 0) return { ...current, used: current.used - 1 }
  return { ...current, usedBefore: Math.max(0, current.usedBefore - 1) }
}

/** When the window no longer has any effect. */
export function windowExpiry({ number }: Window, { windowSeconds }: Quota): Date {
  return new Date((number + 2) * windowSeconds * 1_000)
}

function windowAt(window: Window | undefined, { windowSeconds }: Quota, now: Date): Window {
  const number = Math.floor(now.getTime() / (windowSeconds * 1_000))
  if (window === undefined || window.number < number - 1) return { number, used: 0, usedBefore: 0 }
  return window.number === number ? window : { number, used: 0, usedBefore: window.used }
}
