import { t as exec } from "./vendor-actions-exec.js";

// src/workdir/windows.ts
/**
* The security identifier OWNER RIGHTS (Microsoft Learn, Well-known SIDs). A user's bare name could
* be taken for another's: a local account hides one of the domain.
*/
const owner = "*S-1-3-4";
/**
* Gives a directory on Windows to its owner alone, as mode 0700 does elsewhere: no inherited
* entries, full control for the owner, inherited by what is made inside (icacls, Microsoft Learn).
*/
async function restrictToOwner(directory) {
	await exec("icacls", [...icaclsArguments(directory)], { silent: true });
}
/** The arguments for icacls; (OI) and (CI) make files and directories below inherit the entry. */
function icaclsArguments(directory) {
	return [
		directory,
		"/inheritance:r",
		"/grant:r",
		`${owner}:(OI)(CI)F`
	];
}

export { restrictToOwner };