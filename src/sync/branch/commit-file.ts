import { type Actor, commitAuthor } from "../../core/actor.ts";
import { type GitCaller, git } from "../run-git.ts";

export interface FileCommit {
  /** A folder of the work tree, from which the file's name is seen. */
  readonly cwd: string;
  /** From the top of the work tree. */
  readonly path: string;
  readonly text: string;
  /** Its only parent, whose other files stay. */
  readonly parent: string | undefined;
  readonly message: string;
  readonly author: Actor;
}

/**
 * Makes a commit with another version of one file, of objects alone: no index, no work tree and no ref is touched.
 * Undefined where git can't, as where a file stands in the place of a folder.
 */
export async function commitFile(caller: GitCaller, commit: FileCommit): Promise<string | undefined> {
  const { cwd, path, text, parent, message, author } = commit;
  const ask: Ask = async (args, stdin) => {
    const asked = await git(caller, cwd, args, { stdin, env: identity(author) });
    // Nothing is trimmed: the name of a file may end with a space.
    return asked.kind === "ended" && asked.exitCode === 0 ? asked.stdout.replace(/\n$/, "") : undefined;
  };
  const blob = await ask(["hash-object", "-w", "--stdin"], text);
  if (blob === undefined) return undefined;
  const top = parent === undefined ? undefined : await ask(["rev-parse", "--verify", "-q", `${parent}^{tree}`]);
  const tree = await treeWith(ask, top, path.split("/"), blob);
  if (tree === undefined) return undefined;
  const parents = parent === undefined ? [] : ["-p", parent];
  return ask(["commit-tree", "--no-gpg-sign", ...parents, "-m", message, tree]);
}

type Ask = (args: readonly string[], stdin?: string) => Promise<string | undefined>;

const FILE = "100644 blob";
const FOLDER = "040000 tree";

/** The tree with that file in it. Names go as git quotes them, so that they come back byte for byte. */
async function treeWith(
  ask: Ask,
  tree: string | undefined,
  [name = "", ...rest]: readonly string[],
  blob: string,
): Promise<string | undefined> {
  const quoted = ["-c", "core.quotePath=true"];
  const listed = tree === undefined ? "" : await ask([...quoted, "ls-tree", "--full-tree", tree]);
  if (listed === undefined) return undefined;
  const entries = listed.split("\n").filter(Boolean);
  const written = quotedName(name);
  if (written === undefined) return undefined;
  const isOwn = (entry: string) => entry.slice(entry.indexOf("\t") + 1) === written;
  const own = entries.find(isOwn);
  let entry = `${FILE} ${blob}`;
  if (rest.length > 0) {
    if (own !== undefined && !own.startsWith(FOLDER)) return undefined;
    const folder = await treeWith(ask, own?.slice(FOLDER.length + 1, own.indexOf("\t")), rest, blob);
    if (folder === undefined) return undefined;
    entry = `${FOLDER} ${folder}`;
  }
  const others = entries.filter((one) => !isOwn(one));
  return ask([...quoted, "mktree", "--missing"], [...others, `${entry}\t${written}`, ""].join("\n"));
}

/** As git quotes it; undefined for what would need more. */
function quotedName(name: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- nobody has a tracker in a folder with such a name
  if (/[\u0000-\u001f]/.test(name)) return undefined;
  if (/^[ !#-[\]-~]*$/.test(name)) return name;
  const bytes = [...Buffer.from(name)].map((byte) => {
    if (byte > 0x7e) return `\\${byte.toString(8)}`;
    const char = String.fromCharCode(byte);
    return char === '"' || char === "\\" ? `\\${char}` : char;
  });
  return `"${bytes.join("")}"`;
}

function identity(author: Actor): Record<string, string> {
  const [, name = "bd", email = ""] = /^(.*) <(.*)>$/.exec(commitAuthor(author)) ?? [];
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
