import type { OrdersApp } from '../../deps.ts'
import { addApproveReturn } from './approve-return.ts'
import { addCancelReturn } from './cancel-return.ts'
import { addCloseReturn } from './close-return.ts'
import { addCreateReturn } from './create-return.ts'
import { addExchangeReturn } from './exchange-return.ts'
import { addGetReturn } from './get-return.ts'
import { addListOrderReturns } from './list-order-returns.ts'
import { addListReturns } from './list-returns.ts'
import { addReceiveReturn } from './receive-return.ts'
import { addRefuseReturn } from './refuse-return.ts'

export function addReturnRoutes(app: OrdersApp): void {
  addCreateReturn(app)
  addListOrderReturns(app)
  addListReturns(app)
  addGetReturn(app)
  addApproveReturn(app)
  addRefuseReturn(app)
  addCancelReturn(app)
  addReceiveReturn(app)
  addExchangeReturn(app)
  addCloseReturn(app)
}
