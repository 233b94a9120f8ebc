/** A fraction for the oracle, written apart from the shop's own. Values of 0 or more, except as differences. */
export class Fraction {
  readonly top: bigint
  readonly bottom: bigint

  constructor(top: bigint | number, bottom: bigint | number = 1) {
    this.top = BigInt(top)
    this.bottom = BigInt(bottom)
  }

  /** Reads '12.5'. */
  static read(text: string): Fraction {
    const point = text.indexOf('.')
    const decimals = point < 0 ? 0 : text.length - point - 1
    return new Fraction(BigInt(text.replace('.', '')), 10n ** BigInt(decimals))
  }

  static sum(values: Iterable<Fraction>): Fraction {
    let total = new Fraction(0)
    for (const value of values) total = total.plus(value)
    return total
  }

  plus(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom)
  }

  minus(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom - other.top * this.bottom, this.bottom * other.bottom)
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.top * other.top, this.bottom * other.bottom)
  }

  over(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom, this.bottom * other.top)
  }

  isBelow(other: Fraction): boolean {
    return this.top * other.bottom < other.top * this.bottom
  }

  isZero(): boolean {
    return this.top === 0n
  }

  /** The largest multiple of `step` that is not above. */
  down(step: number): Fraction {
    const steps = this.top / (this.bottom * BigInt(step))
    return new Fraction(steps * BigInt(step))
  }

  /** The nearest multiple of `step`, the upper one from the middle. */
  nearest(step: number): Fraction {
    const lower = this.down(step)
    const middle = lower.plus(new Fraction(step, 2))
    return this.isBelow(middle) ? lower : lower.plus(new Fraction(step))
  }

  toNumber(): number {
    if (this.top % this.bottom !== 0n) throw new Error(`Not whole: ${this.top}/${this.bottom}`)
    return Number(this.top / this.bottom)
  }
}

/** Divides by largest remainder: rounds all shares down, then gives step after step to the share that lacks most. */
export function divide(amount: Fraction, weights: Fraction[], step: number): Fraction[] {
  const whole = Fraction.sum(weights)
  if (whole.isZero()) return weights
  const exact = weights.map((weight) => amount.times(weight).over(whole))
  const shares = exact.map((share) => share.down(step))
  while (Fraction.sum(shares).isBelow(amount)) {
    const lacks = exact.map((share, index) => share.minus(shares[index] ?? share))
    const most = lacks.reduce((best, lack, index) => ((lacks[best] ?? lack).isBelow(lack) ? index : best), 0)
    shares[most] = (shares[most] ?? amount).plus(new Fraction(step))
  }
  return shares
}
