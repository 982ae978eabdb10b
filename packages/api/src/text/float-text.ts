/**
 * Floating point numbers as Java prints them (JDK 19 and later: the shortest digits that read back
 * as the same number). Older JDKs print some numbers with more digits than needed.
 */

/** Java prints numbers from here up to {@link SCIENTIFIC_FROM} without an exponent. */
const PLAIN_FROM = 1e-3;
const SCIENTIFIC_FROM = 1e7;
/** No 32-bit float needs more digits than this to be told from its neighbours. */
const FLOAT32_DIGITS_MAX = 9;
/** More digits than a tie can have: a float between two decimals ends in 5 after a few. */
const EXACT_DIGITS = 60;

/** `Double.toString`: `1.0`, `1.0E10`, `NaN`, `-Infinity`. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size >= PLAIN_FROM && size < SCIENTIFIC_FROM) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (!Number.isFinite(value)) return String(value);
  return scientific(twoDigitsAtLeast(value, value.toExponential(), (text) => Number(text)));
}

/** `Float.toString` of the value rounded to 32 bits. */
export function floatText(value: number): string {
  const float = Math.fround(value);
  if (float === 0 || !Number.isFinite(float)) return doubleText(float);
  const shortest = shortestFloat(float);
  const size = Math.abs(float);
  if (size < PLAIN_FROM || size >= SCIENTIFIC_FROM) {
    const read = (text: string): number => Math.fround(Number(text));
    return scientific(twoDigitsAtLeast(float, shortest, read));
  }
  const plain = String(Number(shortest));
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** The shortest digits that read back as this float, in exponential form. */
function shortestFloat(float: number): string {
  for (let digits = 0; digits < FLOAT32_DIGITS_MAX; digits++) {
    const nearest = float.toExponential(digits);
    if (Math.fround(Number(nearest)) === float) return evenOfTie(float, nearest, digits);
    // Beside a power of two the gap below is half of that above: the number that lies farther
    // away, on the wide side, may read back where the nearest does not.
    const above = neighbour(nearest, digits, 1n);
    if (Math.fround(Number(above)) === float) return above;
  }
  return float.toExponential(FLOAT32_DIGITS_MAX - 1);
}

/**
 * Exactly between two decimals Java takes the one with the even last digit, JavaScript the larger.
 */
function evenOfTie(float: number, nearest: string, digits: number): string {
  const exact = float.toExponential(EXACT_DIGITS);
  const beyond = exact.slice(exact.indexOf('.') + 1 + digits, exact.indexOf('e'));
  const isOdd = /[13579]$/.test(nearest.slice(0, nearest.indexOf('e')));
  if (!isOdd || !/^50*$/.test(beyond)) return nearest;
  const below = neighbour(nearest, digits, -1n);
  return Math.fround(Number(below)) === float ? below : nearest;
}

/** The decimal of as many digits that lies beside: away from zero (1) or towards it (-1). */
function neighbour(exponential: string, digits: number, step: 1n | -1n): string {
  const [mantissa = '', exponent = ''] = exponential.split('e');
  const unit = BigInt(mantissa.replace('.', '')) + (mantissa.startsWith('-') ? -step : step);
  const text = String(unit).replace('-', '');
  const size =
    text.length === digits + 1 ? Number(exponent) : Number(exponent) + text.length - digits - 1;
  const fraction = text.slice(1).replace(/0+$/, '');
  return `${unit < 0n ? '-' : ''}${text.slice(0, 1)}${fraction === '' ? '' : `.${fraction}`}e${size}`;
}

/**
 * Where one digit is enough Java still looks at two, and takes the nearest: the smallest double
 * prints as `4.9E-324`, not `5.0E-324`.
 */
function twoDigitsAtLeast(value: number, shortest: string, read: (text: string) => number): string {
  if (shortest.includes('.')) return shortest;
  const two = value.toExponential(1);
  return read(two) === value ? two : shortest;
}

/** `1.25e+10` as `1.25E10`, `5e-7` as `5.0E-7`. */
function scientific(exponential: string): string {
  const [mantissa = '', exponent = ''] = exponential.split('e');
  const digits = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return `${digits}E${exponent.replace('+', '')}`;
}
