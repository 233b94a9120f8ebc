/**
 * Reads a script's arguments by `parseArgs`. `--help` prints what the script says of itself; what is not understood is
 * refused in a line, with the same.
 */
export function orHelp<V>(help: string, read: () => V): V {
  if (process.argv.includes('--help')) {
    console.log(help)
    process.exit(0)
  }
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    process.exit(1)
  }
}
