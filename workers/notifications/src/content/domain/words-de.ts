import type { CancelReason } from '@shop/contracts/orders/states'
import { action, type Words } from './letter.ts'
import { listOf, trackingOf } from './shipment-text.ts'

const hello = ({ recipient: { name } }: { recipient: { name: string | null } }) =>
  name === null ? 'Guten Tag,' : `Guten Tag ${name},`

const WHY: Record<CancelReason, string> = {
  cancelled_by_customer: 'Sie haben sie storniert.',
  cancelled_by_staff: 'Wir mussten sie stornieren. Das tut uns leid.',
  expired: 'Sie wurde nicht rechtzeitig bezahlt.',
  stock_gone: 'Ein Artikel war ausverkauft, bevor Ihre Zahlung eintraf. Das tut uns leid.',
  authorization_lost: 'Ihre Bank hat den Betrag nicht länger reserviert.',
}

const VIEW = 'Bestellung ansehen'
const NOT_YOU = 'Falls Sie das nicht angefordert haben, können Sie diese E-Mail ignorieren. Es ändert sich nichts.'
const ONE_HOUR = 'Der Link funktioniert einmal und eine Stunde lang.'

export const GERMAN: Words = {
  labels: {
    order: 'Bestellung',
    items: 'Artikel',
    subtotal: 'Zwischensumme',
    discount: 'Rabatt',
    shipping: 'Versand',
    tax: 'Steuer',
    taxIncluded: 'Enthaltene Steuer',
    total: 'Gesamt',
    deliveryTo: 'Lieferung an',
    orOpen: 'Oder öffnen Sie diesen Link:',
  },
  order: {
    order_confirmed: (data) => ({
      subject: `Ihre Bestellung bei ${data.shop.name}`,
      heading: 'Vielen Dank für Ihre Bestellung',
      paragraphs: [
        hello(data),
        `Ihre Bestellung vom ${data.order.placed_on} ist bei uns. Wir schreiben wieder, sobald sie unterwegs ist.`,
      ],
      action: action(VIEW, data.link),
    }),
    payment_failed: (data) => ({
      subject: 'Ihre Zahlung ist fehlgeschlagen',
      heading: 'Ihre Zahlung ist fehlgeschlagen',
      paragraphs: [
        hello(data),
        `Die Zahlung von ${data.order.total} für Ihre Bestellung wurde abgelehnt. Es wurde nichts abgebucht.`,
        'Sie können mit einer anderen Zahlungsart bezahlen, solange die Bestellung offen ist.',
      ],
      action: action(VIEW, data.link),
    }),
    order_shipped: (data) => ({
      subject: `Ihre Bestellung von ${data.shop.name} ist unterwegs`,
      heading: 'Ihre Bestellung ist unterwegs',
      paragraphs: [
        hello(data),
        data.shipment === null
          ? `Wir haben Ihre Bestellung vom ${data.order.placed_on} verschickt.`
          : `Wir haben aus Ihrer Bestellung vom ${data.order.placed_on} verschickt: ${listOf(data.shipment.items)}.`,
        ...trackingOf(data.shipment, 'Sendungsnummer'),
      ],
      action: data.shipment?.tracking_url
        ? action('Sendung verfolgen', data.shipment.tracking_url)
        : action(VIEW, data.link),
    }),
    order_cancelled: (data) => ({
      subject: `Ihre Bestellung bei ${data.shop.name} wurde storniert`,
      heading: 'Ihre Bestellung wurde storniert',
      paragraphs: [
        hello(data),
        `Ihre Bestellung vom ${data.order.placed_on} wurde storniert. ${data.cancel_reason === null ? '' : WHY[data.cancel_reason]}`.trim(),
        ...(data.order.paid ? ['Was Sie dafür bezahlt haben, erhalten Sie zurück.'] : []),
      ],
      action: action(VIEW, data.link),
    }),
    order_refunded: (data) => ({
      subject: `Ihre Erstattung von ${data.shop.name}`,
      heading: 'Ihre Erstattung ist unterwegs',
      paragraphs: [
        hello(data),
        `Wir haben ${data.refund ?? data.order.total} Ihrer Bestellung vom ${data.order.placed_on} erstattet.`,
        'Ihre Bank braucht einige Tage, bis sie es anzeigt.',
      ],
      action: action(VIEW, data.link),
    }),
    order_access: (data) => ({
      subject: `Der Link zu Ihrer Bestellung bei ${data.shop.name}`,
      heading: 'Der Link zu Ihrer Bestellung',
      paragraphs: [
        hello(data),
        `Jemand, vermutlich Sie, hat den Link zu Ihrer Bestellung vom ${data.order.placed_on} angefordert.`,
        'Wer den Link hat, kann die Bestellung öffnen. Bitte leiten Sie diese E-Mail nicht weiter.',
      ],
      action: action(VIEW, data.link),
      note: NOT_YOU,
    }),
    return_approved: (data) => ({
      subject: `Ihre Rücksendung an ${data.shop.name}`,
      heading: 'Sie können es zurücksenden',
      paragraphs: [
        hello(data),
        `Wir nehmen aus Ihrer Bestellung vom ${data.order.placed_on} zurück: ${data.return === null ? 'Artikel' : listOf(data.return.items)}.`,
        `Bitte senden Sie es an: ${[data.shop.name, ...data.shop.address].join(', ')}.`,
      ],
      action: action(VIEW, data.link),
    }),
    return_refused: (data) => ({
      subject: `Ihre Rücksendung an ${data.shop.name}`,
      heading: 'Wir können es nicht zurücknehmen',
      paragraphs: [
        hello(data),
        `Aus Ihrer Bestellung vom ${data.order.placed_on} können wir nicht zurücknehmen: ${data.return === null ? 'Artikel' : listOf(data.return.items)}.`,
        ...(data.return?.refuse_reason ? [data.return.refuse_reason] : []),
      ],
      action: action(VIEW, data.link),
    }),
    return_received: (data) => ({
      subject: `Ihre Rücksendung an ${data.shop.name} ist angekommen`,
      heading: 'Ihre Rücksendung ist angekommen',
      paragraphs: [
        hello(data),
        `Wir haben erhalten, was Sie aus Ihrer Bestellung vom ${data.order.placed_on} zurückgesandt haben.`,
        'Wir prüfen es und schreiben wieder, wenn wir es erstattet haben.',
      ],
      action: action(VIEW, data.link),
    }),
  },
  account: {
    email_verification: (data) => ({
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      heading: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [hello(data), `Bitte bestätigen Sie, dass diese Adresse Ihnen gehört. ${ONE_HOUR}`],
      action: action('Adresse bestätigen', data.link),
      note: NOT_YOU,
    }),
    password_reset: (data) => ({
      subject: 'Setzen Sie Ihr Passwort zurück',
      heading: 'Setzen Sie Ihr Passwort zurück',
      paragraphs: [hello(data), `Jemand möchte das Passwort Ihres Kontos zurücksetzen. ${ONE_HOUR}`],
      action: action('Neues Passwort wählen', data.link),
      note: NOT_YOU,
    }),
    email_change: (data) => ({
      subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      heading: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      paragraphs: [
        hello(data),
        `Bestätigen Sie diese Adresse, um sie für Ihr Konto bei ${data.shop.name} zu verwenden. ${ONE_HOUR}`,
      ],
      action: action('Adresse bestätigen', data.link),
      note: NOT_YOU,
    }),
    email_changed: (data) => ({
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      heading: 'Ihre E-Mail-Adresse wurde geändert',
      paragraphs: [hello(data), `Ihr Konto bei ${data.shop.name} hat jetzt eine neue E-Mail-Adresse.`],
      note: 'Falls Sie das nicht waren, wenden Sie sich bitte sofort an uns.',
    }),
    password_changed: (data) => ({
      subject: 'Ihr Passwort wurde geändert',
      heading: 'Ihr Passwort wurde geändert',
      paragraphs: [hello(data), `Das Passwort Ihres Kontos bei ${data.shop.name} wurde geändert.`],
      note: 'Falls Sie das nicht waren, setzen Sie Ihr Passwort bitte sofort zurück und wenden sich an uns.',
    }),
    factor_added: (data) => ({
      subject: 'Ihr Konto hat einen neuen zweiten Faktor',
      heading: 'Ein zweiter Faktor wurde hinzugefügt',
      paragraphs: [hello(data), `Ihr Konto bei ${data.shop.name} hat einen neuen zweiten Faktor für die Anmeldung.`],
      note: 'Falls Sie das nicht waren, setzen Sie Ihr Passwort bitte sofort zurück und wenden sich an uns.',
    }),
    factor_removed: (data) => ({
      subject: 'Ein zweiter Faktor Ihres Kontos wurde entfernt',
      heading: 'Ein zweiter Faktor wurde entfernt',
      paragraphs: [hello(data), `Von Ihrem Konto bei ${data.shop.name} wurde ein zweiter Faktor entfernt.`],
      note: 'Falls Sie das nicht veranlasst haben, setzen Sie Ihr Passwort bitte sofort zurück und wenden sich an uns.',
    }),
    staff_invitation: (data) => ({
      subject: `Einladung zu ${data.shop.name}`,
      heading: `Einladung zu ${data.shop.name}`,
      paragraphs: [hello(data), `Sie sind eingeladen, am Shop ${data.shop.name} mitzuarbeiten.`],
      action: action('Einladung annehmen', data.link),
      note: 'Falls Sie diesen Shop nicht kennen, können Sie diese E-Mail ignorieren.',
    }),
  },
  giftCard: ({ gift_card: card, ...data }) => ({
    subject: `Ihr Gutschein von ${data.shop.name}`,
    heading: `Ihr Gutschein über ${card.amount}`,
    paragraphs: [
      hello(data),
      `Sie haben einen Gutschein über ${card.amount} für ${data.shop.name}. Geben Sie beim Bezahlen diesen Code ein: ${card.code}`,
      ...(card.expires_on === null ? [] : [`Er kann bis ${card.expires_on} eingelöst werden.`]),
    ],
    note: 'Wer den Code hat, kann ihn einlösen. Wir können ihn nicht noch einmal zeigen; bitte bewahren Sie diese E-Mail auf.',
  }),
  lowStock: ({ product }) => ({
    subject: `Geringer Bestand: ${product.name}`,
    heading: 'Geringer Bestand',
    paragraphs: [
      `Von ${product.name}${product.sku === null ? '' : ` (${product.sku})`} sind ${product.available} verfügbar. Die Meldung kommt ab einem Bestand von ${product.threshold}.`,
    ],
  }),
  webhookDisabled: ({ endpoint, ...data }) => ({
    subject: `Webhooks an ${endpoint.host} sind angehalten`,
    heading: 'Ein Webhook-Endpunkt wurde abgeschaltet',
    paragraphs: [
      hello(data),
      `Drei Tage lang ist jeder Webhook an ${endpoint.host}${endpoint.description === null ? '' : ` (${endpoint.description})`} gescheitert. Der Endpunkt ${endpoint.id} ist deshalb abgeschaltet.`,
      'Schalten Sie ihn wieder ein, sobald der Empfänger arbeitet. Was auf ihn wartet, wird dann gesendet; was seither geschah, lässt sich erneut senden.',
    ],
  }),
}
