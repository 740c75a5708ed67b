"""One folder a connector: `manifest`, `config`, `connector`, `mapping`. They meet the core in `interface` alone."""
