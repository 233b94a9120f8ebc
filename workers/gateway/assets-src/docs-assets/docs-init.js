// The key of the API description's examples, which the shop refuses.
const EXAMPLE_KEY = '3f6c0d0e-5b7a-4a51-9d55-0c8e5a526f0c'

window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  // Its default sends the description to a public service.
  validatorUrl: null,
  requestInterceptor: withFreshKey,
})

// Each try is a new request: with the key of an earlier one it would get that one's answer, such as another visitor's
// order. A key that was typed in is kept.
function withFreshKey(request) {
  for (const name of Object.keys(request.headers ?? {})) {
    const isKey = name.toLowerCase() === 'idempotency-key'
    if (isKey && request.headers[name].includes(EXAMPLE_KEY)) request.headers[name] = freshKey()
  }
  return request
}

// 128 random bits. crypto.randomUUID is missing on plain HTTP, unless the host is localhost.
function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
