import { benchAction } from './action.ts';
import { benchBackground } from './background.ts';
import { benchInstall, benchSetup } from './install.ts';
import { benchServices } from './services.ts';
import { benchStart } from './start.ts';

const parts = {
  start: benchStart,
  action: benchAction,
  background: benchBackground,
  services: benchServices,
  install: benchInstall,
  setup: benchSetup,
};

// Without arguments, runs all benchmarks.
const named = process.argv.slice(2);
for (const [name, bench] of Object.entries(parts))
  if (named.length === 0 || named.includes(name)) await bench();
