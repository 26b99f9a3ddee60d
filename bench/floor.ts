// The floor of every budget: what any program pays that loads mysql2, connects and is answered once. Bundled as `bd` is.
import { connect } from "node:net";
import { createConnection } from "mysql2";

const [host = "127.0.0.1", port = "3307"] = process.argv.slice(2);
const socket = connect({ host, port: Number(port), noDelay: true });
const connection = createConnection({
  stream: socket,
  user: "root",
  charset: "utf8mb4",
  multipleStatements: true,
  dateStrings: true,
  supportBigNumbers: true,
  connectTimeout: 5000,
});
connection.query("SELECT 1", (error) => {
  if (error !== null) throw error;
  connection.destroy();
  // The driver's destroy only ends our half and waits for the server's: one more round trip before the process may end.
  socket.destroy();
});
