{
  description = "Issue tracker for people and their coding agents, on a shared Dolt SQL server";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      eachSystem = f: lib.genAttrs systems
        (system: f (import nixpkgs { inherit system; overlays = [ self.overlays.default ]; }));
    in
    {
      overlays.default = import ./nix/overlay.nix;

      packages = eachSystem (pkgs: { inherit (pkgs) beads; default = pkgs.beads; });

      homeModules = {
        default = ./nix/home-manager;
        beads = ./nix/home-manager/beads.nix;
        dolt-server = ./nix/home-manager/dolt-server.nix;
      };
      # The older name of the same.
      homeManagerModules = self.homeModules;

      apps = eachSystem (pkgs:
        let app = program: { type = "app"; program = "${program}"; }; in
        rec {
          default = beads;
          beads = app (lib.getExe pkgs.beads);
          # Prints the hash that nix/package.nix takes as npmDepsHash.
          npm-deps-hash = app (pkgs.writeShellScript "npm-deps-hash" ''
            set -euo pipefail
            TMPDIR=$(mktemp -d)
            trap 'rm -r "$TMPDIR"' EXIT
            cd "$TMPDIR"
            cat ${./package-lock.json} >package-lock.json
            ${pkgs.beads.completeNpmLock}
            ${lib.getExe pkgs.prefetch-npm-deps} package-lock.json
          '');
        });

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell { packages = [ pkgs.nodejs_24 pkgs.dolt pkgs.git ]; };
      });

      checks = eachSystem (pkgs: {
        package = pkgs.beads;
        modules = import ./nix/check-modules.nix { inherit pkgs; };
      });

      formatter = eachSystem (pkgs: pkgs.nixfmt-tree);
    };
}
