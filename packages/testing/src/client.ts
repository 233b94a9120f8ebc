import type { ProblemView } from '@shop/http/problems'
import { assertDescribed } from './api-contract.ts'
import type { CartBody } from './cart-body.ts'
import type { EmailPreviewBody, EmailTemplateBody, ListedTemplateBody } from './email-bodies.ts'
import type { FactorMembers } from './factor-body.ts'
import type { GiftCardBody } from './gift-card-body.ts'
import type { AttributeBody, CategoryBody, CollectionBody } from './group-bodies.ts'
import type { OrderBody, OrderEventBody, ReturnBody, ShipmentBody } from './order-body.ts'
import type {
  DiscrepancyBody,
  DisputeBody,
  LedgerEntryBody,
  PaymentBody,
  ReconciliationBody,
  RefundBody,
  SavedMethodBody,
  StripeEventBody,
} from './payment-bodies.ts'
import type { ShippingOptionBody, ShippingZoneBody, TaxExemptionBody, TaxRateBody } from './place-bodies.ts'
import type {
  BulkResultBody,
  InventoryBody,
  MovementBody,
  ProductBody,
  StockDifferenceBody,
  VariantBody,
} from './product-body.ts'
import type { PromotionBody, PromotionCodeBody } from './promotion-body.ts'
import type { SalesReportBody } from './report-bodies.ts'
import type {
  AddressBody,
  CustomerGroupBody,
  CustomerNoteBody,
  ListedSessionBody,
  SessionBody,
  UserBody,
} from './session-body.ts'
import type { ShopBody } from './shop-body.ts'
import type { ApiKeyBody, AuditEntryBody, InvitationBody } from './staff-bodies.ts'
import type { WebhookDeliveryBody, WebhookEndpointBody } from './webhook-bodies.ts'

/**
 * Every member that a body of the API may have. Each body has only some, and {@link assertDescribed} has checked them:
 * a test that reads another member finds `undefined` and fails.
 */
export type ApiBody = SessionBody &
  FactorMembers &
  ProblemView & {
    sessions: ListedSessionBody[]
    product: ProductBody
    products: ProductBody[]
    results: BulkResultBody[]
    created: number
    failed: number
    variant: VariantBody & { product_id: number }
    variants: (VariantBody & { product_id: number })[]
    category: CategoryBody
    categories: CategoryBody[]
    collection: CollectionBody
    collections: CollectionBody[]
    attribute: AttributeBody
    attributes: AttributeBody[]
    shop: ShopBody
    users: UserBody[]
    customer_group: CustomerGroupBody
    customer_groups: CustomerGroupBody[]
    customers: UserBody[]
    note: CustomerNoteBody
    notes: CustomerNoteBody[]
    address: AddressBody
    addresses: AddressBody[]
    inventory: InventoryBody
    movement: MovementBody
    movements: MovementBody[]
    rewritten: number
    differences: StockDifferenceBody[]
    order: OrderBody
    orders: OrderBody[]
    shipment: ShipmentBody
    shipments: ShipmentBody[]
    return: ReturnBody
    returns: ReturnBody[]
    order_token: string
    cart: CartBody
    cart_token: string
    zone: ShippingZoneBody
    option: ShippingOptionBody
    rate: TaxRateBody
    exemption: TaxExemptionBody
    gift_card: GiftCardBody
    gift_cards: GiftCardBody[]
    promotion: PromotionBody
    promotions: PromotionBody[]
    codes: PromotionCodeBody[]
    payment: PaymentBody & { disputes: DisputeBody[] }
    payments: PaymentBody[]
    refund: RefundBody
    refunds: RefundBody[]
    entries: LedgerEntryBody[]
    disputes: DisputeBody[]
    discrepancies: DiscrepancyBody[]
    reconciliation: ReconciliationBody
    payment_methods: SavedMethodBody[]
    /** For live updates. */
    ticket: { token: string; topics: string[]; expires_at: string }
    sales_report: SalesReportBody
    template: EmailTemplateBody
    templates: ListedTemplateBody[]
    preview: EmailPreviewBody
    webhook_endpoint: WebhookEndpointBody
    webhook_endpoints: WebhookEndpointBody[]
    delivery: WebhookDeliveryBody
    deliveries: WebhookDeliveryBody[]
    resent: number
    next_after: string | null
    /** Of the readiness answer. */
    checks: Record<string, { status: string; events?: { pending: number; parked: number; lag_seconds: number } }>
    /** Of an order, or of Stripe. */
    events: (OrderEventBody & StripeEventBody)[]
    /** Of a new API key. */
    key: string
    api_key: ApiKeyBody
    api_keys: ApiKeyBody[]
    invitation: InvitationBody
    invitations: InvitationBody[]
    audit_entries: AuditEntryBody[]
    next_cursor: string | null
  }

export type Reply = { status: number; headers: Headers; body: ApiBody }

export type RequestOptions = {
  token?: string | undefined
  /** Sent as JSON; `rawBody` is sent unchanged. */
  body?: unknown
  rawBody?: string
  headers?: Record<string, string>
}

/** A client that checks every response against the committed API description. */
export type ShopClient = {
  request(method: string, path: string, options?: RequestOptions): Promise<Reply>
}

export function shopClient(url: string): ShopClient {
  return {
    request: async (method, path, options = {}) => {
      const response = await fetch(`${url}${path}`, requestInit(method, options))
      const text = await response.text()
      const mediaType = (response.headers.get('content-type') ?? '').split(';')[0] ?? ''
      const body = mediaType.endsWith('json') && text !== '' ? JSON.parse(text) : text
      const { pathname } = new URL(`${url}${path}`)
      assertDescribed({ method, path: decodeURI(pathname), status: response.status, mediaType, body })
      return { status: response.status, headers: response.headers, body }
    },
  }
}

let requests = 0

/** Another address every hundred requests, as of many clients: the limit per address has a test of its own. */
export function freshAddress(): string {
  requests += 1
  const client = Math.floor(requests / 100)
  return `10.0.${(client >> 8) & 255}.${client & 255}`
}

function requestInit(method: string, { token, body, rawBody, headers = {} }: RequestOptions): RequestInit {
  return {
    method,
    headers: {
      'cf-connecting-ip': freshAddress(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(rawBody === undefined ? {} : { body: rawBody }),
  }
}
