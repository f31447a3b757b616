import { githubActions } from '../ci/github/github-actions.ts';
import { scrub } from '../scrub.ts';

await scrub(githubActions());
