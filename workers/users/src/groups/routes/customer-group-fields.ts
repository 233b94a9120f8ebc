import { opaqueId } from '@shop/kernel/ids'
import { MetadataField, MetadataPatch } from '@shop/kernel/metadata'
import { line } from '@shop/kernel/text'
import { z } from 'zod'

export const CustomerGroupIdParam = opaqueId('group_01jd4k2v9rf0fv8z3x1m5q7w2e')

const name = line(100).meta({ description: 'Unique in any case', example: 'Wholesale' })

export const CreateCustomerGroupBody = z
  .strictObject({ name, metadata: MetadataField.optional() })
  .meta({ id: 'CreateCustomerGroupRequest' })

export const UpdateCustomerGroupBody = z
  .strictObject({ name: name.optional(), metadata: MetadataPatch.optional() })
  .meta({ id: 'UpdateCustomerGroupRequest', description: 'A merge patch (RFC 7396): omitted fields stay as they are' })

/** Of one request: a larger change is several of them. */
const MAX_IDS = 500
const userIds = (of: string) =>
  z
    .array(opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e'))
    .max(MAX_IDS)
    .default([])
    .meta({ description: `Ids of accounts ${of}`, example: ['user_01jd4k2v9rf0fv8z3x1m5q7w2e'] })

export const ChangeGroupCustomersBody = z
  .strictObject({
    add: userIds('to add. Those that are in the group already stay in it'),
    remove: userIds('to remove. Those that are not in the group are ignored').meta({ example: [] }),
  })
  .refine(({ add, remove }) => add.length + remove.length > 0, {
    path: ['add'],
    message: 'must name an account, or `remove` must',
  })
  .refine(({ add, remove }) => !remove.some((id) => add.includes(id)), {
    path: ['remove'],
    message: 'must not name an account of `add`',
  })
  .meta({ id: 'ChangeGroupCustomersRequest' })
