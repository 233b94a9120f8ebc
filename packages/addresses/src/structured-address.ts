import { type Address, AddressParts } from './address.ts'
import { applyCountryRules } from './country-rules.ts'

/**
 * A structured address as it is stored: its postal code in capitals, its phone in E.164, and its region as a code where
 * the country writes it so. Each error names its part. An address that was accepted is accepted again, unchanged.
 */
export const StructuredAddress = AddressParts.transform((parts, context): Address => {
  const { address, errors } = applyCountryRules(parts)
  for (const { part, message } of errors) context.addIssue({ code: 'custom', path: [part], message })
  return address
})
