import { derivedId } from '@shop/kernel/derived-id'
import type { RefundId } from '@shop/kernel/ids'

/** The ids of the parts of a refund: the first is `refundId`, the others are derived from it. @param count at least 1 is returned */
export async function partIds(refundId: RefundId, count: number): Promise<[RefundId, ...RefundId[]]> {
  const others = Array.from({ length: Math.max(0, count - 1) }, (_, part) =>
    derivedId('refund', `${refundId}:${part + 2}`),
  )
  return [refundId, ...(await Promise.all(others))]
}
