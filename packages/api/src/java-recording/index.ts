export { taggedSchema } from './tagged-schema.ts';
export { taggedValue, floatOfBits, doubleOfBits } from './tagged-value.ts';
export {
  recordingLines,
  recordedError,
  type RecordingLine,
  type RecordedError,
} from './recording-line.ts';
