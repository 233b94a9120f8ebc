/** The methods that every worker offers the gateway beside its routes. */
export interface Sweepable {
  /** Does the due work: expiries, undelivered events, work left by a crash. Safe to run twice at once. */
  sweep(): Promise<SweepReport>
}

/** The counts of a sweep by kind of work, for the log. */
export type SweepReport = Record<string, number>
