import { Html, html } from '@shop/emulator-kit/html'

const STYLE = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:60rem;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.3rem;margin:.5rem 0}ul{list-style:none;padding:0;margin:0}
li a{display:block;padding:.6rem .2rem;border-bottom:1px solid #8884;color:inherit;text-decoration:none}
li a:hover,li a:focus-visible{background:#8882}
.subject{font-weight:600}.small{font-size:.85rem;opacity:.75}
dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .8rem;margin:.5rem 0}dt{opacity:.7}dd{margin:0}
iframe{width:100%;height:70vh;border:1px solid #8886;border-radius:6px;background:Canvas}
pre{white-space:pre-wrap;border:1px solid #8886;border-radius:6px;padding:.8rem}
form{display:inline}button{font:inherit;padding:.3rem .8rem;margin:.2rem .3rem .2rem 0}
`

/** A whole page around a body. */
export const page = (title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${new Html(STYLE)}</style></head><body>${body}</body></html>
`.text
