import type { Option } from "commander";

/** One flag of a line; a switch has true or false, any other its text. */
export interface GivenFlag {
  readonly option: Option;
  readonly value: string | boolean;
}

/** A line taken apart. */
export interface ScannedLine {
  /** In their order. */
  readonly given: readonly GivenFlag[];
  /** What looks like a flag and is none of the grammar's. */
  readonly unknown: readonly Positioned[];
  /** What is no flag. */
  readonly operands: readonly Operand[];
  /** What is wrong with the first flag that can't be used. */
  readonly fault: string | undefined;
}

interface Positioned {
  readonly text: string;
  /** Its place in the line. */
  readonly at: number;
}

interface Operand extends Positioned {
  /** Behind `--`. */
  readonly literal: boolean;
}

/** As Go's flags take them, which scripts are used to. */
const SWITCH_VALUES: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((text) => [text, false] as const),
]);

/**
 * The one reading of a line: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-f=value`, switches in one word
 * (`-qv`, also `-qf value`), `--switch=false`; behind `--` everything is an operand, and so is a lone `-`. The last word
 * about a switch counts. Throws nothing.
 */
export function scanFlags(argv: readonly string[], options: readonly Option[]): ScannedLine {
  const given: GivenFlag[] = [];
  const unknown: Positioned[] = [];
  const operands: Operand[] = [];
  let fault: string | undefined;
  let next = 0;

  const take = (option: Option, attached: string | undefined): void => {
    const value = attached ?? (takesNext(option, argv[next]) ? argv[next++] : "true");
    const meant = option.required || value === undefined ? value : (SWITCH_VALUES.get(value) ?? textOf(option, value));
    if (meant !== undefined) given.push({ option, value: meant });
    else if (value === undefined) fault ??= `option '${option.flags}' argument missing`;
    else fault ??= `option '${option.flags}' argument '${value}' is invalid. expected true or false.`;
  };
  const takeLong = (text: string, at: number): void => {
    const [, name, value] = /^(--[^=]*)(?:=(.*))?$/s.exec(text) ?? [];
    const option = options.find(({ long }) => long === name);
    if (option === undefined) unknown.push({ text, at });
    else take(option, value);
  };
  const takeShort = (letters: string, at: number): void => {
    const option = options.find(({ short }) => short === `-${letters[0]}`);
    const rest = letters.slice(1);
    if (option === undefined) unknown.push({ text: `-${letters}`, at });
    else if (rest.startsWith("=")) take(option, rest.slice(1));
    else if (rest === "") take(option, undefined);
    else if (takesValue(option)) take(option, rest);
    else {
      take(option, undefined);
      takeShort(rest, at);
    }
  };

  while (next < argv.length) {
    const at = next++;
    const text = argv[at] ?? "";
    if (text === "--") {
      while (next < argv.length) operands.push({ text: argv[next] ?? "", at: next++, literal: true });
    } else if (text.startsWith("--")) takeLong(text, at);
    else if (text.startsWith("-") && text !== "-") takeShort(text.slice(1), at);
    else operands.push({ text, at, literal: false });
  }
  return { given, unknown, operands, fault };
}

/** The line again, with each flag in its long form and nothing else that could be taken for one. */
export function canonicalLine({ given, unknown, operands }: ScannedLine): string[] {
  const flags = given.flatMap(({ option, value }, index) => {
    const name = option.long ?? option.flags;
    if (typeof value === "string") return [`${name}=${value}`];
    const isLast = !given.some((other, place) => place > index && other.option === option);
    return value && isLast ? [name] : [];
  });
  return [...flags, ...unknown.map(({ text }) => text), "--", ...operands.map(({ text }) => text)];
}

/** Whether the next word is the flag's. A switch that may have a text takes what does not look like a flag. */
function takesNext(option: Option, word: string | undefined): boolean {
  return option.required || (option.optional && word !== undefined && (word === "-" || !word.startsWith("-")));
}

function textOf(option: Option, value: string): string | undefined {
  return option.optional ? value : undefined;
}

export function takesValue(option: Option): boolean {
  return option.required || option.optional;
}
