/**
 * The reference of this action in workflows and documents. `npm run reference -- OWNER/NAME@REF`
 * changes it everywhere, for a fork or a release.
 */
export const reference = 'org/machine-id-action@v1';
