/** What was counted in the window that runs and in the one before it. */
export type Window = { number: number; used: number; usedBefore: number }

export type Quota = { quota: number; windowSeconds: number }
export type Standing = { isAllowed: boolean; remaining: number; resetsAt: Date }

/**
 * Counts one, if the quota allows it. As in @upstash/ratelimit, the window before counts in proportion to what a window
 * that ends now has of it, so a new window is no new quota at once.
 */
export function takeFrom(window: Window | undefined, limit: Quota, now: Date): { window: Window; standing: Standing } {
  const current = windowAt(window, limit, now)
  const milliseconds = limit.windowSeconds * 1_000
  const passed = (now.getTime() % milliseconds) / milliseconds
  const free = limit.quota - current.used - Math.floor((1 - passed) * current.usedBefore)
  const resetsAt = new Date((current.number + 1) * milliseconds)
  if (free <= 0) return { window: current, standing: { isAllowed: false, remaining: 0, resetsAt } }
  return {
    window: { ...current, used: current.used + 1 },
    standing: { isAllowed: true, remaining: free - 1, resetsAt },
  }
}

/** Takes one back, of the window before if it was counted there. */
export function giveBackTo(window: Window | undefined, limit: Quota, now: Date): Window {
  const current = windowAt(window, limit, now)
  if (current.used > 0) return { ...current, used: current.used - 1 }
  return { ...current, usedBefore: Math.max(0, current.usedBefore - 1) }
}

/** When nothing of the window counts any more. */
export function forgottenAt({ number }: Window, { windowSeconds }: Quota): Date {
  return new Date((number + 2) * windowSeconds * 1_000)
}

function windowAt(window: Window | undefined, { windowSeconds }: Quota, now: Date): Window {
  const number = Math.floor(now.getTime() / (windowSeconds * 1_000))
  if (window === undefined || window.number < number - 1) return { number, used: 0, usedBefore: 0 }
  return window.number === number ? window : { number, used: 0, usedBefore: window.used }
}
