import { join } from "node:path";
import { onTestFinished } from "vitest";
import { makeCopy, run } from "./two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "./workspace.ts";

/** One of several people who each publish to a remote of their own, and pull from those of the others. */
export interface Publisher {
  readonly name: string;
  readonly workspace: TestWorkspace;
  publish(): Promise<void>;
  /** Gives what `bd dolt pull --json` says. */
  pull(from: Publisher): Promise<unknown>;
}

interface PublishersOptions {
  readonly prefix: string;
  /** What the first one does before the others get their copies. */
  readonly prepare?: (first: TestWorkspace) => Promise<unknown>;
}

/** Makes them; they go with the test. */
export async function publishers<const N extends readonly string[]>(
  names: N,
  { prefix, prepare }: PublishersOptions,
): Promise<{ -readonly [K in keyof N]: Publisher }> {
  const [firstName = "ann", ...others] = names;
  const first = await makeWorkspace({ prefix, actor: firstName });
  onTestFinished(() => first.remove());
  const urlOf = (name: string) => `file://${join(first.home, `of-${name}`)}`;
  await prepare?.(first);
  await first.sql("CALL DOLT_REMOTE('add', ?, ?)", [firstName, urlOf(firstName)]);
  await first.sql("CALL DOLT_PUSH(?, 'main')", [firstName]);
  const workspaces = [first];
  for (const name of others) {
    const copy = await makeCopy(first, urlOf(firstName), name);
    onTestFinished(() => copy.remove());
    await copy.sql("CALL DOLT_REMOTE('remove', 'origin')");
    workspaces.push(copy);
  }
  const made = workspaces.map((workspace, index): Publisher => {
    const name = names[index] ?? "";
    return {
      name,
      workspace,
      publish: async () => void (await workspace.sql("CALL DOLT_PUSH(?, 'main')", [name])),
      pull: async (from) => JSON.parse(await run(workspace, ["dolt", "pull", "--remote", from.name, "--json"])),
    };
  });
  for (const { workspace } of made) {
    for (const name of names) {
      const known = await workspace.sql("SELECT name FROM dolt_remotes WHERE name = ?", [name]);
      if (known.length === 0) await workspace.sql("CALL DOLT_REMOTE('add', ?, ?)", [name, urlOf(name)]);
    }
  }
  for (const one of made) await one.publish();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each name
  return made as { -readonly [K in keyof N]: Publisher };
}
