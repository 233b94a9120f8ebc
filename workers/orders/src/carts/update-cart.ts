import type { InvalidVatId } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { checkVatId } from '../tax/check-vat-id.ts'
import type { Cart, CartFields } from './domain/cart.ts'
import { hasRow, rowOf } from './domain/cart-row.ts'
import { accessTo } from './internal/access-to.ts'
import {
  type CartWriteFailure,
  type CartWriteRequest,
  type WriteCartDeps,
  type WrittenAnswer,
  writeAllowed,
} from './internal/write-cart.ts'

/** `vatId` as it was entered. A field that is left out keeps its value. */
export type CartUpdate = Partial<Omit<CartFields, 'vatId'> & { vatId: string | null }>

type UpdateDeps = WriteCartDeps & Pick<OrdersDeps, 'vatRegister' | 'warn'>

/**
 * Changes what a buyer has entered. A cart with an e-mail address can be found by it, and be announced as abandoned.
 */
export async function updateCart(
  deps: UpdateDeps,
  request: CartWriteRequest & { update: CartUpdate },
): Promise<Result<WrittenAnswer, CartWriteFailure | InvalidVatId>> {
  const allowed = await accessTo(deps, request)
  if (!allowed.ok) return allowed
  const { cartId, access } = allowed.value
  // First, since anybody could have the register asked otherwise.
  const found = request.update.vatId ? await deps.carts.read(cartId, { access }) : ok()
  if (!found.ok) return fail({ code: 'cart_not_found' })
  const fields = await fieldsOf(deps, request.update)
  if (!fields.ok) return fields
  const change = { kind: 'set_fields', fields: fields.value } as const
  const written = await writeAllowed(deps, allowed.value, request, {
    operation: 'updateCart',
    request: request.update,
    fields: fields.value,
    change: () => ok(change),
  })
  // Also where nothing changed: the call before may have been lost between the cart and its row.
  if (written.ok && request.update.email !== undefined) await saveRow(deps, written.value.cart)
  return written
}

async function saveRow({ cartRows }: Pick<OrdersDeps, 'cartRows'>, cart: Cart): Promise<void> {
  await (hasRow(cart) ? cartRows.save(rowOf(cart)) : cartRows.delete(cart.id))
}

async function fieldsOf(
  deps: Pick<OrdersDeps, 'vatRegister' | 'warn'>,
  { vatId, ...fields }: CartUpdate,
): Promise<Result<Partial<CartFields>, InvalidVatId>> {
  if (vatId === undefined) return ok(fields)
  if (vatId === null) return ok({ ...fields, vatId })
  const checked = await checkVatId(deps, vatId)
  return checked.ok ? ok({ ...fields, vatId: checked.value }) : checked
}
