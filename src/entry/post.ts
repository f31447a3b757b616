import { post } from '../post.ts';
import { githubActions } from '../ci/github/github-actions.ts';

await post(githubActions());
