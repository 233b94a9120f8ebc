import type { AccessFailure } from '@shop/kernel/caller'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { VersionConflict } from '@shop/kernel/versions'
import type { OrderNotFound, OrdersFailure } from '../orders/failures.ts'
import type { InvalidSignature, PaymentsFailure } from '../payments/failures.ts'

/** The shop sends no mail of this name, or is not in this locale, or staff have written none. */
export type TemplateNotFound = { code: 'template_not_found' }
/** A template that cannot be read or rendered. `field`: `subject`, `html` or `text`; `reason` names the place. */
export type InvalidTemplate = { code: 'invalid_template'; field: string; reason: string }
/** A mail about an order is shown with a real one. */
export type OrderRequired = { code: 'order_required' }

export type NotificationsFailure =
  | AccessFailure
  | TemplateNotFound
  | InvalidTemplate
  | OrderRequired
  | OrderNotFound
  | VersionConflict
  | InvalidSignature
  | ServiceUnavailable

export const NOTIFICATIONS_PROBLEMS = {
  template_not_found: { status: 404, title: 'No such template' },
  invalid_template: { status: 422, title: 'The template cannot be used' },
  order_required: { status: 422, title: 'The preview needs an order' },
} as const satisfies ProblemTable<Exclude<NotificationsFailure, KernelFailure | OrdersFailure | PaymentsFailure>>
