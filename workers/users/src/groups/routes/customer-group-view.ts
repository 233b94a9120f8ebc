import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { CustomerGroup } from '../domain/customer-group.ts'
import { CustomerGroupIdParam } from './customer-group-fields.ts'

export const CustomerGroupView = z
  .strictObject({
    id: CustomerGroupIdParam,
    name: z.string().meta({ example: 'Wholesale' }),
    metadata: z.record(z.string(), z.string()).meta({ example: {} }),
    version: z
      .int()
      .meta({ description: 'Counts the changes, those of members included. For If-Match, as in the ETag', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'CustomerGroup' })

/** A group as it is shown with an account that is in it. */
export const GroupOfUser = z.strictObject({ id: CustomerGroupIdParam, name: z.string().meta({ example: 'Wholesale' }) })

/** The answer to a write. */
export const CustomerGroupWithMessage = z
  .strictObject({ customer_group: CustomerGroupView, message: z.string().meta({ example: 'Customer group created' }) })
  .meta({ id: 'CustomerGroupWithMessage' })

export function toCustomerGroupView(group: CustomerGroup): z.infer<typeof CustomerGroupView> {
  const { id, name, metadata, version, createdAt, updatedAt } = group
  return {
    ...{ id, name, metadata, version },
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  }
}

export const toGroupOfUserView = ({ id, name }: CustomerGroup): z.infer<typeof GroupOfUser> => ({ id, name })
