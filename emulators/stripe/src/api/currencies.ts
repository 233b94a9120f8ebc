import { type ApiError, invalidRequest } from './errors.ts'

/** Presentment currencies, https://docs.stripe.com/currencies */
const SUPPORTED = new Set(
  (
    'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf ' +
    'clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ' +
    'ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur ' +
    'mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek ' +
    'sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw'
  ).split(' '),
)

const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))

/** The minimum charge in minor units for the currencies that Stripe lists. Other amounts must be positive. */
const MINIMUM: Record<string, number> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
}

const MAXIMUM = 99_999_999

const SYMBOL: Record<string, string> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' }

/** @returns the currency in lower case, as Stripe stores it */
export function checkCurrency(currency: string): string {
  const lower = currency.toLowerCase()
  if (SUPPORTED.has(lower)) return lower
  const list = [...SUPPORTED].join(', ')
  throw invalidRequest(`Invalid currency: ${lower}. Stripe currently supports these currencies: ${list}`, {
    param: 'currency',
  })
}

/** Refuses charge amounts as Stripe does: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export function checkChargeAmount(amount: number, currency: string): void {
  if (amount < 1) {
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    })
  }
  if (amount > MAXIMUM) throw amountError('amount_too_large', `no more than ${format(MAXIMUM, currency)}`)
  const minimum = MINIMUM[currency] ?? 1
  if (amount < minimum) throw amountError('amount_too_small', `at least ${format(minimum, currency)} ${currency}`)
  const step = stepOf(currency)
  if (amount % step !== 0) {
    throw invalidRequest(`Invalid amount: amounts in ${currency} must be divisible by ${step}.`, { param: 'amount' })
  }
}

/** `1050, usd` → `$10.50`, with the currency's number of decimals. */
export function format(amount: number, currency: string): string {
  const decimals = ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2
  const major = (amount / 10 ** decimals).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return `${SYMBOL[currency] ?? ''}${major}`
}

/**
 * Amounts in three-decimal currencies must end in 0, because card networks transmit two decimals. ISK and UGX have two
 * decimals that must be 00. https://docs.stripe.com/currencies#special-cases
 */
function stepOf(currency: string): number {
  if (THREE_DECIMAL.has(currency)) return 10
  return currency === 'isk' || currency === 'ugx' ? 100 : 1
}

function amountError(code: 'amount_too_small' | 'amount_too_large', rule: string): ApiError {
  return invalidRequest(`Amount must be ${rule}`, { code, param: 'amount' })
}
