import { post } from '../post.ts';
import { githubRunner } from '../ci/port.ts';

await post(githubRunner());
