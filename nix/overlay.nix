# nixpkgs has another `beads`, the Go program; this one takes its name.
final: prev: { beads = final.callPackage ./package.nix { }; }
