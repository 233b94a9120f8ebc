/** A worker behind the gateway. */
export type Service<Name extends string = string> = {
  /** Its folder in `workers/`. */
  name: Name
  /** Its name at Cloudflare. */
  worker: string
  /** Its wrangler config, from the root of the repository. */
  config: string
  /** The services that its bindings may call. Together they form no cycle. */
  mayCall: readonly string[]
  /** Absent for a service without tables. */
  database?: Database
  /** Whether it has an event log: the gateway sends `/api/events/<name>` to it. */
  writesEvents?: boolean
  /** Absent for a service that the gateway does not reach: no public paths, no sweep, no part in readiness. */
  gateway?: GatewayRoutes
}

export type Database = {
  schema: string
  /** The role it connects as. */
  role: string
  /** The secret with its connection string. */
  urlVariable: string
}

export type GatewayRoutes = {
  /** The gateway's binding to it, as in wrangler.toml. */
  binding: string
  /** Public paths it answers, including everything below them. No two services share one. */
  paths: readonly string[]
  /**
   * Paths that ignore the caller: an access token sent with the request is not checked, so a stale one does no harm.
   */
  pathsWithoutCaller: readonly string[]
  /** Tags of its operations in the API description. */
  tags: readonly { name: string; description: string }[]
  /** Without an essential service nothing can be sold: the shop is unavailable, not degraded. */
  isEssential: boolean
  /** Services whose sweep begins 10 s before its own (locally: has ended); all others begin together. */
  sweepsAfter: readonly string[]
}

/** Every service, once. Every other list of services is derived from this table, or a test compares it. */
const TABLE = [
  {
    name: 'users',
    worker: 'shop-users',
    config: 'workers/users/wrangler.toml',
    mayCall: ['catalog', 'orders', 'payments'],
    database: { schema: 'users', role: 'users_service', urlVariable: 'USERS_DATABASE_URL' },
    writesEvents: true,
    gateway: {
      binding: 'USERS',
      paths: ['/api/users', '/api/customer-groups', '/api/api-keys', '/api/audit', '/.well-known/jwks.json'],
      pathsWithoutCaller: [
        '/api/users/register',
        '/api/users/login',
        '/api/users/refresh',
        '/api/users/logout',
        '/api/users/password-reset',
        '/api/users/verification/confirm',
        '/api/users/invitations/accept',
        '/.well-known/jwks.json',
      ],
      tags: [
        { name: 'Users', description: 'Accounts, sessions and tokens' },
        { name: 'Factors', description: 'Second factors, passkeys and step-ups' },
        { name: 'Customer groups', description: 'Groups of accounts, for promotions' },
        { name: 'Staff', description: 'Invitations, roles, and what staff wrote' },
        { name: 'API keys', description: 'Keys of machines and storefronts' },
      ],
      isEssential: true,
      sweepsAfter: [],
    },
  },
  {
    name: 'catalog',
    worker: 'shop-catalog',
    config: 'workers/catalog/wrangler.toml',
    mayCall: [],
    database: { schema: 'catalog', role: 'catalog_service', urlVariable: 'CATALOG_DATABASE_URL' },
    writesEvents: true,
    gateway: {
      binding: 'CATALOG',
      paths: [
        '/api/products',
        '/api/search',
        '/api/variants',
        '/api/inventory',
        '/api/categories',
        '/api/collections',
        '/api/attributes',
        '/api/shop',
      ],
      pathsWithoutCaller: [],
      tags: [
        { name: 'Products', description: 'Products and their stock' },
        { name: 'Search', description: 'What to offer while a search is typed' },
        { name: 'Categories', description: 'The tree of categories' },
        { name: 'Collections', description: 'Lists of products, by hand or by rule' },
        { name: 'Attributes', description: 'What the attributes of products may be' },
        { name: 'Shop', description: 'Settings of the shop' },
      ],
      isEssential: true,
      sweepsAfter: [],
    },
  },
  {
    name: 'orders',
    worker: 'shop-orders',
    config: 'workers/orders/wrangler.toml',
    mayCall: ['catalog'],
    database: { schema: 'orders', role: 'orders_service', urlVariable: 'ORDERS_DATABASE_URL' },
    writesEvents: true,
    gateway: {
      binding: 'ORDERS',
      paths: [
        '/api/orders',
        '/api/orders.csv',
        '/api/shipments',
        '/api/returns',
        '/api/carts',
        '/api/promotions',
        '/api/gift-cards',
        '/api/shipping',
        '/api/tax',
        '/api/reports',
      ],
      pathsWithoutCaller: ['/api/orders/token'],
      tags: [
        { name: 'Orders', description: 'Orders and their lifecycle' },
        { name: 'Fulfillment', description: 'Shipments of orders' },
        { name: 'Invoices', description: 'Invoices and credit notes of orders' },
        { name: 'Returns', description: 'What customers send back, and what they get for it' },
        { name: 'Carts', description: 'What customers and guests want to buy, with its prices' },
        { name: 'Promotions', description: 'Discounts by code or for everybody' },
        { name: 'Gift cards', description: 'Gift cards and store credit, and what is left of them' },
        {
          name: 'Shipping',
          description: 'Where the shop delivers to, how, and for what price',
        },
        { name: 'Tax', description: 'Rates of tax, and who pays none' },
        { name: 'Reports', description: 'What was sold, and the money that came of it' },
      ],
      isEssential: true,
      // Payments reports waiting captures to orders, before orders expires unpaid orders.
      sweepsAfter: ['payments'],
    },
  },
  {
    name: 'payments',
    worker: 'shop-payments',
    config: 'workers/payments/wrangler.toml',
    mayCall: ['orders'],
    database: { schema: 'payments', role: 'payments_service', urlVariable: 'PAYMENTS_DATABASE_URL' },
    writesEvents: true,
    gateway: {
      binding: 'PAYMENTS',
      paths: ['/api/payments', '/api/webhooks/stripe'],
      // Webhooks are authenticated by their signature.
      pathsWithoutCaller: ['/api/webhooks/stripe'],
      tags: [{ name: 'Payments', description: 'Payments and webhooks' }],
      // Without payments, orders are placed and keep their stock until they expire.
      isEssential: false,
      sweepsAfter: [],
    },
  },
  {
    name: 'notifications',
    worker: 'shop-notifications',
    config: 'workers/notifications/wrangler.toml',
    mayCall: ['users', 'catalog', 'orders', 'payments'],
    database: { schema: 'notifications', role: 'notifications_service', urlVariable: 'NOTIFICATIONS_DATABASE_URL' },
    writesEvents: true,
    gateway: {
      binding: 'NOTIFICATIONS',
      paths: ['/api/email-templates', '/api/webhooks/mail', '/api/webhook-endpoints', '/api/live'],
      // Webhooks are authenticated by their signature.
      pathsWithoutCaller: ['/api/webhooks/mail'],
      tags: [
        { name: 'E-mail', description: 'Templates of mails, and what became of mails' },
        { name: 'Webhooks', description: 'Events sent to systems outside the shop' },
        { name: 'Live updates', description: 'Changes of orders and stock, as they happen' },
      ],
      // Mails and webhooks wait in the events until it is back.
      isEssential: false,
      // Their sweeps write events that it sends on.
      sweepsAfter: ['users', 'catalog', 'orders', 'payments'],
    },
  },
] as const satisfies readonly Service[]

type Row = (typeof TABLE)[number]
type RoutedRow = Extract<Row, { gateway: GatewayRoutes }>
type StoredRow = Extract<Row, { database: Database }>
type EventRow = Extract<Row, { writesEvents: true }>

export type ServiceName = Row['name']
export type GatewayBinding = RoutedRow['gateway']['binding']

/** A service that the gateway reaches. */
export type RoutedService = Service<RoutedRow['name']> & { gateway: GatewayRoutes & { binding: GatewayBinding } }
/** A service with tables. */
export type StoredService = Service<StoredRow['name']> & { database: Database }
/** A service with an event log. */
export type EventService = Service<EventRow['name']> & { writesEvents: true }

export const SERVICES: readonly Service<ServiceName>[] = TABLE
export const ROUTED_SERVICES = SERVICES.filter((service): service is RoutedService => service.gateway !== undefined)
export const STORED_SERVICES = SERVICES.filter((service): service is StoredService => service.database !== undefined)
export const EVENT_SERVICES = SERVICES.filter((service): service is EventService => service.writesEvents === true)

/** The public worker. It calls every service that has `gateway` routes. */
export const GATEWAY = { name: 'gateway', worker: 'shop-gateway', config: 'wrangler.toml' } as const

/** The folders of all workers, the public one first. */
export const WORKERS: readonly Worker[] = [GATEWAY.name, ...SERVICES.map(({ name }) => name)]
export type Worker = typeof GATEWAY.name | ServiceName

/** Path of a worker's wrangler config, from the root of the repository. */
export function configOf(worker: Worker): string {
  return worker === GATEWAY.name ? GATEWAY.config : serviceNamed(worker).config
}

export function serviceNamed(name: ServiceName): Service<ServiceName> {
  const found = SERVICES.find((service) => service.name === name)
  if (found === undefined) throw new Error(`There is no service ${name}`)
  return found
}
