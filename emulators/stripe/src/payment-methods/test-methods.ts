/** The outcome of a confirmation with a test payment method. */
export type Outcome =
  | { kind: 'succeeds' }
  | { kind: 'authenticates' }
  | { kind: 'authenticates_unless_saved' }
  | { kind: 'settles_later' }
  | Decline

export interface Decline {
  kind: 'declines'
  code: string
  declineCode?: string
  message: string
  param?: string
}

export interface TestMethod {
  type: 'card' | 'us_bank_account'
  outcome: Outcome
  /** Can be attached to a customer although payments are declined. */
  isAttachable?: boolean
  /** The decline after a completed authentication. Without it, the payment succeeds. */
  declinesAfterAuthentication?: Decline
  /** Opens a dispute right after the payment. */
  dispute?: { reason: string; isInquiry?: boolean }
  /** The outcome of refunds. Without it, they succeed at once. */
  refunds?: 'pending' | 'fails_later'
  /** Whether it can be captured several times, if that is requested. */
  multicapture?: 'unavailable'
  last4: string
  brand: 'visa' | 'mastercard' | 'amex' | 'discover' | 'jcb'
  funding: 'credit' | 'debit'
}

const declined = (declineCode: string): Decline => ({
  kind: 'declines',
  code: 'card_declined',
  declineCode,
  message: declineCode === 'insufficient_funds' ? 'Your card has insufficient funds.' : 'Your card was declined.',
})

/** A decline without a decline code, as Stripe's table of test cards lists it. */
const refused = (code: string, message: string, param?: string): Decline => ({
  kind: 'declines',
  code,
  message,
  ...(param && { param }),
})

const succeeds: Outcome = { kind: 'succeeds' }

const card = (last4: string, outcome: Outcome = succeeds, over: Partial<TestMethod> = {}): TestMethod => ({
  type: 'card',
  brand: 'visa',
  funding: 'credit',
  last4,
  outcome,
  ...over,
})

const authenticates: Outcome = { kind: 'authenticates' }
const generic = card('0002', declined('generic_decline'))
const insufficient = card('9995', declined('insufficient_funds'))
const lost = card('9987', declined('lost_card'))
const stolen = card('9979', declined('stolen_card'))
const velocity = card('6975', declined('card_velocity_exceeded'))
const expired = card('0069', refused('expired_card', 'Your card has expired.', 'exp_month'))
const wrongCvc = card('0127', refused('incorrect_cvc', "Your card's security code is incorrect.", 'cvc'))
const processingError = card(
  '0119',
  refused('processing_error', 'An error occurred while processing your card. Try again in a little bit.'),
)

/** Payment methods by test name, https://docs.stripe.com/testing (including older names). */
export const TEST_METHODS: ReadonlyMap<string, TestMethod> = new Map(
  Object.entries({
    pm_card_visa: card('4242'),
    pm_card_visa_debit: card('5556', succeeds, { funding: 'debit' }),
    pm_card_mastercard: card('4444', succeeds, { brand: 'mastercard' }),
    pm_card_mastercard_debit: card('8210', succeeds, { brand: 'mastercard', funding: 'debit' }),
    pm_card_amex: card('8431', succeeds, { brand: 'amex' }),
    pm_card_discover: card('1117', succeeds, { brand: 'discover' }),
    pm_card_jcb: card('0505', succeeds, { brand: 'jcb', multicapture: 'unavailable' }),
    pm_card_visa_chargeDeclined: generic,
    pm_card_chargeDeclined: generic,
    pm_card_visa_chargeDeclinedInsufficientFunds: insufficient,
    pm_card_chargeDeclinedInsufficientFunds: insufficient,
    pm_card_visa_chargeDeclinedLostCard: lost,
    pm_card_chargeDeclinedLostCard: lost,
    pm_card_visa_chargeDeclinedStolenCard: stolen,
    pm_card_chargeDeclinedStolenCard: stolen,
    pm_card_visa_chargeDeclinedVelocityLimitExceeded: velocity,
    pm_card_chargeDeclinedExpiredCard: expired,
    pm_card_visa_chargeDeclinedExpiredCard: expired,
    pm_card_chargeDeclinedIncorrectCvc: wrongCvc,
    pm_card_visa_chargeDeclinedIncorrectCvc: wrongCvc,
    pm_card_chargeDeclinedProcessingError: processingError,
    pm_card_visa_chargeDeclinedProcessingError: processingError,
    pm_card_authenticationRequired: card('3184', authenticates),
    pm_card_threeDSecure2Required: card('3220', authenticates),
    pm_card_threeDSecureRequired: card('3063', authenticates),
    pm_card_authenticationRequiredOnSetup: card('3155', { kind: 'authenticates_unless_saved' }),
    pm_card_chargeCustomerFail: card('0341', declined('generic_decline'), { isAttachable: true }),
    pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: card('3178', authenticates, {
      declinesAfterAuthentication: declined('insufficient_funds'),
    }),
    pm_card_createDispute: card('0259', succeeds, { dispute: { reason: 'fraudulent' } }),
    pm_card_createDisputeProductNotReceived: card('2685', succeeds, { dispute: { reason: 'product_not_received' } }),
    pm_card_createDisputeInquiry: card('1976', succeeds, { dispute: { reason: 'fraudulent', isInquiry: true } }),
    pm_card_pendingRefund: card('7726', succeeds, { refunds: 'pending' }),
    pm_card_refundFail: card('5126', succeeds, { refunds: 'fails_later' }),
    pm_usBankAccount: card('6789', { kind: 'settles_later' }, { type: 'us_bank_account' }),
  }),
)

/** The decline of an off-session payment that requires authentication. */
export const AUTHENTICATION_REQUIRED: Decline = {
  kind: 'declines',
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}
