import { readFile } from 'node:fs/promises';
import * as yaml from 'yaml';
import { readServices } from '../../src/services/read.ts';

// The first call in this process; what it takes, in milliseconds.
const [, , who, file = ''] = process.argv;
const text = await readFile(file, 'utf8');
const start = performance.now();
if (who === 'ours') readServices(text, yaml);
else yaml.parse(text);
console.log(performance.now() - start);
