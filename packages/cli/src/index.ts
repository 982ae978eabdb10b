export { runCommand } from './command-line.ts';
