import type { ErrorPattern } from '../diagnosis.ts';
import { connectionPatterns } from './connection.ts';
import { denialPatterns } from './denial.ts';
import { identitySourcePatterns } from './identity-source.ts';
import { notFoundPatterns, notIssuedPatterns } from './issuance.ts';
import { programPatterns } from './program.ts';
import { providerPatterns } from './provider.ts';

/** All patterns in order of precedence: an error with a denial and a lost connection is a denial. */
export const errorPatterns: readonly ErrorPattern[] = [
  ...denialPatterns,
  ...notFoundPatterns,
  ...notIssuedPatterns,
  ...providerPatterns,
  ...identitySourcePatterns,
  ...programPatterns,
  ...connectionPatterns,
];
