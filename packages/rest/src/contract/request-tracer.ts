/** The span of one request. */
export interface RequestSpan {
  /**
   * The answer is on its way, or the client has gone.
   *
   * @param status `null`: the client went before its answer
   * @param route the path with the names of its parts, `/connectors/:name`; `null` when there is none
   */
  end(status: number | null, route: string | null): void;
}

/** Makes a span of each request; called before anything is looked at. */
export interface RequestTracer {
  begin(request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  }): RequestSpan;
}
