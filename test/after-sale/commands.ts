import { addUnits, payDue, takeUnitsOff } from './edit-commands.ts'
import { raceForCard } from './gift-card-commands.ts'
import { cancelParcel, changeParcel, ship } from './parcel-commands.ts'
import { bankReturns, refundAmount, refundLine } from './refund-commands.ts'
import { closeReturn, exchange, makeReturn, receive, refundReturn } from './return-commands.ts'
import type { Command } from './world.ts'

/** Everything that staff, customers and banks may do after a sale. */
export const COMMANDS: readonly Command[] = [
  { name: 'ships', run: ship('shipped') },
  { name: 'packs', run: ship('packed') },
  { name: 'leaves', run: changeParcel('shipped') },
  { name: 'arrives', run: changeParcel('delivered') },
  { name: 'cancels a parcel', run: cancelParcel },
  { name: 'refunds a line', run: refundLine },
  { name: 'refunds an amount', run: refundAmount },
  { name: 'the bank returns a refund', run: bankReturns },
  { name: 'makes a return', run: makeReturn },
  { name: 'receives units', run: receive },
  { name: 'closes a return', run: closeReturn },
  { name: 'refunds a return', run: refundReturn },
  { name: 'exchanges a return', run: exchange },
  { name: 'takes units off', run: takeUnitsOff },
  { name: 'adds units', run: addUnits },
  { name: 'the customer pays what is due', run: payDue },
  { name: 'two orders spend one gift card', run: raceForCard },
]
