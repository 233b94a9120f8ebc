/** Where a unit is: in the warehouse, in a parcel there, on its way or with the customer, or back on the shelf for good. */
type Place = 'here' | 'packed' | 'gone' | 'removed'

type Unit = { line: string; place: Place; parcel: string | undefined; refund: string | undefined }

/** How many units of each line. */
export type Quantities = Readonly<Record<string, number>>

/** What became of the units of a line, as the shop counts them. */
export type UnitCounts = { packed: number; shipped: number; removed: number; refunded: number; toShip: number }

/**
 * The units of an order as things: each is in one place, and its money went back or did not. The shop keeps numbers instead; tests
 * of any sequence of changes hold the two against each other.
 *
 * What cannot be done is not done at all, and returns false.
 */
export class PhysicalOrder {
  readonly #units: Unit[]

  constructor(lines: Quantities) {
    this.#units = Object.entries(lines).flatMap(([line, quantity]) =>
      Array.from({ length: quantity }, (): Unit => ({ line, place: 'here', parcel: undefined, refund: undefined })),
    )
  }

  /** Puts units that are in the warehouse into a parcel. */
  pack(parcel: string, quantities: Quantities): boolean {
    const taken = this.#take(quantities, ({ place }) => place === 'here')
    for (const unit of taken ?? []) Object.assign(unit, { place: 'packed', parcel })
    return taken !== undefined
  }

  /** A parcel leaves, once. */
  send(parcel: string): void {
    for (const unit of this.#inParcel(parcel)) unit.place = 'gone'
  }

  /** A parcel that has not left is opened again. */
  unpack(parcel: string): boolean {
    const units = this.#inParcel(parcel)
    for (const unit of units) Object.assign(unit, { place: 'here', parcel: undefined })
    return units.length > 0
  }

  /** The money of units goes back: first that of those in the warehouse, which never leave it then. Parcels stay closed. */
  refund(refund: string, quantities: Quantities): boolean {
    const isRefundable = ({ place, refund: earlier }: Unit) => earlier === undefined && place !== 'packed'
    const taken = this.#take(quantities, isRefundable)
    for (const unit of taken ?? []) {
      Object.assign(unit, { refund, place: unit.place === 'here' ? 'removed' : unit.place })
    }
    return taken !== undefined
  }

  /** A refund was not made, or came back: its units can be sent, and refunded, again. */
  undoRefund(refund: string): void {
    for (const unit of this.#units.filter((one) => one.refund === refund)) {
      Object.assign(unit, { refund: undefined, place: unit.place === 'removed' ? 'here' : unit.place })
    }
  }

  countsOf(line: string): UnitCounts {
    const units = this.#units.filter((unit) => unit.line === line)
    const at = (place: Place) => units.filter((unit) => unit.place === place).length
    const refunded = units.filter(({ refund }) => refund !== undefined).length
    return { packed: at('packed'), shipped: at('gone'), removed: at('removed'), refunded, toShip: at('here') }
  }

  #inParcel(parcel: string): Unit[] {
    return this.#units.filter((unit) => unit.parcel === parcel && unit.place === 'packed')
  }

  /** Those in the warehouse come first. Undefined where there are too few. */
  #take(quantities: Quantities, isWanted: (unit: Unit) => boolean): Unit[] | undefined {
    const taken: Unit[] = []
    for (const [line, quantity] of Object.entries(quantities)) {
      const found = this.#units.filter((unit) => unit.line === line && isWanted(unit))
      const inOrder = [
        ...found.filter(({ place }) => place === 'here'),
        ...found.filter(({ place }) => place !== 'here'),
      ]
      if (inOrder.length < quantity) return undefined
      taken.push(...inOrder.slice(0, quantity))
    }
    return taken
  }
}
