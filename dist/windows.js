import { t as exec } from "./vendor-actions-exec.js";
import { userInfo } from "node:os";

// src/home/windows.ts
/**
* Gives a directory on Windows to this user alone, as mode 0700 does elsewhere: no inherited
* entries, full control for the owner, inherited by what is made inside (icacls, Microsoft Learn).
*/
async function restrictToOwner(directory) {
	await exec("icacls", icaclsArguments(directory, userInfo().username), { silent: true });
}
/** The arguments for icacls; (OI) and (CI) make files and directories below inherit the entry. */
function icaclsArguments(directory, user) {
	return [
		directory,
		"/inheritance:r",
		"/grant:r",
		`${user}:(OI)(CI)F`
	];
}

export { restrictToOwner };