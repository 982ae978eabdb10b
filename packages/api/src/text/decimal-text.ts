import { Decimal } from '../data/decimal.ts';
import { asciiDigits } from './java-string.ts';

/** `BigDecimal.toString`: plain while the exponent is moderate, else scientific (`1.5E+10`). */
export function decimalText(value: Decimal): string {
  const { unscaled, scale } = value;
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  if (scale === 0) return sign + digits;
  const exponent = digits.length - 1 - scale;
  if (scale > 0 && exponent >= -6) return sign + withPoint(digits, scale);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  if (exponent === 0) return sign + digits.slice(0, 1) + fraction;
  return `${sign}${digits.slice(0, 1)}${fraction}E${exponent > 0 ? '+' : ''}${exponent}`;
}

/** `BigDecimal.toPlainString`: never an exponent. */
export function decimalPlainText(value: Decimal): string {
  const { unscaled, scale } = value;
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  if (scale > 0) return sign + withPoint(digits, scale);
  return unscaled === 0n ? '0' : sign + digits + '0'.repeat(-scale);
}

/** Digits with a decimal point `scale` places from the right. */
function withPoint(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** What `BigDecimal` accepts: sign, digits with a point somewhere, exponent. */
const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;

/** Reads a decimal as `new BigDecimal(text)` does, keeping its scale; `null` when it is none. */
export function parseDecimal(text: string): Decimal | null {
  const parts = DECIMAL.exec(asciiDigits(text));
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const scale = fraction.length - Number(exponent);
  if ((scale | 0) !== scale) return null;
  const unscaled = BigInt(whole + fraction);
  return new Decimal(sign === '-' ? -unscaled : unscaled, scale + 0);
}
