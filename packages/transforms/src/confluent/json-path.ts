import { Decimal, Float32, Float64, decimalText, getOwn } from '@sluice/api';
import { isObjectValue } from '../record/requirements.ts';
import { parseJsonPath, type Condition, type Operand, type PathStep } from './json-path-parser.ts';

/** What a path found, and whether its conditions looked at something that is not there. */
export interface JsonPathResult {
  readonly values: readonly unknown[];
  /** A condition compared a missing or null member with something other than null. */
  readonly isIncomplete: boolean;
}

/** A JSONPath (Jayway's dialect) over Connect data: structs and maps are objects. */
export class JsonPath {
  readonly #steps: readonly PathStep[];

  /** @throws ConfigError */
  constructor(text: string) {
    this.#steps = parseJsonPath(text).steps;
  }

  evaluate(root: unknown): JsonPathResult {
    const evaluation = new Evaluation(root);
    const values = evaluation.follow([root], this.#steps);
    return { values, isIncomplete: evaluation.isIncomplete };
  }
}

class Evaluation {
  readonly #root: unknown;
  isIncomplete = false;

  constructor(root: unknown) {
    this.#root = root;
  }

  follow(start: readonly unknown[], steps: readonly PathStep[]): readonly unknown[] {
    let values = start;
    for (const step of steps) values = values.flatMap((value) => this.#step(value, step));
    return values;
  }

  #step(value: unknown, step: PathStep): readonly unknown[] {
    switch (step.type) {
      case 'members':
        return step.names.flatMap((name) => membersOf(value, name));
      case 'items':
        return Array.isArray(value) ? step.indexes.flatMap((index) => itemAt(value, index)) : [];
      case 'slice':
        return Array.isArray(value) ? value.slice(step.from ?? 0, step.to ?? undefined) : [];
      case 'all':
        return childrenOf(value);
      case 'descend':
        return descendantsOf(value);
      default: {
        // Of an object a filter asks itself; of an array, each item.
        const candidates: readonly unknown[] = Array.isArray(value) ? value : [value];
        return candidates.filter((candidate) => this.#holds(step.condition, candidate));
      }
    }
  }

  #holds(condition: Condition, current: unknown): boolean {
    switch (condition.type) {
      case 'and':
        return this.#holds(condition.left, current) && this.#holds(condition.right, current);
      case 'or':
        return this.#holds(condition.left, current) || this.#holds(condition.right, current);
      case 'not':
        return !this.#holds(condition.inner, current);
      case 'exists':
        return this.#operand(condition.path, current) !== undefined;
      default: {
        const left = this.#operand(condition.left, current);
        const right = this.#operand(condition.right, current);
        const isNullAsked = [condition.left, condition.right].some(isNullLiteral);
        const isMissing = [left, right].some((each) => each === undefined || each === null);
        if (isMissing && !isNullAsked) this.isIncomplete = true;
        return compare(condition.operator, comparable(left), comparable(right));
      }
    }
  }

  /** `undefined` when a path leads nowhere. */
  #operand(operand: Operand, current: unknown): unknown {
    if (operand.type === 'literal') return operand.value;
    const start = operand.root === '$' ? this.#root : current;
    return this.follow([start], operand.steps)[0];
  }
}

function isNullLiteral(operand: Operand): boolean {
  return operand.type === 'literal' && operand.value === null;
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  if (value instanceof Map) return value.has(name) ? [value.get(name)] : [];
  return isObjectValue(value) && Object.hasOwn(value, name) ? [getOwn(value, name)] : [];
}

function itemAt(items: readonly unknown[], index: number): readonly unknown[] {
  const item = items.at(index);
  return item === undefined ? [] : [item];
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.values()];
  return isObjectValue(value) ? Object.values(value) : [];
}

function descendantsOf(value: unknown): readonly unknown[] {
  return [value, ...childrenOf(value).flatMap((child) => descendantsOf(child))];
}

/** Boxed numbers, decimals and dates in a form that compares. */
function comparable(value: unknown): unknown {
  if (value instanceof Float32 || value instanceof Float64) return value.value;
  if (value instanceof Decimal) return Number(decimalText(value));
  return value instanceof Date ? value.getTime() : value;
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case '=~':
      return right instanceof RegExp && typeof left === 'string' && right.test(left);
    case 'in':
      return Array.isArray(right) && right.some((item) => isEqual(left, item));
    case 'nin':
      return !Array.isArray(right) || !right.some((item) => isEqual(left, item));
    case 'contains':
      if (typeof left === 'string') return left.includes(String(right));
      return Array.isArray(left) && left.some((item) => isEqual(item, right));
    case 'size':
      return sizeOf(left) === right;
    case 'empty':
      return (sizeOf(left) === 0) === (right === true);
    default:
      return isOrdered(operator, left, right);
  }
}

function isEqual(left: unknown, right: unknown): boolean {
  const isNumeric = [left, right].every(
    (each) => typeof each === 'number' || typeof each === 'bigint',
  );
  // oxlint-disable-next-line eqeqeq -- a number equals the bigint of the same value
  return isNumeric ? left == right : (left ?? null) === (right ?? null);
}

function isOrdered(operator: string, left: unknown, right: unknown): boolean {
  const order = orderOf(left, right);
  if (order === null) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** `null` when the two can't be ordered. */
function orderOf(left: unknown, right: unknown): number | null {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === null || b === null) return null;
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

function numberOf(value: unknown): number | bigint | null {
  return typeof value === 'number' || typeof value === 'bigint' ? value : null;
}

function sizeOf(value: unknown): number | null {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return null;
}
