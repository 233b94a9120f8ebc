import type { AccessFailure } from '@shop/kernel/caller'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { VersionConflict } from '@shop/kernel/versions'
import type { CatalogFailure, VariantNotFound } from '../catalog/failures.ts'
import type { OrderNotFound, OrdersFailure } from '../orders/failures.ts'
import type { InvalidSignature, PaymentsFailure } from '../payments/failures.ts'

/** The shop sends no mail of this name, or is not in this locale, or staff have written none. */
export type TemplateNotFound = { code: 'template_not_found' }
/** A template that cannot be read or rendered. `field`: `subject`, `html` or `text`; `reason` names the place. */
export type InvalidTemplate = { code: 'invalid_template'; field: string; reason: string }
/** A ticket for live updates that was used, has expired, or never was. */
export type InvalidTicket = { code: 'invalid_ticket' }
/** The path answers only a request for a WebSocket. */
export type UpgradeRequired = { code: 'upgrade_required' }
/** A mail about an order is shown with a real one. */
export type OrderRequired = { code: 'order_required' }

export type NotificationsFailure =
  | AccessFailure
  | TemplateNotFound
  | InvalidTemplate
  | OrderRequired
  | OrderNotFound
  | VariantNotFound
  | InvalidTicket
  | UpgradeRequired
  | VersionConflict
  | InvalidSignature
  | ServiceUnavailable

export const NOTIFICATIONS_PROBLEMS = {
  template_not_found: { status: 404, title: 'No such template' },
  invalid_template: { status: 422, title: 'The template cannot be used' },
  order_required: { status: 422, title: 'The preview needs an order' },
  invalid_ticket: { status: 401, title: 'The ticket was used or has expired: get another one' },
  upgrade_required: { status: 426, title: 'Ask for a WebSocket, or for the stream of events' },
} as const satisfies ProblemTable<
  Exclude<NotificationsFailure, KernelFailure | CatalogFailure | OrdersFailure | PaymentsFailure>
>
