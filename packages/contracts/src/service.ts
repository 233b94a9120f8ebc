/** What every worker offers the gateway beside its routes. */
export interface Sweepable {
  /** Does what is due: expiries, undelivered events, work a crash left. Safe to run twice at once. */
  sweep(): Promise<SweepReport>
}

/** What a sweep did, by kind of work, for the log. */
export type SweepReport = Record<string, number>
