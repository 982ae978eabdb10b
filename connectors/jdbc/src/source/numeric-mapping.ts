import type { ResultColumn } from '../database/table.ts';

/** `numeric.mapping`: what NUMERIC columns become. */
export type NumericMapping = 'none' | 'precision_only' | 'best_fit' | 'best_fit_eager_double';
/** What a number column is read as. */
export type NumericForm = 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'FLOAT64' | 'DECIMAL';

/** The most digits that an INT64 holds for certain. */
const INTEGER_PRECISION_MAX = 18;
/** Whole numbers with fewer trailing zeros than this are still counted as whole. */
const WHOLE_SCALE_MIN = -84;

/**
 * The form of a NUMERIC column. A column without a precision may hold anything, so it stays a
 * Decimal whatever is asked; Java's connector makes INT8 of it there, and loses data.
 */
export function numericForm(mapping: NumericMapping, column: ResultColumn): NumericForm {
  const { precision, scale } = column;
  if (mapping === 'none' || precision === 0) return 'DECIMAL';
  const isWhole = mapping === 'precision_only' ? scale === 0 : isWholeScale(scale);
  if (precision <= INTEGER_PRECISION_MAX && isWhole) return integerForm(precision);
  if (mapping === 'precision_only' || scale < 1) return 'DECIMAL';
  const isEager = mapping === 'best_fit_eager_double';
  return isEager || precision <= INTEGER_PRECISION_MAX ? 'FLOAT64' : 'DECIMAL';
}

function isWholeScale(scale: number): boolean {
  return scale < 1 && scale >= WHOLE_SCALE_MIN;
}

function integerForm(precision: number): NumericForm {
  if (precision > 9) return 'INT64';
  if (precision > 4) return 'INT32';
  return precision > 2 ? 'INT16' : 'INT8';
}
