/** The settings of the shop, as openapi.json describes them. */
export type ShopBody = {
  legal_name: string
  default_currency: string
  currencies: string[]
  locales: string[]
  time_zone: string
  country: string
}
