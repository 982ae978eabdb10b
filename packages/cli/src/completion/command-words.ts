import { CONNECTOR_ACTIONS } from '../connectors/connectors-command.ts';

/** Each command with the words that may follow it; files may follow all of them. */
export type CommandWords = Readonly<Record<string, readonly string[]>>;

export const COMMAND_WORDS: CommandWords = {
  standalone: [],
  dev: ['--once', '--timeout'],
  'dev-broker': ['--port', '--data-dir'],
  validate: [],
  lint: ['--worker', '--url', '--strict', '--json'],
  preview: ['--worker', '--url', '--records', '--json'],
  connectors: [
    ...Object.keys(CONNECTOR_ACTIONS),
    '--url',
    '--json',
    '--include-tasks',
    '--only-failed',
  ],
  plugins: ['list', 'describe', 'new', '--plugin-path', '--json'],
  completion: ['bash', 'zsh', 'fish'],
};
