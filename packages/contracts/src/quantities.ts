/** The most units that a request may name of one thing: of a line, a refund, a rule. Products may allow fewer. */
export const MAX_QUANTITY = 1_000_000
