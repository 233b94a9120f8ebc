import type { AccessFailure } from '@shop/kernel/caller'
import type { CreateOnceFailure } from '@shop/kernel/create-once'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { InvalidCursor } from '@shop/kernel/pagination'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { VersionConflict } from '@shop/kernel/versions'
import type { CatalogFailure, VariantNotFound } from '../catalog/failures.ts'
import type { OrderNotFound, OrdersFailure } from '../orders/failures.ts'
import type { InvalidSignature, PaymentsFailure } from '../payments/failures.ts'
import type { WebhookUrlFault } from './states.ts'

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

export type WebhookEndpointNotFound = { code: 'webhook_endpoint_not_found' }
/** The endpoint never got this event, or it is no longer kept. */
export type WebhookDeliveryNotFound = { code: 'webhook_delivery_not_found' }
/** `reason` says what is wrong with the URL. */
export type WebhookUrlNotAllowed = { code: 'webhook_url_not_allowed'; reason: WebhookUrlFault }
/** The shop has as many webhook endpoints as it may have. */
export type TooManyWebhookEndpoints = { code: 'too_many_webhook_endpoints'; maximum: number }
/** Nothing is sent to a disabled endpoint. */
export type WebhookEndpointDisabled = { code: 'webhook_endpoint_disabled' }

export type NotificationsFailure =
  | AccessFailure
  | TemplateNotFound
  | InvalidTemplate
  | OrderRequired
  | WebhookEndpointNotFound
  | WebhookDeliveryNotFound
  | WebhookUrlNotAllowed
  | WebhookEndpointDisabled
  | TooManyWebhookEndpoints
  | CreateOnceFailure
  | InvalidCursor
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
  webhook_endpoint_not_found: { status: 404, title: 'No such webhook endpoint' },
  webhook_delivery_not_found: { status: 404, title: 'No such delivery to this endpoint' },
  webhook_url_not_allowed: { status: 422, title: 'Webhooks are not sent to this URL' },
  webhook_endpoint_disabled: { status: 409, title: 'The webhook endpoint is disabled' },
  too_many_webhook_endpoints: { status: 409, title: 'The shop has as many webhook endpoints as it can have' },
  invalid_ticket: { status: 401, title: 'The ticket was used or has expired: get another one' },
  upgrade_required: { status: 426, title: 'Ask for a WebSocket, or for the stream of events' },
} as const satisfies ProblemTable<
  Exclude<NotificationsFailure, KernelFailure | CatalogFailure | OrdersFailure | PaymentsFailure>
>
