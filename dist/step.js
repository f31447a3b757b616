import { r as __toESM } from "./rolldown-runtime.js";
import { n as successSummary, o as Problem, r as formatDuration, s as messageOf } from "./shared.js";
import { t as _usingCtx } from "./usingCtx.js";
import { BlockList, connect, isIP } from "node:net";
import { request } from "node:http";
import { once } from "node:events";
import tls, { connect as connect$1 } from "node:tls";
import { createGunzip } from "node:zlib";
import { X509Certificate, createHash, createPrivateKey, createPublicKey, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { access, constants, lstat, mkdir, open, readFile, readdir, realpath, rename, rm, rmdir, stat, symlink, unlink } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { constants as constants$1 } from "node:fs";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

// src/network/code.ts
/** The code of an error of the system or of Node, such as `ENOENT`. */
function codeOf(error) {
	if (!(error instanceof Error) || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}

// src/network/error.ts
/** An exchange that brought no answer. `message` is a clause that names both ends of the trouble. */
var NetworkError = class extends Error {
	name = "NetworkError";
	kind;
	code;
	passing;
	constructor(text) {
		super(text.what, { cause: text.cause });
		this.kind = text.kind;
		this.code = text.code;
		this.passing = text.passing ?? passingKinds.has(text.kind);
	}
};
const passingKinds = /* @__PURE__ */ new Set([
	"refused",
	"reset",
	"unreachable"
]);
const kindOfCode = {
	ENOTFOUND: "unresolved",
	EAI_AGAIN: "unresolved",
	EAI_FAIL: "unresolved",
	EAI_NODATA: "unresolved",
	ECONNREFUSED: "refused",
	EHOSTUNREACH: "unreachable",
	ENETUNREACH: "unreachable",
	EADDRNOTAVAIL: "unreachable",
	ENETDOWN: "unreachable",
	EHOSTDOWN: "unreachable",
	EACCES: "unreachable",
	EPERM: "unreachable",
	ETIMEDOUT: "timeout",
	ECONNRESET: "reset",
	ECONNABORTED: "reset",
	EPIPE: "reset",
	EPROTO: "protocol"
};
/** X.509 verification results (OpenSSL, X509_STORE_CTX_get_error) and Node's own for a wrong name. */
const certificateCode = /CERT|ISSUER|CRL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|LEAF_SIGNATURE/;
function kindOf$1(code) {
	const known = kindOfCode[code];
	if (known) return known;
	if (/^(ERR_SSL_|HPE_)/.test(code)) return "protocol";
	return certificateCode.test(code) ? "untrusted" : "other";
}
/** Says what an error of Node's sockets means; `peer` is the `host:port` that was spoken to. */
function networkError(error, peer) {
	if (error instanceof NetworkError) return error;
	const code = codeOf(error);
	const kind = kindOf$1(code ?? "");
	return new NetworkError({
		kind,
		code,
		what: clause(kind, code, peer),
		passing: passingKinds.has(kind) || code === "EAI_AGAIN",
		cause: error
	});
}
function clause(kind, code, peer) {
	const detail = code === void 0 ? "" : ` (${code})`;
	switch (kind) {
		case "unresolved": return `the name of ${peer} can not be resolved${detail}`;
		case "refused": return `${peer} refuses connections${detail}`;
		case "unreachable": return `there is no way to ${peer} from here${detail}`;
		case "timeout": return `${peer} does not answer${detail}`;
		case "reset": return `${peer} broke off the connection${detail}`;
		case "untrusted": return `the certificate of ${peer} ${flaw(code)}${detail}`;
		case "protocol": return `${peer} does not speak HTTPS${detail}`;
		case "proxy":
		case "redirect":
		case "too-long":
		case "other": return `talking to ${peer} failed${detail}`;
		default: return kind;
	}
}
function flaw(code) {
	if (code === "CERT_HAS_EXPIRED") return "has expired";
	if (code === "CERT_NOT_YET_VALID") return "is not valid yet";
	if (code === "CERT_REVOKED") return "has been revoked";
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "is for another name";
	return "is signed by an authority that is not trusted here";
}
/** Another set of authorities could change the verdict. */
function isAuthorityUnknown(error) {
	return error instanceof NetworkError && authorityCodes.has(error.code ?? "");
}
const authorityCodes = /* @__PURE__ */ new Set([
	"UNABLE_TO_GET_ISSUER_CERT",
	"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
	"SELF_SIGNED_CERT_IN_CHAIN",
	"DEPTH_ZERO_SELF_SIGNED_CERT",
	"CERT_UNTRUSTED"
]);

// src/network/retry.ts
/** An answer whose status is not the one that was wanted. */
var StatusError = class extends Error {
	name = "StatusError";
	status;
	/** Milliseconds that the server wants us to wait. */
	retryAfter;
	constructor(what, status, retryAfter) {
		super(what);
		this.status = status;
		this.retryAfter = retryAfter;
	}
};
/** Repeats what can pass by itself: a broken connection, 429, 5xx. Throws the last error. */
async function persist(patience, signal, attempt, again = () => void 0) {
	for (let count = 1;; count += 1) try {
		return await attempt();
	} catch (error) {
		const wait = count < patience.attempts ? waitAfter(error, count, patience) : void 0;
		if (wait === void 0 || signal.aborted || !(error instanceof Error)) throw error;
		again(error, wait);
		await rest(wait, signal);
	}
}
/** Milliseconds to wait after the attempt of this number, undefined when another is of no use. */
function waitAfter(error, count, patience) {
	if (!(error instanceof NetworkError ? error.passing : error instanceof StatusError && (error.status === 429 || error.status >= 500))) return void 0;
	const asked = error instanceof StatusError ? error.retryAfter ?? 0 : 0;
	if (asked > patience.longest) return void 0;
	const step = (error instanceof StatusError && error.status === 429 ? 4 : 1) * patience.pause * 2 ** (count - 1);
	return Math.round(asked > 0 ? asked + Math.random() * patience.pause : step * (.5 + Math.random()));
}
async function rest(milliseconds, signal) {
	try {
		await setTimeout$1(milliseconds, void 0, { signal });
	} catch (error) {
		throw signal.aborted ? signal.reason : error;
	}
}
/** Retry-After (RFC 9110, section 10.2.3: seconds, or a date) in milliseconds. */
function parseRetryAfter(value, now) {
	if (value === void 0) return void 0;
	if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1e3;
	const date = Date.parse(value);
	return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

// src/cluster/semantic.ts
const form = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9a-z-]+(?:\.[0-9a-z-]+)*))?(?:\+[0-9a-z.-]+)?$/i;
/** Reads `18.2.4`, `v18.2.4`, `17.0.0-aa`; undefined for anything else. */
function parseVersion(text) {
	const match = text.length <= 100 ? form.exec(text) : null;
	if (!match) return void 0;
	const [, major, minor, patch, prerelease] = match;
	return {
		major: Number(major),
		minor: Number(minor),
		patch: Number(patch),
		prerelease: prerelease === void 0 ? [] : prerelease.split(".")
	};
}
/** A version as Teleport writes it in file names: no `v`, nothing behind `+`. */
function formatVersion(version) {
	const release = `${version.major}.${version.minor}.${version.patch}`;
	return version.prerelease.length > 0 ? `${release}-${version.prerelease.join(".")}` : release;
}
/** Negative when `a` comes before `b`, by the precedence of semantic versioning. */
function compareVersions(a, b) {
	return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}
function comparePrereleases(a, b) {
	if (a.length === 0 || b.length === 0) return b.length - a.length;
	for (const [index, part] of a.entries()) {
		const other = b[index];
		if (other === void 0) return 1;
		const order = compareParts(part, other);
		if (order !== 0) return order;
	}
	return a.length - b.length;
}
function compareParts(a, b) {
	const numbers = [a, b].map((part) => /^\d+$/.test(part));
	if (numbers[0] && numbers[1]) return Number(a) - Number(b);
	if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
	return a < b ? -1 : a > b ? 1 : 0;
}

// src/cluster/find.ts
/** The answer is not the one of a Teleport Proxy; the message is a clause that says why. */
var NotTeleport = class extends Error {
	name = "NotTeleport";
};
/**
* Reads the answer of `/webapi/find` (PingResponse in Teleport's api/client/webclient/webclient.go;
* `edition`, `fips` and `auto_update` are younger than the rest). Throws a NotTeleport.
*/
function parseFind(text) {
	const answer = objectOf(parseJson(text));
	const minimum = optional(answer, "min_client_version", "string");
	const autoUpdate = given(answer, "auto_update");
	return {
		name: nameOf$1(answer),
		serverVersion: versionOf$1(answer["server_version"], "server_version"),
		...minimum && { minClientVersion: versionOf$1(minimum, "min_client_version") },
		edition: optional(answer, "edition", "string") === "ent" ? "enterprise" : "oss",
		fips: optional(answer, "fips", "boolean") ?? false,
		automaticUpgrades: optional(answer, "automatic_upgrades", "boolean") ?? false,
		...autoUpdate !== void 0 && { autoUpdate: autoUpdateOf(objectOf(autoUpdate)) },
		tlsRouting: tlsRoutingOf(given(answer, "proxy"))
	};
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		throw new NotTeleport(/^\s*</.test(text) ? "it answers with a web page" : "its answer is not JSON");
	}
}
function objectOf(value) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotTeleport("its answer is JSON of something else");
	return Object.fromEntries(Object.entries(value));
}
function nameOf$1(answer) {
	const name = answer["cluster_name"];
	if (name === void 0) throw new NotTeleport("its answer is JSON of something else");
	if (typeof name !== "string" || !/^[!-.0-[\]-~]{1,253}$/.test(name)) throw new NotTeleport("its answer holds no usable `cluster_name`");
	return name;
}
function versionOf$1(value, key) {
	const text = typeof value === "string" ? value.replace(/^v/, "") : "";
	if (!parseVersion(text)) throw new NotTeleport(`its answer holds no usable \`${key}\``);
	return text;
}
function autoUpdateOf(value) {
	const version = optional(value, "agent_version", "string");
	return {
		agentAutoUpdate: optional(value, "agent_auto_update", "boolean") ?? false,
		...version && { agentVersion: versionOf$1(version, "agent_version") }
	};
}
function tlsRoutingOf(proxy) {
	if (proxy === void 0) return false;
	return optional(objectOf(proxy), "tls_routing_enabled", "boolean") ?? false;
}
/** Go writes null for what it does not have. */
function given(from, key) {
	return from[key] ?? void 0;
}
function optional(from, key, type) {
	const value = given(from, key);
	if (value === void 0) return void 0;
	if (!isOf(value, type)) throw new NotTeleport(`\`${key}\` in its answer is not a ${type}`);
	return value;
}
function isOf(value, type) {
	return typeof value === type;
}

// src/cluster/failure.ts
/** The Problem behind a proxy that could not be asked; anything unforeseen is handed back. */
function askingFailed(proxy, error) {
	if (error instanceof NotTeleport) return notTeleport(proxy, error.message, error);
	if (error instanceof StatusError) return error.status === 429 ? rateLimited(proxy, error) : faulty(proxy, error);
	return error instanceof NetworkError ? networkFailed(proxy, error) : error;
}
function networkFailed(proxy, error) {
	switch (error.kind) {
		case "untrusted": return untrusted$1(proxy, error);
		case "protocol": return notTeleport(proxy, "it does not speak TLS as a proxy does", error);
		case "too-long": return notTeleport(proxy, "its answer is far too long", error);
		case "unresolved":
		case "refused":
		case "proxy":
		case "timeout":
		case "unreachable":
		case "reset":
		case "redirect":
		case "other": return unreachable$1(proxy, error, wayOut[error.kind]);
		default: return error.kind;
	}
}
const firewall = "Correct `proxy`, or let the runner through the firewall to that address.";
const between = "Check that this is the web address of the Teleport Proxy, and that nothing in between cuts it off.";
const wayOut = {
	unresolved: "Correct the host in `proxy`, or the DNS of the runner.",
	refused: "Correct the port in `proxy` (usually 443 or 3080), or start the proxy.",
	proxy: "Have the HTTP proxy let the Teleport Proxy pass, or add its host to NO_PROXY.",
	timeout: firewall,
	unreachable: firewall,
	reset: between,
	redirect: between,
	other: between
};
function unreachable$1(proxy, error, fix) {
	return new Problem({
		code: "proxy-unreachable",
		what: `The Teleport Proxy ${proxy} can not be reached: ${error.message}.`,
		fix,
		cause: error
	});
}
function faulty(proxy, error) {
	return new Problem({
		code: "proxy-unreachable",
		what: `The Teleport Proxy ${proxy} is out of order: it answers with status ${error.status}.`,
		fix: "Run the job again later, or look into the log of the proxy and of what stands before it.",
		cause: error
	});
}
function rateLimited(proxy, error) {
	return new Problem({
		code: "rate-limited",
		what: `The Teleport Proxy ${proxy} turns requests from this network address away for now (429).`,
		fix: "Run the job again later, or start fewer jobs at once behind the same address.",
		cause: error
	});
}
function untrusted$1(proxy, error) {
	return new Problem({
		code: "proxy-untrusted",
		what: `The Teleport Proxy ${proxy} is not trusted: ${error.message}.`,
		fix: mending(error.code),
		cause: error
	});
}
function mending(code) {
	if (code === "CERT_HAS_EXPIRED") return "Renew the certificate of the proxy; if it is not old, set the clock of the runner.";
	if (code === "CERT_NOT_YET_VALID") return "Set the clock of the runner, or that of the issuer.";
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "Write in `proxy` the name that the certificate is for.";
	return "Give the PEM file of the authority as `extra-ca-file`, if that authority is yours.";
}
function notTeleport(proxy, why, cause) {
	return new Problem({
		code: "not-teleport",
		what: `${proxy} is not a Teleport Proxy: ${why}.`,
		fix: "Give as `proxy` the host and port under which the web page of your cluster opens.",
		cause
	});
}

// src/cluster/cluster.ts
/** A real answer has less than 4 KiB. */
const longestAnswer = 262144;
/** A silent proxy is told within 10 s. */
const usualTimeouts$1 = {
	connect: 5e3,
	answer: 5e3,
	stall: 5e3
};
const usualPatience$1 = {
	attempts: 4,
	pause: 500,
	longest: 3e4
};
/**
* Asks a proxy (`host:port`) once for `/webapi/find`, which needs no credentials; repeats only what
* can pass by itself. Throws a Problem `proxy-unreachable`, `proxy-untrusted`, `not-teleport` or
* `rate-limited`, or the reason of the signal.
*/
async function askCluster(proxy, using) {
	const { signal, info = () => void 0, patience = usualPatience$1 } = using;
	try {
		return await persist(patience, signal, () => find(proxy, using), (error, wait) => info(`${sentence$2(error)} Trying again in ${Math.ceil(wait / 1e3)} s.`));
	} catch (error) {
		throw signal.aborted ? error : askingFailed(proxy, error);
	}
}
async function find(proxy, { network, signal, timeouts = usualTimeouts$1 }) {
	const reply = await network.get(`https://${proxy}/webapi/find`, {
		signal,
		timeouts,
		headers: { accept: "application/json" }
	});
	if (reply.status === 200) return parseFind(await reply.text(longestAnswer));
	reply.discard();
	throw unwanted(proxy, reply);
}
function unwanted(proxy, { status, headers }) {
	if (status === 429 || status >= 500) return new StatusError(`${proxy} answers with status ${status}`, status, parseRetryAfter(headers["retry-after"], Date.now()));
	return new NotTeleport(status >= 300 && status < 400 ? `it redirects to ${destination(headers.location)}` : `it answers with status ${status}`);
}
/** The host alone: a path or query could hold somebody's session. */
function destination(location) {
	return location !== void 0 && URL.canParse(location) ? new URL(location).host : "another of its pages";
}
function sentence$2(error) {
	return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
}

// src/cluster/expected.ts
/**
* Compares a cluster's name with `expected-cluster`, where there is one. `said` tells who gave the
* name, as the beginning of a sentence. Throws a Problem `wrong-cluster`.
*/
function checkExpected(name, expected, said) {
	if (expected === void 0 || name === expected) return;
	throw new Problem({
		code: "wrong-cluster",
		what: `${said} ${name}, and \`expected-cluster\` is ${expected}.`,
		fix: "Correct `proxy`, or `expected-cluster` if this is the right cluster."
	});
}

// src/home/marker.ts
const markerName = ".machine-id-action.json";
const format = "machine-id-action/1";
/** A marker that was being written when its writer died. */
const unfinishedMarker = /^\.machine-id-action\.json\.\d+$/;
/**
* Writes the marker of a home whole or not at all, mode 0600, never through a link. Without it the
* home could not be removed any more, so it is made to outlive a power cut.
*/
async function writeMarker(home, marker) {
	const beside = join(home, `${markerName}.${process.pid}`);
	await writePrivately(beside, JSON.stringify({
		format,
		...marker
	}), {
		reuse: true,
		flush: true
	});
	await rename(beside, join(home, markerName));
}
/** The marker of a home; undefined when there is none or it is not one of ours. */
async function readMarker(home) {
	const path = join(home, markerName);
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isFile() || stats.size > 1e6) return void 0;
	try {
		return markerOf(JSON.parse(await readFile(path, "utf8")));
	} catch {
		return;
	}
}
/**
* Creates a file of mode 0600, refusing to follow a link and, unless told, to reuse a file. A text
* that could not be written whole leaves no file.
*/
async function writePrivately(path, text, { reuse = false, flush = false } = {}) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants$1;
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
	return {
		job,
		processes,
		exported
	};
}
function isProcessMark(json) {
	return isRecord(json) && Number.isSafeInteger(json["pid"]) && Number(json["pid"]) > 1 && (json["started"] === void 0 || typeof json["started"] === "string");
}
function isExportedVariable(json) {
	return isRecord(json) && [
		"name",
		"value",
		"before"
	].every((key) => typeof json[key] === "string");
}
function isRecord(json) {
	return typeof json === "object" && json !== null;
}

// src/home/processes.ts
/**
* Marks a process so that it is known again: an id alone may by then belong to somebody else. When
* it started is undefined where that can't be found out, and then it is never ended: Windows, where
* a runner that cancels ends the whole tree itself.
*/
async function markProcess(pid) {
	return {
		pid,
		started: (await statOf$1(pid))?.started
	};
}
/**
* Ends what still runs of the given processes, each with its process group if it leads one: SIGTERM,
* and SIGKILL after `grace` milliseconds. Answers the ids of those that were found running.
*/
async function endProcesses(marks, grace) {
	const running = await stillRunning(marks);
	for (const { pid } of running) signalBoth(pid, "SIGTERM");
	const stubborn = await stillRunningAfter(grace, running);
	for (const { pid } of stubborn) signalBoth(pid, "SIGKILL");
	await stillRunningAfter(grace, stubborn);
	for (const { pid } of running) signalGroup(pid, "SIGKILL");
	return running.map(({ pid }) => pid);
}
/**
* Sends a signal to the process group of a leader; a group that is gone is no error. Windows has no
* groups: nothing happens there.
*/
function signalGroup(leader, name) {
	if (process.platform !== "win32") signal(-leader, name);
}
function signalBoth(pid, name) {
	signalGroup(pid, name);
	signal(pid, name);
}
function signal(target, name) {
	try {
		process.kill(target, name);
	} catch {}
}
async function stillRunningAfter(milliseconds, marks) {
	const end = performance.now() + milliseconds;
	let running = await stillRunning(marks);
	while (running.length > 0 && performance.now() < end) {
		await setTimeout$1(25);
		running = await stillRunning(running);
	}
	return running;
}
async function stillRunning(marks) {
	const alive = await Promise.all(marks.map(isRunning));
	return marks.filter((_, index) => alive[index]);
}
async function isRunning({ pid, started }) {
	if (pid === process.pid || started === void 0) return false;
	const stat = await statOf$1(pid);
	return stat !== void 0 && stat.started === started && !stat.state.startsWith("Z");
}
async function statOf$1(pid) {
	if (process.platform === "linux") return statOfLinux(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
	return process.platform === "win32" ? void 0 : statOfPs(await askPs(pid));
}
/** Fields 3 and 22 of /proc/<pid>/stat: the state, and the start in ticks since boot (proc(5)). */
function statOfLinux(text) {
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const [state, started] = [fields[0], fields[19]];
	return state && started ? {
		state,
		started
	} : void 0;
}
/** What `ps -o state=,lstart=` prints: `Ss   Sat Nov 21 04:45:10 2026` (ps(1) of macOS). */
function statOfPs(text) {
	const [, state, started] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(text) ?? [];
	return state && started ? {
		state,
		started
	} : void 0;
}
/** The answer of ps about one process; an empty text when there is none. */
async function askPs(pid) {
	const [{ execFile }, { promisify }] = await Promise.all([import("node:child_process"), import("node:util")]);
	const asked = [
		"-o",
		"state=,lstart=",
		"-p",
		String(pid)
	];
	return promisify(execFile)("/bin/ps", asked, { env: {
		LC_ALL: "C",
		TZ: "UTC"
	} }).then(({ stdout }) => stdout, () => "");
}

// src/home/home.ts
/** How a home is called below RUNNER_TEMP; short, because a Unix socket's path ends at 104 bytes. */
const homeName = /^machine-id-[0-9a-f]{16}$/;
/** The name under which the home's path is kept for the post step. */
const homeState = "home";
/**
* Makes the home of this call: mode 0700, a fresh name below RUNNER_TEMP, a marker inside. The path
* is remembered before anything is there, so that the post step finds it after a kill as well.
* Throws a Problem `platform`.
*/
async function makeHome(runner) {
	const root = await homeRoot(runner.env);
	const path = join(root, `machine-id-${randomBytes(8).toString("hex")}`);
	runner.saveState(homeState, path);
	try {
		await mkdir(path, { mode: 448 });
		if (process.platform === "win32") await (await import("./windows.js")).restrictToOwner(path);
		const processes = [await markProcess(process.pid)];
		const marker = {
			job: jobOf(runner.env),
			processes,
			exported: []
		};
		await writeMarker(path, marker);
		await mkdir(programsOf({ path }), { mode: 448 });
		return {
			path,
			marker
		};
	} catch (error) {
		throw unwritable(root, error);
	}
}
/** The folder of a home that later steps have on their PATH: tbot and nothing else. */
function programsOf(home) {
	return join(home.path, "bin");
}
/** Where homes are made: RUNNER_TEMP with its links resolved. Throws a Problem `platform`. */
async function homeRoot(env) {
	const temp = env["RUNNER_TEMP"];
	if (!temp) throw new Problem({
		code: "platform",
		what: "RUNNER_TEMP is not set, so there is no private place for credentials.",
		fix: "Run this action on a GitHub Actions runner, which sets it."
	});
	return realpath(temp).catch((error) => {
		throw unwritable(temp, error);
	});
}
/**
* The home with another marker, which is on the disk when this returns. Throws a Problem `platform`.
*/
async function changeMarker(path, marker) {
	await writeMarker(path, marker).catch(explainUnwritable(path));
	return {
		path,
		marker
	};
}
/** Writes a new file of mode 0600 into a home; answers its path. Throws a Problem `platform`. */
async function writeIntoHome(home, name, text) {
	const path = join(home, name);
	await writePrivately(path, text).catch(explainUnwritable(home));
	return path;
}
function explainUnwritable(path) {
	return (error) => {
		throw unwritable(path, error);
	};
}
/** Tells one job of a runner from the next one; RUNNER_TRACKING_ID alone would do where it is set. */
function jobOf(env) {
	return [
		"GITHUB_REPOSITORY",
		"GITHUB_RUN_ID",
		"GITHUB_RUN_ATTEMPT",
		"GITHUB_JOB",
		"RUNNER_TRACKING_ID"
	].map((name) => env[name] ?? "").join(" ");
}
/** What a file system that takes no files means for the user. */
function unwritable(path, error) {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	return new Problem({
		code: "platform",
		what: `Nothing can be written below ${path}: ${{
			ENOSPC: "the disk is full",
			EDQUOT: "the disk quota is used up",
			EROFS: "the file system is read-only",
			EACCES: "this user may not write there",
			EPERM: "this user may not write there",
			ENOENT: "it does not exist",
			ENOTDIR: "it is not a directory"
		}[code] ?? String(error)}.`,
		fix: "Free or mend the runner's temporary directory (RUNNER_TEMP) and run the job again.",
		cause: error
	});
}

// src/home/scrub.ts
/** Milliseconds between the polite and the last signal: post steps of a cancelled job are timed. */
const grace$1 = 1500;
/**
* Removes a home with everything in it: first ends what still writes there, then deletes, then looks
* again. Refuses a path that is not a home of ours: wrong place or name, a link, another owner, no
* marker. Never throws.
*/
async function scrubHome(path, root) {
	const refused = await refusal(path, root);
	if (refused === "absent") return { kind: "absent" };
	if (refused !== void 0) return {
		kind: "left",
		why: refused,
		exported: []
	};
	const marker = await readMarker(path);
	if (!marker) return removeEmpty(path);
	return removeMarked(path, marker);
}
async function removeMarked(path, marker) {
	const ended = await endProcesses(marker.processes, grace$1);
	const files = await countFiles(path);
	let why = "something writes into it again and again";
	for (let tries = 0; tries < 3; tries += 1) {
		await rm(path, {
			recursive: true,
			force: true,
			maxRetries: 2
		}).catch((error) => {
			why = String(error);
		});
		if (!await exists$1(path)) return {
			kind: "removed",
			files,
			ended,
			exported: marker.exported
		};
	}
	return {
		kind: "left",
		why,
		exported: marker.exported
	};
}
/** A main that died between making the home and marking it leaves it empty, or nearly so. */
async function removeEmpty(path) {
	try {
		const unfinished = (await readdir(path)).filter((name) => unfinishedMarker.test(name));
		for (const name of unfinished) await unlink(join(path, name));
		await rmdir(path);
		return {
			kind: "removed",
			files: 0,
			ended: [],
			exported: []
		};
	} catch {
		return {
			kind: "left",
			why: "it does not carry our marker",
			exported: []
		};
	}
}
async function refusal(path, root) {
	if (path !== join(root, basename(path)) || !homeName.test(basename(path))) return `it is not a directory of ours below ${root}`;
	const stats = await lstat(path).catch(() => void 0);
	if (!stats) return "absent";
	if (!stats.isDirectory()) return "it is not a directory";
	const user = process.getuid?.();
	if (user !== void 0 && stats.uid !== user) return "it belongs to another user";
}
async function countFiles(directory) {
	return (await readdir(directory, {
		recursive: true,
		withFileTypes: true
	}).catch(() => [])).filter((entry) => !entry.isDirectory()).length;
}
async function exists$1(path) {
	return lstat(path).then(() => true, () => false);
}

// src/home/sweep.ts
/**
* Removes the homes that earlier jobs of this runner left behind: no post step runs when a machine
* or the runner itself dies. A runner has one job at a time, so a home of another job is a dead
* one; those of this job belong to its other calls. Answers how many were removed; never throws.
*/
async function sweepHomes(root, job) {
	const names = await readdir(root).catch(() => []);
	let removed = 0;
	for (const name of names.filter((candidate) => homeName.test(candidate))) {
		const path = join(root, name);
		const marker = await readMarker(path);
		if (marker && marker.job !== job && (await scrubHome(path, root)).kind === "removed") removed += 1;
	}
	return removed;
}

// src/identity/event.ts
/** The event that started the job, or undefined where there is none that can be read. */
async function readEvent(env) {
	const path = env["GITHUB_EVENT_PATH"];
	if (!path) return void 0;
	try {
		return JSON.parse(await readFile(path, "utf8"));
	} catch {
		return;
	}
}

// src/identity/job.ts
/** Events that run a job for a pull request without the rights of the base repository. */
const pullRequestEvents = /* @__PURE__ */ new Set([
	"pull_request",
	"pull_request_review",
	"pull_request_review_comment"
]);
/**
* Reads the job out of the runner's environment and its event, the parsed JSON of
* GITHUB_EVENT_PATH ("Webhook events and payloads", GitHub's documentation).
*/
function jobFacts(env, event) {
	const eventName = env["GITHUB_EVENT_NAME"] || void 0;
	return {
		eventName,
		fromFork: pullRequestEvents.has(eventName ?? "") && headLiesElsewhere(event),
		publicRepository: !saysPrivate(property(event, "repository")),
		enterpriseServer: enterpriseServer(env["GITHUB_SERVER_URL"])
	};
}
/** The head's repository is null when the fork was deleted. */
function headLiesElsewhere(event) {
	const pullRequest = property(event, "pull_request");
	const base = property(property(property(pullRequest, "base"), "repo"), "full_name");
	const head = property(property(property(pullRequest, "head"), "repo"), "full_name");
	return base !== void 0 && head !== base;
}
function saysPrivate(repository) {
	const visibility = property(repository, "visibility");
	if (visibility !== void 0) return visibility === "private" || visibility === "internal";
	return property(repository, "private") === true;
}
function enterpriseServer(url) {
	if (!url || !URL.canParse(url)) return void 0;
	const { hostname } = new URL(url);
	return hostname === "github.com" || hostname.endsWith(".ghe.com") ? void 0 : hostname;
}
function property(value, name) {
	return isMapping(value) ? value[name] : void 0;
}
function isMapping(value) {
	return typeof value === "object" && value !== null;
}

// src/identity/identity.ts
/**
* Decides by which identity to join. Nothing is probed: GitHub's hosted runners are Azure machines,
* so an answering metadata service says nothing. Throws a Problem `no-identity` or `no-id-token`.
*/
function chooseIdentity(inputs, env, event) {
	switch (inputs.joinMethod) {
		case "github":
			if (!hasIdTokenEndpoint(env)) throw noIdToken(jobFacts(env, event));
			return { method: "github" };
		case "azure": return {
			method: "azure",
			clientId: inputs.azureClientId
		};
		case "auto":
			if (inputs.azureClientId !== void 0) return {
				method: "azure",
				clientId: inputs.azureClientId
			};
			if (hasIdTokenEndpoint(env)) return { method: "github" };
			throw noIdentity$1(jobFacts(env, event));
		default: return inputs.joinMethod;
	}
}
/** The runner sets both variables when the job has `permissions: id-token: write`, else none. */
function hasIdTokenEndpoint(env) {
	return Boolean(env["ACTIONS_ID_TOKEN_REQUEST_URL"] && env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]);
}
const permissions = "permissions:\n  id-token: write\n  contents: read";
const onlyOwnPullRequests = "Run this job only for branches of this repository (`if: github.event.pull_request.head.repo.full_name == github.repository`), or on `push`; do not move it to `pull_request_target`.";
/** The job was to join by GitHub's id token and can't get one. */
function noIdToken(job) {
	if (job.fromFork) return new Problem({
		code: "no-id-token",
		what: "GitHub gives no id token to a pull request from a fork, so this job cannot join by github.",
		fix: onlyOwnPullRequests
	});
	return new Problem({
		code: "no-id-token",
		what: "The job cannot ask for an id token: it lacks the permission `id-token: write`.",
		fix: "Add the permissions below to the job; where it belongs to a reusable workflow, the job that calls it must grant them too.",
		details: job.eventName === "pull_request" ? [forkNote] : [],
		paste: permissions
	});
}
const forkNote = "A pull request from a fork never gets an id token, whatever its permissions.";
function noIdentity$1(job) {
	return new Problem({
		code: "no-identity",
		what: "There is nothing this job could prove its identity with: no id token from GitHub and no `azure-client-id`.",
		fix: "Give the job one of the two ways below.",
		details: [job.fromFork ? `GitHub's id token: not for a pull request from a fork. ${onlyOwnPullRequests}` : "GitHub's id token, on any runner: add the permissions below to the job; where it belongs to a reusable workflow, the job that calls it must grant them too.", "A managed identity, on a self-hosted runner on an Azure VM: give `azure-client-id` for a user-assigned identity, or `join-method: azure` for the system-assigned one."],
		...job.fromFork ? {} : { paste: permissions }
	});
}

// src/cluster/version.ts
/**
* The tbot that is to be fetched; undefined where the workflow brings its own. `auto` is what the
* proxy itself runs.
*/
function versionWanted(wanted, cluster) {
	switch (wanted.kind) {
		case "auto": return cluster.serverVersion;
		case "exact": return wanted.version;
		case "installed": return;
		default: return wanted;
	}
}
/**
* Holds a tbot against its cluster: a server takes clients of its own major and of older ones down
* to `min_client_version`, never newer majors (Teleport, Upgrading: component compatibility).
* Throws a Problem `version`. `chosenBy` is the input that chose this tbot.
*/
function checkVersion(version, cluster, chosenBy) {
	const tbot = parseVersion(version);
	const server = parseVersion(cluster.serverVersion);
	const oldest = parseVersion(cluster.minClientVersion ?? "");
	if (!tbot || !server) throw unreadable(tbot ? cluster.serverVersion : version);
	if (tbot.major > server.major) throw unfit(version, cluster, chosenBy, `the cluster runs ${cluster.serverVersion}, and no Teleport serves a newer major version than its own`);
	if (oldest && compareVersions(tbot, oldest) < 0) throw unfit(version, cluster, chosenBy, `the cluster takes none older than ${cluster.minClientVersion}`);
}
function unfit(version, cluster, chosenBy, why) {
	return new Problem({
		code: "version",
		what: `tbot ${version} does not fit the cluster ${cluster.name}: ${why}.`,
		fix: chosenBy === "version" ? `Write \`version: ${cluster.serverVersion}\`, or leave \`version\` out to follow the cluster.` : `Install tbot ${cluster.serverVersion} there, or leave \`tbot-path\` and \`version\` out to have it fetched.`
	});
}
function unreadable(version) {
	return new Problem({
		code: "version",
		what: `\`${version}\` is not a version of Teleport.`,
		fix: "Write an exact `version` such as `18.2.4`."
	});
}

// src/install/checksum.ts
/**
* The digest for a file in a published checksum: `<hex>  <name>` lines as `shasum -c` takes them
* (Teleport publishes `<archive>.sha256` with one), or the digest alone. Lower case; undefined when
* there is none for this file.
*/
function parseChecksumFile(text, file) {
	for (const line of text.split("\n")) {
		const [, digest, name] = /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i.exec(line) ?? [];
		if (digest === void 0) continue;
		if (name === void 0 || name.split("/").at(-1) === file) return digest.toLowerCase();
	}
}

// src/install/tar-header.ts
/** An archive that can't be what it should be; the message is a clause about it. */
var BadArchive = class extends Error {
	name = "BadArchive";
};
/**
* Reads a header block ("ustar Interchange Format", POSIX pax; GNU's numbers in base 256); undefined
* for a block of zeros, which ends an archive. Throws a BadArchive.
*/
function parseHeader(block) {
	if (block.every((byte) => byte === 0)) return void 0;
	if (numberAt(block, 148, 8) !== checksumOf(block)) throw new BadArchive("a header is damaged");
	const prefix = isUstar(block) ? textAt(block, 345, 155) : "";
	const name = textAt(block, 0, 100);
	return {
		name: prefix === "" ? name : `${prefix}/${name}`,
		type: decode(block.subarray(156, 157)).replace("\0", "0"),
		size: numberAt(block, 124, 12),
		linkName: textAt(block, 157, 100)
	};
}
/** GNU tar puts other things where POSIX has the prefix, and marks that by two spaces. */
function isUstar(block) {
	return textAt(block, 257, 6) === "ustar" && textAt(block, 263, 2) === "00";
}
function checksumOf(block) {
	let sum = 256;
	for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
	return sum;
}
function textAt(block, offset, length) {
	const field = block.subarray(offset, offset + length);
	const end = field.indexOf(0);
	return decode(end < 0 ? field : field.subarray(0, end));
}
/** UTF-8; what is not UTF-8 becomes U+FFFD, and matches no name that is wanted. */
function decode(bytes) {
	return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
function numberAt(block, offset, length) {
	const field = block.subarray(offset, offset + length);
	const [first = 0, ...others] = field;
	if (first >= 128) return base256([first & 127, ...others]);
	const digits = decode(field).replaceAll("\0", " ").trim();
	if (!/^[0-7]*$/.test(digits)) throw new BadArchive("a number in a header is none");
	return Number.parseInt(`0${digits}`, 8);
}
function base256(digits) {
	const value = digits.reduce((sum, digit) => sum * 256 + digit, 0);
	if (value > Number.MAX_SAFE_INTEGER) throw new BadArchive("a size in a header is absurd");
	return value;
}

// src/install/problems.ts
/** The Problem behind a download that did not come about; anything unforeseen is handed back. */
function downloadFailed(url, error) {
	if (error instanceof StatusError) return answered(url, error);
	if (error instanceof NetworkError) return notFetched(url, error);
	if (error instanceof BadArchive) return badArchive(url, error);
	const code = codeOf(error) ?? "";
	return /^E[A-Z]+$/.test(code) ? notWritten(code, error) : error;
}
function answered(url, error) {
	const { status } = error;
	return new Problem({
		code: "download",
		what: status === 404 || status === 403 ? `There is no ${url} (status ${status}).` : `tbot could not be downloaded: ${url} answers with status ${status}.`,
		fix: status === 404 || status === 403 ? "Write an exact `version` that was released, or correct `mirror`." : "Run the job again later, or name another `mirror`.",
		cause: error
	});
}
function notFetched(url, error) {
	return new Problem({
		code: "download",
		what: `tbot could not be downloaded from ${url}: ${error.message}.`,
		fix: error.kind === "untrusted" ? "Give the PEM file of the authority as `extra-ca-file`, if that authority is yours." : "Let the runner out to that address, name a `mirror` that it reaches, or bring tbot by `tbot-path`.",
		cause: error
	});
}
function notWritten(code, cause) {
	return new Problem({
		code: "download",
		what: code === "ENOSPC" || code === "EDQUOT" ? "tbot could not be downloaded: there is no space left in the folder for temporary files." : `tbot could not be written into the folder for temporary files (${code}).`,
		fix: "Make room there for 150 MB, or bring tbot by `tbot-path`.",
		cause
	});
}
function webPage(url) {
	return new Problem({
		code: "download",
		what: `tbot could not be downloaded: ${url} answers with a web page.`,
		fix: "Correct `mirror`, or let the runner out to that address without a login page in between."
	});
}
function noChecksum(url) {
	return new Problem({
		code: "checksum",
		what: `No checksum is published at ${url}.sha256.`,
		fix: "Put it there, or give the digest of the archive as `checksum`."
	});
}
function otherChecksum(url, digest, wanted, pinned) {
	return new Problem({
		code: "checksum",
		what: `${url} is not the archive that ${pinned ? "`checksum`" : "its published checksum"} names; it was thrown away.`,
		fix: pinned ? "Find out which of the two is right before you change `checksum`." : "Run the job again; if it stays so, do not trust that site.",
		details: [`got:    sha256:${digest}`, ...wanted.map((pin) => `wanted: sha256:${pin}`)]
	});
}
function badArchive(url, flaw) {
	return new Problem({
		code: "archive",
		what: `${url} is not an archive of Teleport that can be unpacked: ${flaw.message}.`,
		fix: "Use the archive that Teleport publishes, or correct `mirror` and `version`.",
		cause: flaw
	});
}

// src/install/bytes.ts
/** Cuts a stream of chunks into the pieces that a reader asks for, without copying the large ones. */
var Bytes = class {
	#source;
	#rest = /* @__PURE__ */ new Uint8Array(0);
	#left;
	/** `most` bytes are handed out at the most; asking for more throws a BadArchive. */
	constructor(source, most) {
		this.#source = source[Symbol.asyncIterator]();
		this.#left = most;
	}
	/** Exactly so many bytes in one piece; undefined when the stream ended right here. */
	async piece(length) {
		const parts = [];
		let missing = length;
		while (missing > 0) {
			const part = await this.#next(missing);
			if (part === void 0 && parts.length === 0) return void 0;
			if (part === void 0) throw truncated();
			parts.push(part);
			missing -= part.length;
		}
		const [only] = parts;
		return parts.length === 1 && only ? only : Buffer.concat(parts);
	}
	/** Exactly so many bytes, as they come. */
	async *run(length) {
		for (let missing = length; missing > 0;) {
			const part = await this.#next(missing);
			if (part === void 0) throw truncated();
			missing -= part.length;
			yield part;
		}
	}
	async skip(length) {
		for await (const part of this.run(length));
	}
	/** Between one and `most` bytes, undefined at the end. */
	async #next(most) {
		while (this.#rest.length === 0) {
			const next = await this.#source.next();
			if (next.done) return void 0;
			this.#rest = next.value;
		}
		const part = this.#rest.subarray(0, most);
		this.#rest = this.#rest.subarray(part.length);
		this.#left -= part.length;
		if (this.#left < 0) throw new BadArchive("it unpacks to far more than a release of Teleport");
		return part;
	}
};
function truncated() {
	return new BadArchive("it ends too early");
}

// src/install/pax.ts
/**
* Reads the records `<length> <key>=<value>` of a pax header ("pax Extended Header", POSIX pax).
* A global header may not name or size members here: no honest one does. Throws a BadArchive.
*/
function parsePax(bytes, reach) {
	let extension = {};
	for (let offset = 0; offset < bytes.length;) {
		const space = bytes.indexOf(32, offset);
		const length = lengthOf(decode(bytes.subarray(offset, Math.max(space, offset))));
		const end = offset + length;
		if (end > bytes.length || end <= space + 1 || bytes[end - 1] !== 10) throw broken();
		const record = decode(bytes.subarray(space + 1, end - 1));
		const equals = record.indexOf("=");
		if (equals < 1) throw broken();
		extension = {
			...extension,
			...recordOf(record.slice(0, equals), record.slice(equals + 1))
		};
		offset = end;
	}
	if (reach === "global" && Object.keys(extension).length > 0) throw new BadArchive("a global header names or sizes its members");
	return extension;
}
function lengthOf(digits) {
	if (!/^[1-9]\d{0,8}$/.test(digits)) throw broken();
	return Number(digits);
}
function recordOf(key, value) {
	if (key.startsWith("GNU.sparse.")) throw new BadArchive("it holds a sparse file");
	if (key === "path") return { path: value };
	if (key === "linkpath") return { linkName: value };
	if (key !== "size") return {};
	const size = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
	if (!Number.isSafeInteger(size)) throw new BadArchive("a size in a header is absurd");
	return { size };
}
function broken() {
	return new BadArchive("an extended header is damaged");
}
/** A header with what was said about it in front. */
function extended(header, extension) {
	return {
		type: header.type,
		name: extension.path ?? header.name,
		size: extension.size ?? header.size,
		linkName: extension.linkName ?? header.linkName
	};
}

// src/install/tar.ts
/** Far above any release of Teleport (561 MB, some hundred members). */
const tarLimits = {
	bytes: 4 * 2 ** 30,
	members: 2e4,
	extension: 2 ** 20
};
/**
* Reads a tar archive member by member, and trusts nothing in it: names that lead outside, devices,
* links that lead outside, sparse files, damaged or contradictory headers, a missing end and
* absurd sizes are a BadArchive.
*/
async function* readTar(source, limits = tarLimits) {
	const bytes = new Bytes(source, limits.bytes);
	for (let count = 1;; count += 1) {
		if (count > limits.members) throw new BadArchive("it has far too many members");
		const header = await nextHeader(bytes);
		if (!header) return;
		const kind = kindOf(header);
		const name = safeName(header.name);
		if (kind === "link") checkLink(name, header);
		let left = header.size;
		const content = counted(bytes.run(header.size), (length) => left -= length);
		yield {
			name,
			kind,
			size: header.size,
			content
		};
		await bytes.skip(left + padding(header.size));
	}
}
async function* counted(parts, count) {
	for await (const part of parts) {
		count(part.length);
		yield part;
	}
}
/** The header of the next member, with the extensions that stand before it. */
async function nextHeader(bytes) {
	let extension;
	for (;;) {
		const block = await bytes.piece(512);
		if (!block) throw new BadArchive("it ends too early");
		const header = parseHeader(block);
		if (!header && extension) throw new BadArchive("its last header is about nothing");
		if (!header) return void 0;
		const more = await extensionOf(header, bytes);
		if (!more) return extended(header, extension ?? {});
		if (Object.keys(more).some((key) => extension && key in extension)) throw new BadArchive("two headers contradict each other");
		extension = header.type === "g" ? extension : {
			...extension,
			...more
		};
	}
}
async function extensionOf(header, bytes) {
	if (![
		"x",
		"g",
		"L",
		"K"
	].includes(header.type)) return void 0;
	if (header.size > tarLimits.extension) throw new BadArchive("an extended header is absurdly long");
	const content = header.size > 0 ? await bytes.piece(header.size) : /* @__PURE__ */ new Uint8Array(0);
	if (!content) throw new BadArchive("it ends too early");
	await bytes.skip(padding(header.size));
	const line = decode(content).replace(/\0.*$/s, "");
	switch (header.type) {
		case "L": return { path: line };
		case "K": return { linkName: line };
		default: return parsePax(content, header.type === "x" ? "next" : "global");
	}
}
function padding(size) {
	return (512 - size % 512) % 512;
}
function kindOf({ type, name, size }) {
	if (type === "0" || type === "7") {
		if (!name.endsWith("/")) return "file";
		if (size === 0) return "directory";
	}
	if (size !== 0 && "123456".includes(type)) throw new BadArchive("a member that has no content has a size");
	if (type === "5") return "directory";
	if (type === "1" || type === "2") return "link";
	if ("346".includes(type)) throw new BadArchive("it holds a device");
	if (type === "S") throw new BadArchive("it holds a sparse file");
	throw new BadArchive("it holds a member of an unknown kind");
}
/** Throws for a name that leads out of the folder in which an archive is unpacked. */
function safeName(name) {
	const parts = name.split(/[/\\]/);
	if (/^([/\\]|[a-z]:)/i.test(name) || parts.includes("..") || name.includes("\0")) throw new BadArchive("the name of a member leads outside");
	return parts.filter((part) => part !== "" && part !== ".").join("/");
}
/** A symbolic link counts from its own folder, a hard link from the top. */
function checkLink(name, { type, linkName }) {
	let depth = type === "2" ? name.split("/").length - 1 : 0;
	if (linkName.split(/[/\\]/).some((part) => {
		if (part === "..") depth -= 1;
		else if (part !== "" && part !== ".") depth += 1;
		return depth < 0;
	}) || /^([/\\]|[a-z]:)/i.test(linkName)) throw new BadArchive("it holds a link that leads outside");
}

// src/install/unpack.ts
/** More than any program of a release (teleport itself has 241 MB). */
const largestProgram = 2 ** 30;
/**
* Takes the wanted members (name in the archive -> file) out of a tar stream and stops reading when
* the last one is there. The files must not exist; they become 0700. Throws a BadArchive, or what
* the file system says.
*/
async function unpack(source, wanted) {
	const seen = /* @__PURE__ */ new Set();
	for await (const member of readTar(source)) {
		const file = wanted.get(member.name);
		if (file === void 0) {
			refuseParentThatIsNoFolder(member, wanted);
			continue;
		}
		if (seen.has(member.name)) throw new BadArchive(`it holds \`${member.name}\` twice`);
		if (member.kind !== "file") throw new BadArchive(`\`${member.name}\` in it is a ${member.kind}`);
		if (member.size > largestProgram) throw new BadArchive(`\`${member.name}\` in it is absurdly large`);
		seen.add(member.name);
		await write(file, member);
		if (seen.size === wanted.size) return;
	}
	const missing = [...wanted.keys()].filter((name) => !seen.has(name));
	throw new BadArchive(`there is no \`${missing.join("` and no `")}\` in it`);
}
function refuseParentThatIsNoFolder(member, wanted) {
	if (member.kind === "directory") return;
	for (const name of wanted.keys()) if (name.startsWith(`${member.name}/`)) throw new BadArchive(`the folder \`${member.name}\` in it is a ${member.kind}`);
}
async function write(file, member) {
	const handle = await open(file, "wx", 448);
	try {
		await handle.chmod(448);
		for await (const chunk of member.content) await writeAll(handle, chunk);
	} finally {
		await handle.close();
	}
}
async function writeAll(handle, chunk) {
	for (let offset = 0; offset < chunk.length;) {
		const { bytesWritten } = await handle.write(chunk, offset);
		offset += bytesWritten;
	}
}

// src/install/stream.ts
/** Larger than any release archive (150 to 250 MB). */
const largestArchive = 2 ** 30;
/**
* Hashes and unpacks a gzipped tar archive in one pass. Unpacking stops when the wanted members are
* out, hashing goes on to the end. Throws what the source throws, and what the file system says.
*/
async function streamArchive(source, wanted) {
	const hash = createHash("sha256");
	const gunzip = createGunzip({ chunkSize: 262144 });
	const unpacked = settle(unpack(decompressed(gunzip), wanted).finally(() => gunzip.destroy()));
	let length = 0;
	try {
		for await (const chunk of source) {
			length += chunk.length;
			if (length > largestArchive) throw new BadArchive("it is far larger than a release");
			hash.update(chunk);
			await feed(gunzip, chunk);
		}
		if (!gunzip.destroyed) gunzip.end();
	} catch (error) {
		gunzip.destroy();
		await unpacked;
		throw error;
	}
	const outcome = await unpacked;
	if (outcome !== void 0 && !(outcome instanceof BadArchive)) throw outcome;
	return {
		digest: hash.digest("hex"),
		flaw: outcome
	};
}
/** The error of a promise, or undefined: it must be looked at later, and not be lost till then. */
async function settle(work) {
	try {
		await work;
		return;
	} catch (error) {
		return error;
	}
}
/** Waits while the other side is busy; one that wants no more is done. */
async function feed(gunzip, chunk) {
	if (gunzip.destroyed || gunzip.write(chunk)) return;
	await new Promise((resolve) => {
		const go = () => {
			gunzip.off("drain", go).off("close", go);
			resolve();
		};
		gunzip.on("drain", go).on("close", go);
	});
}
/** What comes out; that it does not decompress is said as a BadArchive. */
async function* decompressed(gunzip) {
	gunzip.on("error", () => void 0);
	try {
		for await (const chunk of gunzip) if (chunk instanceof Uint8Array) yield chunk;
	} catch (cause) {
		throw new BadArchive("it is not a whole gzip archive", { cause });
	}
}

// src/install/download.ts
const usualPatience = {
	attempts: 3,
	pause: 1e3,
	longest: 6e4
};
/**
* Fetches a release archive and gives the path of the tbot in it, once the checksum agrees. Throws
* a Problem `download`, `checksum` or `archive`, or the reason of the signal.
*/
async function download(wanted) {
	const url = `${wanted.site}/${wanted.release.archive}`;
	const { signal, info, patience = usualPatience } = wanted;
	try {
		return await persist(patience, signal, () => attempt(wanted, url), (error, wait) => info(`${error.message}; trying again in ${Math.ceil(wait / 1e3)} s.`));
	} catch (error) {
		throw signal.aborted ? error : downloadFailed(url, error);
	}
}
async function attempt(wanted, url) {
	const part = join(wanted.directory, `.tbot-${randomUUID()}`);
	try {
		const { streamed, digests } = await pass(wanted, url, part);
		if (!digests.includes(streamed.digest)) throw otherChecksum(url, streamed.digest, digests, wanted.pins !== void 0);
		if (streamed.flaw) throw badArchive(url, streamed.flaw);
		const path = join(wanted.directory, "tbot");
		await rename(part, path);
		return path;
	} finally {
		await rm(part, { force: true });
	}
}
async function pass(wanted, url, part) {
	const published = wanted.pins ?? publishedDigest(wanted, url);
	Promise.resolve(published).catch(() => void 0);
	const reply = await open$1(wanted, url);
	try {
		const digests = await published;
		const members = /* @__PURE__ */ new Map([[wanted.release.tbot, part]]);
		return {
			streamed: await streamArchive(reply.body, members),
			digests
		};
	} finally {
		reply.discard();
	}
}
async function publishedDigest(wanted, url) {
	const reply = await get$1(wanted, `${url}.sha256`);
	if (reply.status === 404) {
		reply.discard();
		throw noChecksum(url);
	}
	const digest = parseChecksumFile(await (await ok(reply)).text(65536), wanted.release.archive);
	if (digest === void 0) throw noChecksum(url);
	return [digest];
}
async function open$1(wanted, url) {
	const reply = await ok(await get$1(wanted, url));
	if (!/^text\/html/i.test(reply.headers["content-type"] ?? "")) return reply;
	reply.discard();
	throw webPage(url);
}
function get$1(wanted, url) {
	const options = {
		signal: wanted.signal,
		redirects: 5
	};
	return wanted.network.get(url, options);
}
async function ok(reply) {
	if (reply.status === 200) return reply;
	reply.discard();
	const wait = parseRetryAfter(reply.headers["retry-after"], Date.now());
	throw new StatusError(`${new URL(reply.url).host} answers with status ${reply.status}`, reply.status, wait);
}

// src/install/installed.ts
/**
* The tbot on PATH. An entry that is not absolute is passed over: it would mean the folder of the
* checkout, which belongs to whoever wrote the pull request. Throws a Problem `tbot`.
*/
async function findInstalled(env, platform) {
	const name = platform === "win32" ? "tbot.exe" : "tbot";
	const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
	for (const folder of folders) {
		const path = join(folder, name);
		if (await isProgram$1(path)) return path;
	}
	throw new Problem({
		code: "tbot",
		what: "There is no tbot on PATH, and `version: installed` takes no other.",
		fix: "Install tbot on the runner, or leave `version` out to have it downloaded."
	});
}
async function isProgram$1(path) {
	try {
		await access(path, constants.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}

// src/install/release.ts
/** Where Teleport's archives lie (lib/autoupdate; TELEPORT_CDN_BASE_URL in its updater). */
const publicSite = "https://cdn.teleport.dev";
const linuxArchitectures = {
	x64: "amd64",
	arm64: "arm64",
	arm: "arm",
	ia32: "386"
};
/**
* The archive that holds tbot for a machine; undefined where Teleport publishes none. Names and
* layout: lib/autoupdate, lib/web/scripts/oneoff/oneoff.sh and build.assets/install of Teleport.
* FIPS builds exist for Linux and enterprise only; Windows has one build of the client tools.
*/
function releaseFor(build) {
	const product = build.edition === "enterprise" || build.fips ? "teleport-ent" : "teleport";
	const tarball = (system) => ({
		archive: `${product}-v${build.version}-${system}-bin.tar.gz`,
		format: "tar.gz",
		tbot: `${product}/tbot`
	});
	switch (build.platform) {
		case "linux": {
			const arch = linuxArchitectures[build.arch];
			return arch === void 0 ? void 0 : tarball(`linux-${arch}${build.fips ? "-fips" : ""}`);
		}
		case "darwin": return build.fips ? void 0 : tarball("darwin-universal");
		case "win32": return build.fips ? void 0 : windowsRelease(build.version);
		default: return;
	}
}
function windowsRelease(version) {
	return {
		archive: `teleport-v${version}-windows-amd64-bin.zip`,
		format: "zip",
		tbot: "tbot.exe"
	};
}

// src/install/brief.ts
const mostOutput = 65536;
/**
* Runs a command that should be over at once, without input, and leaves none of its processes
* behind. Throws what `spawn` says when it can't be started, or the reason of the signal.
*/
async function runBriefly(path, args, options) {
	options.signal.throwIfAborted();
	const child = spawn(path, args, {
		env: options.env,
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		detached: process.platform !== "win32",
		windowsHide: true
	});
	const outputs = [collect$2(child.stdout), collect$2(child.stderr)];
	let late = false;
	const end = () => endGroup$1(child);
	const timer = setTimeout(() => {
		late = true;
		end();
	}, options.milliseconds);
	options.signal.addEventListener("abort", end, { once: true });
	try {
		const [exitCode, killedBy] = await exitOf$1(child);
		end();
		const [stdout, stderr] = await outputOf(child, outputs);
		options.signal.throwIfAborted();
		return {
			stdout,
			stderr,
			exitCode,
			killedBy,
			late
		};
	} finally {
		clearTimeout(timer);
		options.signal.removeEventListener("abort", end);
	}
}
function exitOf$1(child) {
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("exit", (code, killedBy) => resolve([code ?? void 0, killedBy ?? void 0]));
	});
}
/** A process that left the group could hold the pipes open for ever: it is not waited for. */
async function outputOf(child, outputs) {
	const enough = setTimeout(() => {
		child.stdout.destroy();
		child.stderr.destroy();
	}, 1e3);
	try {
		return await Promise.all(outputs);
	} finally {
		clearTimeout(enough);
	}
}
function endGroup$1(child) {
	if (child.pid === void 0) return;
	try {
		if (process.platform === "win32") child.kill();
		else process.kill(-child.pid, "SIGKILL");
	} catch {}
}
async function collect$2(stream) {
	let text = "";
	stream.setEncoding("utf8");
	stream.on("data", (chunk) => {
		text = `${text}${chunk}`.slice(0, mostOutput);
	});
	stream.on("error", () => void 0);
	await once(stream, "close");
	return text;
}

// src/install/binary.ts
/** The header and the program headers of any program lie within so many bytes. */
const headSize = 8192;
const elfMachines = {
	3: "ia32",
	40: "arm",
	62: "x64",
	183: "arm64",
	243: "riscv64",
	22: "s390x",
	21: "ppc64",
	258: "loong64"
};
const machO = /* @__PURE__ */ new Set([
	4277009102,
	4277009103,
	3472551422,
	3489328638,
	3405691582
]);
/** Reads the beginning of a file; never throws, whatever is in it. */
function readBinary(head) {
	if (head.length === 0) return { kind: "empty" };
	const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
	const magic = head.length >= 4 ? view.getUint32(0) : 0;
	if (magic === 2135247942) return readElf(view);
	if (machO.has(magic)) return { kind: "mach-o" };
	if (magic >>> 16 === 19802) return { kind: "pe" };
	if (magic >>> 16 === 8075) return { kind: "gzip" };
	const text = new TextDecoder().decode(head.subarray(0, 512));
	if (text.startsWith("#!")) return { kind: "script" };
	return { kind: /^\s*<(!doctype|html|\?xml|head)/i.test(text) ? "page" : "unknown" };
}
/** ELF header and program headers (elf(5)). */
function readElf(view) {
	if (view.byteLength < 64) return { kind: "unknown" };
	const wide = view.getUint8(4) === 2;
	const little = view.getUint8(5) === 1;
	const number = (offset) => wide ? Number(view.getBigUint64(offset, little)) : view.getUint32(offset, little);
	const interpreter = programHeaders(view, wide, little, number(wide ? 32 : 28)).find((at) => view.getUint32(at, little) === ptInterp);
	return {
		kind: "elf",
		arch: elfMachines[view.getUint16(18, little)],
		loader: interpreter === void 0 ? void 0 : {
			offset: number(interpreter + (wide ? 8 : 4)),
			size: number(interpreter + (wide ? 32 : 16))
		}
	};
}
const ptInterp = 3;
/** The offsets of those program headers that lie within what was read. */
function programHeaders(view, wide, little, start) {
	const size = view.getUint16(wide ? 54 : 42, little);
	const count = view.getUint16(wide ? 56 : 44, little);
	if (size < (wide ? 56 : 32)) return [];
	return Array.from({ length: count }, (_, index) => start + index * size).filter((at) => at + size <= view.byteLength);
}

// src/install/look.ts
/**
* Looks at a file before it is started: a web page, a folder, or a program for another machine give
* no error that a user could understand, or are handed to a shell. Gives what is wrong with it.
*/
async function lookAt(path, machine) {
	const found = await statOf(path);
	if (typeof found === "string") return found;
	if (found.isDirectory()) return "it is a folder";
	if (!found.isFile()) return "it is not a file";
	if (machine.platform !== "win32" && (found.mode & 73) === 0) return "it is not executable (chmod +x is missing)";
	const head = await readHead(path);
	return head === void 0 ? mayRun(path) : misfit(head.binary, head.loader, machine) ?? mayRun(path);
}
async function statOf(path) {
	try {
		return await stat(path);
	} catch (error) {
		const code = codeOf(error);
		if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
		if (code === "EACCES") return "this user may not look into its folder";
		if (code === "ELOOP") return "it is a link to itself";
		throw error;
	}
}
async function readHead(path) {
	let handle;
	try {
		handle = await open(path, "r");
	} catch (error) {
		if (codeOf(error) === "EACCES") return void 0;
		throw error;
	}
	try {
		const binary = readBinary(await bytesAt(handle, 0, headSize));
		const where = binary.kind === "elf" ? binary.loader : void 0;
		if (!where || where.size > 4096) return {
			binary,
			loader: void 0
		};
		const loader = (await bytesAt(handle, where.offset, where.size)).toString().replace(/\0.*$/s, "");
		return {
			binary,
			loader: {
				path: loader,
				present: await exists(loader)
			}
		};
	} finally {
		await handle.close();
	}
}
async function bytesAt(handle, offset, size) {
	const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
	return buffer.subarray(0, bytesRead);
}
async function exists(path) {
	try {
		await access(path);
		return true;
	} catch {
		return false;
	}
}
const kindOnPlatform = {
	darwin: "mach-o",
	win32: "pe"
};
/** A machine also runs the programs of these. */
const alsoRuns = {
	x64: "ia32",
	arm64: "arm"
};
function misfit(binary, loader, { platform, arch }) {
	if (binary.kind === "empty") return "it is empty";
	if (binary.kind === "page") return "it is a web page, not a program";
	if (binary.kind === "gzip") return "it is an archive; unpack it first";
	if (binary.kind === "script" && platform !== "win32") return void 0;
	if (binary.kind !== (kindOnPlatform[platform] ?? "elf")) return `it is not a program for this system (${platform} ${arch})`;
	if (binary.kind !== "elf") return void 0;
	if (binary.arch !== arch && binary.arch !== alsoRuns[arch]) return `it is a program for ${binary.arch ?? "another processor"}, and this machine is ${arch}`;
	if (loader && !loader.present) return `it needs the loader ${loader.path}, which this system does not have (Alpine and other systems with musl can not run it)`;
}
/** The kernel's own word: it also knows of mounts with noexec. */
async function mayRun(path) {
	try {
		await access(path, constants$1.X_OK);
		return;
	} catch (error) {
		if (codeOf(error) !== "EACCES") throw error;
		return "this user may not execute it, or its file system is mounted noexec";
	}
}

// src/install/tool.ts
/** Milliseconds. It answers at once; a slow disk that has to read 87 MB first is allowed for. */
const usualDeadline = 2e4;
const fixes = {
	"tbot-path": "Correct `tbot-path`, or leave it out to have tbot downloaded.",
	installed: "Put a working tbot on PATH, or leave `version: installed` out to have it downloaded.",
	archive: "Bring a tbot that runs on this machine by `tbot-path`."
};
/**
* The version of a tbot, asked by running `tbot version` (`Teleport v15.0.0-dev git: go1.26.8`;
* `Teleport Enterprise v18.2.4 ...`). Throws a Problem `tbot` when it can not be run or is none.
*/
async function versionOf({ path, source }, asked) {
	const flaw = await lookAt(path, asked.machine);
	if (flaw !== void 0) throw unusable$1(path, source, flaw);
	const ended = await run(path, source, asked);
	const found = /v(\d+\.\d+\.\d+\S*)/.exec(ended.stdout)?.[1];
	const version = found === void 0 ? void 0 : parseVersion(found);
	if (version && ended.exitCode === 0) return formatVersion(version);
	throw unusable$1(path, source, howItEnded(ended), ended);
}
async function run(path, source, asked) {
	const { env, signal, deadline = usualDeadline } = asked;
	try {
		return await runBriefly(path, ["version"], {
			env: smallest(env),
			milliseconds: deadline,
			signal
		});
	} catch (error) {
		if (signal.aborted) throw error;
		throw unusable$1(path, source, notStarted$1(error));
	}
}
const wanted = [
	"PATH",
	"HOME",
	"TMPDIR",
	"TEMP",
	"TMP",
	"SystemRoot",
	"RUNNER_TRACKING_ID"
];
/** A program that is not known yet sees nothing that is secret. */
function smallest(env) {
	return Object.fromEntries(wanted.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
function notStarted$1(error) {
	const code = codeOf(error);
	if (code === "ENOENT") return "the interpreter or loader that it names is missing";
	if (code === "ETXTBSY") return "somebody is writing to it";
	if (code === "EACCES") return "this user may not execute it, or its file system is mounted noexec";
	return `the system refuses to start it (${code ?? "for no reason given"})`;
}
function howItEnded(ended) {
	if (ended.late) return "`tbot version` did not end in time";
	if (ended.killedBy) return `\`tbot version\` was ended by ${ended.killedBy}`;
	if (ended.exitCode !== 0) return `\`tbot version\` ended with exit code ${ended.exitCode}`;
	return "`tbot version` names no version";
}
function unusable$1(path, source, why, ended) {
	const log = `${ended?.stdout ?? ""}\n${ended?.stderr ?? ""}`.split("\n").map((line) => line.slice(0, 500)).filter((line) => line.trim() !== "");
	return new Problem({
		code: "tbot",
		what: `${path} can not be used as tbot: ${why}.`,
		fix: fixes[source],
		log: log.slice(-20)
	});
}

// src/install/install.ts
/**
* Comes by tbot the way the inputs say, and lets none pass that can not run here or does not fit
* the cluster. Throws a Problem `version`, `tbot`, `platform`, `download`, `checksum` or `archive`,
* or the reason of the signal.
*/
async function install(request) {
	const { inputs, cluster } = request;
	const wanted = versionWanted(inputs.version, cluster);
	if (wanted !== void 0) checkVersion(wanted, cluster, "version");
	const found = await obtain(request, wanted);
	const version = await versionOf(found, {
		...request,
		machine: request
	});
	if (wanted !== void 0 && (inputs.version.kind === "exact" || found.source === "archive")) checkSame(version, wanted, found);
	checkVersion(version, cluster, found.source === "tbot-path" ? "tbot-path" : "version");
	return {
		...found,
		version
	};
}
async function obtain(request, wanted) {
	const { inputs, env, platform } = request;
	if (inputs.tbotPath !== void 0) {
		const base = env["GITHUB_WORKSPACE"] ?? "";
		return {
			path: resolve(base, inputs.tbotPath),
			source: "tbot-path"
		};
	}
	if (wanted === void 0) return {
		path: await findInstalled(env, platform),
		source: "installed"
	};
	return {
		path: await fetchArchive(request, wanted),
		source: "archive"
	};
}
async function fetchArchive(request, version) {
	const { inputs, runner, patience } = request;
	const release = releaseHere(request, version);
	const site = inputs.mirror ?? "https://cdn.teleport.dev";
	runner.info(`Downloading tbot ${version}: ${site}/${release.archive}`);
	return download({
		release,
		site,
		pins: inputs.checksum,
		directory: request.directory,
		network: request.network,
		signal: request.signal,
		info: (line) => runner.info(line),
		...patience && { patience }
	});
}
function releaseHere({ cluster, platform, arch }, version) {
	const fips = cluster.fips && platform === "linux";
	const release = releaseFor({
		version,
		edition: cluster.edition,
		fips,
		platform,
		arch
	});
	if (release?.format === "tar.gz") return release;
	throw new Problem({
		code: "platform",
		what: `tbot can not be downloaded for ${platform} on ${arch}.`,
		fix: "Install tbot on the runner, and give its path as `tbot-path`."
	});
}
function checkSame(version, wanted, { path, source }) {
	const plain = parseVersion(wanted);
	if (plain && formatVersion(plain) === version) return;
	throw new Problem({
		code: "version",
		what: `${path} is tbot ${version}, and ${wanted} was wanted.`,
		fix: source === "tbot-path" ? `Write \`version: ${version}\`, or put tbot ${wanted} there.` : `Check that \`mirror\` serves what its names say.`
	});
}

// src/tbot/versions.ts
/** The spelling for a tbot of a version like `18.2.4` or `15.0.0-dev`. */
function spellingOf(version) {
	const major = Number.parseInt(version, 10);
	return {
		address: major >= 16 ? "proxy_server" : "auth_server",
		services: major >= 17 ? "services" : "outputs",
		ttl: major >= 18 ? "credential_ttl" : "certificate_ttl"
	};
}

// src/tbot/config.ts
/**
* The oneshot config for a tbot of the given version: one join, memory storage, nothing kept.
*/
function tbotConfig(request) {
	const spelling = spellingOf(request.version);
	return {
		version: "v2",
		[spelling.address]: request.proxy,
		onboarding: onboarding(request),
		storage: { type: "memory" },
		oneshot: true,
		[spelling.ttl]: formatDuration(request.ttl),
		[spelling.services]: request.services.map(({ service, dir }) => ({
			type: service.type,
			destination: {
				type: "directory",
				path: dir
			},
			...settingsOf(service)
		}))
	};
}
function onboarding({ token, identity }) {
	const common = {
		join_method: identity.method,
		token
	};
	switch (identity.method) {
		case "github": return common;
		case "azure": return identity.clientId === void 0 ? common : {
			...common,
			azure: { client_id: identity.clientId }
		};
		default: return identity;
	}
}
function settingsOf(service) {
	switch (service.type) {
		case "identity": return service.allowReissue ? { allow_reissue: true } : {};
		default: return service.type;
	}
}
/**
* The config as YAML that readers of 1.1, of 1.2 and of Go's mixture understand alike: every text is
* in quotes, because what is a number, a date or a boolean without them depends on the reader.
*/
async function renderConfig(config) {
	const { stringify } = await import("./dist.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	return stringify(config, {
		defaultStringType: "QUOTE_DOUBLE",
		defaultKeyType: "PLAIN",
		lineWidth: 0
	});
}

// src/tbot/environment.ts
/** Metadata services of the clouds: link-local addresses that no HTTP proxy can reach. */
const metadataAddresses = [
	"169.254.169.254",
	"metadata.google.internal",
	"169.254.170.2",
	"169.254.170.23"
];
const inherited = /* @__PURE__ */ new Set([
	"PATH",
	"HOME",
	"TMPDIR",
	"TMP",
	"TEMP",
	"USERPROFILE",
	"SYSTEMROOT",
	"LANG",
	"LANGUAGE",
	"LC_ALL",
	"LC_CTYPE",
	"LC_MESSAGES",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"ALL_PROXY",
	"NO_PROXY",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR",
	"RUNNER_TRACKING_ID",
	"TBOT_USE_PROXY_ADDR"
]);
/**
* The environment that tbot is started with: what is listed here and nothing else. Variables such as
* TELEPORT_PROXY or TELEPORT_BOT_TOKEN override the config file (tool/tbot, lib/tbot/cli), and
* INPUT_* or secrets of the job are none of its business.
*/
function tbotEnvironment(request) {
	const names = Object.keys(request.env).filter((name) => inherited.has(name.toUpperCase()));
	return {
		...withoutMetadata(pick(request.env, names)),
		...proofSources(request),
		...request.caBundle === void 0 ? {} : { SSL_CERT_FILE: request.caBundle },
		TELEPORT_ANONYMOUS_TELEMETRY: request.anonymousTelemetry ? "1" : "0",
		...request.anonymousTelemetry ? { _TBOT_TELEMETRY_HELPER: "gha:machine-id-action" } : {}
	};
}
/** What the join method reads from the environment (lib/join, one token source a method). */
function proofSources({ env, identity }) {
	switch (identity.method) {
		case "github": return pick(env, ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]);
		case "azure": return namesLoopback(env["AZURE_POD_IDENTITY_AUTHORITY_HOST"]) ? pick(env, ["AZURE_POD_IDENTITY_AUTHORITY_HOST"]) : {};
		default: return identity;
	}
}
function pick(env, names) {
	return Object.fromEntries(names.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
/** Whether a URL's host is this machine itself. */
function namesLoopback(url) {
	if (!url || !URL.canParse(url)) return false;
	return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
/** Keeps requests to metadata services out of a proxy, where one is set. */
function withoutMetadata(env) {
	const names = Object.keys(env);
	if (!names.some((name) => /^(https?|all)_proxy$/i.test(name))) return env;
	const before = names.filter((name) => /^no_proxy$/i.test(name)).toSorted().map((name) => env[name]).find((value) => value !== "");
	const exceptions = [...before ? [before] : [], ...metadataAddresses].join(",");
	return {
		...env,
		NO_PROXY: exceptions,
		no_proxy: exceptions
	};
}

// src/plan.ts
/** The config's file in the home. */
const configName = "tbot.yaml";
/** What is to be done for these inputs with this tbot and this cluster; nothing is done yet. */
function makePlan(request) {
	const { inputs, identity, home, tool } = request;
	const services = plannedServices(servicesOf(inputs), home);
	return {
		services,
		config: tbotConfig({
			version: tool.version,
			proxy: inputs.proxy,
			token: inputs.token,
			identity,
			ttl: inputs.certificateTtl,
			services
		}),
		command: {
			path: tool.path,
			args: [
				"start",
				...request.debugging ? ["--debug"] : [],
				"-c",
				`${home}/${configName}`
			],
			env: tbotEnvironment({
				env: request.env,
				identity,
				anonymousTelemetry: inputs.anonymousTelemetry,
				caBundle: request.caBundle
			}),
			cwd: home
		}
	};
}
function servicesOf(inputs) {
	if (inputs.services === "none") return [];
	return [{
		type: "identity",
		allowReissue: inputs.allowReissue
	}];
}
function plannedServices(services, home) {
	return services.map((service) => ({
		name: service.type,
		service,
		dir: `${home}/${service.type}`
	}));
}

// src/identity/scalar.ts
/**
* A text as a YAML scalar in double quotes that any YAML reader gives back unchanged. Whatever could
* end a line, hide or reorder text is escaped, so that what is shown is what is pasted.
*/
function yamlScalar(text) {
	const wellFormed = text.replace(/\p{Surrogate}/gu, "�");
	return `"${Array.from(wellFormed, (character) => plain$1.test(character) ? character : escaped(character)).join("")}"`;
}
/** Printable and visible; `"` and `\` end and escape the scalar. */
const plain$1 = /^(?!["\\])[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
function escaped(character) {
	if (character === "\"" || character === "\\") return `\\${character}`;
	const code = Number(character.codePointAt(0)).toString(16);
	return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}

// src/identity/azure.ts
const computePath = "/metadata/instance/compute?api-version=2021-02-01&format=json";
/** Milliseconds: the service is on the machine's own host. */
const patience$1 = 2e3;
/** Bytes; the answer is a few thousand long. */
const longest$1 = 262144;
/**
* Base address of the instance metadata service. AZURE_POD_IDENTITY_AUTHORITY_HOST is followed only
* when it names this machine itself: anywhere else it would send proofs of identity to a stranger.
*/
function imdsBase(env) {
	const host = env["AZURE_POD_IDENTITY_AUTHORITY_HOST"];
	return host !== void 0 && namesLoopback(host) ? new URL(host).origin : "http://169.254.169.254";
}
/** Asks which machine this is, only to explain a denial. Never throws. */
async function askImds(using) {
	try {
		const reply = await using.network.get(`${imdsBase(using.env)}${computePath}`, {
			signal: AbortSignal.any([using.signal, AbortSignal.timeout(patience$1)]),
			headers: { metadata: "true" }
		});
		const text = await reply.text(longest$1);
		if (reply.status !== 200) return {
			kind: "status",
			status: reply.status
		};
		const machine = machineIn(text);
		return machine ? {
			kind: "machine",
			machine
		} : { kind: "not-imds" };
	} catch {
		return { kind: "unreachable" };
	}
}
function machineIn(text) {
	try {
		const compute = JSON.parse(text);
		const fields = new Map(Object.entries(compute ?? {}));
		const [subscriptionId, resourceGroupName, vmId] = names.map((name) => fields.get(name));
		return isText(subscriptionId) && isText(resourceGroupName) && isText(vmId) ? {
			subscriptionId,
			resourceGroupName,
			vmId
		} : void 0;
	} catch {
		return;
	}
}
const names = [
	"subscriptionId",
	"resourceGroupName",
	"vmId"
];
function isText(value) {
	return typeof value === "string" && value !== "";
}
/** The one entry for `spec.azure.allow` that fits this machine, lines of YAML, not indented. */
function azureAllowEntry(machine) {
	return [`- subscription: ${yamlScalar(machine.subscriptionId)}`, `  resource_groups: [${yamlScalar(machine.resourceGroupName)}]`];
}
/** Shows subscription, group and id of the machine to somebody who is logged in to it. */
const askTheMachine = `curl -s --noproxy '*' -H Metadata:true 'http://169.254.169.254${computePath}'`;

// src/identity/allow.ts
/** Claims of a job's id token that rules of a join token can use (`lib/githubactions`). */
const claimNames = [
	"sub",
	"repository",
	"repository_owner",
	"workflow",
	"environment",
	"actor",
	"ref",
	"ref_type"
];
/**
* The one entry for `spec.github.allow` that lets in the job of these claims and as little else as
* rules can say: its repository, ref, workflow, and environment when it names one. Teleport reads
* `*` and `?` in rules as a pattern (`joinRuleGlobMatch`, lib/auth), so a value that holds one is
* never written.
*/
function allowEntry(claims) {
	const { repository, ref } = claims;
	const why = whyNone(claims);
	if (why !== void 0) return {
		kind: "none",
		why
	};
	const rule = {
		repository,
		ref,
		workflow: claims.workflow,
		environment: claims.environment
	};
	return {
		kind: "entry",
		lines: Object.entries(rule).flatMap(([key, value]) => value ? [`${key}: ${yamlScalar(value)}`] : []).map((line, index) => index === 0 ? `- ${line}` : `  ${line}`),
		notes: notesOn(claims)
	};
}
/** Rules understand `*` and `?`; nothing escapes them. */
function isPattern(value) {
	return value !== void 0 && /[*?]/.test(value);
}
function whyNone({ repository, ref, workflow, environment }) {
	if (!repository || !ref) return "The id token names no repository or no ref.";
	if (ref.startsWith("refs/pull/")) return "A pull request gets no entry: its code is not reviewed yet, and whoever opens one would be let in. Join on the branch it is merged to.";
	if (ref.startsWith("refs/heads/gh-readonly-queue/")) return "The branch of a merge queue exists only once, so no entry would ever match again.";
	if ([
		repository,
		ref,
		workflow,
		environment
	].some(isPattern)) return "A value holds `*` or `?`, which a rule reads as a pattern; rename it to be able to allow exactly it.";
}
function notesOn(claims) {
	if (!hasImmutableSubject(claims)) return [];
	return ["The `sub` of this repository carries ids, so a rule on `sub` in the old form does not match it; the entry uses `repository` instead."];
}
/** `repo:org@ID/repo@ID:...`, for repositories made, renamed or moved since 2026-07-15. */
function hasImmutableSubject({ sub }) {
	return sub !== void 0 && /^repo:[^/:]+@\d+\/[^/:]+@\d+:/.test(sub);
}
/** The claims as lines `name: "value"`, absent ones left out. */
function claimLines(claims) {
	return claimNames.flatMap((name) => {
		const value = claims[name];
		return value ? [`${name}: ${yamlScalar(value)}`] : [];
	});
}

// src/identity/github.ts
/** Milliseconds for the call; the run's own deadline is usually near. */
const patience = 5e3;
/** Bytes; an id token is about 2000 long. */
const longest = 65536;
/**
* Asks for an id token with an audience that nobody accepts, only to see what it says or why there
* is none. The token is masked before it is read and dropped at once. Never throws.
*/
async function askForIdToken(using) {
	if (!hasIdTokenEndpoint(using.env)) return { kind: "no-endpoint" };
	try {
		const reply = await using.network.get(requestUrl(using.env), {
			signal: AbortSignal.any([using.signal, AbortSignal.timeout(patience)]),
			headers: {
				authorization: `Bearer ${using.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}`,
				accept: "application/json; api-version=2.0"
			}
		});
		const text = await reply.text(longest);
		maskTokens(text, using.mask);
		if (reply.status !== 200) return {
			kind: "status",
			status: reply.status
		};
		return await read(text, using.mask);
	} catch {
		return { kind: "unreachable" };
	}
}
function requestUrl(env) {
	const url = new URL(String(env["ACTIONS_ID_TOKEN_REQUEST_URL"]));
	url.searchParams.set("audience", `urn:machine-id-action:${crypto.randomUUID()}`);
	return url.href;
}
/** Masks whatever looks like a token, before any parser could quote it in an error. */
function maskTokens(text, mask) {
	for (const [token] of text.matchAll(/eyJ[\w-]*(?:\.[\w-]*)*/g)) maskToken(token, mask);
}
/** Masks a token and its parts; a part shorter than 8 characters could be any word. */
function maskToken(token, mask) {
	for (const secret of [token, ...token.split(".")]) if (secret.length >= 8) mask(secret);
}
async function read(text, mask) {
	const body = parsed(text);
	if (typeof body !== "object" || body === null) return { kind: "not-github" };
	const token = "value" in body ? body.value : void 0;
	if (typeof token !== "string" || token === "") return { kind: "no-token" };
	maskToken(token, mask);
	const claims = await decoded(token);
	return claims ? {
		kind: "claims",
		claims
	} : { kind: "no-token" };
}
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
async function decoded(token) {
	const { decodeJwt } = await import("./webapi.js");
	try {
		const payload = decodeJwt(token);
		return Object.fromEntries(claimNames.flatMap((name) => {
			const value = payload[name];
			return typeof value === "string" && value !== "" ? [[name, value]] : [];
		}));
	} catch {
		return;
	}
}

// src/identity/evidence.ts
const noEvidence = {
	idToken: void 0,
	imds: void 0
};
/** Asks what tbot did not tell, and only when the diagnosis leaves it open. Never throws. */
async function gatherEvidence(diagnosis, context, using) {
	if (idTokenTells(diagnosis, context)) return {
		...noEvidence,
		idToken: await askForIdToken(using)
	};
	if (imdsTells(diagnosis, context)) return {
		...noEvidence,
		imds: await askImds(using)
	};
	return noEvidence;
}
function idTokenTells(diagnosis, { identity }) {
	if (identity.method !== "github") return false;
	const { code } = diagnosis;
	if (code === "tbot") return diagnosis.page;
	return code === "claims-denied" || code === "token-unknown" || code === "id-token-refused";
}
/** What may not be shown is not asked for. */
function imdsTells({ code }, { identity, job }) {
	if (identity.method !== "azure") return false;
	if (code === "no-imds") return true;
	return !job.publicRepository && (code === "azure-denied" || code === "token-unknown");
}

// src/tbot/explain/refusals.ts
/** Refusals of the cluster: they decide over whatever else went wrong beside them. */
const denials = [
	{
		pattern: /(?<=lock targeting ).+?(?= is in force)/i,
		cause: ([target]) => ({
			code: "locked",
			target
		})
	},
	{
		pattern: /provision token only supports method ([\w-]+)/i,
		cause: ([, supported]) => ({
			code: "token-method",
			supported
		})
	},
	{
		pattern: /this token is only valid for the ([\w-]+) join method/i,
		cause: ([, supported]) => ({
			code: "token-method",
			supported
		})
	},
	{
		pattern: /this token does not support the [\w-]+ join method/i,
		cause: () => ({
			code: "token-method",
			supported: void 0
		})
	},
	{
		pattern: /the token does not allow (?:role )?"?\w+"?/i,
		cause: () => ({ code: "token-role" })
	},
	{
		pattern: /token expired or not found|the token is not valid(?! yet)|key "?\/tokens\//i,
		cause: () => ({ code: "token-unknown" })
	},
	{
		pattern: /claims did not match any allow rules/i,
		cause: () => ({
			code: "claims-denied",
			reason: "rules"
		})
	},
	{
		pattern: /id token issued by a different provider|issuer does not match/i,
		cause: () => ({
			code: "claims-denied",
			reason: "issuer"
		}),
		method: "github"
	},
	{
		pattern: /instance(?: \S+)? did not match any allow rules/i,
		cause: () => ({
			code: "azure-denied",
			reason: "rules"
		})
	},
	{
		pattern: /subscription ID mismatch|vm ID does not match|no VM found with matching VM ID/i,
		cause: () => ({
			code: "azure-denied",
			reason: "machine"
		})
	},
	{
		pattern: /at least one role request is required/i,
		cause: () => ({ code: "no-roles" })
	},
	{
		pattern: /has requested role impersonation for .*|role \S+ is not found|access denied to perform action \S+ on \S+/i,
		cause: ([message]) => ({
			code: "role-denied",
			message
		})
	},
	{
		pattern: /client version is unsupported(?:, minimum supported version is v?([\w.+-]*\w))?.*/i,
		cause: ([message, minimum]) => ({
			code: "version",
			minimum,
			message
		})
	}
];
/** What the job lacks to prove who it is. */
const proofs = [
	{
		pattern: /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN) environment variable missing/,
		cause: () => ({ code: "no-id-token" })
	},
	{
		pattern: /response did not include ID token|audience=teleport\.cluster\.local/i,
		cause: () => ({ code: "id-token-refused" })
	},
	{
		pattern: /identity not found/i,
		cause: () => ({ code: "imds-no-identity" }),
		method: "azure"
	},
	{
		pattern: /multiple user assigned identities exist/i,
		cause: () => ({ code: "imds-several-identities" }),
		method: "azure"
	},
	{
		pattern: /pkiops\/certs|intermediate CA for attested data/i,
		cause: () => ({ code: "azure-egress" })
	},
	{
		pattern: /max rate reached|rate limit exceeded/i,
		cause: () => ({ code: "rate-limited" }),
		transient: () => true
	},
	{
		pattern: /throttled|too[ _]many[ _]requests|(?<![:.\d])429\b/i,
		cause: () => ({ code: "imds-throttled" }),
		transient: () => true,
		method: "azure"
	},
	{
		pattern: /could not reach instance metadata|\/metadata\/(?:versions|attested\/document|identity\/oauth2)/i,
		cause: () => ({ code: "no-imds" })
	},
	{
		pattern: /invalid_request/,
		cause: () => ({ code: "imds-no-identity" }),
		method: "azure"
	}
];

// src/tbot/explain/signs.ts
/** The machine, its clock and the versions. */
const surroundings = [
	{
		pattern: /no space left on device|disk quota exceeded/i,
		cause: () => ({
			code: "platform",
			reason: "full"
		})
	},
	{
		pattern: /read-only file system/i,
		cause: () => ({
			code: "platform",
			reason: "read-only"
		})
	},
	{
		pattern: /\b(?:mkdir|open|openat|write|chmod|chown|stat|lstat) \S+: (?:permission denied|operation not permitted)/i,
		cause: () => ({
			code: "platform",
			reason: "forbidden"
		})
	},
	{
		pattern: /token (?:is|has) expired|not valid yet|not yet valid|issued in the future|is in the future|before the nbf|validate token claims.*\b(?:exp|nbf|iat)\b|system time is correct/i,
		cause: () => ({ code: "clock" })
	},
	{
		pattern: /field \S+ not found in type|unrecognized (?:join method|service type|output type|destination type|config version)|configuration version \S+ is no longer supported|either a proxy or auth address must be set|Address is required|fips mode enabled but binary/i,
		cause: ([message]) => ({
			code: "version",
			minimum: void 0,
			message
		})
	},
	{
		pattern: /(?:requested certificate TTL exceeds the maximum TTL allowed|credential_ttl and renewal_interval must both be specified|(?:credential_ttl|renewal_interval) must be positive).*/i,
		cause: ([message]) => ({
			code: "ttl",
			message
		})
	}
];
/** Between the runner and the proxy. */
const ways = [
	{
		pattern: /Cannot establish https connection to|certificate is (?:not )?valid for/i,
		cause: () => ({
			code: "proxy-untrusted",
			reason: "name"
		})
	},
	{
		pattern: /signed by (?:a|an)?\s*unknown authority|failed to verify certificate|certificate is not trusted/i,
		cause: () => ({
			code: "proxy-untrusted",
			reason: "authority"
		})
	},
	{
		pattern: /too many requests|(?<![:.\d])429\b/i,
		cause: () => ({ code: "rate-limited" }),
		transient: () => true
	},
	{
		pattern: /dial tcp|connection (?:refused|reset)|broken pipe|i\/o timeout|handshake timeout|no such host|network is unreachable|no route to host|deadline exceeded|code = Unavailable|\bEOF\b|no application protocol|not a valid proxy address|testing auth service connection|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable|gateway timeout/i,
		cause: (_, text) => ({
			code: "proxy-unreachable",
			message: text
		}),
		transient: (text) => canPass$1.test(text)
	}
];
/** Failures of a proxy that had answered a moment before, and may again. */
const canPass$1 = /connection (?:refused|reset)|broken pipe|timeout|deadline exceeded|code = Unavailable|\bEOF\b|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable/i;
/** All signs, the most telling first: a denial beside a lost connection is a denial. */
const signs = [
	...denials,
	...proofs,
	...surroundings,
	...ways
];

// src/tbot/explain/log.ts
const longestLine = 400;
/**
* A line of text as it may be shown: without colours, control characters and whatever looks like a
* token or a private key, and not endless.
*/
function clean(line) {
	return cut(plain([line]).join(" "));
}
/** The lines without colours, secrets and control characters; a private key may span them. */
function plain(lines) {
	return withoutSecrets(lines.join("\n").replace(escapeSequence, "")).split("\n").map((line) => line.replace(controlCharacter, " "));
}
function cut(line) {
	return line.length > longestLine ? `${line.slice(0, longestLine)} ...` : line.trimEnd();
}
const escapeSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Takes out what looks like a JWT, a bearer token or a private key, also one cut short. */
function withoutSecrets(text) {
	return text.replace(privateKey$1, "[key removed]").replace(/eyJ[\w+/=-]*(?:\.[\w+/=-]*)*/g, "[token removed]").replace(/\b(bearer)\s+[\w.~+/=-]{8,}/gi, "$1 [token removed]");
}
const privateKey$1 = /-----BEGIN[^-]*PRIVATE KEY-----(?:(?:\s|\\n)*[\w+/=]{32,})*(?:(?:\s|\\n|[\w+/=])*-----END[^-]*-----)?/g;
/** Takes out what names an Azure machine: ids and resource paths. */
function withoutMachine(text) {
	return text.replace(/\/subscriptions\/[^\s"',]+/gi, "[hidden]").replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "[hidden]");
}
/** The end of the log, cleaned, without stack traces and empty lines. */
function tail(log) {
	return plain(log).filter((line) => line.trim() !== "" && !isStackFrame(line)).slice(-20).map(cut);
}
/**
* What tbot says went wrong, on one line: its last error, without colour, stack traces and the noise
* of the second way of connecting; empty when it said nothing, or nothing but noise.
*/
function errorText(log) {
	return withoutNoise(lastWords(log));
}
/** The last error with its noise, on one line; empty when the log ends without one. */
function lastWords(log) {
	const lines = plain(log).map(unescaped);
	const start = startOfError(lines);
	if (start === void 0) return "";
	return lines.slice(start).filter((line) => !isLogLine(line) && !isStackFrame(line)).join(" ").replace(/ERROR REPORT:|Stack Trace:|User Message:|Original Error:(?:\s+\*?[\w.]+)?/g, " ").replace(/\s+/g, " ").replace(/^\s*ERROR:/, "").trim();
}
/** tbot ends with `ERROR: ...`, or with a report where it logs for debugging (lib/utils/cli.go). */
function startOfError(lines) {
	const report = lines.findLastIndex((line) => /^\s*ERROR REPORT:/.test(line));
	const error = lines.findIndex((line, index) => index > report && line.startsWith("ERROR:"));
	const start = error >= 0 ? error : report;
	return start >= 0 ? start : void 0;
}
/** A line of the running log: it tells of the way, not of the end. */
function isLogLine(line) {
	return /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\w*\s+\[/.test(line) || /^\d{4}-\d\d-\d\dT\S+\s+(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)/.test(line);
}
function isStackFrame(line) {
	return /^\s*\S*\.(?:go|s):\d+\s+\S+$/.test(line);
}
/** A debug report is escaped as HTML. */
function unescaped(line) {
	return line.replace(/&#39;/g, "'").replace(/&#34;|&quot;/g, "\"").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
/**
* tbot tries two ways of connecting at once and joins their errors in either order; these are the
* second way failing because the first one failed (recorded from tbot 15.0.0-dev).
*/
const noise = /invalid character '<' looking for beginning of value|rpc error: code = \w+ desc = unexpected HTTP status code received from server: 302 \(Found\); malformed header: missing HTTP content-type/g;
/** Whether tbot read the start of a page where it wanted JSON. */
function saysPage(text) {
	return text.includes("invalid character '<' looking for beginning of value");
}
function withoutNoise(text) {
	return text.replace(noise, " ").replace(/^(?:\s*,)+|(?:,\s*)+$/g, "").replace(/\s*,(?:\s*,)+/g, ",").replace(/\s+/g, " ").trim();
}

// src/tbot/explain/diagnose.ts
/**
* Finds out from tbot's last error why it failed. Matches parts, never whole messages: tbot joins
* two causes in either order, breaks lines, and words things by its version.
*/
function diagnose(failure, context) {
	const text = errorText(failure.log);
	const beside = {
		log: tail(failure.log),
		bot: botIn(failure.log)
	};
	for (const sign of signs) {
		const match = sign.pattern.exec(text);
		if (match && (sign.method === void 0 || sign.method === context.identity.method)) return {
			...sign.cause(match, text),
			...beside,
			transient: sign.transient?.(text) ?? false
		};
	}
	return {
		...withoutSign(failure),
		...beside,
		transient: false
	};
}
function withoutSign({ exit, log }) {
	const words = lastWords(log);
	if (words === "" && exit.kind === "code" && log.some(isForeignBinary)) return {
		code: "platform",
		reason: "binary"
	};
	return {
		code: "tbot",
		exit,
		message: words || crash(log),
		page: saysPage(words)
	};
}
/** A shell reading a binary of another machine, or a loader that lacks what the binary needs. */
function isForeignBinary(line) {
	return /Syntax error: .* unexpected|cannot execute binary file|Exec format error|version `GLIBC_\S+' not found/i.test(line);
}
/** A crash of Go's runtime starts with `panic:` or `fatal error:`. */
function crash(log) {
	return clean(log.find((line) => /^(?:panic|fatal error): /.test(line)) ?? "");
}
/** The bot has a role of its own, `bot-<name>`, which tbot logs when it has joined. */
function botIn(log) {
	for (const line of log) {
		const bot = /Fetched new bot identity.*\broles=\[bot-([\w.-]+)\]/.exec(line)?.[1];
		if (bot !== void 0) return bot;
	}
}

// src/tbot/explain/refine.ts
/** The diagnosis in the light of the evidence: what passes by itself, and what tbot misnamed. */
function refine(diagnosis, { idToken, imds }) {
	const { log, bot } = diagnosis;
	if (diagnosis.code === "id-token-refused") return {
		...diagnosis,
		transient: idToken !== void 0 && canPass(idToken)
	};
	if (diagnosis.code === "tbot" && idToken && !toldNothing.has(idToken.kind)) return {
		code: "id-token-refused",
		log,
		bot,
		transient: canPass(idToken)
	};
	if (diagnosis.code === "no-imds" && imds?.kind === "status" && imds.status === 429) return {
		code: "imds-throttled",
		log,
		bot,
		transient: true
	};
	if (diagnosis.code === "no-imds" && imds) return {
		...diagnosis,
		transient: canPass(imds) && imds.kind !== "unreachable"
	};
	return diagnosis;
}
/** Answers that leave it open what sent tbot a page. */
const toldNothing = /* @__PURE__ */ new Set(["claims", "no-endpoint"]);
function canPass(answer) {
	switch (answer.kind) {
		case "status": return answer.status === 429 || answer.status >= 500;
		case "claims":
		case "machine":
		case "unreachable": return true;
		case "not-github":
		case "not-imds":
		case "no-token":
		case "no-endpoint": return false;
		default: return answer;
	}
}

// src/tbot/explain/about.ts
/** A command for a shell, ready to paste. */
function command(...words) {
	return `\`${words.map(shellWord).join(" ")}\``;
}
function shellWord(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
/** Another program's message as the end of a sentence of ours. */
function sentence$1(message) {
	const text = message.replace(/rpc error: code = \w+ desc = /g, "").trim();
	const short = text.length > 300 ? `${text.slice(0, 300)} ...` : text;
	return /[.!?]$/.test(short) ? short : `${short}.`;
}

// src/tbot/explain/texts/denied.ts
/** The token is known and none of its rules fits. */
function deniedText(cause, about) {
	switch (cause.code) {
		case "claims-denied": return cause.reason === "rules" ? claimsText(about) : issuerText(about);
		case "azure-denied": return cause.reason === "rules" ? machineText(about) : strangerText();
		default: return cause;
	}
}
function claimsText({ context, evidence }) {
	const { token, job } = context;
	const what = `The cluster knows the join token \`${token}\`, and none of its rules lets this job in.`;
	const show = command("tctl", "get", `token/${token}`);
	if (evidence.idToken?.kind !== "claims") return {
		what,
		fix: `Compare the rules of ${show} with this job's repository, ref, workflow and environment.`
	};
	const { claims } = evidence.idToken;
	const details = ["This job says of itself:", ...claimLines(claims)];
	const entry = allowEntry(claims);
	if (entry.kind === "none") return {
		what,
		fix: `Compare the rules of ${show} with the claims below.`,
		details: [...details, entry.why]
	};
	return {
		what,
		fix: `If this job may join, run ${command("tctl", "edit", `token/${token}`)} and add the entry below to \`spec.github.allow\`.`,
		details: [
			...details,
			...entry.notes,
			...foreignCode(job.eventName)
		],
		paste: entry.lines.join("\n")
	};
}
/** Events whose jobs have the rights of the base repository and may run a stranger's code. */
function foreignCode(eventName) {
	return /^(?:pull_request_target|workflow_run|issue_comment)$/.test(eventName ?? "") ? [`A job started by \`${eventName}\` has the claims of the default branch although strangers can start it: it should not run their code.`] : [];
}
function issuerText({ context }) {
	const { token, job } = context;
	const edit = command("tctl", "edit", `token/${token}`);
	return {
		what: `The join token \`${token}\` expects id tokens of another issuer than this job's GitHub.`,
		fix: job.enterpriseServer ? `Run ${edit} and set \`spec.github.enterprise_server_host\` to \`${job.enterpriseServer}\` (this needs Teleport Enterprise).` : `Run ${edit} and remove \`enterprise_server_host\` under \`spec.github\`, or correct \`enterprise_slug\`.`
	};
}
function machineText({ context, evidence }) {
	const { token, job } = context;
	const what = `The cluster knows the join token \`${token}\`, and none of its rules lets this Azure machine in.`;
	const edit = command("tctl", "edit", `token/${token}`);
	if (evidence.imds?.kind === "machine" && !job.publicRepository) return {
		what,
		fix: `If every job on this machine may join, run ${edit} and add the entry below to \`spec.azure.allow\`.`,
		paste: azureAllowEntry(evidence.imds.machine).join("\n")
	};
	return {
		what,
		fix: `Compare \`spec.azure.allow\` of ${command("tctl", "get", `token/${token}`)} with the subscription and the resource group of the machine, which the command below tells.`,
		details: [`On the machine itself, not in a workflow whose log is public: ${askTheMachine}`, "The resource group is the machine's, not the identity's."]
	};
}
function strangerText() {
	return {
		what: "The cluster could not match the managed identity with the machine that used it.",
		fix: "Assign the identity to this very machine; a cluster before 17 also needs it to have `Microsoft.Compute/virtualMachines/read` on the machine."
	};
}

// src/tbot/explain/texts/program.ts
/** tbot itself and the machine it runs on. */
function programText(cause, { context }) {
	const { tbotVersion } = context;
	switch (cause.code) {
		case "version": return versionText(cause, tbotVersion);
		case "ttl": return {
			what: `tbot ${tbotVersion} refused the lifetime of the certificates: ${sentence$1(cause.message)}`,
			fix: "Give a shorter `certificate-ttl`; without it, an hour is asked for."
		};
		case "platform": return platform[cause.reason];
		case "tbot": return {
			what: `tbot ${tbotVersion} ${ended(cause.exit)}${cause.message ? `: ${sentence$1(cause.message)}` : "."}`,
			fix: outOfMemory(cause.exit) ? "The machine has probably run out of memory: give it more, or run fewer jobs on it at once." : "Read the end of tbot's log below; run the job again with debug logging to see more."
		};
		default: return cause;
	}
}
function versionText({ minimum, message }, tbotVersion) {
	const match = "Leave `version` and `tbot-path` out, so that tbot is of the version of the cluster";
	if (minimum !== void 0) return {
		what: `The cluster takes tbot ${minimum} or newer, and this is tbot ${tbotVersion}.`,
		fix: `${match}, or give \`version\` at least ${minimum}.`
	};
	if (/client version/.test(message)) return {
		what: `The cluster does not take tbot ${tbotVersion}.`,
		fix: `${match}.`
	};
	return {
		what: `tbot ${tbotVersion} did not understand the configuration it was given: ${sentence$1(message)}`,
		fix: `${match}; if they are out already, this is a mistake of the action: please report it.`
	};
}
const platform = {
	full: {
		what: "tbot could not write its files: the disk is full.",
		fix: "Free space where RUNNER_TEMP lies."
	},
	"read-only": {
		what: "tbot could not write its files: the file system is read-only.",
		fix: "Let RUNNER_TEMP lie on a file system that can be written to."
	},
	forbidden: {
		what: "tbot could not write its files: the operating system does not permit it.",
		fix: "Look at the owner and the mode of the folder that RUNNER_TEMP names."
	},
	binary: {
		what: "The tbot binary is not made for this machine.",
		fix: "Leave `tbot-path` out, or name a tbot for this operating system and architecture; it needs glibc, which Alpine does not have."
	}
};
function ended(exit) {
	return exit.kind === "signal" ? `was ended by ${exit.signal}` : `ended with exit code ${exit.code}`;
}
/** A shell between us and tbot tells a signal as 128 and its number. */
function outOfMemory(exit) {
	return exit.kind === "signal" ? exit.signal === "SIGKILL" : exit.code === 137;
}

// src/tbot/explain/texts/proof.ts
/** The job could not get the proof of who it is. */
function proofText(cause, { context, evidence }) {
	switch (cause.code) {
		case "no-id-token": {
			const { message, fix, details, paste } = noIdToken(context.job);
			return {
				what: message,
				fix,
				details,
				...paste === void 0 ? {} : { paste }
			};
		}
		case "id-token-refused": return refused(evidence.idToken);
		case "no-imds": return noImds;
		case "imds-no-identity": return noIdentity(context.identity.method === "azure" && context.identity.clientId);
		case "imds-several-identities": return severalIdentities;
		case "imds-throttled": return throttled;
		case "azure-egress": return egress;
		default: return cause;
	}
}
const again = "Run the job again; https://www.githubstatus.com tells of outages.";
function refused(answer) {
	switch (answer?.kind) {
		case "status": return refusedWith(answer.status);
		case "not-github": return {
			what: "Something that is not GitHub answered when an id token was asked for.",
			fix: "Let the runner reach the host in ACTIONS_ID_TOKEN_REQUEST_URL past any proxy that answers in its place."
		};
		case "unreachable": return {
			what: "GitHub's id-token service could not be reached.",
			fix: "Let the runner reach the host in ACTIONS_ID_TOKEN_REQUEST_URL (`*.actions.githubusercontent.com` for github.com), then run the job again."
		};
		case "claims": return {
			what: "GitHub gave tbot no id token, and gives one now.",
			fix: again
		};
		case "no-token":
		case "no-endpoint":
		case void 0: return {
			what: "GitHub answered without an id token.",
			fix: again
		};
		default: return answer;
	}
}
function refusedWith(status) {
	if (status === 401 || status === 403) return {
		what: `GitHub refused this job an id token (HTTP ${status}).`,
		fix: "Run the job again, and do not carry ACTIONS_ID_TOKEN_REQUEST_* over from another job: they end with the job they were made for."
	};
	return {
		what: `GitHub's id-token service answered with HTTP ${status}.`,
		fix: again
	};
}
const noImds = {
	what: "Azure's metadata service at 169.254.169.254 did not answer: this is no Azure VM, or the job cannot reach it.",
	fix: "Run on an Azure VM with a managed identity and let the job (its container, its firewall) reach 169.254.169.254, or join by github with `permissions: id-token: write`."
};
function noIdentity(clientId) {
	if (clientId) return {
		what: "This machine does not have the managed identity that `azure-client-id` names.",
		fix: "Assign it with `az vm identity assign --resource-group GROUP --name VM --identities IDENTITY`, or correct `azure-client-id`."
	};
	return {
		what: "This machine has no managed identity it could join with.",
		fix: "Give it one with `az vm identity assign --resource-group GROUP --name VM`, or name a user-assigned one in `azure-client-id`.",
		details: ["GitHub's hosted runners are Azure machines without an identity of yours: join by github there."]
	};
}
const severalIdentities = {
	what: "This machine has several managed identities, and none was chosen.",
	fix: "Give `azure-client-id` the client id of the one to join with (`az identity show --resource-group GROUP --name IDENTITY --query clientId`)."
};
const throttled = {
	what: "Azure's metadata service takes no more requests from this machine for the moment.",
	fix: "Run the job again; with many runners on one machine, start fewer at once."
};
const egress = {
	what: "tbot could not fetch the certificate that proves Azure's statement about this machine.",
	fix: "Let the runner reach `http://www.microsoft.com/pkiops/certs/` (plain http, port 80)."
};

// src/tbot/explain/texts/rights.ts
/** The bot joined, or would have, and may not have what it asks for. */
function rightsText(cause, about) {
	switch (cause.code) {
		case "no-roles": return noRoles(about);
		case "role-denied": return {
			what: `The cluster did not let the bot use its roles: ${sentence$1(cause.message)}`,
			fix: `Compare the bot's roles (${command("tctl", "bots", "ls")}) with those that exist (${command("tctl", "get", "roles")}), and set them with ${command("tctl", "bots", "update", nameOf(about), "--set-roles=ROLE")}.`,
			details: whereTheNameIs(about)
		};
		case "locked": return {
			what: `The cluster has locked ${cause.target}.`,
			fix: `Find out why, then look for the lock in ${command("tctl", "get", "locks")} and remove it with ${command("tctl", "rm", "locks/ID")}.`
		};
		default: return cause;
	}
}
function noRoles(about) {
	return {
		what: "The bot joined and can be issued nothing: it has no roles.",
		fix: `Run ${command("tctl", "bots", "update", nameOf(about), "--add-roles=ROLE")} with a role that may do what this job is for.`,
		details: [...whereTheNameIs(about), "A bot made as in Teleport's guide has no roles; for a test of the connection alone, give `services: []`."]
	};
}
function nameOf({ bot }) {
	return bot ?? "NAME";
}
function whereTheNameIs({ bot, context }) {
	return bot === void 0 ? [`NAME is \`bot_name\` in ${command("tctl", "get", `token/${context.token}`)}.`] : [];
}

// src/tbot/explain/resource.ts
/** A whole `kind: token` that would let this job in: YAML for `tctl create`. */
function tokenResource(about) {
	const { context } = about;
	const { method } = context.identity;
	const server = method === "github" ? context.job.enterpriseServer : void 0;
	return [
		"kind: token",
		"version: v2",
		"metadata:",
		`  name: ${yamlScalar(context.token)}`,
		"spec:",
		"  roles: [Bot]",
		"  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names",
		`  join_method: ${method}`,
		`  ${method}:`,
		...server === void 0 ? [] : [`    enterprise_server_host: ${yamlScalar(server)}`],
		"    allow:",
		...allowLines(about).map((line) => `      ${line}`)
	].join("\n");
}
function allowLines({ context, evidence }) {
	const { method } = context.identity;
	switch (method) {
		case "github": return githubLines(evidence);
		case "azure": return evidence.imds?.kind === "machine" && !context.job.publicRepository ? azureAllowEntry(evidence.imds.machine) : azurePlaceholder;
		default: return method;
	}
}
/** Where there is no entry for this job, the reader fills in; the capitals match nothing. */
function githubLines({ idToken }) {
	const claims = idToken?.kind === "claims" ? idToken.claims : {};
	const entry = allowEntry(claims);
	if (entry.kind === "entry") return entry.lines;
	const { repository } = claims;
	return [`- repository: ${repository !== void 0 && !/[*?]/.test(repository) ? yamlScalar(repository) : "OWNER/REPOSITORY"}`, "  ref: refs/heads/BRANCH"];
}
const azurePlaceholder = ["- subscription: ID-OF-THE-SUBSCRIPTION", "  resource_groups: [RESOURCE-GROUP-OF-THE-VM]"];

// src/tbot/explain/texts/token.ts
/** The join token itself is missing or is another kind of token. */
function tokenText(cause, about) {
	switch (cause.code) {
		case "token-unknown": return unknown(about);
		case "token-method": return otherMethod(cause.supported, about);
		case "token-role": return otherRole(about);
		default: return cause;
	}
}
function unknown(about) {
	const { cluster, token } = about.context;
	return {
		what: `The cluster ${cluster} has no join token \`${token}\`: the name is wrong, or the token has expired or was deleted.`,
		fix: `Compare the name with ${command("tctl", "tokens", "ls")}; to make the token, save the resource below as token.yaml, put in the name of the bot, and run ${command("tctl", "create", "token.yaml")}.`,
		details: whyNoEntry(about),
		paste: tokenResource(about)
	};
}
function whyNoEntry({ evidence }) {
	if (evidence.idToken?.kind !== "claims") return [];
	const entry = allowEntry(evidence.idToken.claims);
	return entry.kind === "none" ? [entry.why] : entry.notes;
}
function otherMethod(supported, { context }) {
	const { token, identity } = context;
	const other = supported === void 0 ? "another join method" : `the join method ${supported}`;
	const here = supported === "github" || supported === "azure";
	const look = `(${command("tctl", "get", `token/${token}`)} shows it)`;
	return {
		what: `The join token \`${token}\` is for ${other}, and this job joins by ${identity.method}.`,
		fix: `Name a token whose \`join_method\` is ${identity.method} ${look}${here ? `, or give \`join-method: ${supported}\`` : ""}.`
	};
}
function otherRole({ context }) {
	const { token } = context;
	return {
		what: `The join token \`${token}\` does not let bots join: its \`roles\` lack \`Bot\`.`,
		fix: `Name a token that was made for a bot, or run ${command("tctl", "edit", `token/${token}`)} and set the lines below.`,
		paste: "spec:\n  roles: [Bot]\n  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names"
	};
}

// src/tbot/explain/texts/way.ts
/** Between the runner and the cluster. */
function wayText(cause, { context }) {
	const { proxy } = context;
	switch (cause.code) {
		case "proxy-unreachable": return unreachable(proxy, cause.message);
		case "proxy-untrusted": return untrusted(proxy, cause.reason);
		case "rate-limited": return {
			what: `The proxy ${proxy} takes no more requests from this address for the moment.`,
			fix: "Run the job again, and start fewer jobs at once behind one address."
		};
		case "clock": return {
			what: "A proof or a certificate was not valid at the time the other side has: two clocks differ.",
			fix: "Set the clock of the runner (`timedatectl status`) and, where you host Teleport yourself, that of its Auth Service."
		};
		default: return cause;
	}
}
function unreachable(proxy, message) {
	const what = `tbot could not connect to the cluster through ${proxy}: ${sentence$1(message)}`;
	if (/no application protocol/.test(message)) return {
		what,
		fix: "Let the load balancer in front of the proxy pass TLS through with its ALPN protocols, or enable its support in Teleport (\"TLS routing\")."
	};
	if (/no such host|lookup \S+/.test(message)) return {
		what,
		fix: "Correct `proxy`, or the DNS of the runner, so that the name resolves."
	};
	return {
		what,
		fix: "Run the job again; if it stays so, let the runner reach the proxy, also at the public address it announces (or set TBOT_USE_PROXY_ADDR to `yes`), and look at HTTPS_PROXY and NO_PROXY."
	};
}
function untrusted(proxy, reason) {
	if (reason === "name") return {
		what: `The certificate of ${proxy} is for another name.`,
		fix: "Give as `proxy` a name that the certificate holds."
	};
	return {
		what: `tbot does not trust the certificate of ${proxy}: it does not know the authority that signed it.`,
		fix: "Give `extra-ca-file` the path of a PEM file with the certificate of that authority."
	};
}

// src/tbot/explain/problem.ts
/** What the user is told. Nothing that looks like a secret comes through. */
function problemOf(first, context, evidence) {
	const diagnosis = refine(first, evidence);
	const text = textOf$1(diagnosis, {
		context,
		evidence,
		bot: diagnosis.bot
	});
	return new Problem(presentable({
		...text,
		code: diagnosis.code
	}, diagnosis.log, context));
}
function textOf$1(diagnosis, about) {
	switch (diagnosis.code) {
		case "token-unknown":
		case "token-method":
		case "token-role": return tokenText(diagnosis, about);
		case "claims-denied":
		case "azure-denied": return deniedText(diagnosis, about);
		case "no-id-token":
		case "id-token-refused":
		case "no-imds":
		case "imds-no-identity":
		case "imds-several-identities":
		case "imds-throttled":
		case "azure-egress": return proofText(diagnosis, about);
		case "no-roles":
		case "role-denied":
		case "locked": return rightsText(diagnosis, about);
		case "proxy-unreachable":
		case "proxy-untrusted":
		case "rate-limited":
		case "clock": return wayText(diagnosis, about);
		case "version":
		case "ttl":
		case "platform":
		case "tbot": return programText(diagnosis, about);
		default: return diagnosis;
	}
}
function presentable(text, log, context) {
	const shown = presentableLine(context);
	return {
		code: text.code,
		what: shown(text.what),
		fix: shown(text.fix),
		details: (text.details ?? []).map(shown),
		...text.paste === void 0 ? {} : { paste: withoutSecrets(text.paste) },
		log: log.map(shown)
	};
}
/**
* Makes a line of tbot's log fit to be shown: no colours, no control characters, nothing that looks
* like a secret, and nothing that names the Azure machine where everybody can read the log.
*/
function presentableLine(context) {
	const hide = context.identity.method === "azure" && context.job.publicRepository;
	return (line) => hide ? withoutMachine(clean(line)) : clean(line);
}

// src/tbot/explain.ts
/**
* Explains a failed tbot. Asks GitHub for the job's claims, or Azure for the machine, only where
* tbot's words leave open what the user has to know. Never throws.
*/
async function explain(failure, context, using) {
	const diagnosis = diagnose(failure, context);
	const evidence = await gatherEvidence(diagnosis, context, using);
	return {
		problem: problemOf(diagnosis, context, evidence),
		transient: refine(diagnosis, evidence).transient
	};
}

// src/tbot/run.ts
/** Milliseconds that a process group has between SIGTERM and SIGKILL. */
const grace = 2e3;
/** Lines of tbot's log that are kept to explain a failure. */
const linesKept = 2e3;
/**
* Runs tbot in a process group of its own until it ends; answers undefined when it ended well, else
* how it failed. Whatever it leaves in its group is ended too. tbot itself can wait for ever on a
* silent proxy, so the signal is the only deadline there is.
*/
async function runTbot(command, using) {
	using.signal.throwIfAborted();
	const child = start(command);
	const log = collect$1(child, using.onLine);
	const exited = exitOf(child);
	const stop = () => void endGroup(child);
	using.signal.addEventListener("abort", stop);
	try {
		if (child.pid !== void 0) await using.onStart(child.pid);
		const exit = await exited.catch(notStarted);
		using.signal.throwIfAborted();
		if (exit.kind === "code" && exit.code === 0) return void 0;
		return {
			exit,
			log: await log()
		};
	} finally {
		using.signal.removeEventListener("abort", stop);
		signalAll(child, "SIGKILL");
		await log();
	}
}
function start({ path, args, env, cwd }) {
	try {
		return spawn(path, args, {
			cwd,
			env,
			detached: process.platform !== "win32",
			stdio: [
				"ignore",
				"pipe",
				"pipe"
			],
			windowsHide: true
		});
	} catch (error) {
		return notStarted(error);
	}
}
function exitOf(child) {
	const exited = new Promise((resolve, reject) => {
		child.on("error", reject);
		child.once("exit", (code, signal) => resolve(code === null ? {
			kind: "signal",
			signal: String(signal)
		} : {
			kind: "code",
			code
		}));
	});
	exited.catch(() => void 0);
	return exited;
}
function notStarted(error) {
	throw new Problem({
		code: "tbot",
		what: `tbot could not be started: ${messageOf(error)}.`,
		fix: "Look at the binary that the output `tbot-path` names, or leave `tbot-path` out.",
		cause: error
	});
}
/** Reads both streams; the answer waits a moment for pipes that something else still holds. */
function collect$1(child, onLine) {
	const lines = [];
	const read = async (stream) => {
		if (!stream) return;
		for await (const line of createInterface({ input: stream })) {
			onLine(line);
			lines.push(line);
			if (lines.length > linesKept) lines.shift();
		}
	};
	const done = Promise.all([read(child.stdout), read(child.stderr)]).catch(() => void 0);
	return async () => {
		await Promise.race([done, setTimeout$1(500, void 0, { ref: false })]);
		child.stdout?.destroy();
		child.stderr?.destroy();
		return lines;
	};
}
async function endGroup(child) {
	signalAll(child, "SIGTERM");
	await setTimeout$1(grace, void 0, { ref: false });
	if (child.exitCode === null && child.signalCode === null) signalAll(child, "SIGKILL");
}
/** A signal to a child and to all in its group; on Windows, where there is none, to the child. */
function signalAll(child, name) {
	if (process.platform === "win32") child.kill(name);
	else if (child.pid !== void 0) signalGroup(child.pid, name);
}

// src/join.ts
/** Milliseconds before each further attempt, for what can pass by itself. */
const pauses = [
	1e3,
	3e3,
	9e3
];
/**
* Runs tbot until it has joined and issued everything. What can pass by itself is tried again, each
* time with a proof of identity that tbot fetches anew; a denial never is. Throws a Problem, or the
* signal's reason.
*/
async function join$1(plan, context, using) {
	const { runner, network, signal } = using;
	await writeIntoHome(using.home.path, configName, await renderConfig(plan.config));
	for (let attempt = 0;; attempt += 1) {
		const failure = await runOnce(plan, context, using);
		if (!failure) return;
		const { env, mask } = runner;
		const { problem, transient } = await explain(failure, context, {
			env,
			mask,
			network,
			signal
		});
		signal.throwIfAborted();
		const wait = transient ? pauses[attempt] : void 0;
		if (wait === void 0) throw problem;
		runner.info(`${problem.message} That can pass by itself; trying again in ${wait / 1e3} s.`);
		await setTimeout$1(wait, void 0, { signal }).catch(() => signal.throwIfAborted());
	}
}
/** Shows the log of tbot, but for a failure that is explained with the end of it. */
async function runOnce(plan, context, { home, runner, signal }) {
	const lines = [];
	let failure;
	try {
		failure = await runTbot(plan.command, {
			signal,
			onStart: (pid) => rememberProcess(home, pid),
			onLine: (line) => void lines.push(line)
		});
		return failure;
	} finally {
		if (!failure || runner.debugging) runner.group(`Log of tbot ${context.tbotVersion}`, lines.map(presentableLine(context)));
	}
}
async function rememberProcess({ path, marker }, pid) {
	const processes = [...marker.processes, await markProcess(pid)];
	await changeMarker(path, {
		...marker,
		processes
	});
}

// src/joined.ts
/** The credential that ends first; undefined when none was issued. */
function soonest(credentials) {
	return credentials.toSorted((one, other) => Number(one.expiresAt) - Number(other.expiresAt))[0];
}
/** When the first certificate ends; undefined when none was issued. */
function soonestEnd(credentials) {
	return soonest(credentials)?.expiresAt;
}

// src/publish/outputs.ts
/** The outputs of a step; an absent thing is an empty string. */
function outputsOf(joined) {
	const { credentials, cluster, inputs, tool } = joined;
	const certificate = credentials[0]?.certificate;
	return {
		"identity-file": fileOf(credentials, "identity"),
		"ssh-config": fileOf(credentials, "ssh-config"),
		"known-hosts": fileOf(credentials, "known-hosts"),
		"certificate-file": fileOf(credentials, "certificate"),
		"key-file": fileOf(credentials, "key"),
		"ca-file": fileOf(credentials, "host-ca"),
		"destination-dir": credentials[0]?.dir ?? "",
		credentials: JSON.stringify(catalogue(credentials)),
		cluster: certificate?.cluster ?? cluster.name,
		proxy: inputs.proxy,
		"join-method": joined.identity.method,
		bot: certificate?.user.replace(/^bot-/, "") ?? "",
		"bot-instance-id": certificate?.botInstanceId ?? "",
		roles: certificate ? JSON.stringify(certificate.roles) : "",
		"expires-at": rfc3339(soonestEnd(credentials)),
		"ca-bundle": joined.caBundle ?? "",
		"tbot-version": tool.version,
		"tbot-path": tool.path,
		"tbot-source": tool.source
	};
}
/** Of the first identity, else of the first credential that has such a file. */
function fileOf(credentials, role) {
	return credentials.find(({ type }) => type === "identity")?.files[role] ?? credentials.find(({ files }) => files[role])?.files[role] ?? "";
}
function catalogue(credentials) {
	return Object.fromEntries(credentials.map(({ name, type, dir, files, expiresAt }) => [name, {
		type,
		dir,
		files,
		"expires-at": rfc3339(expiresAt)
	}]));
}
/** A moment to the second, in UTC: `2026-11-21T02:53:47Z`. */
function rfc3339(date) {
	return date ? date.toISOString().replace(/\.\d+Z$/, "Z") : "";
}

// src/lifetime.ts
/** Seconds by which a lifetime may be short without a word: tbot asked a little while ago. */
const tolerance = 60;
/**
* Compares what the certificates say with what was asked for; Teleport cuts a lifetime silently.
* Answers a notice where they are shorter. Throws a Problem `ttl` where they end before `min-ttl`.
* `now` in milliseconds since 1970.
*/
function checkLifetime(credentials, inputs, now) {
	const first = soonest(credentials);
	if (!first) return void 0;
	const end = first.expiresAt;
	const left = Math.max(0, Math.round((Number(end) - now) / 1e3));
	const bot = first.certificate.user.replace(/^bot-/, "");
	if (inputs.minTtl !== void 0 && left < inputs.minTtl - tolerance) throw tooShort(end, inputs.minTtl, bot);
	if (left >= inputs.certificateTtl - tolerance) return void 0;
	return `The credentials end ${rfc3339(end)}, sooner than the ${formatDuration(inputs.certificateTtl)} asked for. ${causesOf(bot)}`;
}
function tooShort(end, minTtl, bot) {
	return new Problem({
		code: "ttl",
		what: `The credentials end ${rfc3339(end)}, sooner than \`min-ttl\` (${formatDuration(minTtl)}) wants.`,
		fix: `Let the bot have longer ones, or lower \`min-ttl\`. ${causesOf(bot)}`
	});
}
function causesOf(bot) {
	return `Teleport cuts to the \`max_session_ttl\` of the bot (12h unless it was raised with \`tctl edit bot/${bot}\`) and of each of its roles.`;
}

// src/network/exchange.ts
/** Sends a GET and waits for the head of the answer. Throws a NetworkError or the signal's reason. */
function ask(socket, question, signal) {
	const { url } = question;
	return new Promise((resolve, reject) => {
		const asked = request({
			createConnection: () => socket,
			path: question.absolute ? url.href : `${url.pathname}${url.search}`,
			setHost: false,
			headers: {
				host: url.host,
				"user-agent": "machine-id-action",
				accept: "*/*",
				connection: "close",
				...question.headers
			}
		});
		const onAbort = () => void asked.destroy();
		signal.addEventListener("abort", onAbort, { once: true });
		asked.on("error", (error) => {
			signal.removeEventListener("abort", onAbort);
			reject(signal.aborted ? signal.reason : networkError(error, question.peer));
		});
		asked.once("response", (response) => {
			signal.removeEventListener("abort", onAbort);
			resolve(response);
		});
		if (signal.aborted) onAbort();
		asked.end();
	});
}
/**
* The body of an answer. The time for which the reader itself is busy does not count as a stall.
* Throws a NetworkError, or the signal's reason.
*/
async function* bodyOf(response, peer, stall, signal) {
	let ended;
	const end = (because) => {
		ended ??= { because };
		response.destroy();
	};
	const onAbort = () => end(signal.reason);
	signal.addEventListener("abort", onAbort, { once: true });
	if (signal.aborted) onAbort();
	const chunks = response[Symbol.asyncIterator]();
	try {
		for (;;) {
			const timer = setTimeout(() => end(stalled(peer, stall)), stall);
			const next = await chunks.next().finally(() => clearTimeout(timer));
			if (next.done) return;
			yield next.value;
		}
	} catch (error) {
		throw ended ? ended.because : brokenOff(error, peer);
	} finally {
		signal.removeEventListener("abort", onAbort);
		response.destroy();
	}
}
/** Whatever ends a body before its end is a broken connection. */
function brokenOff(cause, peer) {
	return new NetworkError({
		kind: "reset",
		what: `${peer} broke off in the middle of its answer`,
		cause
	});
}
function stalled(peer, stall) {
	return new NetworkError({
		kind: "timeout",
		what: `${peer} stopped sending for ${stall / 1e3} s`,
		passing: true
	});
}
/** A whole body as UTF-8; one of more bytes than the limit is a NetworkError `too-long`. */
async function textOf(body, most, peer) {
	const chunks = [];
	let length = 0;
	for await (const chunk of body) {
		length += chunk.length;
		if (length > most) throw new NetworkError({
			kind: "too-long",
			what: `${peer} answers with more than ${most} bytes where a short answer belongs`
		});
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}

// src/network/limit.ts
/** Aborts with `late()` after so many milliseconds. */
function limit(milliseconds, outer, late) {
	const controller = new AbortController();
	const onOuter = () => controller.abort(outer.reason);
	if (outer.aborted) onOuter();
	else outer.addEventListener("abort", onOuter, { once: true });
	const timer = setTimeout(() => controller.abort(late()), milliseconds);
	return {
		signal: controller.signal,
		lift: () => {
			clearTimeout(timer);
			outer.removeEventListener("abort", onOuter);
		}
	};
}
/** Does work that has so many milliseconds; past that, it ends with `late()`. */
async function within(milliseconds, outer, late, work) {
	const limited = limit(milliseconds, outer, late);
	try {
		return await work(limited.signal);
	} finally {
		limited.lift();
	}
}

// src/network/target.ts
/** `host:port`, with brackets where an IPv6 address needs them. */
function peerName(end) {
	return isIP(end.host) === 6 ? `[${end.host}]:${end.port}` : `${end.host}:${end.port}`;
}

// src/network/tunnel.ts
/** Asks the HTTP proxy for a way through to `authority` (RFC 9110, section 9.3.6). */
function tunnel(socket, proxy, authority, signal) {
	const name = `the HTTP proxy ${peerName(proxy)}`;
	return new Promise((resolve, reject) => {
		const fail = (error) => {
			signal.removeEventListener("abort", onAbort);
			socket.destroy();
			reject(signal.aborted ? signal.reason : tunnelBroke(error, name));
		};
		const onAbort = () => fail(signal.reason);
		signal.addEventListener("abort", onAbort, { once: true });
		const asked = request({
			createConnection: () => socket,
			method: "CONNECT",
			path: authority,
			setHost: false,
			headers: {
				host: authority,
				...proxy.authorization && { "proxy-authorization": proxy.authorization }
			}
		});
		asked.once("error", fail).once("connect", (response) => {
			if (response.statusCode !== 200) return fail(tunnelRefused(response.statusCode, name, authority));
			signal.removeEventListener("abort", onAbort);
			resolve();
		});
		asked.end();
	});
}
function tunnelBroke(error, name) {
	if (error instanceof NetworkError) return error;
	const { message, code, passing } = networkError(error, name);
	return new NetworkError({
		kind: "proxy",
		what: message,
		code,
		passing,
		cause: error
	});
}
function tunnelRefused(status = 0, name, authority) {
	const what = status === 407 ? `${name} wants other credentials (407)` : `${name} does not let us through to ${authority} (${status})`;
	return new NetworkError({
		kind: "proxy",
		what,
		code: String(status),
		passing: status >= 500
	});
}

// src/network/connect.ts
/**
* A connection that is ready for a request: TCP, the HTTP proxy's tunnel and TLS are done. `opened`
* is told each socket as it comes to be. Throws a NetworkError, or the reason of the signal.
*/
async function connect$2(target, trust, signal, opened) {
	const { proxy } = target;
	const peer = peerName(target);
	if (!proxy) {
		const socket = await dial(target, signal, opened);
		return target.secure ? secure(socket, target.host, peer, trust, signal) : socket;
	}
	const socket = await reachProxy(proxy, trust, signal, opened);
	if (!target.secure) return socket;
	await tunnel(socket, proxy, peer, signal);
	return secure(socket, target.host, peer, trust, signal);
}
async function reachProxy(proxy, trust, signal, opened) {
	const peer = `the HTTP proxy ${peerName(proxy)}`;
	try {
		const socket = await dial(proxy, signal, opened, peer);
		return proxy.secure ? await secure(socket, proxy.host, peer, trust, signal) : socket;
	} catch (error) {
		if (!(error instanceof NetworkError) || error === signal.reason) throw error;
		if (error.kind === "untrusted") throw error;
		const { message, code, passing } = error;
		throw new NetworkError({
			kind: "proxy",
			what: message,
			code,
			passing,
			cause: error
		});
	}
}
function dial(end, signal, opened, peer = peerName(end)) {
	signal.throwIfAborted();
	const socket = connect({
		...end,
		noDelay: true,
		autoSelectFamilyAttemptTimeout: 1e3
	});
	socket.on("error", () => void 0);
	opened(socket);
	return ready(socket, "connect", peer, signal);
}
function secure(socket, host, peer, secureContext, signal) {
	const tls = connect$1({
		socket,
		host,
		...isIP(host) === 0 && { servername: host },
		ALPNProtocols: ["http/1.1"],
		...secureContext && { secureContext }
	});
	tls.on("error", () => void 0);
	return ready(tls, "secureConnect", peer, signal);
}
/** Waits for the event that says the socket can be used; destroys the socket otherwise. */
function ready(socket, event, peer, signal) {
	return new Promise((resolve, reject) => {
		const onAbort = () => fail(signal.reason);
		const done = () => {
			signal.removeEventListener("abort", onAbort);
			socket.off(event, onReady).off("error", fail).off("close", onClose);
		};
		const fail = (error) => {
			done();
			socket.destroy();
			reject(signal.aborted ? signal.reason : networkError(error, peer));
		};
		const onClose = () => fail(Object.assign(/* @__PURE__ */ new Error("closed before it was ready"), { code: "ECONNRESET" }));
		const onReady = () => {
			done();
			resolve(socket);
		};
		signal.addEventListener("abort", onAbort, { once: true });
		socket.once(event, onReady).once("error", fail).once("close", onClose);
		if (signal.aborted) onAbort();
	});
}

// src/network/reach.ts
/** Connects; a certificate of an unknown authority is tried once more with this machine's list. */
async function reach(wires, target, milliseconds, signal) {
	const open = async () => {
		const context = target.secure ? await wires.trust.context() : void 0;
		return within(milliseconds, signal, () => unreached(target, milliseconds), (limited) => connect$2(target, context, limited, (socket) => remember(wires, socket)));
	};
	try {
		return await open();
	} catch (error) {
		if (!isAuthorityUnknown(error) || !wires.trust.widen()) throw error;
		return open();
	}
}
function remember(wires, socket) {
	wires.sockets.add(socket);
	socket.once("close", () => wires.sockets.delete(socket));
}
function unreached(target, milliseconds) {
	const seconds = milliseconds / 1e3;
	const peer = peerName(target);
	return target.proxy ? new NetworkError({
		kind: "proxy",
		what: `${peer} was not reached through the HTTP proxy ${peerName(target.proxy)} within ${seconds} s`
	}) : new NetworkError({
		kind: "timeout",
		what: `nothing answers at ${peer} within ${seconds} s`
	});
}

// src/network/route.ts
/** Metadata services answer only the machine itself; a proxy would show them another machine. */
const neverProxied = /* @__PURE__ */ new Set([
	"169.254.169.254",
	"169.254.170.2",
	"169.254.170.23",
	"fd00:ec2::254",
	"metadata.google.internal"
]);
/**
* The HTTP proxy for a URL, by the rules of Go (golang.org/x/net/http/httpproxy), so that this
* action and tbot take the same way: HTTPS_PROXY or HTTP_PROXY by the scheme of the URL, NO_PROXY,
* each also in lower case; loopback and metadata addresses are always reached directly. Throws a
* TypeError for a proxy that is not an http or https address.
*/
function httpProxyFor(url, env) {
	const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
	const value = either(env, name);
	if (value === "") return void 0;
	const host = bareHost(url);
	if (isLoopback(host) || neverProxied.has(host)) return void 0;
	if (isExempt(host, portOf(url), either(env, "NO_PROXY"))) return void 0;
	return parseProxy(value, name);
}
/** The host of a URL without the brackets of an IPv6 address and without a final dot. */
function bareHost(url) {
	return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
/** The port of a URL, also where the scheme implies it. */
function portOf(url) {
	return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}
/** Whether a host is this machine, by its address or by the name `localhost`. */
function isLoopback(host) {
	return host === "localhost" || host === "::1" || isIP(host) === 4 && host.startsWith("127.");
}
function either(env, name) {
	return (env[name] || env[name.toLowerCase()] || "").trim();
}
function parseProxy(value, name) {
	const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
	if (!URL.canParse(url)) throw new TypeError(`${name} is not the address of an HTTP proxy`);
	const proxy = new URL(url);
	if (proxy.protocol !== "http:" && proxy.protocol !== "https:") throw new TypeError(`${name} names a proxy of another kind (${proxy.protocol}//)`);
	const user = decodeURIComponent(proxy.username);
	const credentials = `${user}:${decodeURIComponent(proxy.password)}`;
	return {
		secure: proxy.protocol === "https:",
		host: bareHost(proxy),
		port: portOf(proxy),
		authorization: user === "" ? void 0 : `Basic ${Buffer.from(credentials).toString("base64")}`
	};
}
function isExempt(host, port, list) {
	return list.split(/[,\s]+/).filter((entry) => entry !== "").some((entry) => matches(entry.toLowerCase(), host, port));
}
function matches(entry, host, port) {
	if (entry === "*") return true;
	const subnet = /^\[?([0-9a-f:.]+)\]?\/(\d+)$/.exec(entry);
	if (subnet) return isWithin(host, subnet[1] ?? "", Number(subnet[2]));
	const [name, wantedPort] = split(entry);
	if (wantedPort !== void 0 && wantedPort !== port) return false;
	if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
	const domain = name.replace(/^\*?\./, "");
	return host.endsWith(`.${domain}`) || domain === name && host === domain;
}
function split(entry) {
	const parts = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(entry);
	if (!parts) return [entry, void 0];
	return [parts[1] ?? parts[2] ?? "", parts[3] === void 0 ? void 0 : Number(parts[3])];
}
function isWithin(host, network, prefix) {
	const family = isIP(network);
	if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) return false;
	const type = family === 4 ? "ipv4" : "ipv6";
	const block = new BlockList();
	block.addSubnet(network, prefix, type);
	return block.check(host, type);
}

// src/network/redirect.ts
/**
* Where an answer sends us, or undefined when it is the answer itself. A redirect that is not
* followed (too many, to another scheme) ends the connection and is a NetworkError `redirect`.
*/
function redirectOf(from, reply, left) {
	const { location } = reply.headers;
	if (![
		301,
		302,
		303,
		307,
		308
	].includes(reply.status) || location === void 0) return void 0;
	reply.discard();
	const fail = (what) => {
		throw new NetworkError({
			kind: "redirect",
			what: `${from.host} ${what}`
		});
	};
	if (!URL.canParse(location, from.href)) return fail("redirects to what is no address");
	const next = new URL(location, from);
	if (!(next.protocol === "https:" || next.protocol === "http:" && bothLoopback(from, next))) return fail(`redirects to an address without TLS (${next.protocol}//${next.host})`);
	return left > 0 ? next : fail("redirects over and over");
}
function bothLoopback(from, next) {
	return isLoopback(bareHost(from)) && isLoopback(bareHost(next));
}

// src/network/get.ts
const usualTimeouts = {
	connect: 5e3,
	answer: 1e4,
	stall: 2e4
};
/** Asks, and follows as many redirects as are allowed. */
async function get(wires, url, options) {
	let from = url;
	let headers = options.headers ?? {};
	for (let left = options.redirects ?? 0;; left -= 1) {
		const reply = await getOnce(wires, from, {
			...options,
			headers
		});
		const next = options.redirects ? redirectOf(from, reply, left) : void 0;
		if (!next) return reply;
		if (next.origin !== from.origin) headers = {};
		from = next;
	}
}
async function getOnce(wires, url, options) {
	const times = {
		...usualTimeouts,
		...options.timeouts
	};
	const { signal } = options;
	const target = targetOf(url, wires.env);
	const peer = peerName(target);
	const socket = await reach(wires, target, times.connect, signal);
	const response = await within(times.answer, signal, () => silent(peer, times.answer), (limited) => ask(socket, questionFor(url, target, options.headers), limited));
	const body = bodyOf(response, peer, times.stall, signal);
	return {
		url: url.href,
		status: response.statusCode ?? 0,
		headers: response.headers,
		body,
		text: (most) => textOf(body, most, peer),
		discard: () => void response.destroy()
	};
}
function targetOf(url, env) {
	const end = {
		host: bareHost(url),
		port: portOf(url),
		secure: url.protocol === "https:"
	};
	try {
		return {
			...end,
			proxy: httpProxyFor(url, env)
		};
	} catch (cause) {
		const what = cause instanceof Error ? cause.message : "the HTTP proxy has no usable address";
		throw new NetworkError({
			kind: "proxy",
			what,
			cause
		});
	}
}
function questionFor(url, target, headers) {
	const absolute = !target.secure && target.proxy !== void 0;
	const authorization = absolute ? target.proxy?.authorization : void 0;
	return {
		url,
		absolute,
		peer: peerName(target),
		headers: {
			...headers,
			...authorization && { "proxy-authorization": authorization }
		}
	};
}
function silent(peer, milliseconds) {
	return new NetworkError({
		kind: "timeout",
		what: `${peer} takes the connection and says nothing for ${milliseconds / 1e3} s`
	});
}

// src/network/trust.ts
/**
* Begins with Node's list and NODE_EXTRA_CA_CERTS, because reading the machine's own costs 50 to
* 80 ms; with an `extra-ca-file` all are believed from the start. Its methods throw a Problem
* `inputs` when that file can't be read as PEM certificates.
*/
function openTrust(extraCaFile) {
	let wide = extraCaFile !== void 0;
	let authorities;
	let context;
	const all = () => authorities ??= everyAuthority(extraCaFile);
	return {
		context: async () => {
			if (!wide) return void 0;
			context ??= all().then((ca) => tls.createSecureContext({ ca: [...ca] }));
			return context;
		},
		widen: () => {
			const changes = !wide;
			wide = true;
			return changes;
		},
		bundle: async () => `${(await all()).map((pem) => pem.trim()).join("\n")}\n`
	};
}
/** `default` holds what Node brings and NODE_EXTRA_CA_CERTS. */
async function everyAuthority(extraCaFile) {
	const extra = extraCaFile === void 0 ? [] : await readCertificates(extraCaFile);
	return [.../* @__PURE__ */ new Set([
		...tls.getCACertificates("default"),
		...tls.getCACertificates("system"),
		...extra
	])];
}
async function readCertificates(file) {
	try {
		const blocks = (await readFile(file, "utf8")).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
		if (blocks.length === 0) throw new Error("it holds no PEM certificate");
		return blocks.map((block) => new X509Certificate(block).toString());
	} catch (cause) {
		throw new Problem({
			code: "inputs",
			what: `The certificates of \`extra-ca-file\` can not be read: ${reason(cause)}.`,
			fix: "Give the path of a PEM file with one or more certificates.",
			cause
		});
	}
}
function reason(error) {
	const code = codeOf(error);
	if (code === "ENOENT") return "there is no such file";
	if (code === "EACCES") return "this user may not read it";
	if (code === "EISDIR") return "it is a folder";
	return code === void 0 && error instanceof Error ? error.message : "a certificate is damaged";
}

// src/network/network.ts
/** Opens nothing yet; `env` gives the HTTP proxies. */
function openNetwork(options) {
	const wires = {
		env: options.env,
		trust: openTrust(options.extraCaFile),
		sockets: /* @__PURE__ */ new Set()
	};
	return {
		get: (url, asked) => get(wires, new URL(url), asked),
		caBundle: () => wires.trust.bundle(),
		close: () => {
			for (const socket of wires.sockets) socket.destroy();
		}
	};
}

// src/publish/environment.ts
/**
* The variables that Teleport's tools read in later steps, with the values that they replace.
* tctl reads TELEPORT_AUTH_SERVER and nothing else, while a tbot up to 17 refuses to see both, so
* that one is exported only where there is a tctl.
*/
async function variablesFor(outputs, env) {
	const wanted = {
		TELEPORT_PROXY: outputs.proxy,
		TELEPORT_AUTH_SERVER: await isOnPath("tctl", env) ? outputs.proxy : "",
		TELEPORT_IDENTITY_FILE: outputs["identity-file"],
		TELEPORT_TOOLS_VERSION: "off"
	};
	return Object.entries(wanted).filter(([, value]) => value !== "").map(([name, value]) => ({
		name,
		value,
		before: env[name] ?? ""
	}));
}
async function isOnPath(program, env) {
	const names = process.platform === "win32" ? [`${program}.exe`] : [program];
	const candidates = (env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "").flatMap((directory) => names.map((name) => join(directory, name)));
	return (await Promise.all(candidates.map(isProgram))).includes(true);
}
async function isProgram(path) {
	try {
		await access(path, constants$1.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}

// src/publish/publish.ts
/**
* Hands the credentials over to the later steps: outputs, variables, job summary, a line in the log.
* What post must take back is on the disk before anybody is given it.
*/
async function publish(joined, home, runner) {
	const outputs = outputsOf(joined);
	if (joined.inputs.exportEnv && joined.credentials.length > 0) {
		await exportVariables(outputs, home, runner);
		if (joined.tool.source !== "installed") await addToPath(joined.tool.path, home, runner);
	}
	for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
	if (joined.inputs.summary === "always") await runner.summary(successSummary(joined.credentials, outputs));
	runner.info(sentence(joined, outputs));
}
async function exportVariables(outputs, home, runner) {
	const variables = await variablesFor(outputs, runner.env);
	await changeMarker(home.path, {
		...home.marker,
		exported: variables
	});
	const before = runner.env["TELEPORT_IDENTITY_FILE"];
	if (before && before !== outputs["identity-file"]) runner.notice("machine-id-action", "TELEPORT_IDENTITY_FILE was set before this step; later steps see the identity of this one.");
	for (const { name, value } of variables) runner.exportVariable(name, value);
}
/** Later steps gain tbot alone, not what else lies beside it. Windows asks a right for links. */
async function addToPath(tbot, home, runner) {
	const programs = programsOf(home);
	if (process.platform === "win32") return runner.addPath(dirname(tbot));
	if (dirname(tbot) !== programs) await symlink(tbot, join(programs, "tbot")).catch((error) => {
		throw unwritable(programs, error);
	});
	runner.addPath(programs);
}
function sentence(joined, outputs) {
	if (joined.credentials.length === 0) return `Joined ${outputs.cluster} by ${outputs["join-method"]}; no credential was asked for.`;
	const names = joined.credentials.map(({ name }) => name).join(", ");
	const until = rfc3339(soonestEnd(joined.credentials));
	return `Joined ${outputs.cluster} as bot ${outputs.bot} by ${outputs["join-method"]}: ${names}, valid until ${until}.`;
}

// src/tbot/certificate.ts
const issuingCluster = "1.3.9999.1.7";
const botInstance = "1.3.9999.2.20";
/** Reads the first certificate of a PEM text. Throws the error of OpenSSL when there is none. */
function readCertificate(pem) {
	const certificate = new X509Certificate(pem);
	const { subject, issuer } = certificate.toLegacyObject();
	return {
		cluster: valuesOf(subject, issuingCluster)[0] ?? valuesOf(issuer, "O")[0] ?? "",
		user: valuesOf(subject, "CN")[0] ?? "",
		roles: valuesOf(subject, "O"),
		botInstanceId: valuesOf(subject, botInstance)[0],
		expiresAt: certificate.validToDate
	};
}
/** Whether a certificate (PEM) was issued for a private key (PEM). Throws when one can't be read. */
function belongTogether(certificatePem, keyPem) {
	return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
}
/** An attribute that occurs once is a text, one that occurs more often a list. */
function valuesOf(attributes, name) {
	const value = attributes[name];
	if (value === void 0) return [];
	return typeof value === "string" ? [value] : value;
}

// src/tbot/files.ts
const ownFiles = {
	identity: "identity",
	key: "key",
	"public-key": "key.pub",
	"ssh-certificate": "key-cert.pub",
	certificate: "tlscert"
};
const authorities = {
	"host-ca": "teleport-host-ca.crt",
	"user-ca": "teleport-user-ca.crt",
	"database-ca": "teleport-database-ca.crt"
};
/**
* The files that tbot writes for a service, by role, as names in its folder
* (lib/tbot/identity/identity.go, lib/tbot/internal/constants.go, lib/tbot/ssh/ssh.go).
*/
function filesOf(service) {
	switch (service.type) {
		case "identity": return {
			...ownFiles,
			...authorities,
			"ssh-config": "ssh_config",
			"known-hosts": "known_hosts"
		};
		default: return service.type;
	}
}

// src/tbot/ssh-certificate.ts
/** How many fields the public key has, by certificate type (OpenSSH, PROTOCOL.certkeys). */
const publicKeyFields = /* @__PURE__ */ new Map([
	["ssh-rsa-cert-v01@openssh.com", 2],
	["ssh-ed25519-cert-v01@openssh.com", 1],
	["ecdsa-sha2-nistp256-cert-v01@openssh.com", 2],
	["ecdsa-sha2-nistp384-cert-v01@openssh.com", 2],
	["ecdsa-sha2-nistp521-cert-v01@openssh.com", 2]
]);
/** Reads a line `<type> <base64> [comment]`. Throws an Error for anything else. */
function readSshCertificate(line) {
	const [type = "", body = ""] = line.trim().split(/\s+/);
	const fields = publicKeyFields.get(type);
	if (fields === void 0) throw new Error(`${type || "an empty text"} is no SSH certificate`);
	const reader = new Reader(Buffer.from(body, "base64"));
	if (reader.text() !== type) throw new Error("the SSH certificate contradicts its own type");
	reader.bytes();
	const numbers = Array.from({ length: fields }, () => reader.bytes());
	reader.take(12);
	const keyId = reader.text();
	const principals = new Reader(reader.bytes()).texts();
	reader.take(8);
	return {
		keyId,
		principals,
		expiresAt: dateOf(reader.number()),
		publicKey: digest(numbers)
	};
}
/** The digest that a certificate of this private key (PEM) has as its `publicKey`. */
function publicKeyOf(keyPem) {
	const key = createPublicKey(createPrivateKey(keyPem));
	const jwk = key.export({ format: "jwk" });
	switch (`${key.asymmetricKeyType}`) {
		case "rsa": return digest([positive(bytes(jwk.e)), positive(bytes(jwk.n))]);
		case "ed25519": return digest([bytes(jwk.x)]);
		case "ec": return digest([Buffer.from(String(jwk.crv).replace("P-", "nistp")), Buffer.concat([
			Buffer.from([4]),
			bytes(jwk.x),
			bytes(jwk.y)
		])]);
		default: throw new Error(`a key of type ${key.asymmetricKeyType} has no SSH certificate`);
	}
}
/** A key of its type has all the numbers of that type (RFC 7518, section 6). */
function bytes(text) {
	return Buffer.from(String(text), "base64url");
}
/** An SSH number is signed: one with the highest bit set has a zero in front (RFC 4251, mpint). */
function positive(number) {
	return number.readUInt8() >= 128 ? Buffer.concat([Buffer.from([0]), number]) : number;
}
function digest(parts) {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(`${part.length}:`).update(part);
	return hash.digest("hex");
}
/** All bits set means for ever; a Date ends earlier. */
function dateOf(seconds) {
	const last = 8640000000000n;
	return /* @__PURE__ */ new Date(Number(seconds > last ? last : seconds) * 1e3);
}
/** Reads the wire format of RFC 4251: texts are bytes with their length in front. */
var Reader = class {
	#buffer;
	#offset = 0;
	constructor(buffer) {
		this.#buffer = buffer;
	}
	take(length) {
		const start = this.#offset;
		this.#offset += length;
		if (this.#offset > this.#buffer.length) throw new Error("the SSH certificate is cut short");
		return this.#buffer.subarray(start, this.#offset);
	}
	bytes() {
		return this.take(this.take(4).readUInt32BE());
	}
	text() {
		return this.bytes().toString("utf8");
	}
	texts() {
		const found = [];
		while (this.#offset < this.#buffer.length) found.push(this.text());
		return found;
	}
	number() {
		return this.take(8).readBigUInt64BE();
	}
};

// src/tbot/credentials.ts
/**
* Reads what tbot wrote for a service and looks at it closely: every file is there, is a file, is
* 0600, the certificates can be read and belong to the key. What must not be seen is masked before
* anything else is done with it. Throws a Problem `tbot`.
*/
async function readCredential(planned, mask) {
	const files = absolute(planned.dir, filesOf(planned.service));
	const contents = await readAll(planned.name, files, mask);
	return {
		name: planned.name,
		type: planned.service.type,
		dir: planned.dir,
		files,
		...checked(planned.name, contents)
	};
}
function absolute(dir, files) {
	return Object.fromEntries(Object.entries(files).map(([role, name]) => [role, join(dir, name)]));
}
async function readAll(name, files, mask) {
	const contents = /* @__PURE__ */ new Map();
	for (const [role, path] of Object.entries(files)) {
		const stats = await lstat(path).catch(() => void 0);
		if (!stats?.isFile() || stats.size === 0) throw unusable(name, `it did not write ${path}`);
		if (process.platform !== "win32" && (stats.mode & 63) !== 0) throw unusable(name, `others may read ${path}`);
		const text = await readFile(path, "utf8");
		for (const line of privateLines(text)) mask(line);
		contents.set(role, text);
	}
	return contents;
}
function checked(name, contents) {
	const text = (role) => String(contents.get(role));
	try {
		const certificate = readCertificate(text("certificate"));
		const ssh = readSshCertificate(text("ssh-certificate"));
		if (!belongTogether(text("certificate"), text("key"))) throw new Error("the X.509 certificate is not of its private key");
		if (ssh.publicKey !== publicKeyOf(text("key"))) throw new Error("the SSH certificate is not of its private key");
		const ends = [certificate.expiresAt, ssh.expiresAt].map(Number);
		return {
			certificate,
			expiresAt: new Date(Math.min(...ends))
		};
	} catch (error) {
		throw unusable(name, messageOf(error), error);
	}
}
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----END |$)/gs;
/**
* The lines of the private keys in a PEM text. Masks are for single lines, and a short or a public
* line would mask half of the log.
*/
function privateLines(pem) {
	return [...pem.matchAll(privateKey)].flatMap(([, body = ""]) => body.split("\n")).map((line) => line.trim()).filter((line) => line.length >= 8);
}
function unusable(name, why, cause) {
	return new Problem({
		code: "tbot",
		what: `tbot ended well, and yet its credential \`${name}\` can't be used: ${why}.`,
		fix: "Run the job again with step debug logging; if it stays, report it with the log of tbot.",
		cause
	});
}

// src/step.ts
/**
* The line from inputs to credentials: prove nothing before the cluster is known, remember the home
* before it is made, publish nothing before all of it is checked. Throws a Problem.
*/
async function runStep(inputs, runner, signal) {
	const { env, debugging } = runner;
	const { proxy, token } = inputs;
	const event = await readEvent(env);
	const identity = chooseIdentity(inputs, env, event);
	const swept = await sweepHomes(await homeRoot(env), jobOf(env));
	if (swept > 0) runner.info(`Removed what ${swept} earlier ${swept === 1 ? "run" : "runs"} had to leave here.`);
	const home = await makeHome(runner);
	const network = openNetwork({
		env,
		extraCaFile: inputs.extraCaFile
	});
	try {
		const cluster = await askCluster(proxy, {
			network,
			signal,
			info: runner.info
		});
		checkExpected(cluster.name, inputs.expectedCluster, `${proxy} is the proxy of`);
		const tool = await install({
			inputs,
			cluster,
			network,
			directory: programsOf(home),
			env,
			platform: process.platform,
			arch: process.arch,
			runner,
			signal
		});
		const caBundle = await caBundleOf(inputs, network, home);
		const plan = makePlan({
			inputs,
			identity,
			tool,
			home: home.path,
			env,
			debugging,
			caBundle
		});
		const job = jobFacts(env, event);
		const tbotVersion = tool.version;
		const context = {
			proxy,
			cluster: cluster.name,
			token,
			identity,
			tbotVersion,
			job
		};
		await join$1(plan, context, {
			home,
			runner,
			network,
			signal
		});
		const credentials = await collect(plan, inputs, runner);
		await publish({
			inputs,
			cluster,
			identity,
			tool,
			credentials,
			caBundle
		}, home, runner);
	} finally {
		network.close();
	}
}
/** Go's SSL_CERT_FILE replaces the system's certificates, so tbot is given all of them in one file. */
async function caBundleOf(inputs, network, home) {
	if (inputs.extraCaFile === void 0) return void 0;
	return writeIntoHome(home.path, "ca-bundle.pem", await network.caBundle());
}
/** Reads what was issued and holds it against what was asked for. */
async function collect(plan, inputs, runner) {
	const credentials = [];
	for (const planned of plan.services) credentials.push(await readCredential(planned, runner.mask));
	for (const { certificate } of credentials) checkExpected(certificate.cluster, inputs.expectedCluster, "The certificate is of");
	const notice = checkLifetime(credentials, inputs, Date.now());
	if (notice !== void 0) runner.notice("machine-id-action", notice);
	return credentials;
}

export { runStep };