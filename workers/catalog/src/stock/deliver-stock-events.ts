import { consumersOf, type EventsOf, type ShopEvent } from '@shop/contracts/events/catalogue'
import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import { fail, ok } from '@shop/kernel/result'
import pMap from 'p-map'
import type { CatalogDeps } from '../deps.ts'
import { attemptDelivery, type Delivered } from '../events/attempt-delivery.ts'
import type { LowStockThreshold } from './domain/low-stock.ts'
import { openStock } from './open-stock.ts'
import { setThreshold } from './set-threshold.ts'

type DeliverDeps = Pick<CatalogDeps, 'stock' | 'thresholds' | 'warn'>
type StockEvent = ShopEvent<EventsOf<'catalog_stock'>>

const CONSUMER = 'catalog_stock'
/** Stock objects called at the same time. */
const CONCURRENCY = 20

/**
 * Applies staff changes to the stock objects: the opening stock of new products, and the current low-stock thresholds,
 * whatever they were at the time of the event.
 */
export async function deliverStockEvents(deps: DeliverDeps, due: ShopEvent[]): Promise<Receipt[]> {
  const variantIds = due.filter(isStockEvent).map(({ payload }) => payload.variantId)
  const thresholds = await deps.thresholds.find(variantIds)
  const deliver = async (event: ShopEvent): Promise<Delivered> =>
    isStockEvent(event) ? apply(deps, event, thresholds.get(event.payload.variantId)) : fail({ code: 'invalid_event' })
  return pMap(due, (event) => attemptDelivery(deps, { consumer: CONSUMER, eventId: event.id }, () => deliver(event)), {
    concurrency: CONCURRENCY,
  })
}

async function apply(
  deps: DeliverDeps,
  event: StockEvent,
  threshold: LowStockThreshold | undefined,
): Promise<Delivered> {
  const { variantId } = event.payload
  if (threshold === undefined) return ok('skipped')
  if (event.type === 'stock.threshold_changed') return setThreshold(deps, variantId, threshold)
  return openStock(deps, { variantId, openingStock: event.payload.openingStock, threshold })
}

function isStockEvent(event: ShopEvent): event is StockEvent {
  return isWellFormed(event) && consumersOf(event.type).includes(CONSUMER)
}
