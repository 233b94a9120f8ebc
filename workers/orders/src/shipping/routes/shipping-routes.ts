import type { OrdersApp } from '../../deps.ts'
import { addCreateShippingOption } from './create-shipping-option.ts'
import { addCreateShippingZone } from './create-shipping-zone.ts'
import { addDeleteShippingOption } from './delete-shipping-option.ts'
import { addDeleteShippingZone } from './delete-shipping-zone.ts'
import { addGetShippingOption } from './get-shipping-option.ts'
import { addGetShippingZone } from './get-shipping-zone.ts'
import { addListShippingOptions } from './list-shipping-options.ts'
import { addListShippingZones } from './list-shipping-zones.ts'
import { addUpdateShippingOption } from './update-shipping-option.ts'
import { addUpdateShippingZone } from './update-shipping-zone.ts'

export function addShippingRoutes(app: OrdersApp): void {
  addListShippingZones(app)
  addCreateShippingZone(app)
  addGetShippingZone(app)
  addUpdateShippingZone(app)
  addDeleteShippingZone(app)
  addListShippingOptions(app)
  addCreateShippingOption(app)
  addGetShippingOption(app)
  addUpdateShippingOption(app)
  addDeleteShippingOption(app)
}
