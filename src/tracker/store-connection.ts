/** What the task store needs of a Redis, over TCP or over REST. */
export interface StoreConnection {
  /** Runs one command. Its arguments and answers are texts, numbers, nulls, and lists of those. Throws what the server refuses. */
  send(command: readonly string[]): Promise<unknown>;
  /** Whether it may only read. */
  readonly isReadOnly: boolean;
  close(): Promise<void>;
}
