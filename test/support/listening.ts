import { createServer } from "node:net";

/** Somebody who listens at a path, and says nothing. */
export async function listening(path: string): Promise<{ close(): Promise<void> }> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
