/** A quota per window. `name` is what the RateLimit headers call it. */
export type Limit = {
  name: string
  per: string
  /** Attempts, or only those that failed. */
  counts: 'requests' | 'failures'
  quota: number
  windowSeconds: number
  /** Beyond the quota, one attempt at a time after a delay: this one first, then twice as long after each failure. */
  firstDelaySeconds?: number
  operations: string
}
