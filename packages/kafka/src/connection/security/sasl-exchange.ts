/** Sends one message of the exchange and gives the broker's answer. */
export type SaslSend = (message: Buffer) => Promise<Buffer>;

/** One login, ready to be told to the broker. */
export interface SaslExchange {
  /** Who logs in, for error texts: ` as "alice"`, or nothing. */
  readonly who: string;
  /** Tells the broker. @throws Error without any secret when the broker's part is wrong */
  readonly run: (send: SaslSend) => Promise<void>;
}
