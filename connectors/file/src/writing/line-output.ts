/** Where lines are written to: the end of a file, or standard output. */
export interface LineOutput {
  /** For messages: the file's name as configured, or `stdout`. */
  readonly label: string;
  /** Hands bytes to the system; answers how many it took (less than all when there is no room). */
  write(bytes: Uint8Array): Promise<number>;
  close(): Promise<void>;
}
