/** An error as Resend answers it. Source: https://resend.com/docs/api-reference/errors */
export class ResendError extends Error {
  readonly statusCode: number
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }

  toBody() {
    return { statusCode: this.statusCode, message: this.message, name: this.code }
  }
}
