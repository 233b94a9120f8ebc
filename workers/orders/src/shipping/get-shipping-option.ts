import type { ShippingOptionNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { ShippingOption } from './domain/option.ts'

export async function getShippingOption(
  { shippingOptions }: Pick<OrdersDeps, 'shippingOptions'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<ShippingOption, AccessFailure | ShippingOptionNotFound>> {
  const staff = requireScope(caller, 'shipping:read')
  if (!staff.ok) return staff
  const option = await shippingOptions.find(id)
  return option === undefined ? fail({ code: 'shipping_option_not_found', optionId: id }) : ok(option)
}
