import { post } from '../post.ts';
import { githubRunner } from '../runner.ts';

await post(githubRunner());
