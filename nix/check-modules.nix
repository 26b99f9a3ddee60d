# Evaluates the modules with nixpkgs' own library; the result is what they make of a whole configuration.
{ pkgs }:
let
  inherit (pkgs) lib;
  settings = {
    home = { username = "alice"; homeDirectory = "/home/alice"; stateVersion = "26.05"; };
    programs = lib.genAttrs [ "bash" "zsh" "fish" ] (_: { enable = true; });
    CUSTOM = {
      programs.beads = {
        enable = true;
        federation = { remoteUser = "alice"; remotePasswordFile = "/home/alice/.config/beads/remote-password"; };
      };
      services.dolt-server.enable = pkgs.stdenv.hostPlatform.isLinux;
    };
  };
  home = lib.evalModules {
    specialArgs = { inherit pkgs; };
    modules = [ ../test/fixtures/nix/home-manager/module.nix ./home-manager settings ];
  };
  complaints = home.config.warnings
    ++ map (one: one.message) (builtins.filter (one: !one.assertion) home.config.assertions);
in
if complaints != [ ] then throw (lib.concatStringsSep "\n" complaints)
else pkgs.writeText "beads-home-manager-files.json" (builtins.toJSON home.config.files)
