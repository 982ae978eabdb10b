export { JavaRegex, type JavaMatch } from './java-regex.ts';
export { JavaRegexError } from './java-regex-error.ts';
