/** What staff set up for shipping and tax, as openapi.json describes it: the members that tests read. */
export type ShippingZoneBody = { id: string; version: number }
export type ShippingOptionBody = { id: string; zone_id: string; version: number }
export type TaxRateBody = { id: string; version: number }
export type TaxExemptionBody = { id: string; user_id: string }
