import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { ShippingAddress } from '../domain/order.ts'

export const ShippingAddressView: z.ZodType<ShippingAddress> = z
  .union([
    text(1, 2_000),
    z
      .record(text(1, 50), text(0, 500))
      .refine((parts) => Object.keys(parts).length <= 20, 'must have at most 20 parts'),
  ])
  .meta({
    description: 'Free text, or parts such as line1, city, postal_code, country',
    example: '1 Main St, Springfield',
  })
