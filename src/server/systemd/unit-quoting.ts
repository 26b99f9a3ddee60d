/** How paths and words are written in unit files: systemd.syntax(7), "QUOTING", and systemd.service(5). */

const PLAIN = /^[\w./:@=+,-]+$/;

/** One argument of a command line, after the program itself. */
export function quoteArgument(text: string): string {
  return quoteProgram(text.replaceAll("$", "$$$$"));
}

/** The program of a command line: systemd puts no variables in there, so `$` stays as it is. */
export function quoteProgram(text: string): string {
  if (PLAIN.test(text)) return text;
  const escaped = text.replaceAll(/[\\"]/g, "\\$&");
  return `"${quotePath(escaped)}"`;
}

/** A path that is a setting's whole value: spaces and quotes stand for themselves. */
export function quotePath(path: string): string {
  return path.replaceAll("%", "%%");
}

/** What an argument of a unit file means, with `%h` as the home directory. */
export function unquoteArgument(written: string, home: string): string {
  const inner = /^"(.*)"$/s.exec(written)?.[1]?.replaceAll(/\\([\\"])/g, "$1") ?? written;
  return unquotePath(
    inner.replaceAll("$$", () => "$"),
    home,
  );
}

export function unquotePath(written: string, home: string): string {
  return written.replaceAll(/%([%h])/g, (_all, letter) => (letter === "h" ? home : "%"));
}
