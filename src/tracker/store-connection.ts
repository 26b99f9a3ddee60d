/** What the task store needs of a Redis, over TCP or over REST. */
export interface StoreConnection {
  /** Runs one command. Its arguments and answers are texts, numbers, nulls, and lists of those. Throws what the server refuses. */
  send(command: readonly string[]): Promise<unknown>;
  /** Whether it may only read. */
  readonly isReadOnly: boolean;
  close(): Promise<void>;
}

/** Opens a connection when it is first used: builds of web apps load their files where no store is configured. */
export function openedLater(open: () => StoreConnection): StoreConnection {
  let opened: StoreConnection | undefined;
  const connection = () => (opened ??= open());
  return {
    get isReadOnly() {
      return connection().isReadOnly;
    },
    send: async (command) => connection().send(command),
    close: async () => opened?.close(),
  };
}
