/** Two accounts of the local development database only: their passwords are public. */
export const DEMO_ADMIN = { email: 'admin@example.com', password: 'for-local-staff-only' }
export const DEMO_CUSTOMER = { email: 'customer@example.com', password: 'for-local-buyers-only' }
