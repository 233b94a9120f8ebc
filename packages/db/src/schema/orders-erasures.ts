import { erasuresTable } from '../erasures.ts'
import { ordersSchema } from './orders.ts'

export const erasures = erasuresTable(ordersSchema)
