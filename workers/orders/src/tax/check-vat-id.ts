import type { InvalidVatId } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import {
  austria,
  belgium,
  bulgaria,
  checkVAT,
  croatia,
  cyprus,
  czechRepublic,
  denmark,
  estonia,
  finland,
  france,
  germany,
  greece,
  hungary,
  ireland,
  italy,
  latvia,
  lithuania,
  luxembourg,
  malta,
  netherlands,
  poland,
  portugal,
  romania,
  slovakiaRepublic,
  slovenia,
  spain,
  sweden,
} from 'jsvat'
import type { OrdersDeps } from '../deps.ts'
import type { VatId } from './domain/tax-terms.ts'

const MEMBERS = [
  ...[austria, belgium, bulgaria, croatia, cyprus, czechRepublic, denmark, estonia, finland, france, germany, greece],
  ...[hungary, ireland, italy, latvia, lithuania, luxembourg, malta, netherlands, poland, portugal, romania],
  ...[slovakiaRepublic, slovenia, spain, sweden],
]

/** Of the longest id, with spaces between all its characters. */
const MAX_LENGTH = 30

/**
 * Checks a VAT id of the EU: its form and its check digits, then, in a shop that asks the register, whether it is
 * registered. A register that does not answer refuses nobody: the id is then not confirmed.
 */
export async function checkVatId(
  { vatRegister, warn }: Pick<OrdersDeps, 'vatRegister' | 'warn'>,
  text: string,
): Promise<Result<VatId, InvalidVatId>> {
  if (text.length > MAX_LENGTH) return fail({ code: 'invalid_vat_id' })
  const checked = checkVAT(text, MEMBERS)
  const { value: number, country } = checked
  if (!checked.isValid || number === undefined || country === undefined) return fail({ code: 'invalid_vat_id' })
  const vatId = { country: country.isoCode.short, number, isConfirmed: false }
  if (vatRegister === undefined) return ok(vatId)
  try {
    return (await vatRegister.has(vatId)) ? ok({ ...vatId, isConfirmed: true }) : fail({ code: 'invalid_vat_id' })
  } catch (error) {
    warn('vat_id_not_confirmed', { error })
    return ok(vatId)
  }
}
