import { type Connection, createConnection } from "mysql2/promise";
import { type Document, fencedBlocks, readDocuments } from "./documents.ts";

/** The roles of docs/security.md; `relay` is what an agent needs besides for a relay of its own. */
export type Role = "reader" | "agent" | "relay" | "admin" | "fetcher";

/** The heading in the document below which a role's statements stand. */
const HEADINGS: Readonly<Record<Role, string>> = {
  reader: "Reader",
  agent: "Agent",
  relay: "An agent that pushes with a password of its own",
  admin: "Admin",
  fetcher: "The remotes API",
};

/** Commands that the document gives to the admin alone; a test compares. */
export const ADMIN_COMMANDS: readonly string[] = [
  "init",
  "migrate",
  "migrate deleted-issues",
  "dolt remote add",
  "dolt remote remove",
];

export function isAdminCommand(args: readonly string[]): boolean {
  const words = args.filter((arg) => !arg.startsWith("-"));
  return ADMIN_COMMANDS.some((command) => command.split(" ").every((word, place) => words[place] === word));
}

/** Who is logged in, as the document's statements and bd's environment name it. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

export function loginEnv({ user, password }: Login): Record<string, string> {
  return { BEADS_DOLT_SERVER_USER: user, BEADS_DOLT_PASSWORD: password };
}

/** Quotes, blanks and dollars: whatever takes the password apart breaks every test. */
export const TEST_PASSWORD = 'it\'s a $HOME "test" #1';

/** The statements of the document for a role, with a user and a database in place of those that it names. */
function statementsOf(role: Role, login: Login, database: string): string[] {
  const [block] = fencedBlocks(securitySection(HEADINGS[role]), "sql");
  if (block === undefined) throw new Error(`docs/security.md has no statements below "${HEADINGS[role]}"`);
  const password = `'${login.password.replaceAll("'", "''")}'`;
  return block.map((statement) =>
    statement
      .replace(/;$/, "")
      .replaceAll(/'[A-Z]+-PASSWORD'/g, () => password)
      .replaceAll(/'\w+'@/g, `'${login.user}'@`)
      .replaceAll("beads_club.", `\`${database}\`.`),
  );
}

/** What stands in docs/security.md from a heading to the next one. */
export function securitySection(heading: string): Document {
  const document = readDocuments().find(({ path }) => path === "docs/security.md");
  const sections = document?.text.split(/^#+ /m) ?? [];
  const text = sections.find((section) => section.startsWith(`${heading}\n`));
  if (text === undefined) throw new Error(`docs/security.md has no heading "${heading}"`);
  return { path: "docs/security.md", text };
}

/** Makes the user, where there is none of that name, and gives it the rights of the role on one database. */
export async function grantRole(root: Connection, role: Role, login: Login, database: string): Promise<void> {
  for (const statement of statementsOf(role, login, database)) await root.query(statement);
}

/** Runs work on a connection of the superuser that every test server has. */
export async function asRoot<T>(port: number, work: (root: Connection) => Promise<T>): Promise<T> {
  const root = await createConnection({ host: "127.0.0.1", port, user: "root" });
  try {
    return await work(root);
  } finally {
    await root.end();
  }
}
