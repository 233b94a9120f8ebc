import regular from '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'
import bold from '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf'

/** Noto Sans (SIL Open Font License 1.1): Latin, Greek and Cyrillic with all their accents, and signs of currencies. */
export const FONTS: { regular: ArrayBuffer; bold: ArrayBuffer } = { regular, bold }
