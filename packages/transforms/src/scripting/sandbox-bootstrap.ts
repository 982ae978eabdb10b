/**
 * Run once inside of a sandbox: freezes what expressions could change for each other, and answers
 * the function that makes data out of JSON. Objects of the form `{"\u0000t": ...}` stand for what
 * JSON has no words for.
 */
export const SANDBOX_BOOTSTRAP = `(function () {
  'use strict';
  const parse = JSON.parse;
  const makeDate = (millis) => new Date(millis);
  const makeBigInt = BigInt;
  const revive = (_name, value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (value['\\u0000t'] === 'bigint') return makeBigInt(value.text);
    return value['\\u0000t'] === 'date' ? makeDate(value.millis) : value;
  };
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value = globalThis[name];
    if ((typeof value !== 'function' && typeof value !== 'object') || value === null) continue;
    if (value === globalThis) continue;
    Object.freeze(value);
    if (typeof value.prototype === 'object' && value.prototype !== null) {
      Object.freeze(value.prototype);
    }
  }
  return (text) => (text.includes('\\\\u0000t') ? parse(text, revive) : parse(text));
})()`;
