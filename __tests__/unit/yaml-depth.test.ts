import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';

describe('YAML that is nested more deeply than the stack allows is an error in the input', () => {
  it.each([
    ['services', `${'- '.repeat(3000)}type: identity\n`],
    ['services', '- '.repeat(40_000)],
    ['services', '[{a: '.repeat(9000)],
    ['onboarding', `${'? '.repeat(3000)}a: b\n`],
  ])('%s: %.20s', (name, text) => {
    const read = () => readInputs({ proxy: 'a.example.com', token: 'ci', [name]: text }, yaml);
    expect(read).toThrow(expect.objectContaining({ name: 'Problem', code: 'inputs' }));
  });
});
