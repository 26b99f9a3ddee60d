#!/usr/bin/env node
// Becomes dist/bd.cjs. Runs on any Node, so that an old one gets a sentence instead of a stack: ES5 only up to the check.
"use strict";
var MINIMUM = [22, 12];
var found = process.versions.node.split(".").map(Number);
if (found[0] < MINIMUM[0] || (found[0] === MINIMUM[0] && found[1] < MINIMUM[1])) {
  process.stderr.write(
    "Error: bd needs Node.js " +
      MINIMUM.join(".") +
      " or newer, and this is " +
      process.version +
      " (" +
      process.execPath +
      ").\n" +
      "Hint: install one from https://nodejs.org/ or with `npm install -g node@24`, and put it first in PATH.\n",
  );
  process.exitCode = 4; // the exit code of a configuration error
} else {
  // Node's default is a folder below /tmp that any user of the machine may have made first, and compiled code is code.
  var path = require("node:path");
  var home = process.env.HOME;
  var cache = process.env.XDG_CACHE_HOME || (home ? path.join(home, ".cache") : undefined);
  if (process.env.NODE_COMPILE_CACHE || !cache) require("node:module").enableCompileCache();
  else require("node:module").enableCompileCache(path.join(cache, "beads", "node"));
  // oxlint-disable-next-line import/no-unassigned-import -- to run it is the point
  require("./thin.cjs");
}
