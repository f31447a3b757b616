import { r as githubActions, t as setup } from "./shared.js";

// src/entry/setup.ts
await setup(githubActions());
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

export {  };