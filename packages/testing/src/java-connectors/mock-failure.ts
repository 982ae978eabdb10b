import { ConnectError, type Props } from '@sluice/api';
import { integerOf } from './tool-props.ts';

/** Where a mock connector fails: `mock_mode`. */
type MockMode = 'connector-failure' | 'task-failure';

/** When it fails without `delay_ms`. */
const DELAY_MS_DEFAULT = 15_000;

/** After how long a mock fails in that way; `null`: never. @throws ConnectError for no number */
export function failureDelayMs(props: Props, mode: MockMode): number | null {
  if (props['mock_mode'] !== mode) return null;
  return props['delay_ms'] === undefined ? DELAY_MS_DEFAULT : integerOf(props, 'delay_ms', 'Mock');
}

/** A task's failure, due at a time of its own. */
export class MockFailure {
  readonly #atMs: number | null;

  constructor(props: Props, nowMs: number = performance.now()) {
    const delayMs = failureDelayMs(props, 'task-failure');
    this.#atMs = delayMs === null ? null : nowMs + delayMs;
  }

  /** @throws ConnectError when the time has come */
  check(): void {
    if (this.#atMs !== null && performance.now() > this.#atMs) throw mockError();
  }
}

export function mockError(): ConnectError {
  return new ConnectError('The mock connector fails, as its mock_mode asks for.');
}
