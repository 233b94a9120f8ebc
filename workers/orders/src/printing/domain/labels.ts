/** Words of the printed documents. */
const EN = {
  invoice: 'Invoice',
  creditNote: 'Credit note',
  packingSlip: 'Packing slip',
  billTo: 'Bill to',
  shipTo: 'Ship to',
  date: 'Date',
  order: 'Order',
  ordered: 'Ordered on',
  vatId: 'VAT ID',
  corrects: 'Corrects',
  takesBack: 'Takes back',
  description: 'Description',
  sku: 'SKU',
  quantity: 'Quantity',
  unitPrice: 'Unit price',
  taxRate: 'Tax',
  amount: 'Amount',
  subtotal: 'Subtotal',
  discount: 'Discount',
  shipping: 'Shipping',
  net: 'Net amount',
  included: 'included',
  total: 'Total',
  refund: 'Refund',
  restockingFee: 'Restocking fee',
  uncaptured: 'Not charged',
  reverseCharge: 'Reverse charge: the recipient owes the tax.',
  exempt: 'The recipient is exempt from tax.',
  shipment: 'Shipment',
  carrier: 'Carrier',
  tracking: 'Tracking number',
  page: 'Page {page} of {pages}',
}

export type DocumentLabels = typeof EN

const DE: DocumentLabels = {
  invoice: 'Rechnung',
  creditNote: 'Rechnungskorrektur',
  packingSlip: 'Lieferschein',
  billTo: 'Rechnung an',
  shipTo: 'Lieferung an',
  date: 'Datum',
  order: 'Bestellung',
  ordered: 'Bestellt am',
  vatId: 'USt-IdNr.',
  corrects: 'Korrigiert',
  takesBack: 'Hebt auf',
  description: 'Bezeichnung',
  sku: 'Artikelnummer',
  quantity: 'Menge',
  unitPrice: 'Einzelpreis',
  taxRate: 'Steuer',
  amount: 'Betrag',
  subtotal: 'Zwischensumme',
  discount: 'Rabatt',
  shipping: 'Versand',
  net: 'Nettobetrag',
  included: 'enthalten',
  total: 'Gesamtbetrag',
  refund: 'Erstattung',
  restockingFee: 'Bearbeitungsgebühr',
  uncaptured: 'Nicht berechnet',
  reverseCharge: 'Steuerschuldnerschaft des Leistungsempfängers.',
  exempt: 'Der Empfänger ist von der Steuer befreit.',
  shipment: 'Sendung',
  carrier: 'Versanddienst',
  tracking: 'Sendungsnummer',
  page: 'Seite {page} von {pages}',
}

const LABELS: Record<string, DocumentLabels> = { en: EN, de: DE }

/** The first locale of the shop that documents can be printed in, with its words. Else English. */
export function languageOf(locales: readonly string[]): { locale: string; labels: DocumentLabels } {
  for (const locale of locales) {
    const labels = LABELS[locale.split('-')[0] ?? '']
    if (labels !== undefined) return { locale, labels }
  }
  return { locale: 'en', labels: EN }
}
