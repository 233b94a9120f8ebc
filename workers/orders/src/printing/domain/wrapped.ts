/** Wraps a text to a width at spaces; a word that is wider than the line is split. Line ends stay. */
export function wrapped(text: string, width: number, widthOf: (text: string) => number): string[] {
  return text.split('\n').flatMap((line) => wrappedLine(line, width, widthOf))
}

function wrappedLine(line: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(/ +/).flatMap((one) => pieces(one, width, widthOf))) {
    const longer = current === '' ? word : `${current} ${word}`
    if (current !== '' && widthOf(longer) > width) {
      lines.push(current)
      current = word
    } else {
      current = longer
    }
  }
  return [...lines, current]
}

/** A word, or its parts that fit. Each part has at least one letter, so that it ends for any width. */
function pieces(word: string, width: number, widthOf: (text: string) => number): string[] {
  if (widthOf(word) <= width) return [word]
  const parts: string[] = []
  let current = ''
  for (const letter of word) {
    if (current !== '' && widthOf(current + letter) > width) {
      parts.push(current)
      current = ''
    }
    current += letter
  }
  return [...parts, current]
}
