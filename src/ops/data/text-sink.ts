/** Where an operation puts long text, piece by piece: a file, a pipe, an answer over the network. */
export interface TextSink {
  /** What messages call it; undefined for where the caller reads anyway. */
  readonly name: string | undefined;
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** All of it has been written: it may be seen now. */
  finish(): Promise<void>;
  /** Something went wrong: what can be taken back is. */
  discard(): Promise<void>;
}
