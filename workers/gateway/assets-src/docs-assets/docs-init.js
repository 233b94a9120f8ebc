window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  // Its default sends the description to a public service.
  validatorUrl: null,
})
