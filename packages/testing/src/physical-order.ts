/**
 * Where a unit is: in the warehouse, in a parcel there, on its way or with the customer, or no longer to be sent. `back`: a return
 * has received it.
 */
type Place = 'here' | 'packed' | 'gone' | 'back' | 'removed'

type Unit = {
  line: string
  place: Place
  parcel: string | undefined
  refund: string | undefined
  /** The return that expects it, or has received it. */
  comesWith: string | undefined
}

/** How many units of each line. */
export type Quantities = Readonly<Record<string, number>>

/** What became of the units of a line, as the shop counts them. */
export type UnitCounts = {
  packed: number
  shipped: number
  removed: number
  refunded: number
  returning: number
  returned: number
  toShip: number
}

const newUnit = (line: string): Unit => ({
  line,
  place: 'here',
  parcel: undefined,
  refund: undefined,
  comesWith: undefined,
})

const hasShipped = ({ place }: Unit): boolean => place === 'gone' || place === 'back'

/**
 * The units of an order as things: each is in one place, and its money went back or did not. The shop keeps numbers instead; tests
 * of any sequence of changes hold the two against each other.
 *
 * What cannot be done is not done at all, and returns false.
 */
export class PhysicalOrder {
  #units: Unit[] = []
  /** How many units of each line were refunded for a return, by refund. */
  readonly #forReturns: { refund: string; comesWith: string; quantities: Quantities }[] = []

  constructor(lines: Quantities) {
    for (const [line, quantity] of Object.entries(lines)) this.add(line, quantity)
  }

  /** An edit adds units. */
  add(line: string, quantity: number): void {
    this.#units.push(...Array.from({ length: quantity }, () => newUnit(line)))
  }

  /** An edit takes units off that are in the warehouse. */
  takeOff(quantities: Quantities): boolean {
    const taken = this.#take(quantities, ({ place }) => place === 'here')
    this.#units = this.#units.filter((unit) => !taken?.includes(unit))
    return taken !== undefined
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

  /** The customer wants to send units back that have left. */
  expect(comesWith: string, quantities: Quantities): boolean {
    const taken = this.#take(quantities, (unit) => unit.place === 'gone' && unit.comesWith === undefined)
    for (const unit of taken ?? []) unit.comesWith = comesWith
    return taken !== undefined
  }

  /** Expected units arrive. */
  receive(comesWith: string, quantities: Quantities): boolean {
    const taken = this.#take(quantities, (unit) => unit.place === 'gone' && unit.comesWith === comesWith)
    for (const unit of taken ?? []) unit.place = 'back'
    return taken !== undefined
  }

  /** A return ends: what did not arrive stays with the customer. */
  endReturn(comesWith: string): void {
    for (const unit of this.#units) {
      if (unit.comesWith === comesWith && unit.place === 'gone') unit.comesWith = undefined
    }
  }

  /** How many units of a line can be refunded for a return: those that came with it, as far as shipped ones are not refunded. */
  refundableFor(comesWith: string, line: string): number {
    const ofLine = this.#units.filter((unit) => unit.line === line)
    const received = ofLine.filter((unit) => unit.place === 'back' && unit.comesWith === comesWith).length
    const refunded = this.#forReturns
      .filter((one) => one.comesWith === comesWith)
      .reduce((sum, { quantities }) => sum + (quantities[line] ?? 0), 0)
    const unrefunded = ofLine.filter((unit) => hasShipped(unit) && unit.refund === undefined).length
    return Math.max(0, Math.min(received - refunded, unrefunded))
  }

  /** The money of units that a return has received goes back. Units of a line are alike: any shipped ones count as those. */
  refundFor(comesWith: string, refund: string, quantities: Quantities): boolean {
    const isPossible = Object.entries(quantities).every(
      ([line, quantity]) => quantity <= this.refundableFor(comesWith, line),
    )
    if (!isPossible) return false
    const taken = this.#take(quantities, (unit) => hasShipped(unit) && unit.refund === undefined)
    for (const unit of taken ?? []) unit.refund = refund
    this.#forReturns.push({ refund, comesWith, quantities })
    return true
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
    const at = this.#forReturns.findIndex((one) => one.refund === refund)
    if (at >= 0) this.#forReturns.splice(at, 1)
    for (const unit of this.#units.filter((one) => one.refund === refund)) {
      Object.assign(unit, { refund: undefined, place: unit.place === 'removed' ? 'here' : unit.place })
    }
  }

  countsOf(line: string): UnitCounts {
    const units = this.#units.filter((unit) => unit.line === line)
    const at = (place: Place) => units.filter((unit) => unit.place === place).length
    const refunded = units.filter(({ refund }) => refund !== undefined).length
    const returning = units.filter(({ place, comesWith }) => place === 'gone' && comesWith !== undefined).length
    return {
      packed: at('packed'),
      shipped: at('gone') + at('back'),
      removed: at('removed'),
      refunded,
      returning,
      returned: at('back'),
      toShip: at('here'),
    }
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
