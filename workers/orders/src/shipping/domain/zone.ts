import type { InvalidShippingZone } from '@shop/contracts/orders/place-failures'
import type { FieldError } from '@shop/kernel/failures'
import type { Id } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Area } from '../../places/domain/area.ts'
import { type AreaDraft, decideArea } from '../../places/domain/decide-area.ts'

export type ZoneId = Id<'shippingZone'>

/** A part of the world with options of shipping of its own. */
export type Zone = {
  id: ZoneId
  name: string
  /** It has what any of these has. Empty: the rest of the world. */
  areas: readonly Area[]
  createdAt: Date
  updatedAt: Date
  version: number
}

export type ZoneFields = Pick<Zone, 'name' | 'areas'>

/** The fields that staff send; absent ones stay as they are, or are empty in a new zone. */
export type ZoneChanges = {
  name?: string | undefined
  /** Null: the rest of the world. */
  areas?: readonly AreaDraft[] | null | undefined
}

export function decideZone(current: ZoneFields, changes: ZoneChanges): Result<ZoneFields, InvalidShippingZone> {
  const { name = current.name, areas } = changes
  if (areas === undefined) return ok({ name, areas: current.areas })
  const decided = (areas ?? []).map((area, index) => decideArea(area, `areas.${index}.`))
  const errors: FieldError[] = decided.flatMap((one) => one.errors)
  return errors.length === 0
    ? ok({ name, areas: decided.map(({ area }) => area) })
    : fail({ code: 'invalid_shipping_zone', errors })
}
