{
  lib,
  buildNpmPackage,
  dolt,
  # The one that the project is developed and tested with; it also runs the build's TypeScript as it is.
  nodejs_24,
  runCommand,
  # Of all packages of npm together; `npm-deps-hash` in flake.nix prints it.
  npmDepsHash ? null,
}:
let
  root = ../.;
  manifest = lib.importJSON ../package.json;

  # Completes the package-lock.json of the working directory. Which registry, npm knows.
  completeNpmLock = ''
    ${nodejs_24}/bin/node ${./complete-npm-lock.mjs} package-lock.json \
      "$(HOME=$TMPDIR ${nodejs_24}/bin/npm config get registry)"
  '';

  # Evaluates like any package, for `nix flake show` and for configurations that override it.
  hashIsMissing = runCommand "beads-npm-deps" { } ''
    echo "beads: npmDepsHash is not given. \`nix run CLONE#npm-deps-hash\` prints it, docs/deploy-nix.md says where to." >&2
    exit 1
  '';
in
buildNpmPackage (lib.optionalAttrs (npmDepsHash == null) { npmDeps = hashIsMissing; } // {
  inherit npmDepsHash;
  pname = "beads";
  inherit (manifest) version;

  src = lib.fileset.toSource {
    inherit root;
    fileset = lib.fileset.unions [
      ../package.json
      ../package-lock.json
      ../tsconfig.json
      ../tsconfig.tracker.json
      ../src
      ../scripts
      ../migrations
      ../systemd
      ../docs
      ../schemas
      ../README.md
      ../CHANGELOG.md
      ../LICENSE
    ];
  };
  # The download of the packages patches too.
  postPatch = completeNpmLock;

  nodejs = nodejs_24;
  # Install scripts download, which a build must not. None is needed: esbuild's program is a package of its own.
  npmRebuildFlags = [ "--ignore-scripts" ];
  # The build has run by then.
  npmPackFlags = [ "--ignore-scripts" ];

  # `bd server start` and the relay of pushes run it.
  makeWrapperArgs = [ "--prefix" "PATH" ":" (lib.makeBinPath [ dolt ]) ];

  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    for program in bd beads; do HOME=$TMPDIR "$out/bin/$program" --version; done
    runHook postInstallCheck
  '';

  passthru = { inherit completeNpmLock; };

  meta = {
    inherit (manifest) description;
    license = lib.licenses.mit;
    mainProgram = "bd";
    platforms = lib.platforms.unix;
  };
})
