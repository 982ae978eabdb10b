/** Class identity across package copies. */
const DECIMAL = Symbol.for('sluice.Decimal');

/**
 * An exact decimal number: `unscaled * 10^-scale`. The scale may be negative, and two decimals of
 * different scale are different values (1.0 and 1.00). Mirrors `java.math.BigDecimal`.
 */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, DECIMAL) === true;
  }

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  get [DECIMAL](): true {
    return true;
  }
}
