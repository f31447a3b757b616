import { readFile } from 'node:fs/promises';
import * as yaml from 'yaml';
import { readServices } from '../../src/services/read.ts';

// Prints the milliseconds of the first call in a process.
const [, , parser, file = ''] = process.argv;
const text = await readFile(file, 'utf8');
const start = performance.now();
if (parser === 'readServices') readServices(text, yaml);
else yaml.parse(text);
console.log(performance.now() - start);
