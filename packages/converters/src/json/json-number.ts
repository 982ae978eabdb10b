import { Decimal, parseDecimal, wrapInt64, type Int64 } from '@sluice/api';

/** More digits than this before the decimal point are no number that an integer could be. */
const EXPONENT_MAX = 400;

/** A number of a JSON text with every digit in hand. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether it is written as an integer: neither a fraction nor an exponent. */
  get isIntegral(): boolean {
    return !/[.eE]/.test(this.text);
  }

  toDecimal(): Decimal {
    return parseDecimal(this.text) ?? new Decimal(0n, 0);
  }

  toDouble(): number {
    // Neither Java's integers nor its BigDecimal know a negative zero.
    return Number(this.text) + 0;
  }

  /** The integer part's low 64 bits, as `Number.longValue` gives them. */
  toInt64(): Int64 {
    return wrapInt64(this.#integerPart());
  }

  /** The integer part's low bits, as `intValue`, `shortValue` and `byteValue` give them. */
  toInt(bits: 8 | 16 | 32): number {
    return Number(BigInt.asIntN(bits, this.#integerPart()));
  }

  toString(): string {
    return this.text;
  }

  #integerPart(): bigint {
    const { unscaled, scale } = this.toDecimal();
    if (scale <= 0) {
      // A multiple of 2^64: its low bits are zero.
      return scale < -EXPONENT_MAX ? 0n : unscaled * 10n ** BigInt(-scale);
    }
    return scale > this.text.length ? 0n : unscaled / 10n ** BigInt(scale);
  }
}
