import { erasuresTable } from '../erasures.ts'
import { paymentsSchema } from './payments.ts'

export const erasures = erasuresTable(paymentsSchema)
