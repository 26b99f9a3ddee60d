/** What git runs us for. Nothing in pre-merge-commit: what is staged there comes too late for the merge. */
export const HOOK_NAMES = ["pre-commit", "post-merge", "post-checkout", "post-rewrite", "pre-push"] as const;
export type HookName = (typeof HOOK_NAMES)[number];

const BEGIN = "# >>> bd hooks (bd hooks uninstall takes this out) >>>";
const END = "# <<< bd hooks <<<";
const BLOCK = /^# >>> bd hooks .*\n(?:.*\n)*?# <<< bd hooks <<<\n/m;
/** The Go program's block, whose line calls whichever bd there is. */
const PEERS_BLOCK = /^# --- BEGIN BEADS INTEGRATION\b/m;
const SHELL = /^#! ?(?:\/\S*\/)?(?:env +)?(?:ba|da|z|k|a)?sh\b[^\r]*$/;

/** What a hook's file is to us. */
export type HookState =
  /** There is none. */
  | "absent"
  /** Our block is in it. */
  | "installed"
  /** Our block, as another version wrote it. */
  | "outdated"
  /** Somebody else's lines call bd. */
  | "called"
  /** A script of somebody's, which calls no bd. */
  | "other"
  /** A program that is no shell script, or one with lines of Windows. */
  | "no-shell-script";

export function hookState(text: string | undefined, name: HookName): HookState {
  if (text === undefined) return "absent";
  const [first = ""] = text.split("\n", 1);
  const isShell = SHELL.test(first) || text.trim() === "";
  const [block] = BLOCK.exec(text) ?? [];
  if (isShell && block !== undefined) return block === blockOf(name) ? "installed" : "outdated";
  if (PEERS_BLOCK.test(text) || callsUs(text, name)) return "called";
  return isShell ? "other" : "no-shell-script";
}

/** Whether a line calls us for that hook, in a script of any language or a hook manager's file. */
export function callsUs(text: string, name: HookName): boolean {
  return new RegExp(`^[^#\\n]*\\bbd["', ]+hooks["', ]+run["', ]+${name}\\b`, "m").test(text);
}

/** One line for hook managers, and for scripts of any shell. */
export function callOf(name: HookName, args = '"$@"'): string {
  return `command -v bd >/dev/null 2>&1 && bd hooks run ${name} ${args} </dev/null || :`;
}

/** Stands first, where no `exit` and no `exec` of the script goes before it. It reads nothing of what the script is to read. */
function blockOf(name: HookName): string {
  return `${BEGIN}\n${callOf(name)}\n${END}\n`;
}

/** The script with our block; whatever else it says stays byte for byte. */
export function withBlock(text: string | undefined, name: HookName): string {
  const block = blockOf(name);
  if (text === undefined || text.trim() === "") return `#!/bin/sh\n${block}`;
  if (BLOCK.test(text)) return text.replace(BLOCK, () => block);
  const end = text.includes("\n") ? text.indexOf("\n") + 1 : text.length;
  const shebang = text.slice(0, end);
  return `${shebang}${shebang.endsWith("\n") ? "" : "\n"}${block}${text.slice(end)}`;
}

/** The script as it was before; undefined for one that was ours alone. */
export function withoutBlock(text: string): string | undefined {
  const rest = text.replace(BLOCK, "");
  return rest === "#!/bin/sh\n" ? undefined : rest;
}
