import type { UsersApp } from '../../deps.ts'
import { addChangeGroupCustomers } from './change-group-customers.ts'
import { addCreateCustomerGroup } from './create-customer-group.ts'
import { addDeleteCustomerGroup } from './delete-customer-group.ts'
import { addGetCustomerGroup } from './get-customer-group.ts'
import { addListCustomerGroups } from './list-customer-groups.ts'
import { addListGroupCustomers } from './list-group-customers.ts'
import { addUpdateCustomerGroup } from './update-customer-group.ts'

export function addCustomerGroupRoutes(app: UsersApp): void {
  addCreateCustomerGroup(app)
  addListCustomerGroups(app)
  addGetCustomerGroup(app)
  addUpdateCustomerGroup(app)
  addDeleteCustomerGroup(app)
  addChangeGroupCustomers(app)
  addListGroupCustomers(app)
}
