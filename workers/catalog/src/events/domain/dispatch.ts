/** The writer delivers its event at once, so the sweep first tries it so long after the change. */
export const DISPATCH_AFTER_SECONDS = 10
