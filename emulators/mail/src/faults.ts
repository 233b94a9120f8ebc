import type { StatusFault, TransportFault } from '@shop/emulator-kit/fault-effects'
import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'

export type Fault = (TransportFault | StatusFault) & FaultCounts

/** Faults of `POST /emails`. */
export class Faults extends FaultList<Fault> {
  /** @internal */
  hit(): Fault | undefined {
    return this.hitFirst(() => true)
  }
}
