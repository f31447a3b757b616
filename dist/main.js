import { o as main, r as githubActions } from "./shared.js";

// src/entry/main.ts
await main(githubActions());
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

export {  };