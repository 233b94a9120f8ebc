import type { OrderLineId } from '@shop/kernel/ids'

/** What became of the units of a line. The others are left to ship. */
export type LineUnits = {
  /** In shipments that have not left. */
  packed: number
  /** In shipments that have left. */
  shipped: number
  /** Refunded before they shipped, so they never do. */
  removed: number
  /** Refunded by line, whether or not they have shipped. */
  refunded: number
  /** What was refunded for them, in minor units. At most the total of the line. */
  refundedAmount: number
  /** Shipped units that open returns expect, and units that returns have received. */
  returning: number
  returned: number
}

export type UnitsOfLine = { id: OrderLineId; quantity: number; units: LineUnits }

/** Of a new line: everything is left to ship. */
export const NO_UNITS: LineUnits = {
  ...{ packed: 0, shipped: 0, removed: 0 },
  ...{ refunded: 0, refundedAmount: 0, returning: 0, returned: 0 },
}

/** Units that are in no shipment and were not removed. */
export function leftToShip({ quantity, units }: Pick<UnitsOfLine, 'quantity' | 'units'>): number {
  return quantity - units.packed - units.shipped - units.removed
}

/** Units that can be refunded by line. Those that are packed wait until their shipment leaves or is cancelled. */
export function leftToRefund({ quantity, units }: Pick<UnitsOfLine, 'quantity' | 'units'>): number {
  return quantity - units.packed - units.refunded
}

/** Shipped units that were not refunded by line. Refunded units that were removed never ship. */
export function shippedUnrefunded({ units }: Pick<UnitsOfLine, 'units'>): number {
  return units.shipped - (units.refunded - units.removed)
}

/** Shipped units that are in no return. */
export function leftToReturn({ units }: Pick<UnitsOfLine, 'units'>): number {
  return units.shipped - units.returning - units.returned
}

/**
 * What was paid for so many units of a line, in minor units. Each is worth its share of the line's total, rounded down, and all of them
 * exactly the total.
 */
export function worthOfUnits({ quantity, total }: { quantity: number; total: number }, units: number): number {
  return units === quantity ? total : Math.floor(total / quantity) * units
}

/** Whether anything has left. */
export const hasLeft = (lines: readonly UnitsOfLine[]): boolean => lines.some(({ units }) => units.shipped > 0)

/** The line after its units changed by so many. */
export function withUnits<L extends UnitsOfLine>(line: L, by: Partial<LineUnits>): L {
  const { units } = line
  return {
    ...line,
    units: {
      packed: units.packed + (by.packed ?? 0),
      shipped: units.shipped + (by.shipped ?? 0),
      removed: units.removed + (by.removed ?? 0),
      refunded: units.refunded + (by.refunded ?? 0),
      refundedAmount: units.refundedAmount + (by.refundedAmount ?? 0),
      returning: units.returning + (by.returning ?? 0),
      returned: units.returned + (by.returned ?? 0),
    },
  }
}

/** One entry for each line, of what was named several times. */
export function addedUp<T extends { lineId: string; quantity: number }>(items: readonly T[]): Map<string, number> {
  const quantities = new Map<string, number>()
  for (const { lineId, quantity } of items) quantities.set(lineId, (quantities.get(lineId) ?? 0) + quantity)
  return quantities
}
