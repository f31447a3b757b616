import { chmod, lstat, open, readFile, readdir, realpath, rename, rmdir, unlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { constants, readFileSync, rmSync, rmdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import * as os from "os";
import { EOL } from "os";
import * as crypto from "crypto";
import * as fs from "fs";
import { constants as constants$1, promises } from "fs";
import * as path from "path";

// src/problem.ts
/** Returns the message of a thrown value, which need not be an Error. */
function messageOf(thrown) {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

// src/text/display.ts
/** Returns a shell command as Markdown code, with words quoted where necessary. */
function command(...words) {
	return `\`${words.map(shellWord).join(" ")}\``;
}
function shellWord(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
/** Removes invisible characters except tabs and line feeds. */
function printableLines(text) {
	return text.replaceAll(/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
}
/** Formats a list as `a, b, and c`. */
function listed(words) {
	if (words.length < 3) return words.join(" and ");
	return `${words.slice(0, -1).join(", ")}, and ${words.at(-1)}`;
}

// src/text/error-code.ts
/** Returns the code of a system or Node error, such as `ENOENT`. */
function codeOf(error) {
	if (!(error instanceof Error) || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}

// src/workdir/leftover.ts
/** Title of annotations about private directories that could not be removed. */
const leftoverTitle = "machine-id-action: leftover";
const valid = "Credentials in it are valid until they expire.";
const defaultFix = `Check its owner and its permissions, and remove it manually. ${valid}`;
/** Returns the text of the warning. */
function leftoverText(path, { why, fix = defaultFix }) {
	return `${path} could not be removed: ${why}. ${fix}`;
}
/** Returns the failure to delete a path; none if the path no longer exists. */
function failureAt(path, error) {
	const code = codeOf(error) ?? String(error);
	return code === "ENOENT" ? [] : [{
		path,
		code
	}];
}
/**
* Describes why a private directory could not be removed. Without failures, it was created again.
*/
async function describeFailures(workdir, failures) {
	const [first] = failures;
	if (first === void 0) return { why: "a process keeps writing to it" };
	const owner = await otherOwner(first.path);
	const names = failures.slice(0, 3).map(({ path }) => relative(workdir, path) || path);
	const more = failures.length > 3 ? ` and ${failures.length - 3} more` : "";
	const failed = `cannot delete ${names.join(", ")}${more}`;
	if (owner === void 0) return { why: `${failed} (${first.code})` };
	return {
		why: `${failed} (${first.code}, owned by ${owner === 0 ? "root" : `user ${owner}`})`,
		fix: `A container that runs as another user can leave such files. Run ${command("sudo", "rm", "-rf", workdir)} on the runner, and run the container as the runner's user (\`docker run --user\`). ${valid}`
	};
}
/** Returns the other user who owns a path or its folder; either can prevent the deletion. */
async function otherOwner(path) {
	const user = process.getuid?.();
	if (user === void 0) return void 0;
	for (const place of [path, dirname(path)]) {
		const stats = await lstat(place).catch(() => void 0);
		if (stats && stats.uid !== user) return stats.uid;
	}
}

// src/workdir/delete.ts
/** Deletes paths in the given order, each with its content. Never throws. */
async function deleteAll(paths) {
	let files = 0;
	const failures = [];
	for (const path of paths) {
		const deletion = await deleteTree(path);
		files += deletion.files;
		failures.push(...deletion.failures);
	}
	return {
		files,
		failures
	};
}
/** Deletes a path with its content. Deletes symbolic links, never their targets. */
async function deleteTree(path) {
	try {
		if ((await lstat(path)).isDirectory()) return await deleteFolder(path);
		await unlink(path);
		return {
			files: 1,
			failures: []
		};
	} catch (error) {
		return {
			files: 0,
			failures: failureAt(path, error)
		};
	}
}
async function deleteFolder(path) {
	await allowOwner(path);
	const below = await deleteAll((await readdir(path).catch(() => [])).map((name) => join(path, name)));
	if (below.failures.length > 0) return below;
	return rmdir(path).then(() => below, (error) => ({
		files: below.files,
		failures: failureAt(path, error)
	}));
}
/**
* Restores this user's full access to its own folder, because a later step may have removed it
* (`chmod -R a-w`). Ignores links and the folders of other users. Never throws.
*/
async function allowOwner(folder) {
	const stats = await lstat(folder).catch(() => void 0);
	if (!stats?.isDirectory() || stats.uid !== process.getuid?.()) return;
	const mode = stats.mode & 4095;
	if ((mode & 448) !== 448) await chmod(folder, mode | 448).catch(() => void 0);
}

// src/text/json.ts
/** Parses JSON from an untrusted source. Returns undefined if the text is not JSON. */
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
/** Whether an untrusted value has keys: a JSON object or array. */
function isRecord(value) {
	return typeof value === "object" && value !== null;
}
/** Returns the value of a key; undefined if the value lacks it. */
function property(value, name) {
	return isRecord(value) && Object.hasOwn(value, name) ? value[name] : void 0;
}

// \0@oxc-project+runtime@0.156.0/helpers/esm/usingCtx.js
function _usingCtx() {
	var r = "function" == typeof SuppressedError ? SuppressedError : function(r, e) {
		var n = Error();
		return n.name = "SuppressedError", n.error = r, n.suppressed = e, n;
	}, e = {}, n = [];
	function using(r, e) {
		if (null != e) {
			if (Object(e) !== e) throw new TypeError("using declarations can only be used with objects, functions, null, or undefined.");
			if (r) var o = e[Symbol.asyncDispose || Symbol["for"]("Symbol.asyncDispose")];
			if (void 0 === o && (o = e[Symbol.dispose || Symbol["for"]("Symbol.dispose")], r)) var t = o;
			if ("function" != typeof o) throw new TypeError("Object is not disposable.");
			t && (o = function o() {
				try {
					t.call(e);
				} catch (r) {
					return Promise.reject(r);
				}
			}), n.push({
				v: e,
				d: o,
				a: r
			});
		} else r && n.push({
			d: e,
			a: r
		});
		return e;
	}
	return {
		e,
		u: using.bind(null, !1),
		a: using.bind(null, !0),
		d: function d() {
			var o, t = this.e, s = 0;
			function next() {
				for (; o = n.pop();) try {
					if (!o.a && 1 === s) return s = 0, n.push(o), Promise.resolve().then(next);
					if (o.d) {
						var r = o.d.call(o.v);
						if (o.a) return s |= 2, Promise.resolve(r).then(next, err);
					} else s |= 1;
				} catch (r) {
					return err(r);
				}
				if (1 === s) return t !== e ? Promise.reject(t) : Promise.resolve();
				if (t !== e) throw t;
			}
			function err(n) {
				return t = t !== e ? new r(n, t) : n, next();
			}
			return next();
		}
	};
}

// src/workdir/marker.ts
/** Name of the marker file. */
const markerName = ".machine-id-action.json";
const format = "machine-id-action/1";
/** Names of temporary files that remain when a process dies while it writes the marker. */
const unfinishedMarker = /^\.machine-id-action\.json\.\d+$/;
/**
* Writes the marker of a private directory atomically, with mode 0600 and never through a link. The
* directory is recognized by its marker, so the file is flushed to survive a power failure.
*/
async function writeMarker(workdir, marker) {
	const temporary = join(workdir, `${markerName}.${process.pid}`);
	await writePrivately(temporary, JSON.stringify({
		format,
		...marker
	}), {
		reuse: true,
		flush: true
	});
	await rename(temporary, join(workdir, markerName));
}
/** Reads the marker of a private directory. Returns undefined if it is missing or invalid. */
async function readMarker(workdir) {
	const path = join(workdir, markerName);
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isFile() || stats.size > 1e6) return void 0;
	try {
		return markerOf(parseJson(await readFile(path, "utf8")));
	} catch {
		return;
	}
}
/**
* Returns whether a private directory contains at most an unfinished marker. Its main step has just
* created it, or died before it wrote the marker, so it contains no secret.
*/
async function isNewWorkdir(workdir) {
	return (await readdir(workdir).catch(() => void 0))?.every((name) => unfinishedMarker.test(name)) ?? false;
}
/**
* Creates a file with mode 0600. Fails at a symbolic link, and at an existing file unless `reuse`
* is set. `flush` waits until the text is on disk. A text that cannot be written completely leaves
* no file.
*/
async function writePrivately(path, text, { reuse = false, flush = false } = {}) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants;
		const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (reuse ? O_TRUNC : O_EXCL);
		const file = _usingCtx$1.a(await open(path, flags, 384));
		try {
			await file.writeFile(text);
			if (flush) await file.sync();
		} catch (error) {
			await unlink(path).catch(() => void 0);
			throw error;
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
function markerOf(json) {
	if (!isRecord(json) || json["format"] !== format || typeof json["job"] !== "string") return void 0;
	const { job, processes, exported } = json;
	if (!Array.isArray(processes) || !Array.isArray(exported)) return void 0;
	if (!processes.every(isProcessMark) || !exported.every(isExportedVariable)) return void 0;
	const { expiresAt, endpoint, position, background } = json;
	return {
		job,
		processes,
		exported,
		...typeof position === "number" ? { position } : {},
		...isBackgroundMark(background) ? { background } : {},
		...typeof endpoint === "string" ? { endpoint } : {},
		...typeof expiresAt === "string" ? { expiresAt } : {}
	};
}
function isProcessMark(json) {
	return isRecord(json) && Number.isSafeInteger(json["pid"]) && Number(json["pid"]) > 1 && (json["started"] === void 0 || typeof json["started"] === "string");
}
/** The log file must be in the private directory. */
function isBackgroundMark(json) {
	return isRecord(json) && (json["pid"] === void 0 || Number.isSafeInteger(json["pid"])) && /^[\w-]+\.log$/.test(String(json["log"])) && typeof json["ready"] === "boolean" && isRecord(json["context"]);
}
function isExportedVariable(json) {
	return isRecord(json) && [
		"name",
		"value",
		"before"
	].every((key) => typeof json[key] === "string");
}

// src/process/signal.ts
/**
* Sends a signal to the process group of a leader. Does nothing if the group is gone, and on
* Windows, which has no groups.
*/
function signalGroup(leader, name) {
	if (process.platform !== "win32") signal(-leader, name);
}
/** Sends a signal to a process. Does nothing if it is gone. */
function signal(pid, name) {
	try {
		process.kill(pid, name);
	} catch {}
}

// src/workdir/processes.ts
/**
* Returns what identifies a process later: its start time as well, because ids are reused. Without
* a start time, which is not available on Windows, the process is never ended; there the runner
* ends the whole process tree itself when it cancels a job.
*/
async function markProcess(pid) {
	return {
		pid,
		started: (await statOf(pid))?.started
	};
}
/**
* Returns the processes with a file of a private directory on their command line, as tbot has its
* configuration. Finds a tbot that was started just before main was killed. Linux only; elsewhere
* the runner ends it after the job.
*/
async function findProcesses(workdir) {
	const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
	const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
	const found = pids.filter((_, index) => commands[index]?.includes(`${workdir}/`));
	return Promise.all(found.map(markProcess));
}
/**
* Ends those of the given processes that are still running, each with its process group if it leads
* one: with SIGTERM, and with SIGKILL after `grace` milliseconds. Returns the ids of the processes
* that were running.
*/
async function endProcesses(marks, grace) {
	const running = await stillRunning(marks);
	for (const { pid } of running) signalWithGroup(pid, "SIGTERM");
	const remaining = await stillRunningAfter(grace, running);
	for (const { pid } of remaining) signalWithGroup(pid, "SIGKILL");
	await stillRunningAfter(grace, remaining);
	for (const { pid } of running) signalGroup(pid, "SIGKILL");
	return running.map(({ pid }) => pid);
}
function signalWithGroup(pid, name) {
	signalGroup(pid, name);
	signal(pid, name);
}
async function stillRunningAfter(milliseconds, marks) {
	const end = performance.now() + milliseconds;
	let running = await stillRunning(marks);
	while (running.length > 0 && performance.now() < end) {
		await setTimeout(25);
		running = await stillRunning(running);
	}
	return running;
}
async function stillRunning(marks) {
	const alive = await Promise.all(marks.map(isRunning));
	return marks.filter((_, index) => alive[index]);
}
/** Whether a process is still running. One whose start time is unknown counts as gone. */
async function isRunning({ pid, started }) {
	if (pid === process.pid || started === void 0) return false;
	const stat = await statOf(pid);
	return stat !== void 0 && stat.started === started && !stat.state.startsWith("Z");
}
async function statOf(pid) {
	if (process.platform === "linux") return statOfLinux(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
	return process.platform === "win32" ? void 0 : statOfPs(await outputOfPs(pid));
}
/**
* Parses fields 3 and 22 of /proc/<pid>/stat: the state, and the start in ticks since boot
* (proc(5)).
*/
function statOfLinux(text) {
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const [state, started] = [fields[0], fields[19]];
	return state && started ? {
		state,
		started
	} : void 0;
}
/**
* Parses the output of `ps -o state=,lstart=`, `Ss   Sat Nov 21 04:45:10 2026` (ps(1) of macOS).
*/
function statOfPs(text) {
	const [, state, started] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(text) ?? [];
	return state && started ? {
		state,
		started
	} : void 0;
}
/** Returns the output of `ps` for a process; an empty string if it does not exist. */
async function outputOfPs(pid) {
	const { getExecOutput } = await import("./post-exec.js");
	return getExecOutput("/bin/ps", [
		"-o",
		"state=,lstart=",
		"-p",
		String(pid)
	], {
		env: {
			LC_ALL: "C",
			TZ: "UTC"
		},
		silent: true
	}).then(({ stdout }) => stdout, () => "");
}

// src/workdir/workdir.ts
/** Names of private directories; short, because the path of a Unix socket has at most 104 bytes. */
const workdirName = /^machine-id-[0-9a-f]{16}$/;
/** Name of the state that holds the path for the post step. */
const workdirState = "workdir";
/** Returns the folder that later steps have on PATH, which contains only tbot and its tools. */
function programsOf(workdir) {
	return join(workdir.path, "bin");
}

// src/files/files.ts
/** Returns whether a path is in use, even by a broken symbolic link. */
async function isTaken(path) {
	return lstat(path).then(() => true, () => false);
}

// src/workdir/remove.ts
/**
* Milliseconds between SIGTERM and SIGKILL; short, because the post steps of a cancelled job are
* timed.
*/
const grace = 1500;
/** Replaces a lost marker. It names no job, so every later run may remove the directory. */
const unmarked = {
	job: "",
	processes: [],
	exported: []
};
/**
* Removes a private directory: ends the processes that may still write to it, deletes it and checks
* that it was not created again. Refuses a path with another location or name, a link, and a
* directory of another user. Without a marker, ends no process and restores no variables. Never
* throws.
*/
async function removeWorkdir(path, root, restore = async () => void 0) {
	const obstacle = await obstacleTo(path, root);
	if (obstacle === "absent") return { kind: "absent" };
	if (obstacle) return {
		kind: "left",
		...obstacle
	};
	await allowOwner(path);
	const marker = await readMarker(path);
	if (marker || await isNewWorkdir(path)) return removeTree(path, marker ?? unmarked, restore);
	await writeMarker(path, unmarked).catch(() => void 0);
	return {
		...await removeTree(path, unmarked, restore),
		markerLost: true
	};
}
/**
* Ends the processes that may still write to a private directory, and returns their ids. Ignores a path
* that must not be removed.
*/
async function endProcessesOf(path, root) {
	if (await obstacleTo(path, root) !== void 0) return [];
	await allowOwner(path);
	const marker = await readMarker(path);
	return marker ? await endProcesses(await processesOf(path, marker), grace) : [];
}
async function removeTree(workdir, marker, restore) {
	const { expiresAt } = marker;
	let restored;
	const restoreOnce = () => restored ??= restore(marker);
	const ended = await endProcesses(await processesOf(workdir, marker), grace);
	let files = 0;
	let failures = [];
	for (let tries = 0; tries < 3; tries += 1) {
		if (tries > 0) await setTimeout(100);
		const deletion = await deleteContent(workdir, restoreOnce);
		files += deletion.files;
		({failures} = deletion);
		if (failures.length === 0 && !await isTaken(workdir)) return {
			kind: "removed",
			files,
			ended,
			...expiresAt ? { expiresAt } : {}
		};
	}
	await restoreOnce();
	await writeMarker(workdir, marker).catch(() => void 0);
	return {
		kind: "left",
		...await describeFailures(workdir, failures)
	};
}
/**
* Returns the processes that may still write to a private directory. Searches for further ones only
* while no credentials are published: after that, processes of other steps may use the files.
*/
async function processesOf(workdir, marker) {
	const { processes, endpoint } = marker;
	if (processes.length === 0 || endpoint !== void 0) return processes;
	const known = new Set(processes.map(({ pid }) => pid));
	const found = await findProcesses(workdir);
	return [...processes, ...found.filter(({ pid }) => !known.has(pid))];
}
/**
* Deletes secrets first, then the programs, which are large, and the marker last, so that a later
* run recognizes the directory if the deletion is interrupted. Restores the variables before the
* marker, which records them, and after the files, which may fill the disk.
*/
async function deleteContent(workdir, restore) {
	let files = 0;
	try {
		const names = await readdir(workdir);
		const others = names.filter((name) => name !== markerName).map((name) => join(workdir, name));
		const programs = programsOf({ path: workdir });
		const deletion = await deleteAll(others.toSorted((one, other) => Number(one === programs) - Number(other === programs)));
		if (deletion.failures.length > 0) return deletion;
		files = deletion.files + names.length - others.length;
		await restore();
		rmSync(join(workdir, markerName), {
			force: true,
			recursive: true
		});
		rmdirSync(workdir);
		return {
			files,
			failures: []
		};
	} catch (error) {
		return {
			files,
			failures: failureAt(workdir, error)
		};
	}
}
/** Returns why a path must not be removed, `absent` if it does not exist. */
async function obstacleTo(path, root) {
	if (path !== join(root, basename(path)) || !workdirName.test(basename(path))) return {
		why: `it is not a private directory of this action in ${root}`,
		fix: "The next run on this runner removes the private directory of this step, if there is one."
	};
	await allowOwner(root);
	try {
		const stats = await lstat(path);
		if (!stats.isDirectory()) return { why: "it is not a directory" };
		return ownerOf(stats) === "other" ? { why: "it belongs to another user" } : void 0;
	} catch (error) {
		return codeOf(error) === "ENOENT" ? "absent" : { why: String(error) };
	}
}
/**
* Returns who owns a private directory. Root is distinguished from other users, because a container
* that runs as root can change owners. Windows has no user ids, so everything counts as owned by
* this user there.
*/
function ownerOf({ uid }) {
	if (uid === (process.getuid?.() ?? uid)) return "self";
	return uid === 0 ? "root" : "other";
}

// src/background/report-background.ts
/**
* Warns if the tbot of a call has ended or cannot renew the credentials, and prints its log then or with
* debug logging. Does nothing for a call in oneshot mode. Never throws.
*/
async function reportBackground(workdir, ci) {
	const { background } = workdir.marker;
	if (background === void 0) return;
	try {
		const { reportHealth } = await import("./health.js");
		await reportHealth({
			...workdir,
			background
		}, ci);
	} catch (error) {
		ci.debug(`The state of tbot cannot be reported: ${messageOf(error)}`);
	}
}
/** Does the same for a path, before its removal. Ignores one that must not be removed. */
async function reportBackgroundAt(path, root, ci) {
	if (await obstacleTo(path, root) !== void 0) return;
	await allowOwner(path);
	const marker = await readMarker(path);
	if (marker) await reportBackground({
		path,
		marker
	}, ci);
}

// src/workdir/calls.ts
/**
* Returns the private directories of a job. Ignores links, directories of other users and of other
* jobs, and those that contain nothing yet. Never throws.
*/
async function callsOf(job, root) {
	await allowOwner(root);
	const names = await readdir(root).catch(() => []);
	const own = [];
	const unknown = [];
	for (const path of names.filter((name) => workdirName.test(name)).map((name) => join(root, name))) {
		const stats = await lstat(path).catch(() => void 0);
		if (!stats?.isDirectory() || ownerOf(stats) === "other") continue;
		await allowOwner(path);
		const marker = await readMarker(path);
		if (marker?.job === job) own.push({
			path,
			marker
		});
		else if (!marker && !await isNewWorkdir(path)) unknown.push(path);
	}
	return {
		own: own.toSorted((one, other) => positionOf(one) - positionOf(other)),
		unknown
	};
}
/** Returns the position of a call; 0 if it exported no variables. */
function positionOf({ marker }) {
	return marker.position ?? 0;
}

// src/workdir/restore.ts
/**
* Returns the variables to restore after the removal of one call, each with its previous value, or
* with an empty one to clear it. Skips variables that another step has changed or a later call has
* set, and drops paths in private directories that no longer exist. `calls` are all calls of the
* job, in their order.
*/
async function restoredVariables(marker, calls, env) {
	const later = laterThan(marker, calls).flatMap((call) => call.marker.exported);
	const unchanged = marker.exported.filter(({ name, value }) => env[name] === value && !later.some((one) => one.name === name && one.value === value));
	return (await Promise.all(unchanged.map(async ({ name, before }) => ({
		name,
		value: await withoutRemovedPaths(before)
	})))).filter(({ name, value }) => value !== env[name]);
}
/**
* Corrects the markers of later calls that would restore a value of a removed call: they restore
* the value from before the removed call instead. Ignores errors: paths that no longer exist are
* never restored.
*/
async function correctLaterCalls(marker, calls) {
	const removed = new Map(marker.exported.map((variable) => [variable.name, variable]));
	for (const { path, marker: later } of laterThan(marker, calls)) {
		const exported = later.exported.map((variable) => {
			const previous = removed.get(variable.name);
			removed.delete(variable.name);
			return previous?.value === variable.before ? {
				...variable,
				before: previous.before
			} : variable;
		});
		if (exported.some((variable, index) => variable !== later.exported[index])) await writeMarker(path, {
			...later,
			exported
		}).catch(() => void 0);
	}
}
function laterThan(marker, calls) {
	return calls.filter((call) => positionOf(call) > positionOf({ marker }));
}
/** Drops removed paths from a value, which like KUBECONFIG may be a list. */
async function withoutRemovedPaths(value) {
	const kept = [];
	for (const path of value.split(delimiter)) if (!await isInRemovedWorkdir(path)) kept.push(path);
	return kept.join(delimiter);
}
async function isInRemovedWorkdir(path) {
	const workdir = /^(.*[\\/]machine-id-[0-9a-f]{16})(?:[\\/]|$)/.exec(path);
	return workdir?.[1] !== void 0 && !await isTaken(workdir[1]);
}

// src/cleanup.ts
/** Printed if there was nothing to remove, restore or stop. */
const nothing = "Nothing to clean up.";
/**
* Removes private directories of this job and restores its variables; other calls are not affected.
* Prints what it has done, or nothing if no directory exists. Returns a text for everything that
* remains. Never throws.
*/
async function cleanUp({ paths, root, moment }, ci) {
	const removed = [];
	const restored = [];
	const remains = [];
	for (const path of paths) await reportBackgroundAt(path, root, ci);
	const ended = await Promise.all(paths.map(async (path) => endProcessesOf(path, root)));
	for (const path of paths) {
		const removal = await removeWorkdir(path, root, async (marker) => {
			try {
				restored.push(...await restore(marker, root, ci));
			} catch (error) {
				remains.push(`The exported variables could not be restored: ${messageOf(error)}`);
			}
		});
		if (removal.kind === "removed") removed.push(removal);
		remains.push(...remainsOf(path, removal));
	}
	if (removed.length > 0) ci.info(sentence(removed, restored, ended.flat()));
	for (const { expiresAt } of removed) noticeExpired(expiresAt, moment, ci);
	return remains;
}
/** Sets variables for later steps, and returns them. */
async function restore(marker, root, { job, env, exportVariable }) {
	const { own: calls } = await callsOf(job.key, root);
	await correctLaterCalls(marker, calls);
	const variables = await restoredVariables(marker, calls, env);
	for (const { name, value } of variables) exportVariable(name, value);
	return variables;
}
function remainsOf(path, removal) {
	return [...removal.kind === "left" ? [leftoverText(path, removal)] : [], ..."markerLost" in removal ? [lostText(path)] : []];
}
function lostText(path) {
	return `The marker file in ${path} was missing or damaged. Variables that this step exported were not restored, and processes that it started were not stopped.`;
}
/** Explains why an earlier step failed: with expired credentials it reports only `access denied`. */
function noticeExpired(expiresAt, moment, ci) {
	const minutes = Math.floor((Date.now() - Date.parse(expiresAt ?? "")) / 6e4);
	if (!(minutes >= 0)) return;
	const ago = minutes < 1 ? "less than a minute" : minutes === 1 ? "1 minute" : `${minutes} minutes`;
	ci.notice("machine-id-action: ttl", `The credentials expired ${ago} before ${moment}, at ${expiresAt}. Set a longer \`certificate-ttl\` (the bot's \`max_session_ttl\` must allow it), or use this action again before the steps that need them.`);
}
function sentence(removed, variables, stopped) {
	const files = removed.reduce((sum, removal) => sum + removal.files, 0);
	const ended = [...stopped, ...removed.flatMap((removal) => removal.ended)];
	const restored = variables.filter(({ value }) => value !== "").map(({ name }) => name);
	const cleared = variables.filter(({ value }) => value === "").map(({ name }) => name);
	const parts = [
		files > 0 && `removed ${files} ${files === 1 ? "file" : "files"}`,
		restored.length > 0 && `restored ${listed(restored)}`,
		cleared.length > 0 && `cleared ${listed(cleared)}`,
		ended.length > 0 && `stopped ${ended.length === 1 ? "process" : "processes"} ${listed(ended.map(String))}`
	].filter((part) => part !== false);
	const text = listed(parts);
	return text === "" ? nothing : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

// src/post.ts
/**
* Runs the post step: cleans up after the main step, which may not have run, or may have been killed
* or cancelled. Prints nothing if `./scrub` has already removed the directory. Never fails the job:
* reports a warning for everything that remains.
*/
async function post(ci) {
	const path = ci.state(workdirState);
	if (path === "") return ci.info(nothing);
	for (const text of await remainsAfter(path, ci)) ci.warning(leftoverTitle, text);
}
async function remainsAfter(path, ci) {
	try {
		const root = await realpath(ci.directories.temp ?? "");
		return await cleanUp({
			paths: [path],
			root,
			moment: "the end of the job"
		}, ci);
	} catch (error) {
		return [leftoverText(path, { why: String(error) })];
	}
}

// node_modules/@actions/core/lib/utils.js
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}

// node_modules/@actions/core/lib/command.js
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
	issueCommand(name, {}, message);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	fs.appendFileSync(filePath, `${toCommandValue(message)}${os.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${os.EOL}${convertedValue}${os.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/summary.js
var __awaiter$1 = void 0 && (void 0).__awaiter || function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { access, appendFile, writeFile } = promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	/**
	* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
	* Also checks r/w permissions.
	*
	* @returns step summary file path
	*/
	filePath() {
		return __awaiter$1(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access(pathFromEnv, constants$1.R_OK | constants$1.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	/**
	* Wraps content in an HTML tag, adding any HTML attributes
	*
	* @param {string} tag HTML tag to wrap
	* @param {string | null} content content within the tag
	* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
	*
	* @returns {string} content wrapped in HTML element
	*/
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	/**
	* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
	*
	* @param {SummaryWriteOptions} [options] (optional) options for write operation
	*
	* @returns {Promise<Summary>} summary instance
	*/
	write(options) {
		return __awaiter$1(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	/**
	* Clears the summary buffer and wipes the summary file
	*
	* @returns {Summary} summary instance
	*/
	clear() {
		return __awaiter$1(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	/**
	* Returns the current summary buffer as a string
	*
	* @returns {string} string of summary buffer
	*/
	stringify() {
		return this._buffer;
	}
	/**
	* If the summary buffer is empty
	*
	* @returns {boolen} true if the buffer is empty
	*/
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	/**
	* Resets the summary buffer without writing to summary file
	*
	* @returns {Summary} summary instance
	*/
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	/**
	* Adds raw text to the summary buffer
	*
	* @param {string} text content to add
	* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	/**
	* Adds the operating system-specific end-of-line marker to the buffer
	*
	* @returns {Summary} summary instance
	*/
	addEOL() {
		return this.addRaw(EOL);
	}
	/**
	* Adds an HTML codeblock to the summary buffer
	*
	* @param {string} code content to render within fenced code block
	* @param {string} lang (optional) language to syntax highlight code
	*
	* @returns {Summary} summary instance
	*/
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML list to the summary buffer
	*
	* @param {string[]} items list of items to render
	* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML table to the summary buffer
	*
	* @param {SummaryTableCell[]} rows table rows
	*
	* @returns {Summary} summary instance
	*/
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds a collapsable HTML details element to the summary buffer
	*
	* @param {string} label text for the closed state
	* @param {string} content collapsable content
	*
	* @returns {Summary} summary instance
	*/
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML image tag to the summary buffer
	*
	* @param {string} src path to the image you to embed
	* @param {string} alt text description of the image
	* @param {SummaryImageOptions} options (optional) addition image attributes
	*
	* @returns {Summary} summary instance
	*/
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML section heading element
	*
	* @param {string} text heading text
	* @param {number | string} [level=1] (optional) the heading level, default: 1
	*
	* @returns {Summary} summary instance
	*/
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML thematic break (<hr>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML line break (<br>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML blockquote to the summary buffer
	*
	* @param {string} text quote text
	* @param {string} cite (optional) citation url
	*
	* @returns {Summary} summary instance
	*/
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML anchor tag to the summary buffer
	*
	* @param {string} text link text/content
	* @param {string} href hyperlink
	*
	* @returns {Summary} summary instance
	*/
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const _summary = new Summary();
const summary = _summary;

// node_modules/@actions/core/lib/core.js
var __awaiter = void 0 && (void 0).__awaiter || function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
/**
* The code to exit an action
*/
var ExitCode;
(function(ExitCode) {
	/**
	* A code indicating that the action was successful
	*/
	ExitCode[ExitCode["Success"] = 0] = "Success";
	/**
	* A code indicating that the action was a failure
	*/
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
/**
* Sets env variable for this action and future actions in the job
* @param name the name of the variable to set
* @param val the value of the variable. Non-string values will be converted to a string via JSON.stringify
*/
function exportVariable(name, val) {
	const convertedVal = toCommandValue(val);
	process.env[name] = convertedVal;
	if (process.env["GITHUB_ENV"] || "") return issueFileCommand("ENV", prepareKeyValueMessage(name, val));
	issueCommand("set-env", { name }, convertedVal);
}
/**
* Registers a secret which will get masked from logs
*
* @param secret - Value of the secret to be masked
* @remarks
* This function instructs the Actions runner to mask the specified value in any
* logs produced during the workflow run. Once registered, the secret value will
* be replaced with asterisks (***) whenever it appears in console output, logs,
* or error messages.
*
* This is useful for protecting sensitive information such as:
* - API keys
* - Access tokens
* - Authentication credentials
* - URL parameters containing signatures (SAS tokens)
*
* Note that masking only affects future logs; any previous appearances of the
* secret in logs before calling this function will remain unmasked.
*
* @example
* ```typescript
* // Register an API token as a secret
* const apiToken = "abc123xyz456";
* setSecret(apiToken);
*
* // Now any logs containing this value will show *** instead
* console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
* ```
*/
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
/**
* Prepends inputPath to the PATH (for this action and future actions)
* @param inputPath
*/
function addPath(inputPath) {
	if (process.env["GITHUB_PATH"] || "") issueFileCommand("PATH", inputPath);
	else issueCommand("add-path", {}, inputPath);
	process.env["PATH"] = `${inputPath}${path.delimiter}${process.env["PATH"]}`;
}
/**
* Sets the value of an output.
*
* @param     name     name of the output to set
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(os.EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
/**
* Gets whether Actions Step Debug is on or not
*/
function isDebug() {
	return process.env["RUNNER_DEBUG"] === "1";
}
/**
* Writes debug message to user log
* @param message debug message
*/
function debug(message) {
	issueCommand("debug", {}, message);
}
/**
* Adds an error issue
* @param message error issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function error(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a warning issue
* @param message warning issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function warning(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a notice issue
* @param message notice issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function notice(message, properties = {}) {
	issueCommand("notice", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Writes info to log with console.log.
* @param message info message
*/
function info(message) {
	process.stdout.write(message + os.EOL);
}
/**
* Begin an output group.
*
* Output until the next `groupEnd` will be foldable in this group
*
* @param name The name of the output group
*/
function startGroup(name) {
	issue("group", name);
}
/**
* End an output group.
*/
function endGroup() {
	issue("endgroup");
}
/**
* Saves state for current action, the state can only be retrieved by this action's post job execution.
*
* @param     name     name of the state to store
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function saveState(name, value) {
	if (process.env["GITHUB_STATE"] || "") return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
	issueCommand("save-state", { name }, toCommandValue(value));
}
/**
* Gets the value of an state set by this action's main execution.
*
* @param     name     name of the state to get
* @returns   string
*/
function getState(name) {
	return process.env[`STATE_${name}`] || "";
}

// src/ci/plain-lines.ts
/** Removes escape sequences and control characters, because terminals interpret them. */
function plainLines(text) {
	return printableLines(text.replaceAll(escapeSequence, ""));
}
const escapeSequence = /(?:\u001b\[|\u009b)[0-9;]*[A-Za-z]/g;

// src/ci/secrets.ts
function secretSet() {
	const secrets = /* @__PURE__ */ new Set();
	return {
		add: (secret) => {
			for (const part of [secret, ...secret.split(/[\r\n]+/)]) secrets.add(part).add(JSON.stringify(part).slice(1, -1));
		},
		redact: (text) => redacted(text, secrets)
	};
}
/** Replaces the longest secrets first, because one can be part of another. */
function redacted(text, secrets) {
	return [...secrets].filter((secret) => secret !== "").toSorted((one, other) => other.length - one.length).reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
}

// src/ci/github/job.ts
/** Events that run a job for a pull request without the rights of the base repository. */
const pullRequestEvents = /* @__PURE__ */ new Set([
	"pull_request",
	"pull_request_review",
	"pull_request_review_comment"
]);
/** RUNNER_TRACKING_ID alone is unique, but is not always set. */
const keyVariables = [
	"GITHUB_REPOSITORY",
	"GITHUB_RUN_ID",
	"GITHUB_RUN_ATTEMPT",
	"GITHUB_JOB",
	"RUNNER_TRACKING_ID"
];
/**
* Returns the facts about the job in the runner's variables and in its event ("Webhook events and
* payloads" in GitHub's documentation). The event is read once, by the first fact that needs it.
*/
function jobFacts(env) {
	let event;
	const eventContent = () => (event ??= { content: eventIn(env["GITHUB_EVENT_PATH"]) }).content;
	const eventName = env["GITHUB_EVENT_NAME"] || void 0;
	return {
		key: keyVariables.map((name) => env[name] ?? "").join(" "),
		repository: env["GITHUB_REPOSITORY"] || void 0,
		ref: env["GITHUB_REF"] || void 0,
		eventName,
		get fromFork() {
			return pullRequestEvents.has(eventName ?? "") && isHeadElsewhere(eventContent());
		},
		get publicRepository() {
			return !isPrivate(property(eventContent(), "repository"));
		},
		enterpriseServer: enterpriseServer(env["GITHUB_SERVER_URL"])
	};
}
function directoriesOf(env) {
	return {
		temp: env["RUNNER_TEMP"] || void 0,
		workspace: env["GITHUB_WORKSPACE"] || void 0,
		toolCache: env["RUNNER_TOOL_CACHE"] || void 0
	};
}
/** Returns undefined for an event that cannot be read or is not JSON. */
function eventIn(path) {
	if (!path) return void 0;
	try {
		return parseJson(readFileSync(path, "utf8"));
	} catch {
		return;
	}
}
/** The head's repository is null if the fork was deleted. */
function isHeadElsewhere(event) {
	const pullRequest = property(event, "pull_request");
	const base = property(property(property(pullRequest, "base"), "repo"), "full_name");
	const head = property(property(property(pullRequest, "head"), "repo"), "full_name");
	return base !== void 0 && head !== base;
}
function isPrivate(repository) {
	const visibility = property(repository, "visibility");
	if (visibility !== void 0) return visibility === "private" || visibility === "internal";
	return property(repository, "private") === true;
}
function enterpriseServer(url) {
	if (!url || !URL.canParse(url)) return void 0;
	const { hostname } = new URL(url);
	return hostname === "github.com" || hostname.endsWith(".ghe.com") ? void 0 : hostname;
}

// src/ci/github/github-actions.ts
/**
* Returns the port to GitHub Actions: its variables, and its commands through @actions/core. `program`
* is the path of the running file.
*/
function githubActions(env = process.env, program = process.argv[1]) {
	return {
		inputs: inputsOf(env),
		env,
		debugging: isDebug(),
		job: jobFacts(env),
		directories: directoriesOf(env),
		...releaseLinks(env, program),
		...masking(),
		info: (text) => info(withoutCommands(text)),
		debug: (text) => debug(withoutCommands(text)),
		group: (title, lines) => {
			startGroup(title);
			for (const line of lines) info(withoutCommands(line));
			endGroup();
		},
		notice: (title, text) => notice(withoutCommands(text), { title }),
		warning: (title, text) => warning(withoutCommands(text), { title }),
		fail: (title, text) => {
			process.exitCode = 1;
			error(withoutCommands(text), { title });
		},
		output: (name, value) => through(env["GITHUB_OUTPUT"], () => setOutput(name, value)),
		exportVariable: (name, value) => through(env["GITHUB_ENV"], () => exportVariable(name, value)),
		addPath: (directory) => through(env["GITHUB_PATH"], () => addPath(directory)),
		saveState: (name, value) => through(env["GITHUB_STATE"], () => saveState(name, value)),
		state: (name) => getState(name),
		summary: async (markdown) => {
			if (env["GITHUB_STEP_SUMMARY"]) await summary.addRaw(markdown, true).write();
		}
	};
}
function masking() {
	const secrets = secretSet();
	return {
		mask: (secret) => {
			if (secret === "") return;
			setSecret(secret);
			secrets.add(secret);
		},
		redact: secrets.redact
	};
}
/** Adds the path to the error of a command file, and the error code that @actions/core omits. */
function through(path, command) {
	try {
		command();
	} catch (error) {
		if (error instanceof Error) {
			if (error.message.startsWith("Missing file at path")) Object.assign(error, {
				code: "ENOENT",
				syscall: "open"
			});
			if ("syscall" in error && path) Object.assign(error, { path });
		}
		throw error;
	}
}
/** The runner delivers an input `join-method` as INPUT_JOIN-METHOD. */
function inputsOf(env) {
	return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => name.startsWith("INPUT_") && value !== void 0 ? [[name.slice(6).toLowerCase(), value]] : []));
}
/**
* Returns a text in which the runner finds no commands: `::name::` at the start of a line, after white
* space, or `##[name]` anywhere (actions/runner, src/Runner.Common/ActionCommand.cs). Escape sequences
* and control characters are removed first, because terminals interpret them, and because U+0085 is
* white space to .NET but not to a regular expression.
*/
function withoutCommands(text) {
	return plainLines(text).replaceAll(/^([^\S\n]*)::/gm, "$1: :").replaceAll("##[", "# #[");
}
/**
* Returns links to the release in use. The runner names it in GITHUB_ACTION_REPOSITORY and
* GITHUB_ACTION_REF, which are empty for `uses: ./` and can name a composite action that wraps this
* one. Therefore the repository must have this action's name, and `program`, the path of the running
* file, must be where the runner downloads that release to: `_actions/<owner>/<name>/<ref>`.
*/
function releaseLinks(env, program) {
	const repository = env["GITHUB_ACTION_REPOSITORY"] ?? "";
	const ref = env["GITHUB_ACTION_REF"] ?? "";
	const folder = `/_actions/${repository}/${ref}/`;
	if (!/^[^/]+\/machine-id-action$/i.test(repository) || ref === "") return unknownLinks;
	if (!program?.replaceAll("\\", "/").includes(folder)) return unknownLinks;
	const url = `${env["GITHUB_SERVER_URL"] || "https://github.com"}/${repository}`;
	return {
		documentationUrl: (page, anchor) => `${url}/blob/${ref}/${page}#${anchor}`,
		issuesUrl: `${url}/issues`
	};
}
const unknownLinks = {
	documentationUrl: () => void 0,
	issuesUrl: void 0
};

// src/entry/post.ts
await post(githubActions());

export {  };