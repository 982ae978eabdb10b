/** Where a {@link LineReader} gets its bytes: a file that is followed, or standard input. */
export interface LineInput {
  /** For messages: the file's name as configured, or `stdin`. */
  readonly label: string;
  /**
   * Makes ready for reading from a byte of the file. False: not possible yet, try again later (and
   * it has been said why).
   *
   * @returns the byte at which reading really starts: 0 in place of `position` when the file is
   *   shorter than that, so another one than it was
   */
  open(position: number): Promise<number | null>;
  /** Reads what is there now, at most `length` bytes. 0: nothing more at present. */
  read(target: Buffer, offset: number, length: number): Promise<number>;
  /**
   * Called when nothing more came: has the file been cut off or replaced by another one?
   *
   * @param position - the byte after the last whole line
   * @returns the byte at which to read on, or `null` when all is as before
   */
  restartedAt(position: number): Promise<number | null>;
  close(): Promise<void>;
}
