/**
 * What addresses of a country must have beside a line and a city: the `require` of Google's address metadata, as of
 * 2025-01, where it names a region or a postal code. Left out are countries whose regions ISO 3166-2 does not list.
 *
 * Source: https://chromium-i18n.appspot.com/ssl-address, described at
 * https://github.com/google/libaddressinput/wiki/AddressValidationMetadata
 */
const WITH_REGION = codes('AE AU BR CA CN CO CR ES FM HN ID IN IQ IT JM JP KN KR MH MX NR PG PW RU SO SV TW UM US VE')

const WITH_POSTAL_CODE = codes(
  'AS AT AU AX BE BL BR CA CH CN CZ DE DK EE ES FI FK FM FR GB GF GG GL GP GR GS GU HU IM IN IO IT JE JP KR LI LT LU LV ' +
    'MF MH MP MQ MX MY NC NL NO NZ PF PL PM PN PR PT PW RE RO RU SE SG SH SJ SK SM TC TR TW UA US VI WF YT ZA',
)

/**
 * Countries whose post writes a region by its code, so that only a known one is right. Names in ISO 3166-2 are no measure
 * elsewhere: it has `Hukuoka` for Fukuoka, and one of the two official names of Spanish provinces.
 */
const BY_CODE = codes('AU BR CA IT US')

function codes(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}

export const needsRegion = (country: string): boolean => WITH_REGION.has(country)

export const needsPostalCode = (country: string): boolean => WITH_POSTAL_CODE.has(country)

/** Whether addresses of the country have the code of a region, rather than its name. */
export const writesRegionAsCode = (country: string): boolean => BY_CODE.has(country)
