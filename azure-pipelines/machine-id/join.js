import { readFileSync } from 'node:fs';
import { run } from './run.js';

const { inputs } = JSON.parse(readFileSync(new URL('task.json', import.meta.url), 'utf8'));
await run(
  'join',
  inputs.map(({ name }) => name),
);
