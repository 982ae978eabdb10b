/**
 * Number-like values for schemaless data. A `number` says what it is by itself where it can: a safe
 * integer is INT64, everything else FLOAT64. Where Java's type would be lost (a FLOAT64 that
 * happens to be whole, any FLOAT32), the value is one of these; arithmetic works by `valueOf`.
 */

import { rawJson } from '../json/raw-json.ts';
import { doubleText, floatText } from '../text/float-text.ts';

const FLOAT64 = Symbol.for('sluice.Float64');
const FLOAT32 = Symbol.for('sluice.Float32');

/** A schemaless FLOAT64 with a whole value, such as `1.0`. Make one with {@link float64}. */
export class Float64 {
  readonly value: number;

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, FLOAT64) === true;
  }

  constructor(value: number) {
    this.value = value;
  }

  get [FLOAT64](): true {
    return true;
  }

  valueOf(): number {
    return this.value;
  }

  /** As Java writes it: `1.0`; NaN and infinities in quotes. */
  toJSON(): unknown {
    return Number.isFinite(this.value) ? rawJson(doubleText(this.value)) : String(this.value);
  }
}

/** A schemaless FLOAT32. The value is rounded to what 32 bits hold. */
export class Float32 {
  readonly value: number;

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, FLOAT32) === true;
  }

  constructor(value: number) {
    this.value = Math.fround(value);
  }

  get [FLOAT32](): true {
    return true;
  }

  valueOf(): number {
    return this.value;
  }

  /** With the digits that 32 bits need; NaN and infinities in quotes. */
  toJSON(): unknown {
    return Number.isFinite(this.value) ? rawJson(floatText(this.value)) : String(this.value);
  }
}

/** A schemaless FLOAT64: a plain number when it can't be taken for an INT64, else a box. */
export function float64(value: number): number | Float64 {
  return isInt64Number(value) ? new Float64(value) : value;
}

/** Whether a schemaless number is an INT64: a safe integer, and not negative zero. */
export function isInt64Number(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}
