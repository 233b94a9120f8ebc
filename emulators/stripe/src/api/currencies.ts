import { type ApiError, invalidRequest } from './errors.ts'

/** What Stripe charges in a currency. Amounts in its own unit. */
interface ChargeRule {
  /** Of its unit: 1,050 is 10.50 with two. */
  decimals: number
  minimum: number
  maximum: number
  /** An amount must be divisible by it. */
  multiple: number
}

/*
 * The currencies of charges as https://docs.stripe.com/currencies lists them, read on 2026-12-01. Written down from that page
 * alone, not from the shop's own table, so that a mistake in one of the two shows. BGN, HRK and ANG are gone: Bulgaria and
 * Croatia have the euro, and XCG has replaced ANG.
 */
const TWO_DECIMALS =
  'usd aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk dkk ' +
  'dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr ' +
  'lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub ' +
  'sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx uyu uzs wst xcd xcg yer zar zmw'
const ZERO_DECIMALS = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'
/** Card networks transmit two of the three decimals, so that amounts must end in 0. */
const THREE_DECIMALS = 'bhd jod kwd omr tnd'

/** Stripe converts other minimums at the day's rate; here any amount of those currencies is enough. */
const MINIMUMS: Record<string, number> = {
  ...{
    usd: 50,
    ars: 50,
    aud: 50,
    brl: 50,
    cad: 50,
    chf: 50,
    cop: 50,
    eur: 50,
    idr: 50,
    ils: 50,
    inr: 50,
    jpy: 50,
    krw: 50,
  },
  ...{ nzd: 50, php: 50, rub: 50, sgd: 50, zar: 50 },
  ...{ gbp: 30, aed: 200, dkk: 250, hkd: 400, myr: 200, nok: 300, pln: 200, ron: 200, sek: 300 },
  ...{ czk: 1_500, huf: 17_500, mxn: 1_000, thb: 1_000 },
}

/** Of payment methods that are no cards; cards take twelve digits in all currencies. */
const MAXIMUMS: Record<string, number> = { idr: 999_999_999_999, cop: 9_999_999_999, inr: 999_999_999 }
const OTHER_MAXIMUM = 99_999_999

/** Currencies that have no decimals any more, and are still sent with two, which must be 00. */
const IN_HUNDREDS = new Set(['isk', 'ugx'])

const RULES: ReadonlyMap<string, ChargeRule> = new Map(
  [
    { codes: ZERO_DECIMALS, decimals: 0 },
    { codes: TWO_DECIMALS, decimals: 2 },
    { codes: THREE_DECIMALS, decimals: 3 },
  ].flatMap(({ codes, decimals }) => codes.split(' ').map((code) => [code, ruleOf(code, decimals)] as const)),
)

function ruleOf(code: string, decimals: number): ChargeRule {
  return {
    decimals,
    minimum: MINIMUMS[code] ?? 1,
    maximum: MAXIMUMS[code] ?? OTHER_MAXIMUM,
    multiple: decimals === 3 ? 10 : IN_HUNDREDS.has(code) ? 100 : 1,
  }
}

const SYMBOL: Record<string, string> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' }

/** @returns the currency in lower case, as Stripe stores it */
export function checkCurrency(currency: string): string {
  const lower = currency.toLowerCase()
  if (RULES.has(lower)) return lower
  const list = [...RULES.keys()].sort().join(', ')
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
  const { minimum, maximum, multiple } = ruleFor(currency)
  if (amount > maximum) throw amountError('amount_too_large', `no more than ${format(maximum, currency)}`)
  if (amount < minimum) throw amountError('amount_too_small', `at least ${format(minimum, currency)} ${currency}`)
  if (amount % multiple !== 0) {
    throw invalidRequest(`Invalid amount: amounts in ${currency} must be divisible by ${multiple}.`, {
      param: 'amount',
    })
  }
}

/** `1050, usd` → `$10.50`, with the currency's number of decimals. */
export function format(amount: number, currency: string): string {
  const { decimals } = ruleFor(currency)
  const major = (amount / 10 ** decimals).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return `${SYMBOL[currency] ?? ''}${major}`
}

/** The rule of a currency that {@link checkCurrency} has let pass. */
function ruleFor(currency: string): ChargeRule {
  return RULES.get(currency) ?? ruleOf(currency, 2)
}

function amountError(code: 'amount_too_small' | 'amount_too_large', rule: string): ApiError {
  return invalidRequest(`Amount must be ${rule}`, { code, param: 'amount' })
}
