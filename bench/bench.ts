import { benchAction } from './action.ts';
import { benchStart } from './start.ts';

await benchStart();
await benchAction();
