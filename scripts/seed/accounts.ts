/** Two accounts of the local development database only: their passwords are public. */
export const DEMO_ADMIN = { email: 'admin@example.com', password: 'local-admin-password' }
export const DEMO_CUSTOMER = { email: 'customer@example.com', password: 'local-customer-password' }
