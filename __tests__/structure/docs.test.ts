import { expect, it } from 'vitest';
import { documents } from '../../docs/generate/generate.ts';

it.each(await documents())('$path is what `npm run docs` generates', ({ text, generated }) => {
  expect(text).toBe(generated);
});
