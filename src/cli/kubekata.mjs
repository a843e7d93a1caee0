#!/usr/bin/env node
// The guard: no static imports, so that an old Node says one sentence instead of a stack trace.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `kubekata needs Node 22.19 or newer, and this is ${process.version}. In a clone, npm start brings its own Node.\n`,
  );
  process.exit(3);
}
const {enableCompileCache} = await import('node:module');
enableCompileCache?.();
await import('./main.js');
