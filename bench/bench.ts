import { benchAction } from './action.ts';
import { benchInstall } from './install.ts';
import { benchStart } from './start.ts';

await benchStart();
await benchAction();
await benchInstall();
