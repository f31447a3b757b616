import { r as __toESM } from "./rolldown-runtime.js";
import { D as bareHost, E as isImageMirror, O as isLoopback, S as messageOf, i as _usingCtx, x as Problem } from "./shared.js";
import { BlockList, isIP } from "node:net";
import { PassThrough, pipeline } from "node:stream";
import { once } from "node:events";
import tls from "node:tls";
import * as zlib from "node:zlib";
import { createInflateRaw } from "node:zlib";
import { X509Certificate, createHash, randomBytes, randomUUID } from "node:crypto";
import { access, chmod, constants, copyFile, link, lstat, mkdir, open, readFile, readdir, realpath, rename, rm, stat, unlink } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { constants as constants$1, createReadStream } from "node:fs";
import { spawn } from "node:child_process";

// src/text/error-code.ts
/** The code of an error of the system or of Node, such as `ENOENT`. */
function codeOf(error) {
	if (!(error instanceof Error) || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}

// src/http/http-error.ts
/** An exchange that brought no answer. `message` is a clause that names both ends of the trouble. */
var NetworkError = class extends Error {
	name = "NetworkError";
	kind;
	code;
	retryable;
	constructor(text) {
		super(text.what, { cause: text.cause });
		this.kind = text.kind;
		this.code = text.code;
		this.retryable = text.retryable ?? retryableKinds.has(text.kind);
	}
};
const retryableKinds = /* @__PURE__ */ new Set([
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
	EPROTO: "protocol",
	UND_ERR_SOCKET: "reset",
	UND_ERR_DESTROYED: "reset",
	UND_ERR_CLOSED: "reset",
	UND_ERR_HEADERS_OVERFLOW: "protocol"
};
/** X.509 verification results (OpenSSL, X509_STORE_CTX_get_error) and Node's own for a wrong name. */
const certificateCode = /CERT|ISSUER|CRL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|LEAF_SIGNATURE/;
function kindOf$1(code) {
	const known = kindOfCode[code];
	if (known) return known;
	if (/^(ERR_SSL_|HPE_)/.test(code)) return "protocol";
	return certificateCode.test(code) ? "untrusted" : "other";
}
/** Says what an error of Node's sockets or of undici means; `peer` is the `host:port` that was spoken to. */
function networkError(error, peer) {
	if (error instanceof NetworkError) return error;
	const given = codeOf(error);
	const kind = kindOf$1(given ?? "");
	const code = given?.startsWith("UND_ERR_") ? void 0 : given;
	return new NetworkError({
		kind,
		code,
		what: clause(kind, code, peer),
		retryable: retryableKinds.has(kind) || code === "EAI_AGAIN",
		cause: error
	});
}
function clause(kind, code, peer) {
	const detail = code === void 0 ? "" : ` (${code})`;
	switch (kind) {
		case "unresolved": return `the name of ${peer} cannot be resolved${detail}`;
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

// src/http/retry.ts
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
async function retry(retryPolicy, signal, attempt, again = () => void 0) {
	for (let count = 1;; count += 1) try {
		return await attempt();
	} catch (error) {
		const wait = count < retryPolicy.attempts ? retryDelay(error, count, retryPolicy) : void 0;
		if (wait === void 0 || signal.aborted || !(error instanceof Error)) throw error;
		again(error, wait);
		await rest(wait, signal);
	}
}
/** Milliseconds to wait after the attempt of this number, undefined when another is of no use. */
function retryDelay(error, count, retryPolicy) {
	if (!(error instanceof NetworkError ? error.retryable : error instanceof StatusError && (error.status === 429 || error.status >= 500))) return void 0;
	const asked = error instanceof StatusError ? error.retryAfter ?? 0 : 0;
	if (asked > retryPolicy.longest) return void 0;
	const crowded = error instanceof StatusError && error.status === 429;
	return asked > 0 ? Math.round(asked + Math.random() * retryPolicy.pause) : backoff(count, retryPolicy, crowded);
}
/**
* Milliseconds to wait after the attempt of this number where nobody asks for more. No two wait
* alike, and a crowd that is turned away is not gone in a second.
*/
function backoff(count, { pause: first }, crowded) {
	return Math.round((crowded ? 4 : 1) * first * 2 ** (count - 1) * (.5 + Math.random()));
}
/** Waits for so many milliseconds. Throws the signal's reason. */
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

// src/versions/semantic.ts
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
	const answer = objectOf$1(parseJson$1(text));
	const minimum = optional(answer, "min_client_version", "string");
	const autoUpdate = given(answer, "auto_update");
	return {
		name: nameOf$2(answer),
		serverVersion: versionOf$1(answer["server_version"], "server_version"),
		...minimum && { minClientVersion: versionOf$1(minimum, "min_client_version") },
		edition: editionOf(optional(answer, "edition", "string")),
		fips: optional(answer, "fips", "boolean") ?? false,
		...autoUpdate !== void 0 && { autoUpdate: autoUpdateOf(objectOf$1(autoUpdate)) }
	};
}
function parseJson$1(text) {
	try {
		return JSON.parse(text);
	} catch {
		throw new NotTeleport(/^\s*</.test(text) ? "it answers with a web page" : "its answer is not JSON");
	}
}
function objectOf$1(value) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotTeleport("its answer is JSON of something else");
	return Object.fromEntries(Object.entries(value));
}
function nameOf$2(answer) {
	const name = answer["cluster_name"];
	if (name === void 0) throw new NotTeleport("its answer is JSON of something else");
	if (typeof name !== "string" || !/^[!-.0-[\]-~]{1,253}$/.test(name)) throw new NotTeleport("its answer holds no usable `cluster_name`");
	return name;
}
function versionOf$1(value, key) {
	const text = typeof value === "string" ? value.replace(/^v/, "") : "";
	const version = parseVersion(text);
	if (!version) throw new NotTeleport(`its answer holds no usable \`${key}\``);
	return formatVersion(version);
}
function editionOf(edition) {
	if (edition === "ent") return "enterprise";
	return edition === "oss" ? "oss" : "community";
}
/** A version that can't be read is a wish that can't be met, and no sign of another program. */
function autoUpdateOf(value) {
	const [agent, tools] = ["agent_version", "tools_version"].map((key) => given(value, key));
	return {
		...agent !== void 0 && agent !== "" && { agentVersion: wordOf(agent) },
		...tools !== void 0 && tools !== "" && { toolsVersion: wordOf(tools) }
	};
}
function wordOf(value) {
	return typeof value === "string" ? value.slice(0, 100) : typeof value;
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

// src/cluster/probe-failure.ts
/** The Problem behind a proxy that could not be asked; anything unforeseen is handed back. */
function probeFailure(proxy, error) {
	if (error instanceof NotTeleport) return notTeleport(proxy, error.message, error);
	if (error instanceof StatusError) return error.status === 429 ? rateLimited(proxy, error) : faulty(proxy, error);
	return error instanceof NetworkError ? networkFailed(proxy, error) : error;
}
function networkFailed(proxy, error) {
	switch (error.kind) {
		case "untrusted": return untrusted(proxy, error);
		case "protocol": return notTeleport(proxy, "it does not speak TLS as a proxy does", error);
		case "too-long": return notTeleport(proxy, "its answer is far too long", error);
		case "unresolved":
		case "refused":
		case "proxy":
		case "timeout":
		case "unreachable":
		case "reset":
		case "redirect":
		case "other": return unreachable(proxy, error, wayOut[error.kind]);
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
function unreachable(proxy, error, fix) {
	return new Problem({
		code: "proxy-unreachable",
		what: `The Teleport Proxy ${proxy} cannot be reached: ${error.message}.`,
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
function untrusted(proxy, error) {
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
const longestAnswer$1 = 262144;
/** A silent proxy is told within 10 s. */
const usualTimeouts$1 = {
	connect: 5e3,
	answer: 5e3,
	stall: 5e3
};
const defaultRetryPolicy$2 = {
	attempts: 4,
	pause: 500,
	longest: 3e4
};
/**
* Asks a proxy (`host:port`) once for `/webapi/find`, which needs no credentials; repeats only what
* can pass by itself. Throws a Problem `proxy-unreachable`, `proxy-untrusted`, `not-teleport` or
* `rate-limited`, or the reason of the signal.
*/
async function fetchCluster(proxy, using) {
	const { signal, info = () => void 0, retryPolicy = defaultRetryPolicy$2 } = using;
	try {
		return await retry(retryPolicy, signal, () => find(proxy, using), (error, wait) => info(`${sentence(error)} Trying again in ${Math.ceil(wait / 1e3)} s.`));
	} catch (error) {
		throw signal.aborted ? error : probeFailure(proxy, error);
	}
}
async function find(proxy, { network, signal, timeouts = usualTimeouts$1 }) {
	const reply = await network.get(`https://${proxy}/webapi/find`, {
		signal,
		timeouts,
		headers: { accept: "application/json" }
	});
	if (reply.status === 200) return parseFind(await reply.text(longestAnswer$1));
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
function sentence(error) {
	return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
}

// src/text/json.ts
/** Whether a value that came from outside has keys. */
function isRecord(value) {
	return typeof value === "object" && value !== null;
}
/** What stands behind a key; undefined where there is no such key, or nothing that could have one. */
function property(value, name) {
	return isRecord(value) && Object.hasOwn(value, name) ? value[name] : void 0;
}

// src/workdir/marker.ts
/** The marker's file in a home. */
const markerName = ".machine-id-action.json";
const format = "machine-id-action/1";
/** A marker that was being written when its writer died. */
const unfinishedMarker = /^\.machine-id-action\.json\.\d+$/;
/**
* Writes the marker of a home whole or not at all, mode 0600, never through a link. Without it the
* home could not be removed any more, so it is made to outlive a power cut.
*/
async function writeMarker(workdir, marker) {
	const beside = join(workdir, `${markerName}.${process.pid}`);
	await writePrivately(beside, JSON.stringify({
		format,
		...marker
	}), {
		reuse: true,
		flush: true
	});
	await rename(beside, join(workdir, markerName));
}
/** The marker of a home; undefined when there is none or it is not one of ours. */
async function readMarker(workdir) {
	const path = join(workdir, markerName);
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isFile() || stats.size > 1e6) return void 0;
	try {
		return markerOf(JSON.parse(await readFile(path, "utf8")));
	} catch {
		return;
	}
}
/**
* Whether a home holds nothing but an unfinished marker. Its main has just made it, or died before it
* could mark it, so it holds no secret.
*/
async function isNewHome(workdir) {
	return (await readdir(workdir).catch(() => void 0))?.every((name) => unfinishedMarker.test(name)) ?? false;
}
/**
* Creates a file of mode 0600, refusing to follow a link and, unless told, to reuse a file. A text
* that could not be written whole leaves no file.
*/
async function writePrivately(path, text, { reuse = false, flush = false } = {}) {
	try {
		var _usingCtx$3 = _usingCtx();
		const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants$1;
		const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (reuse ? O_TRUNC : O_EXCL);
		const file = _usingCtx$3.a(await open(path, flags, 384));
		try {
			await file.writeFile(text);
			if (flush) await file.sync();
		} catch (error) {
			await unlink(path).catch(() => void 0);
			throw error;
		}
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
function markerOf(json) {
	if (!isRecord(json) || json["format"] !== format || typeof json["job"] !== "string") return void 0;
	const { job, processes, exported } = json;
	if (!Array.isArray(processes) || !Array.isArray(exported)) return void 0;
	if (!processes.every(isProcessMark) || !exported.every(isExportedVariable)) return void 0;
	const { expiresAt, endpoint } = json;
	return {
		job,
		processes,
		exported,
		...typeof endpoint === "string" ? { endpoint } : {},
		...typeof expiresAt === "string" ? { expiresAt } : {}
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

// src/process/signal.ts
/**
* Sends a signal to the process group of a leader; a group that is gone is no error. Windows has no
* groups: nothing happens there.
*/
function signalGroup(leader, name) {
	if (process.platform !== "win32") signal(-leader, name);
}
/** Sends a signal to a process; one that is gone is no error. */
function signal(pid, name) {
	try {
		process.kill(pid, name);
	} catch {}
}

// src/workdir/processes.ts
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
function signalBoth(pid, name) {
	signalGroup(pid, name);
	signal(pid, name);
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

// src/workdir/workdir.ts
/** How a home is called below RUNNER_TEMP; short, because a Unix socket's path ends at 104 bytes. */
const workdirName = /^machine-id-[0-9a-f]{16}$/;
/** The name under which the home's path is kept for the post step. */
const workdirState = "home";
/**
* Makes the home of this call: mode 0700, a fresh name below RUNNER_TEMP, a marker inside. The path
* is remembered before anything is there, so that the post step finds it after a kill as well.
* Throws a Problem `platform`.
*/
async function createWorkdir(runner) {
	const root = await workdirRoot(runner.env);
	const path = join(root, `machine-id-${randomBytes(8).toString("hex")}`);
	writingBelow(root, () => runner.saveState(workdirState, path));
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
		await mkdir(programsOf$1({ path }), { mode: 448 });
		return {
			path,
			marker
		};
	} catch (error) {
		throw unwritable(root, error);
	}
}
/** The folder of a home that later steps have on their PATH: tbot and nothing else. */
function programsOf$1(workdir) {
	return join(workdir.path, "bin");
}
/** Where homes are made: RUNNER_TEMP with its links resolved. Throws a Problem `platform`. */
async function workdirRoot(env) {
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
async function writeToWorkdir(workdir, name, text) {
	const path = join(workdir, name);
	await writePrivately(path, text).catch(explainUnwritable(workdir));
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
/**
* Tells the runner something, which it takes by files of its own below this path. Throws a Problem
* `platform` for what the system says; anything else is a bug of ours.
*/
function writingBelow(path, tell) {
	try {
		tell();
	} catch (error) {
		throw error instanceof Error && "syscall" in error ? unwritable(path, error) : error;
	}
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

// src/cluster/version.ts
/**
* Returns the version of Teleport that a cluster asks for: that of its managed updates (with `tools`
* the one for tsh and tctl, because one archive holds all programs), on clusters without managed
* updates that of the channel for automatic upgrades, otherwise the cluster's own version. A version
* that can't be read or that the cluster itself would not serve is ignored.
*/
async function versionFor(cluster, tools, channel) {
	const { autoUpdate, serverVersion } = cluster;
	const { agentVersion, toolsVersion } = autoUpdate ?? {};
	const settings = [
		{
			key: "tools_version",
			version: tools.length > 0 ? toolsVersion : void 0
		},
		{
			key: "agent_version",
			version: agentVersion
		},
		{
			key: "the upgrade channel",
			version: autoUpdate ? void 0 : await channel()
		}
	];
	const notices = [];
	for (const { key, version } of settings) {
		if (version === void 0) continue;
		const readable = parseVersion(version);
		if (!readable) notices.push(ignored(key, version, cluster, "it is not a version"));
		else {
			const found = formatVersion(readable);
			const why = misfit$1(found, cluster) ?? tooOldForTools(tools, found, cluster);
			if (why === void 0) return {
				version: found,
				notices
			};
			notices.push(ignored(key, found, cluster, why));
		}
	}
	return {
		version: serverVersion,
		notices
	};
}
function ignored(key, version, { name }, why) {
	return `Cluster ${name} asks for Teleport ${version} (${key}), which is ignored: ${why}.`;
}
/**
* Holds a tbot against its cluster: a server takes clients of its own major and of older ones down
* to `min_client_version`, never newer majors (Teleport, Upgrading: component compatibility).
* Throws a Problem `version`. `chosenBy` is the input that chose this tbot.
*/
function checkVersion(version, cluster, chosenBy) {
	const why = misfit$1(version, cluster);
	if (why !== void 0) throw unfit("tbot", version, cluster, chosenBy, why);
}
/**
* tsh and tctl are of the cluster's major version or the one before it (Teleport, Upgrading:
* component compatibility), whatever `min_client_version` says. Throws a Problem `version`.
*/
function checkTools(tools, version, cluster) {
	const why = tooOldForTools(tools, version, cluster);
	if (why !== void 0) throw unfit(tools.join(" and "), version, cluster, "version", why);
}
function tooOldForTools(tools, version, { serverVersion }) {
	const [client, server] = [parseVersion(version), parseVersion(serverVersion)];
	if (tools.length === 0 || !client || !server || client.major >= server.major - 1) return void 0;
	return `the cluster runs ${serverVersion}, and its clients may be at most one major version older`;
}
function misfit$1(version, cluster) {
	const tbot = parseVersion(version);
	const server = parseVersion(cluster.serverVersion);
	const oldest = parseVersion(cluster.minClientVersion ?? "");
	if (!tbot || !server) throw unreadable$1(tbot ? cluster.serverVersion : version);
	if (tbot.major > server.major) return `the cluster runs ${cluster.serverVersion}, and no Teleport serves a newer major version than its own`;
	return oldest && compareVersions(tbot, oldest) < 0 ? `the cluster takes none older than ${cluster.minClientVersion}` : void 0;
}
function unfit(program, version, cluster, chosenBy, why) {
	return new Problem({
		code: "version",
		what: `${program} ${version} does not fit the cluster ${cluster.name}: ${why}.`,
		fix: chosenBy === "version" ? `Write \`version: ${cluster.serverVersion}\`, or leave \`version\` out to follow the cluster.` : `Install tbot ${cluster.serverVersion} there, or leave \`tbot-path\` and \`version\` out to have it fetched.`
	});
}
function unreadable$1(version) {
	return new Problem({
		code: "version",
		what: `\`${version}\` is not a version of Teleport.`,
		fix: "Write an exact `version` such as `18.2.4`."
	});
}

// src/install/build.ts
/** The input calls Community Edition `oss`, as clusters did before 17. Cloud runs enterprise builds. */
const editions = {
	oss: "oss",
	community: "oss",
	enterprise: "enterprise",
	cloud: "enterprise"
};
/** The build that fits inputs, cluster (where one was asked) and machine. */
function buildFor(version, options, cluster, machine) {
	const { platform, arch } = machine;
	const { edition } = options;
	const fips = options.fips === "auto" ? (cluster?.fips ?? false) && platform === "linux" : options.fips;
	return {
		version,
		edition: editions[edition === "auto" ? cluster?.edition ?? "oss" : edition],
		fips,
		platform,
		arch
	};
}
/** File name of a program. */
function fileOf(program, platform) {
	return platform === "win32" ? `${program}.exe` : program;
}

// src/files/files.ts
/** Whether there is a file, or a folder; a link counts as what it leads to. */
async function exists(path) {
	return access(path).then(() => true, () => false);
}
/** Whether there is anything of this name, and be it a link that leads nowhere. */
async function isTaken(path) {
	return lstat(path).then(() => true, () => false);
}
/** So many bytes from an offset on, fewer at the end of the file. */
async function bytesAt(handle, offset, size) {
	const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
	return buffer.subarray(0, bytesRead);
}
/** The first program of this name on PATH; undefined where there is none. */
async function findOnPath(program, env, platform = process.platform) {
	const [first] = await allOnPath(program, env, platform);
	return first;
}
/**
* The programs of this name on PATH, in its order. An entry that is not absolute is passed over: it
* would mean the folder of the checkout, which belongs to whoever wrote the pull request.
*/
async function allOnPath(program, env, platform) {
	const name = platform === "win32" ? `${program}.exe` : program;
	const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
	const found = [];
	for (const folder of folders) {
		const path = join(folder, name);
		if (await isProgram(path)) found.push(path);
	}
	return found;
}
async function isProgram(path) {
	try {
		await access(path, constants.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}
/** Whether a path lies below a folder, or is that folder; links are resolved on both sides. */
async function liesBelow(path, folder) {
	const [inner, outer] = await Promise.all([realpath(path), realpath(folder)]);
	const endpoint = relative(outer, inner);
	return endpoint !== ".." && !endpoint.startsWith(`..${sep}`) && !isAbsolute(endpoint);
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
	const loader = interpreter === void 0 ? void 0 : {
		offset: number(interpreter + (wide ? 8 : 4)),
		size: number(interpreter + (wide ? 32 : 16))
	};
	if (loader && !Number.isSafeInteger(loader.offset + loader.size)) return { kind: "unknown" };
	return {
		kind: "elf",
		arch: elfMachines[view.getUint16(18, little)],
		loader
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

// src/install/inspect.ts
/**
* Looks at a file before it is started: a web page, a folder, or a program for another machine give
* no error that a user could understand, or are handed to a shell. Gives what is wrong with it.
*/
async function inspectBinary(path, machine) {
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
	if (loader && !loader.present) return `it needs the loader ${loader.path}, which this system does not have (Alpine and other systems with musl cannot run it)`;
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

// src/install/owner.ts
/**
* Returns why an opened file may be, or may become, the work of another account. The mode shows
* write access that an access control list grants, too: its mask is the mode's group bits.
*/
async function fileFlaw(stats) {
	if (!stats.isFile()) return `is not a regular file (owner ${await accountOf(stats.uid)})`;
	return await ownerFlaw(stats) ?? modeFlaw(stats);
}
/**
* Returns why a build's folder in the tool cache, or one of the two above it, belongs to another
* account. The root of the cache may be anyone's: hosted images ship it with mode 777.
*/
async function folderFlaw(folder) {
	for (const path of [
		dirname(dirname(folder)),
		dirname(folder),
		folder
	]) {
		const stats = await lstat(path).catch(() => void 0);
		if (stats === void 0) return void 0;
		const flaw = stats.isDirectory() ? await ownerFlaw(stats) : `is not a folder (owner ${await accountOf(stats.uid)})`;
		if (flaw !== void 0) return `${path} ${flaw}`;
	}
}
/**
* Returns why another account could put another file in the place of this one: the file and every
* folder above it must be this user's or root's, and others may write only to folders whose sticky
* bit protects what is in them. The path has no links in it.
*/
async function pathFlaw(path) {
	const file = await lstat(path).catch(() => void 0);
	if (file === void 0) return `${path} does not exist`;
	const flaw = await fileFlaw(file);
	if (flaw !== void 0) return `${path} ${flaw}`;
	for (const folder of foldersAbove(path)) {
		const stats = await lstat(folder);
		const wrong = await ownerFlaw(stats) ?? (isSticky(stats) ? void 0 : await modeFlaw(stats));
		if (wrong !== void 0) return `${folder} ${wrong}`;
	}
}
function foldersAbove(path) {
	const folder = dirname(path);
	return folder === path ? [] : [folder, ...foldersAbove(folder)];
}
/** Returns an account's id with its name in /etc/passwd, if it has one there. */
async function accountOf(uid) {
	const name = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").map((line) => line.split(":")).find(([, , id]) => id === String(uid))?.[0];
	return name === void 0 ? `uid ${uid}` : `${name}, uid ${uid}`;
}
/** Windows has no user ids. */
async function ownerFlaw({ uid }) {
	const user = process.getuid?.();
	if (user === void 0 || uid === user || uid === 0) return void 0;
	return `belongs to another account (${await accountOf(uid)})`;
}
async function modeFlaw({ uid, mode }) {
	if (process.getuid === void 0 || (mode & 18) === 0) return void 0;
	return `can be written by its group or by others (mode ${(mode & 4095).toString(8)}, owner ${await accountOf(uid)})`;
}
function isSticky({ mode }) {
	return (mode & 512) !== 0;
}

// src/install/staged.ts
/** A path beside the target that no other installation has. */
function stagingPath(directory, program) {
	return join(directory, `.${program}-${randomUUID()}`);
}
/**
* Removes what installations left in a folder that were killed a day ago or earlier; others may be
* at work. What can't be removed stays: nobody needs the room so badly.
*/
async function removeStaleParts(directory) {
	for (const name of await readdir(directory).catch(() => [])) {
		if (!part.test(name)) continue;
		const path = join(directory, name);
		const stats = await lstat(path).catch(() => void 0);
		if (stats?.isFile() && Date.now() - stats.mtimeMs > day) await rm(path, { force: true }).catch(() => void 0);
	}
}
const part = /^\.(?:tbot|tsh|tctl|archive)-[0-9a-f]{8}-[0-9a-f-]{27}/;
const day = 864e5;
/** Does work that writes these files; when it fails, they are gone. */
async function removeOnFailure(files, work) {
	try {
		return await work();
	} catch (error) {
		for (const file of files) await rm(file, { force: true });
		throw error;
	}
}

// src/install/archive/tar-header.ts
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
	const prefix = isUstar(block) ? textAt$1(block, 345, 155) : "";
	const name = textAt$1(block, 0, 100);
	return {
		name: prefix === "" ? name : `${prefix}/${name}`,
		type: decode(block.subarray(156, 157)).replace("\0", "0"),
		size: numberAt(block, 124, 12),
		linkName: textAt$1(block, 157, 100)
	};
}
/** GNU tar puts other things where POSIX has the prefix, and marks that by two spaces. */
function isUstar(block) {
	return textAt$1(block, 257, 6) === "ustar" && textAt$1(block, 263, 2) === "00";
}
function checksumOf(block) {
	let sum = 256;
	for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
	return sum;
}
function textAt$1(block, offset, length) {
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

// src/install/archive/bytes.ts
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

// src/install/archive/pax.ts
/**
* Reads the records `<length> <key>=<value>` of a pax header ("pax Extended Header", POSIX pax).
* A global header may not name or size members here: no honest one does. Throws a BadArchive.
*/
function parsePax(bytes, reach) {
	let extension = {};
	for (let offset = 0; offset < bytes.length;) {
		const space = bytes.indexOf(32, offset);
		const length = lengthOf$1(decode(bytes.subarray(offset, Math.max(space, offset))));
		const end = offset + length;
		if (end > bytes.length || end <= space + 1 || bytes[end - 1] !== 10) throw broken();
		const record = decode(bytes.subarray(space + 1, end - 1));
		const equals = record.indexOf("=");
		if (equals < 1) throw broken();
		extension = {
			...extension,
			...recordOf$1(record.slice(0, equals), record.slice(equals + 1))
		};
		offset = end;
	}
	if (reach === "global" && Object.keys(extension).length > 0) throw new BadArchive("a global header names or sizes its members");
	return extension;
}
function lengthOf$1(digits) {
	if (!/^[1-9]\d{0,8}$/.test(digits)) throw broken();
	return Number(digits);
}
function recordOf$1(key, value) {
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

// src/install/archive/tar.ts
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
		const kind = kindOf(header, limits.layer ?? false);
		const name = safeName(header.name);
		if (kind === "link" && !limits.layer) checkLink(name, header);
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
function kindOf({ type, name, size }, layer) {
	if (type === "0" || type === "7") {
		if (!name.endsWith("/")) return "file";
		if (size === 0) return "directory";
	}
	if (size !== 0 && "123456".includes(type)) throw new BadArchive("a member that has no content has a size");
	if (type === "5") return "directory";
	if (type === "1" || type === "2") return "link";
	if ("346".includes(type) && layer) return "device";
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

// src/install/archive/unpack.ts
/** More than any program of a release (teleport itself has 241 MB). */
const largestProgram = 2 ** 30;
/**
* Takes the wanted members (name in the archive -> file) out of a tar stream and stops reading when
* the last one is there. The files must not exist; they become 0700. A `layer` of an image need not
* hold them, a `release` must. Throws a BadArchive, or what the file system says.
*/
async function unpack(source, wanted, kind) {
	const digests = /* @__PURE__ */ new Map();
	const whiteouts = kind === "layer" ? whiteoutsOf([...wanted.keys()]) : /* @__PURE__ */ new Set();
	let hides = false;
	for await (const member of readTar(source, {
		...tarLimits,
		layer: kind === "layer"
	})) {
		const file = wanted.get(member.name);
		hides ||= whiteouts.has(member.name);
		if (file === void 0) {
			refuseParentThatIsNoFolder(member, wanted);
			continue;
		}
		if (digests.has(member.name)) throw new BadArchive(`it holds \`${member.name}\` twice`);
		digests.set(member.name, await writeProgram(file, member));
		if (digests.size === wanted.size) return {
			digests,
			hides
		};
	}
	const missing = [...wanted.keys()].filter((name) => !digests.has(name));
	if (kind === "layer") return {
		digests,
		hides
	};
	throw new BadArchive(`there is no \`${missing.join("` and no `")}\` in it`);
}
/** Names of empty files that hide a name, or all of a folder (OCI image layer specification). */
function whiteoutsOf(names) {
	return new Set(names.flatMap((name) => {
		const parts = name.split("/");
		return parts.flatMap((part, index) => {
			const above = parts.slice(0, index).map((folder) => `${folder}/`);
			return [`${above.join("")}.wh.${part}`, `${above.join("")}.wh..wh..opq`];
		});
	}));
}
function refuseParentThatIsNoFolder(member, wanted) {
	if (member.kind === "directory") return;
	for (const name of wanted.keys()) if (name.startsWith(`${member.name}/`)) throw new BadArchive(`the folder \`${member.name}\` in it is a ${member.kind}`);
}
async function writeProgram(file, member) {
	if (member.kind !== "file") throw new BadArchive(`\`${member.name}\` in it is a ${member.kind}`);
	if (member.size > largestProgram) throw new BadArchive(`\`${member.name}\` in it is absurdly large`);
	return writeHashed(file, member.content);
}
/** Writes a new file of mode 0700 and gives its SHA-256 as lower-case hex. */
async function writeHashed(file, content) {
	const hash = createHash("sha256");
	const handle = await open(file, "wx", 448);
	try {
		await handle.chmod(448);
		for await (const chunk of content) {
			const written = writeAll(handle, chunk);
			hash.update(chunk);
			await written;
		}
	} finally {
		await handle.close();
	}
	return hash.digest("hex");
}
async function writeAll(handle, chunk) {
	for (let offset = 0; offset < chunk.length;) {
		const { bytesWritten } = await handle.write(chunk, offset);
		offset += bytesWritten;
	}
}

// src/install/cache.ts
/**
* The folder of a build in the runner's tool cache, laid out as @actions/tool-cache does it
* (<tool>/<version>/<arch>, and `<arch>.complete` beside it); undefined where there is no cache.
*/
function cacheFolder(env, build) {
	const root = env["RUNNER_TOOL_CACHE"];
	if (!root) return void 0;
	const tool = `tbot${build.edition === "enterprise" ? "-ent" : ""}${build.fips ? "-fips" : ""}`;
	return join(root, tool, build.version, build.arch);
}
/** Says that a folder may be used, to @actions/tool-cache as well. */
function completeMark(folder) {
	return `${folder}.complete`;
}
/** Name of the record that a program of this digest was put there by us. */
function recordOf(program, digest) {
	return `.${program}.${digest}`;
}
/** Says why the tool cache is not used; a notice where another account may be at work. */
function tellUnused({ kind, why }, runner) {
	const text = `The tool cache is not used: ${why}.`;
	if (kind === "absent") return runner.info(text);
	runner.notice("machine-id-action", `${text} Programs are downloaded for this call only. Remove that path to use the cache again.`);
}
/**
* Takes programs out of the tool cache: all of them, or none. Each is linked or copied into the
* private directory first and checked there, because another account may be able to replace what a path
* in the cache leads to, but not a file that only this user or root can write. The record finds
* corruption, not an attacker: the same user could change the record as well. What a runner image
* brought has no record.
*/
async function takeCached(query) {
	const { folder, directory, programs, build } = query;
	const foreign = await folderFlaw(folder);
	if (foreign !== void 0) return {
		kind: "untrusted",
		why: foreign
	};
	const names = await readdir(folder).catch(() => []);
	const missing = programs.map((program) => fileOf(program, build.platform)).find((file) => !names.includes(file));
	if (missing !== void 0) return absent(join(folder, missing));
	if (!await exists(completeMark(folder))) return absent(completeMark(folder));
	const parts = new Map(programs.map((program) => [program, stagingPath(directory, program)]));
	for (const [program, part] of parts) {
		const unused = await take(query, program, part, names);
		if (unused === void 0) continue;
		for (const path of parts.values()) await rm(path, { force: true });
		return unused;
	}
	return {
		kind: "taken",
		parts
	};
}
function absent(path) {
	return {
		kind: "absent",
		why: `${path} does not exist`
	};
}
const readSafely = constants$1.O_RDONLY | constants$1.O_NOFOLLOW | constants$1.O_NONBLOCK;
async function take({ folder, build }, program, part, names) {
	const path = join(folder, fileOf(program, build.platform));
	const records = names.filter((name) => name.startsWith(`.${program}.`));
	try {
		try {
			var _usingCtx$2 = _usingCtx();
			const linked = await link(path, part).then(() => true, () => false);
			const handle = _usingCtx$2.a(await open(linked ? part : path, readSafely));
			const flaw = await fileFlaw(await handle.stat());
			if (flaw !== void 0) return {
				kind: "untrusted",
				why: `${path} ${flaw}`
			};
			const copied = linked ? void 0 : await writeHashed(part, contentOf$1(handle));
			if (records.length === 0) return misfitting(path, await inspectBinary(path, build));
			const digest = copied ?? await hashOf(contentOf$1(handle));
			if (records.includes(recordOf(program, digest))) return void 0;
			return {
				kind: "absent",
				why: `${path} does not match its recorded SHA-256, so it is fetched again`
			};
		} catch (_) {
			_usingCtx$2.e = _;
		} finally {
			await _usingCtx$2.d();
		}
	} catch (error) {
		return unreadable(path, error);
	}
}
function misfitting(path, misfit) {
	return misfit === void 0 ? void 0 : {
		kind: "absent",
		why: `${path} is unusable: ${misfit}`
	};
}
async function unreadable(path, error) {
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isSymbolicLink()) return {
		kind: "absent",
		why: `${path} cannot be read or copied: ${messageOf(error)}`
	};
	return {
		kind: "untrusted",
		why: `${path} is a symbolic link (owner ${await accountOf(stats.uid)})`
	};
}
function contentOf$1(handle) {
	return handle.createReadStream({
		highWaterMark: 2 ** 20,
		autoClose: false
	});
}
/** SHA-256, lower-case hex. */
async function hashOf(content) {
	const hash = createHash("sha256");
	for await (const chunk of content) hash.update(chunk);
	return hash.digest("hex");
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

// src/install/problems.ts
/** The Problem behind a download that did not come about; anything unforeseen is handed back. */
function downloadFailed(url, error, kind = "archive") {
	if (error instanceof StatusError) return answered(url, error);
	if (error instanceof NetworkError) return notFetched(url, error);
	if (error instanceof BadArchive) return badArchive(url, error, kind);
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
/** The Problem behind programs that could not be put where they belong; others are handed back. */
function notPlaced(directory, error) {
	const code = codeOf(error) ?? "";
	if (!/^E[A-Z]+$/.test(code)) return error;
	return new Problem({
		code: "download",
		what: `tbot was downloaded and could not be put into ${directory} (${code}).`,
		fix: "Look at that folder: it must be one that this user may write, with room in it and with nothing in the way; or bring tbot by `tbot-path`.",
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
function badArchive(url, flaw, kind = "archive") {
	return new Problem({
		code: "archive",
		what: `${url} is not ${kind === "image" ? "an image of tbot" : "an archive of Teleport that can be unpacked"}: ${flaw.message}.`,
		fix: `Use the ${kind} that Teleport publishes, or correct \`mirror\` and \`version\`.`,
		cause: flaw
	});
}

// src/install/progress.ts
/** Milliseconds: a download that is over by then says nothing, and how often a longer one does. */
const firstWord = 5e3;
const pause = 1e4;
/** Passes a body through, and tells how far it is while it takes long. */
async function* withProgress(body, total, say, now = () => performance.now()) {
	const start = now();
	let next = start + firstWord;
	let done = 0;
	for await (const chunk of body) {
		done += chunk.length;
		const time = now();
		if (time >= next) {
			say(progressLine(done, total, (time - start) / 1e3));
			next = time + pause;
		}
		yield chunk;
	}
}
/** `42 of 150 MB, 5.1 MB/s, 21 s left`; without what is not known. */
function progressLine(done, total, seconds) {
	const rate = done / seconds;
	const size = total === void 0 ? `${mega(done)} MB` : `${mega(done)} of ${mega(total)} MB`;
	const left = total === void 0 ? "" : `, ${Math.ceil((total - done) / rate)} s left`;
	return `${size}, ${(rate / 1e6).toFixed(1)} MB/s${left}`;
}
function mega(bytes) {
	return (bytes / 1e6).toFixed(0);
}
/** The bytes that are announced; undefined for what is no number. */
function lengthOf(header) {
	return header !== void 0 && /^\d{1,15}$/.test(header) ? Number(header) : void 0;
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
		case "darwin": return build.fips ? void 0 : macRelease(tarball("darwin-universal"), build.version);
		case "win32": return build.fips ? void 0 : windowsRelease(build.version);
		default: return;
	}
}
function macRelease(release, version) {
	return Number.parseInt(version, 10) >= 17 ? {
		...release,
		appBundles: true
	} : release;
}
function windowsRelease(version) {
	return {
		archive: `teleport-v${version}-windows-amd64-bin.zip`,
		format: "zip",
		tbot: "tbot.exe"
	};
}
/** Path of another program inside. */
function memberOf({ tbot, appBundles }, program) {
	const path = appBundles && program !== "tbot" ? `${program}.app/Contents/MacOS/${program}` : program;
	return tbot.replace(/tbot(?=(\.exe)?$)/, path);
}

// src/install/archive/stream.ts
/** Larger than any release archive (150 to 250 MB). */
const largestArchive$1 = 2 ** 30;
/**
* Hashes and unpacks a compressed tar archive in one pass. Unpacking stops when the wanted members
* are out, hashing goes on to the end. Throws what the source throws, and what the file system says.
*/
async function streamArchive(source, wanted, { compression, kind, most = largestArchive$1 }) {
	const hash = createHash("sha256");
	const opener = decompressor(compression);
	const whole = decompressed(opener, compression);
	const unpacked = settle(unpack(whole, wanted, kind).finally(() => opener.destroy()));
	let length = 0;
	try {
		for await (const chunk of inPieces(source, () => opener.destroyed)) {
			length += chunk.length;
			if (length > most) throw new BadArchive("it is far larger than a release");
			const taken = feed(opener, chunk);
			hash.update(chunk);
			await taken;
		}
		if (!opener.destroyed) opener.end();
	} catch (error) {
		opener.destroy();
		await unpacked;
		throw error;
	}
	const outcome = await unpacked;
	if (outcome instanceof Error && !(outcome instanceof BadArchive)) throw outcome;
	return {
		digest: hash.digest("hex"),
		outcome
	};
}
/** Bytes: each piece is one job for a thread, and a network gives 16 KiB at a time. */
const pieceSize = 65536;
/** Puts chunks together until nobody decompresses any more. */
async function* inPieces(source, done) {
	let chunks = [];
	let length = 0;
	for await (const chunk of source) {
		chunks.push(chunk);
		length += chunk.length;
		if (length < pieceSize && !done()) continue;
		yield chunks.length === 1 ? chunk : Buffer.concat(chunks);
		chunks = [];
		length = 0;
	}
	if (length > 0) yield Buffer.concat(chunks);
}
function decompressor(compression) {
	const options = {
		chunkSize: 131072,
		highWaterMark: 131072
	};
	if (compression === "gzip") return zlib.createGunzip(options);
	if (compression === "none") return new PassThrough();
	if (typeof zlib.createZstdDecompress === "function") return zlib.createZstdDecompress(options);
	throw new Problem({
		code: "platform",
		what: `The image is compressed by zstd, which Node ${process.version} cannot read.`,
		fix: "Use a runner that brings Node 24, or write `install-from: archive`."
	});
}
/** The error of a promise as a value: it must be looked at later, and not be lost till then. */
async function settle(work) {
	try {
		return await work;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}
/** Waits while the other side is busy; one that wants no more is done. */
async function feed(opener, chunk) {
	if (opener.destroyed || opener.write(chunk)) return;
	await new Promise((resolve) => {
		const go = () => {
			opener.off("drain", go).off("close", go);
			resolve();
		};
		opener.on("drain", go).on("close", go);
	});
}
/** What comes out; that it does not decompress is said as a BadArchive. */
async function* decompressed(opener, compression) {
	opener.on("error", () => void 0);
	try {
		for await (const chunk of opener) if (chunk instanceof Uint8Array) yield chunk;
	} catch (cause) {
		throw new BadArchive(`it is not a whole ${compression} archive`, { cause });
	}
}

// src/install/archive/zip-directory.ts
const endSize = 22;
const mostEntries = 1e3;
/**
* The entries of a zip archive, from its end. No zip64: a release is far smaller. Names that lead
* outside, links, encryption and whatever contradicts itself are a BadArchive.
*/
async function readDirectory(handle) {
	const { size } = await handle.stat();
	const logTail = await bytesAt(handle, Math.max(0, size - 65557), 65557);
	const at = logTail.lastIndexOf(Buffer.from("PK"));
	if (at < 0 || at + endSize > logTail.length) throw new BadArchive("it is not a whole zip archive");
	const count = logTail.readUInt16LE(at + 10);
	const length = logTail.readUInt32LE(at + 12);
	const start = logTail.readUInt32LE(at + 16);
	const end = size - logTail.length + at;
	if (logTail.readUInt16LE(at + 8) !== count || logTail.readUInt32LE(at + 4) !== 0) throw new BadArchive("it is one of several parts");
	if (count > mostEntries || start + length > end) throw new BadArchive("its table of contents is damaged");
	return entriesOf(await bytesAt(handle, start, length), count, start);
}
function entriesOf(table, count, start) {
	const entries = [];
	let at = 0;
	for (let index = 0; index < count; index += 1) {
		if (at + 46 > table.length || table.readUInt32LE(at) !== 33639248) throw new BadArchive("its table of contents is damaged");
		const nameEnd = at + 46 + table.readUInt16LE(at + 28);
		entries.push(entryAt(table.subarray(at), table.subarray(at + 46, nameEnd), start));
		at = nameEnd + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32);
	}
	return entries;
}
function entryAt(record, nameBytes, tableStart) {
	const name = decode(nameBytes);
	if (/^([/\\]|[a-z]:)/i.test(name) || name.includes("\0") || name.split(/[/\\]/).includes("..")) throw new BadArchive("the name of a member leads outside");
	if ((record.readUInt16LE(8) & 8257) !== 0) throw new BadArchive("it is encrypted");
	const fileType = record.readUInt32LE(38) >>> 28 & 15;
	if (fileType !== 0 && fileType !== 8 && fileType !== 4) throw new BadArchive("it holds a link or a device");
	const offset = record.readUInt32LE(42);
	const packed = record.readUInt32LE(20);
	if (offset + packed > tableStart) throw new BadArchive("a member stands outside of it");
	return {
		name,
		method: methodOf(record.readUInt16LE(10)),
		packed,
		size: record.readUInt32LE(24),
		offset
	};
}
function methodOf(method) {
	if (method === 0) return "stored";
	if (method === 8) return "deflated";
	throw new BadArchive("it is compressed in an unknown way");
}
/** The bytes before a member's content; throws a BadArchive when its header is about another. */
async function localHeaderSize(handle, entry) {
	const head = await bytesAt(handle, entry.offset, 65565);
	if (head.length < 30 || head.readUInt32LE(0) !== 67324752) throw new BadArchive("a header is damaged");
	const nameEnd = 30 + head.readUInt16LE(26);
	if (decode(head.subarray(30, nameEnd)) !== entry.name) throw new BadArchive("two headers contradict each other");
	return nameEnd + head.readUInt16LE(28);
}

// src/install/archive/zip.ts
/** Larger than any release archive. */
const largestArchive = 2 ** 30;
/**
* Hashes a zip archive while it is stored in `file`, and takes the wanted members (name -> file) out
* of it when its digest is one of these: its table of contents stands at its end. `file` is removed.
* Throws what the source throws, and what the file system says.
*/
async function streamZip(source, wanted, file, digests) {
	try {
		const digest = await writeHashed(file, limited(source));
		if (!digests.includes(digest)) return {
			digest,
			outcome: new BadArchive("its digest is another one")
		};
		return {
			digest,
			outcome: await unzip(file, wanted)
		};
	} finally {
		await rm(file, { force: true });
	}
}
async function* limited(source) {
	let length = 0;
	for await (const chunk of source) {
		length += chunk.length;
		if (length > largestArchive) throw new BadArchive("it is far larger than a release");
		yield chunk;
	}
}
async function unzip(file, wanted) {
	const handle = await open(file, "r");
	try {
		const entries = await readDirectory(handle);
		const digests = /* @__PURE__ */ new Map();
		for (const [name, target] of wanted) {
			const [entry, second] = entries.filter((candidate) => candidate.name === name);
			if (!entry) return new BadArchive(`there is no \`${name}\` in it`);
			if (second) return new BadArchive(`it holds \`${name}\` twice`);
			digests.set(name, await writeHashed(target, contentOf(file, handle, entry)));
		}
		return {
			digests,
			hides: false
		};
	} catch (error) {
		if (error instanceof BadArchive) return error;
		throw error;
	} finally {
		await handle.close();
	}
}
async function* contentOf(file, handle, entry) {
	if (entry.size > largestProgram) throw new BadArchive(`\`${entry.name}\` in it is absurdly large`);
	const start = entry.offset + await localHeaderSize(handle, entry);
	let left = entry.size;
	for await (const chunk of inflated(file, entry, start)) {
		left -= chunk.length;
		if (left < 0) break;
		yield chunk;
	}
	if (left !== 0) throw new BadArchive(`\`${entry.name}\` in it has another size than it says`);
}
async function* inflated(file, { method, packed }, start) {
	if (packed === 0) return;
	const raw = createReadStream(file, {
		start,
		end: start + packed - 1
	});
	try {
		const inflate = createInflateRaw({ chunkSize: 262144 });
		const stream = method === "stored" ? raw : pipeline(raw, inflate, () => void 0);
		for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
	} catch (cause) {
		throw new BadArchive("a member does not decompress", { cause });
	} finally {
		raw.destroy();
	}
}

// src/http/reply.ts
/** The answer when it is 200. Throws a StatusError for another. */
function ok(reply) {
	if (reply.status === 200) return reply;
	reply.discard();
	const wait = parseRetryAfter(reply.headers["retry-after"], Date.now());
	const { host } = new URL(reply.url);
	throw new StatusError(`${host} answers with status ${reply.status}`, reply.status, wait);
}

// src/install/download.ts
const defaultRetryPolicy$1 = {
	attempts: 3,
	pause: 1e3,
	longest: 6e4
};
/**
* Fetches a release archive and stages the programs in it, once the checksum agrees. Throws a
* Problem `download`, `checksum` or `archive`, or the reason of the signal.
*/
async function download(wanted) {
	const url = `${wanted.site}/${wanted.release.archive}`;
	const { signal, info, retryPolicy = defaultRetryPolicy$1 } = wanted;
	try {
		return await retry(retryPolicy, signal, () => attempt$1(wanted, url), (error, wait) => info(`${error.message}; trying again in ${Math.ceil(wait / 1e3)} s.`));
	} catch (error) {
		throw signal.aborted ? error : downloadFailed(url, error);
	}
}
async function attempt$1(wanted, url) {
	const parts = wanted.programs.map((program) => ({
		program,
		member: memberOf(wanted.release, program),
		path: stagingPath(wanted.directory, program)
	}));
	const files = parts.map(({ path }) => path);
	return removeOnFailure(files, async () => {
		const { streamed, digests } = await pass(wanted, url, new Map(parts.map(({ member, path }) => [member, path])));
		const { outcome } = streamed;
		if (!digests.includes(streamed.digest)) throw otherChecksum(url, streamed.digest, digests, wanted.pins !== void 0);
		if (outcome instanceof BadArchive) throw badArchive(url, outcome);
		return new Map(parts.map(({ program, member, path }) => {
			return [program, {
				path,
				digest: outcome.digests.get(member) ?? ""
			}];
		}));
	});
}
async function pass(wanted, url, members) {
	const published = wanted.pins ?? publishedDigest(wanted, url);
	Promise.resolve(published).catch(() => void 0);
	const reply = await open$1(wanted, url);
	try {
		const digests = await published;
		const body = withProgress(reply.body, lengthOf(reply.headers["content-length"]), wanted.info);
		return {
			streamed: wanted.release.format === "zip" ? await streamZip(body, members, stagingPath(wanted.directory, "archive"), digests) : await streamArchive(body, members, {
				compression: "gzip",
				kind: "release"
			}),
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
	const digest = parseChecksumFile(await ok(reply).text(65536), wanted.release.archive);
	if (digest === void 0) throw noChecksum(url);
	return [digest];
}
async function open$1(wanted, url) {
	const reply = ok(await get$1(wanted, url));
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

// src/install/image/other-digest.ts
/** What was got is not what a digest names. */
function otherDigest(what, digest, wanted, fix = "Run the job again; if it stays so, do not trust that registry.") {
	return new Problem({
		code: "checksum",
		what: `${what} is not what its digest names; it was thrown away.`,
		fix,
		details: [`got:    sha256:${digest}`, ...wanted.map((pin) => `wanted: sha256:${pin}`)]
	});
}

// src/install/image/reference.ts
/** Where tbot lies in the image (build.assets of Teleport, tbot-distroless). */
const tbotInImage = "usr/local/bin/tbot";
const architectures = {
	x64: "amd64",
	arm64: "arm64",
	arm: "arm"
};
/**
* The image that holds a build of tbot; undefined where there is none. `mirror` is
* `host[:port]/repository`. Teleport publishes one image for all editions, and one of FIPS builds.
*/
function imageFor(build, mirror) {
	const architecture = architectures[build.arch];
	if (build.platform !== "linux" || architecture === void 0) return void 0;
	const published = `public.ecr.aws/gravitational/tbot-${build.fips ? "fips-" : ""}distroless`;
	const [registry = "", ...repository] = (mirror ?? published).split("/");
	return {
		registry,
		repository: repository.join("/"),
		tag: build.version,
		platform: {
			os: "linux",
			architecture
		}
	};
}
/** The reference as container tools write it. */
function nameOf$1({ registry, repository, tag }) {
	return `${registry}/${repository}:${tag}`;
}

// src/install/image/layers.ts
/**
* Writes tbot from the topmost layer that holds it, and gives its SHA-256. The largest layer is the
* likeliest place, so it is looked at first; of the others only those above it matter then.
*/
async function findTbot(layers, search) {
	const largest = layers.toSorted((one, other) => other.size - one.size)[0];
	const guess = largest && await digestIn(largest, search);
	for (const layer of layers.toReversed()) {
		if (layer === largest && guess === "hidden") break;
		if (layer === largest && guess !== void 0) return guess;
		if (layer === largest) continue;
		const beside = {
			...search,
			path: besideOf(search.path)
		};
		const found = await digestIn(layer, guess === void 0 ? search : beside);
		if (found === void 0) continue;
		await rm(beside.path, { force: true });
		if (found === "hidden") break;
		if (guess === void 0) return found;
		await rm(search.path, { force: true });
		return await digestIn(layer, search) ?? "";
	}
	throw new BadArchive(`there is no \`${tbotInImage}\` in it`);
}
/** Where a tbot of a layer above another one is written. */
function besideOf(path) {
	return `${path}.above`;
}
/** The digest of tbot in a layer, `hidden` where it takes away what is below, else undefined. */
async function digestIn(layer, search) {
	const { digests, hides } = await unpackLayer(layer, search);
	return digests.get("usr/local/bin/tbot") ?? (hides ? "hidden" : void 0);
}
async function unpackLayer(layer, { registry, path, info }) {
	const reply = await registry.get(`blobs/${layer.digest}`, "*/*");
	try {
		const body = withProgress(reply.body, layer.size, info);
		const { digest, outcome } = await streamArchive(body, /* @__PURE__ */ new Map([[tbotInImage, path]]), {
			compression: layer.compression,
			kind: "layer",
			most: layer.size
		});
		if (layer.digest !== `sha256:${digest}`) throw otherDigest(`The layer ${layer.digest}`, digest, [layer.digest.slice(7)]);
		if (outcome instanceof BadArchive) throw outcome;
		return outcome;
	} finally {
		reply.discard();
	}
}

// src/install/image/manifest.ts
/** All kinds that are understood, OCI's and Docker's. */
const manifestTypes = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
const mostLayers = 200;
/** More than any image of tbot. */
const largestLayer = 2 ** 29;
/** Reads a manifest or an index. Throws a BadArchive. */
function parseManifest(text) {
	const json = objectOf(parseJson(text));
	if (Array.isArray(json["manifests"])) return {
		kind: "index",
		manifests: json["manifests"].map((entry) => platformOf(objectOf(entry)))
	};
	const layers = json["layers"];
	if (!Array.isArray(layers)) throw new BadArchive("its manifest is of an unknown kind");
	if (layers.length > mostLayers) throw new BadArchive("it has far too many layers");
	return {
		kind: "image",
		layers: layers.map((entry) => layerOf(objectOf(entry)))
	};
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new BadArchive("its manifest is not JSON", { cause });
	}
}
function objectOf(value) {
	if (typeof value !== "object" || value === null) throw new BadArchive("its manifest is damaged");
	return Object.fromEntries(Object.entries(value));
}
function descriptorOf(json) {
	const { digest, size } = json;
	if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) throw new BadArchive("its manifest names something by no SHA-256 digest");
	if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0 || size > largestLayer) throw new BadArchive("its manifest names something of an absurd size");
	return {
		digest,
		size
	};
}
function platformOf(json) {
	const platform = objectOf(json["platform"] ?? {});
	const text = (key) => typeof platform[key] === "string" ? platform[key] : "";
	return {
		...descriptorOf(json),
		os: text("os"),
		architecture: text("architecture")
	};
}
function layerOf(json) {
	const type = typeof json["mediaType"] === "string" ? json["mediaType"] : "";
	return {
		...descriptorOf(json),
		compression: compressionOf(type)
	};
}
function compressionOf(type) {
	if (!/^application\/vnd\.(oci\.image\.layer\.v1|docker\.image\.rootfs\.diff)\./.test(type)) throw new BadArchive("one of its layers is of an unknown kind");
	if (/tar[.+]gzip$/.test(type)) return "gzip";
	if (/tar[.+]zstd$/.test(type)) return "zstd";
	if (type.endsWith(".tar")) return "none";
	throw new BadArchive("one of its layers is compressed in an unknown way");
}

// src/install/image/challenge.ts
/** Reads `Bearer realm="https://...",service="...",scope="..."`. */
function parseChallenge(header) {
	const parameters = /^\s*Bearer\s+(.*)$/i.exec(header ?? "")?.[1];
	if (parameters === void 0 || parameters.length > 4096) return { kind: "other" };
	const values = /* @__PURE__ */ new Map();
	for (const [, name = "", quoted, bare] of parameters.matchAll(/([a-z]+)=(?:"([^"]*)"|([^\s,"]+))/gi)) values.set(name.toLowerCase(), quoted ?? bare ?? "");
	const realm = values.get("realm");
	return realm === void 0 ? { kind: "other" } : {
		kind: "bearer",
		realm,
		service: values.get("service"),
		scope: values.get("scope")
	};
}
/** Where a token is asked for; undefined when the realm is no https address. */
function tokenUrl(challenge, loopbackAllowed) {
	const { realm, service, scope } = challenge;
	if (!URL.canParse(realm)) return void 0;
	const url = new URL(realm);
	const plain = url.protocol === "http:" && loopbackAllowed;
	if (url.protocol !== "https:" && !plain || url.username !== "") return void 0;
	if (service !== void 0) url.searchParams.set("service", service);
	if (scope !== void 0) url.searchParams.set("scope", scope);
	return url;
}

// src/install/image/registry.ts
/**
* Opens a repository. Its methods throw a NetworkError, or a StatusError for any other status. An
* anonymous token is asked for when the registry wants one, and is shown to nobody else. As container
* tools do, a registry on loopback may be without TLS.
*/
function openRegistry(reference, asking) {
	const loopback = isLoopback(new URL(`https://${reference.registry}/`));
	let scheme = "https";
	let token;
	const ask = (path, accept) => asking.network.get(`${scheme}://${reference.registry}/v2/${reference.repository}/${path}`, {
		signal: asking.signal,
		redirects: 5,
		headers: {
			accept,
			...token !== void 0 && { authorization: `Bearer ${token}` }
		},
		...asking.timeouts && { timeouts: asking.timeouts }
	});
	const askEitherWay = async (path, accept) => {
		try {
			return await ask(path, accept);
		} catch (error) {
			const noTls = error instanceof NetworkError && error.kind === "protocol";
			if (!loopback || !noTls || scheme === "http") throw error;
			scheme = "http";
			return ask(path, accept);
		}
	};
	return { get: async (path, accept) => {
		const first = await askEitherWay(path, accept);
		if (first.status !== 401 || token !== void 0) return ok(first);
		token = await anonymousToken(first, loopback, asking);
		return ok(await askEitherWay(path, accept));
	} };
}
async function anonymousToken(refused, loopback, asking) {
	const challenge = parseChallenge(refused.headers["www-authenticate"]);
	const url = challenge.kind === "bearer" ? tokenUrl(challenge, loopback) : void 0;
	if (!url) return ok(refused).text(0);
	refused.discard();
	const { network, signal, timeouts } = asking;
	const token = tokenIn(await ok(await network.get(url.href, {
		signal,
		redirects: 2,
		...timeouts && { timeouts }
	})).text(262144));
	if (token !== void 0) return token;
	throw new StatusError(`${url.host} gives no token to an anonymous user`, 401, void 0);
}
function tokenIn(text) {
	try {
		const answer = JSON.parse(text);
		if (typeof answer !== "object" || answer === null) return void 0;
		const token = ("token" in answer ? answer.token : void 0) ?? ("access_token" in answer ? answer.access_token : void 0);
		return typeof token === "string" && /^[!-~]+$/.test(token) ? token : void 0;
	} catch {
		return;
	}
}

// src/install/image/pull.ts
/** Real manifests have less than 10 KB. */
const longestManifest = 4 * 2 ** 20;
/**
* Fetches tbot alone out of its image; all that comes is held against its digest. Throws a
* NetworkError, a StatusError, a BadArchive, a Problem `checksum` or `platform`, or the reason of the
* signal.
*/
async function pull(order) {
	const { retryPolicy, signal, info } = order;
	return retry(retryPolicy, signal, async () => {
		const path = stagingPath(order.directory, "tbot");
		return removeOnFailure([path, besideOf(path)], () => attempt(order, path));
	}, (error, wait) => info(`${error.message}; trying again in ${Math.ceil(wait / 1e3)} s.`));
}
async function attempt(order, path) {
	const { image, network, signal, timeouts } = order;
	const registry = openRegistry(image, {
		network,
		signal,
		...timeouts && { timeouts }
	});
	const top = await manifestOf(registry, image.tag);
	const chosen = await forPlatform(top, registry, image);
	checkPins(order, [top.digest, chosen.digest]);
	if (chosen.manifest.kind !== "image") throw new BadArchive("its index leads to another index");
	return {
		path,
		digest: await findTbot(chosen.manifest.layers, {
			registry,
			path,
			info: order.info
		})
	};
}
async function manifestOf(registry, reference) {
	const reply = await registry.get(`manifests/${reference}`, manifestTypes);
	if (/^text\/html/i.test(reply.headers["content-type"] ?? "")) {
		reply.discard();
		throw new BadArchive("a web page is answered in its place");
	}
	const text = await reply.text(longestManifest);
	const digest = createHash("sha256").update(text).digest("hex");
	if (reference.startsWith("sha256:") && reference !== `sha256:${digest}`) throw otherDigest(`The manifest ${reference}`, digest, [reference.slice(7)]);
	return {
		manifest: parseManifest(text),
		digest
	};
}
async function forPlatform(top, registry, image) {
	if (top.manifest.kind === "image") return top;
	const { os, architecture } = image.platform;
	const wanted = top.manifest.manifests.find((entry) => entry.os === os && entry.architecture === architecture);
	if (wanted) return manifestOf(registry, wanted.digest);
	throw new Problem({
		code: "platform",
		what: `${nameOf$1(image)} has no image for ${os} on ${architecture}.`,
		fix: "Write `install-from: archive`, or install tbot on the runner and give it as `tbot-path`."
	});
}
function checkPins({ image, pins }, digests) {
	if (pins === void 0 || digests.some((digest) => pins.includes(digest))) return;
	const [index = ""] = digests;
	throw otherDigest(nameOf$1(image), index, pins, "Find out which is right before you change `checksum`.");
}

// src/install/fetch.ts
/** Firewalls drop rather than refuse, and the archive is there as well. */
const hastyTimeouts = {
	connect: 2500,
	answer: 5e3
};
const hastyRetryPolicy = {
	attempts: 2,
	pause: 300,
	longest: 2e3
};
const defaultRetryPolicy = {
	attempts: 4,
	pause: 1e3,
	longest: 6e4
};
/**
* Fetches programs by the way that the inputs name; `auto` is the image, and the archive where the
* image cannot be had. What came and is wrong is never passed over. Throws a Problem `platform`,
* `download`, `checksum` or `archive`, or the reason of the signal.
*/
async function fetchPrograms(order) {
	const { build, programs, options, info } = order;
	const { installFrom, mirror } = options;
	const image = imageFor(build, isImageMirror(mirror) ? mirror : void 0);
	if (installFrom === "image" || isImageMirror(mirror)) return fromImage(order, image);
	if (installFrom === "archive" || mirror !== void 0 || programs.length > 1 || !image) return fromArchive(order);
	try {
		return await fromImage(order, image, true);
	} catch (error) {
		const why = error instanceof Problem ? error.cause : void 0;
		if (!mayPassOver(why)) throw error;
		info(`${nameOf$1(image)} cannot be had (${why.message}); taking the release archive instead.`);
		return fromArchive(order);
	}
}
async function fromImage(order, image, hasty = false) {
	if (!image) throw noDownload(order.build, "image");
	const { info, signal } = order;
	info(`Pulling tbot ${order.build.version}: ${nameOf$1(image)}`);
	const retryPolicy = order.retryPolicy ?? (hasty ? hastyRetryPolicy : defaultRetryPolicy);
	try {
		const pins = order.options.checksum;
		const tbot = await pull({
			...order,
			image,
			pins,
			retryPolicy,
			...hasty && { timeouts: hastyTimeouts }
		});
		return {
			staged: /* @__PURE__ */ new Map([["tbot", tbot]]),
			source: "image"
		};
	} catch (error) {
		throw signal.aborted ? error : downloadFailed(nameOf$1(image), error, "image");
	}
}
async function fromArchive(order) {
	const { build, options, info } = order;
	const release = releaseFor(build);
	if (!release) throw noDownload(build, "archive");
	const site = options.mirror ?? "https://cdn.teleport.dev";
	info(`Downloading ${order.programs.join(", ")} ${build.version}: ${site}/${release.archive}`);
	return {
		staged: await download({
			...order,
			release,
			site,
			pins: options.checksum
		}),
		source: "archive"
	};
}
const passable = /* @__PURE__ */ new Set([
	"unresolved",
	"refused",
	"unreachable",
	"timeout",
	"reset",
	"proxy"
]);
/** The image can't be had; whatever else is wrong is not passed over. */
function mayPassOver(error) {
	if (error instanceof NetworkError) return passable.has(error.kind);
	if (!(error instanceof StatusError)) return false;
	return [
		401,
		403,
		404,
		429
	].includes(error.status) || error.status >= 500;
}
function noDownload({ platform, arch, fips }, from) {
	return new Problem({
		code: "platform",
		what: `${fips ? "A FIPS build of tbot" : "tbot"} cannot be downloaded for ${platform} on ${arch}${from === "image" ? " as an image" : ""}.`,
		fix: from === "image" ? "Write `install-from: archive`, or install tbot on the runner and give its path as `tbot-path`." : "Install tbot on the runner, and give its path as `tbot-path`."
	});
}

// src/install/fill.ts
/**
* Puts programs that were fetched and verified into a folder of the tool cache, for later jobs; this
* call runs the staged ones. The record comes first, so that several installations at once need no
* lock: whichever file stays, its record is there. A rename each: a running program cannot be written
* to, and nobody sees half a file. A cache that cannot be filled is no failure.
*/
async function fillCache(staged, folder, platform, runner) {
	try {
		await makeFolders(folder);
		const foreign = await folderFlaw(folder);
		if (foreign !== void 0) return tellUnused({
			kind: "untrusted",
			why: foreign
		}, runner);
		await removeStaleParts(folder);
		for (const [program, { path, digest }] of staged) {
			await mark(join(folder, recordOf(program, digest)));
			await keep(path, stagingPath(folder, program), join(folder, fileOf(program, platform)));
		}
		await mark(completeMark(folder));
	} catch (error) {
		runner.info(`The tool cache is not filled: ${messageOf(error)}.`);
	}
}
/** Links, or across file systems copies, a program under a name of its own, and renames that. */
async function keep(path, part, target) {
	await removeOnFailure([part], async () => {
		await chmod(path, 493);
		await link(path, part).catch(() => copyFile(path, part, constants$1.COPYFILE_EXCL));
		await rename(part, target);
	});
}
/** Makes an empty file that all may read, unless it is there; a link in its place is not followed. */
async function mark(path) {
	try {
		try {
			var _usingCtx$1 = _usingCtx();
			await _usingCtx$1.a(await open(path, "wx", 420)).chmod(420);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error;
	}
}
async function makeFolders(folder) {
	const version = dirname(folder);
	const tool = dirname(version);
	await mkdir(dirname(tool), { recursive: true });
	for (const path of [
		tool,
		version,
		folder
	]) await makeFolder(path);
}
/** Makes a folder of mode 0755, whatever the umask, unless it is there. */
async function makeFolder(path) {
	try {
		var _usingCtx3 = _usingCtx();
		try {
			await mkdir(path, 493);
		} catch (error) {
			if (codeOf(error) === "EEXIST") return;
			throw error;
		}
		if (process.getuid === void 0) return;
		await _usingCtx3.a(await open(path, constants$1.O_DIRECTORY | constants$1.O_NOFOLLOW)).chmod(493);
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}

// src/install/installed.ts
/**
* Returns the first tbot on PATH that is not in the workspace, whose content a pull request controls.
* Throws a Problem `tbot`.
*/
async function findInstalled(env, platform) {
	const found = await allOnPath("tbot", env, platform);
	const workspace = env["GITHUB_WORKSPACE"];
	for (const path of found) if (!await isInside(path, workspace)) return path;
	const [ignored] = found;
	throw ignored === void 0 ? noneOnPath() : noneOutside(ignored);
}
/** Where the folder is in the workspace, the program is a link that a pull request can change. */
async function isInside(path, workspace) {
	if (!workspace || !await exists(workspace)) return false;
	return await liesBelow(path, workspace) || liesBelow(dirname(path), workspace);
}
function noneOnPath() {
	return new Problem({
		code: "tbot",
		what: "There is no tbot on PATH, and `version: installed` takes no other.",
		fix: "Install tbot on the runner, or leave `version` out to have it downloaded."
	});
}
function noneOutside(ignored) {
	return new Problem({
		code: "tbot",
		what: `\`version: installed\` found no tbot on PATH outside the workspace. ${ignored} was ignored: it is in the workspace, whose content a pull request controls.`,
		fix: "Install tbot outside the workspace, omit `version` to download it, or set `tbot-path` if you trust that file."
	});
}

// src/install/place.ts
/**
* Gives staged programs their names in the private directory, and returns their paths. A rename each: a
* program that is running cannot be written to. Where the private directory's file system is mounted
* noexec, the paths are those in the tool cache, if no other account can replace what is there.
* Throws a Problem `download` or `platform`; nothing staged is left then.
*/
async function putInPlace(parts, place) {
	const { directory, platform } = place;
	const staged = [...parts.values()];
	try {
		return await removeOnFailure(staged, async () => {
			const cached = await insteadInCache(parts, place);
			if (cached === void 0) return await moveAll(parts, directory, platform);
			for (const path of staged) await rm(path);
			return cached;
		});
	} catch (error) {
		throw notPlaced(directory, error);
	}
}
async function moveAll(parts, directory, platform) {
	const paths = pathsBelow(directory, parts, platform);
	for (const [program, part] of parts) {
		await rename(part, paths.get(program) ?? "");
		await rm(part, { force: true });
	}
	return paths;
}
/** The paths in the tool cache, where the staged files cannot be executed. */
async function insteadInCache(parts, { directory, folder, platform }) {
	if (folder === void 0) return void 0;
	const misfit = (await Promise.all([...parts.values()].map(mayRun))).find((found) => found !== void 0);
	if (misfit === void 0) return void 0;
	const paths = pathsBelow(await realpath(folder).catch(() => folder), parts, platform);
	for (const path of paths.values()) {
		const flaw = await pathFlaw(path);
		if (flaw !== void 0) throw notRunnable(`${directory}: ${misfit}`, flaw);
	}
	return paths;
}
function notRunnable(here, there) {
	return new Problem({
		code: "platform",
		what: `tbot cannot run from ${here}. It is not run from the tool cache either: ${there}.`,
		fix: "Mount the file system of RUNNER_TEMP without `noexec`, let only this user and root write to the tool cache, or install tbot on the runner and set `tbot-path`."
	});
}
function pathsBelow(folder, parts, platform) {
	const programs = [...parts.keys()];
	return new Map(programs.map((program) => [program, join(folder, fileOf(program, platform))]));
}

// src/process/child.ts
function hasSucceeded(exit) {
	return exit.kind === "code" && exit.code === 0;
}
/**
* Starts a program without input, as the leader of a process group so that all of it can be ended.
* Throws what `spawn` throws at once; its other errors come from `exitOf`.
*/
function startChild({ path, args, env, cwd }) {
	return spawn(path, args, {
		env,
		...cwd !== void 0 && { cwd },
		detached: process.platform !== "win32",
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		windowsHide: true
	});
}
/** How a child ends, once it does. Throws the error of a program that could not be started. */
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
/** A signal to all in a child's group; on Windows, where there is none, to the child. */
function signalChild(child, name) {
	if (process.platform === "win32") child.kill(name);
	else if (child.pid !== void 0) signalGroup(child.pid, name);
}

// src/process/short-command.ts
const mostOutput = 65536;
/**
* Runs a command that should be over at once, without input, and leaves none of its processes
* behind. Throws what `spawn` says when it can't be started, or the reason of the signal.
*/
async function runCommand(path, args, options) {
	options.signal.throwIfAborted();
	const child = startChild({
		path,
		args,
		env: options.env
	});
	const outputs = [collect(child.stdout), collect(child.stderr)];
	let late = false;
	const end = () => signalChild(child, "SIGKILL");
	const timer = setTimeout(() => {
		late = true;
		end();
	}, options.milliseconds);
	options.signal.addEventListener("abort", end, { once: true });
	try {
		const exit = await exitOf(child);
		end();
		const [stdout, stderr] = await outputOf(child, outputs);
		options.signal.throwIfAborted();
		return {
			stdout,
			stderr,
			exit,
			late
		};
	} finally {
		clearTimeout(timer);
		options.signal.removeEventListener("abort", end);
	}
}
/** A process that left the group could hold the pipes open for ever: it is not waited for. */
async function outputOf(child, outputs) {
	const enough = setTimeout(() => {
		child.stdout?.destroy();
		child.stderr?.destroy();
	}, 1e3);
	try {
		return await Promise.all(outputs);
	} finally {
		clearTimeout(enough);
	}
}
async function collect(stream) {
	if (!stream) return "";
	let text = "";
	stream.setEncoding("utf8");
	stream.on("data", (chunk) => {
		text = `${text}${chunk}`.slice(0, mostOutput);
	});
	stream.on("error", () => void 0);
	await once(stream, "close");
	return text;
}

// src/install/tbot-version.ts
/** Milliseconds. It answers at once; a slow disk that has to read 87 MB first is allowed for. */
const usualDeadline = 2e4;
const fixes = {
	"tbot-path": "Correct `tbot-path`, or leave it out to have tbot downloaded.",
	installed: "Put a working tbot on PATH, or leave `version: installed` out to have it downloaded.",
	"tool-cache": "Remove it from the tool cache of the runner, and it is downloaded again.",
	image: "Bring a tbot that runs on this machine by `tbot-path`.",
	archive: "Bring a tbot that runs on this machine by `tbot-path`."
};
/**
* The version of a tbot, asked by running `tbot version` (`Teleport v15.0.0-dev git: go1.26.8`;
* `Teleport Enterprise v18.2.4 ...`). Throws a Problem `tbot` when it cannot be run or is none.
*/
async function versionOf(candidate, asked) {
	const flaw = await inspectBinary(candidate.path, asked.machine);
	if (flaw !== void 0) throw unusable(candidate, flaw);
	const ended = await run(candidate, asked);
	const found = /v(\d+\.\d+\.\d+\S*)/.exec(ended.stdout)?.[1];
	const version = found === void 0 ? void 0 : parseVersion(found);
	if (version && hasSucceeded(ended.exit)) return formatVersion(version);
	throw unusable(candidate, howItEnded(ended), ended);
}
async function run(candidate, asked) {
	const { env, signal, deadline = usualDeadline } = asked;
	try {
		return await runCommand(candidate.path, ["version"], {
			env: smallest(env),
			milliseconds: deadline,
			signal
		});
	} catch (error) {
		if (signal.aborted) throw error;
		throw unusable(candidate, notStarted(error));
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
function notStarted(error) {
	const code = codeOf(error);
	if (code === "ENOENT") return "the interpreter or loader that it names is missing";
	if (code === "ETXTBSY") return "somebody is writing to it";
	if (code === "EACCES") return "this user may not execute it, or its file system is mounted noexec";
	return `the system refuses to start it (${code ?? "for no reason given"})`;
}
function howItEnded(ended) {
	if (ended.late) return "`tbot version` did not end in time";
	const { exit } = ended;
	if (exit.kind === "signal") return `\`tbot version\` was ended by ${exit.signal}`;
	if (!hasSucceeded(exit)) return `\`tbot version\` ended with exit code ${exit.code}`;
	return "`tbot version` names no version";
}
function unusable({ path, source, cachedPath = path }, why, ended) {
	const log = `${ended?.stdout ?? ""}\n${ended?.stderr ?? ""}`.split("\n").map((line) => line.slice(0, 500)).filter((line) => line.trim() !== "");
	return new Problem({
		code: "tbot",
		what: `${cachedPath} cannot be used as tbot: ${why}.`,
		fix: fixes[source],
		log: log.slice(-20)
	});
}

// src/cluster/channel.ts
/** Bytes; a real answer of the channel has less than 20, one of ping less than 4096. */
const longestAnswer = 65536;
/**
* Returns the version that a cluster's default channel for automatic upgrades names, a text such as
* `v18.2.4` or `none`, as it stands there. Only clusters without managed updates need it, and only
* `/webapi/ping` reports whether there is a channel (Teleport, lib/web/apiserver.go). Undefined where
* there is none and where nothing usable is answered: the cluster's own version serves as well. Throws
* the reason of the signal.
*/
async function fetchUpgradeChannel(proxy, using) {
	try {
		const ping = await textAt(`https://${proxy}/webapi/ping`, using);
		if (property(JSON.parse(ping ?? "null"), "automatic_upgrades") !== true) return void 0;
		const version = (await textAt(`https://${proxy}/v1/webapi/automaticupgrades/channel/default/version`, using))?.trim();
		return version === "none" ? void 0 : version;
	} catch (error) {
		if (using.signal.aborted) throw error;
		return;
	}
}
async function textAt(url, { network, signal }) {
	const reply = await network.get(url, {
		signal,
		timeouts: {
			connect: 5e3,
			answer: 5e3
		}
	});
	const text = await reply.text(longestAnswer);
	return reply.status === 200 ? text : void 0;
}

// src/install/choose-version.ts
/** The version that is to be fetched, when it fits the cluster. Throws a Problem `version`. */
async function fittingVersion(request) {
	const { inputs, cluster } = request;
	const wanted = await versionWanted(request);
	if (wanted !== void 0 && cluster) {
		checkVersion(wanted, cluster, "version");
		checkTools(inputs.tools ?? [], wanted, cluster);
	}
	return wanted;
}
/** The version that is to be fetched; undefined where the workflow brings its own. */
async function versionWanted(request) {
	const { inputs, cluster } = request;
	const { version, proxy, tbotPath } = inputs;
	switch (version.kind) {
		case "auto":
			if (tbotPath !== void 0) return void 0;
			if (!cluster || proxy === void 0) throw noCluster();
			return chosenBy(cluster, proxy, request);
		case "exact": return version.version;
		case "installed": return;
		default: return version;
	}
}
async function chosenBy(cluster, proxy, request) {
	const { inputs, runner } = request;
	const { version, notices } = await versionFor(cluster, inputs.tools ?? [], () => fetchUpgradeChannel(proxy, request));
	for (const notice of notices) runner.notice("machine-id-action", notice);
	return version;
}
function noCluster() {
	return new Problem({
		code: "version",
		what: "There is no cluster that could say which version is to be installed.",
		fix: "Give `proxy`, or an exact `version`."
	});
}
/** A mirror, a cache or a path may hold another version than the one asked for. */
function checkSame(version, wanted, { path, source, cachedPath = path }) {
	const plain = parseVersion(wanted);
	if (plain && formatVersion(plain) === version) return;
	throw new Problem({
		code: "version",
		what: `${cachedPath} is tbot ${version}, and ${wanted} was wanted.`,
		fix: source === "tbot-path" ? `Write \`version: ${version}\`, or put tbot ${wanted} there.` : source === "tool-cache" ? "Remove it from the tool cache of the runner, and it is downloaded again." : `Check that \`mirror\` serves what its names say.`
	});
}

// src/install/install.ts
/**
* Comes by tbot the way the inputs say, and lets none pass that cannot run here or does not fit
* the cluster. Throws a Problem `version`, `tbot`, `platform`, `download`, `checksum` or `archive`,
* or the reason of the signal.
*/
async function install(request) {
	const { inputs, cluster } = request;
	const wanted = await fittingVersion(request);
	const { tbot, ...rest } = await obtain(request, wanted);
	const version = await versionOf(tbot, {
		...request,
		machine: request
	});
	const ours = tbot.source !== "tbot-path" && tbot.source !== "installed";
	if (wanted !== void 0 && (inputs.version.kind === "exact" || ours)) checkSame(version, wanted, tbot);
	if (cluster) checkVersion(version, cluster, tbot.source === "tbot-path" ? "tbot-path" : "version");
	return {
		path: tbot.path,
		version,
		source: tbot.source,
		...rest
	};
}
/**
* The tbot that `install` would come by, and nothing is downloaded: one that is here already is
* asked for its version. Throws as that.
*/
async function previewTool(request) {
	const { inputs, cluster } = request;
	const version = await fittingVersion(request);
	if (version === void 0 || inputs.tbotPath !== void 0) return install(request);
	const { fips } = buildFor(version, inputs, cluster, request);
	return {
		version,
		...fips && { fips: true }
	};
}
async function obtain(request, wanted) {
	const { inputs, env, platform, cluster } = request;
	const fips = inputs.fips === true ? { fips: true } : {};
	if (inputs.tbotPath !== void 0) {
		const base = env["GITHUB_WORKSPACE"] ?? "";
		return {
			tbot: {
				path: resolve(base, inputs.tbotPath),
				source: "tbot-path"
			},
			...fips
		};
	}
	if (wanted === void 0) return {
		tbot: {
			path: await findInstalled(env, platform),
			source: "installed"
		},
		...fips
	};
	const build = buildFor(wanted, inputs, cluster, request);
	if (inputs.edition === "auto" && cluster?.edition === "oss") request.runner.notice("machine-id-action", communityNotice(cluster.name));
	const { paths, ...origin } = await programsOf(request, build);
	const { tbot: path = "", ...tools } = Object.fromEntries(paths);
	return {
		tbot: {
			path,
			...origin
		},
		...build.fips && { fips: true },
		...paths.size > 1 && { tools: Object.values(tools) }
	};
}
/** Nobody but the cluster's operator has programs of such a build. */
function communityNotice(cluster) {
	return `Cluster ${cluster} runs an AGPL build (edition \`oss\`). Teleport publishes no AGPL builds, so this step uses Teleport Community Edition. Set \`edition: oss\` to accept this without a notice, or bring a tbot of your own with \`tbot-path\`.`;
}
/** From the tool cache, else fetched. A `checksum` is about a download, which a cache cannot prove. */
async function programsOf(request, build) {
	const { inputs, env, directory, platform, runner } = request;
	const programs = ["tbot", ...inputs.tools ?? []];
	const folder = cacheFolder(env, build);
	if (folder === void 0 || inputs.checksum !== void 0) {
		const why = folder === void 0 ? "RUNNER_TOOL_CACHE is not set" : "`checksum` is set";
		runner.info(`The tool cache is not used: ${why}.`);
		return fetched(request, build, programs, void 0);
	}
	const taken = await takeCached({
		folder,
		directory,
		programs,
		build
	});
	if (taken.kind !== "taken") {
		tellUnused(taken, runner);
		return fetched(request, build, programs, taken.kind === "absent" ? folder : void 0);
	}
	const files = programs.map((program) => join(folder, fileOf(program, platform)));
	const names = programs.join(", ");
	runner.info(`Using ${names} ${build.version} from the tool cache: ${files.join(", ")}`);
	return {
		paths: await putInPlace(taken.parts, {
			directory,
			folder,
			platform
		}),
		source: "tool-cache",
		cachedPath: join(folder, fileOf("tbot", platform))
	};
}
/** Fetches programs into the private directory, and fills the tool cache where it has a folder for them. */
async function fetched(request, build, programs, folder) {
	const { inputs, directory, network, signal, retryPolicy, platform, runner } = request;
	const { staged, source } = await fetchPrograms({
		build,
		programs,
		options: inputs,
		directory,
		network,
		signal,
		info: runner.info,
		...retryPolicy && { retryPolicy }
	});
	if (folder !== void 0) await fillCache(staged, folder, platform, runner);
	const parts = new Map([...staged].map(([program, { path }]) => [program, path]));
	return {
		paths: await putInPlace(parts, {
			directory,
			folder,
			platform
		}),
		source
	};
}

// src/install/request.ts
/** A request of this very process. */
function onThisMachine(request) {
	const { platform, arch } = process;
	return {
		...request,
		env: request.runner.env,
		platform,
		arch
	};
}

// src/http/body.ts
/**
* The body of an answer. The time for which the reader itself is busy does not count as a stall.
* Throws a NetworkError, or the signal's reason.
*/
async function* bodyOf(stream, about) {
	const chunks = stream;
	try {
		for await (const chunk of chunks) yield chunk;
	} catch (error) {
		throw about.signal.aborted ? about.signal.reason : brokenOff(error, about);
	} finally {
		stream.destroy();
	}
}
/** Whatever ends a body before its end is a broken connection. */
function brokenOff(cause, { peer, stall }) {
	const stalled = codeOf(cause) === "UND_ERR_BODY_TIMEOUT";
	return new NetworkError({
		kind: stalled ? "timeout" : "reset",
		what: stalled ? `${peer} stopped sending for ${stall / 1e3} s` : `${peer} broke off in the middle of its answer`,
		retryable: true,
		cause
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

// src/http/target.ts
/** `host:port`, with brackets where an IPv6 address needs them. */
function peerName(end) {
	return isIP(end.host) === 6 ? `[${end.host}]:${end.port}` : `${end.host}:${end.port}`;
}

// src/http/proxy-tunnel.ts
/**
* The connections to an HTTP proxy, which say of each failure that it was the proxy's and not the
* far end's. (Left to itself, undici 6 takes a proxy that hangs up for an idle connection that was
* closed, and connects again for ever.)
*/
function proxyLink(pool, proxy, milliseconds) {
	const ask = pool.connect.bind(pool);
	const name = nameOf(proxy);
	pool.connect = async (options) => {
		const answer = await ask(options).catch((error) => {
			throw tunnelBroke(error, proxy, options.path, milliseconds);
		});
		if (answer.statusCode === 200) return answer;
		answer.socket.on("error", () => void 0).destroy();
		throw tunnelRefused(answer.statusCode, name, options.path);
	};
	return pool;
}
function tunnelBroke(error, proxy, authority, milliseconds) {
	if (/^UND_ERR_(CONNECT|HEADERS)_TIMEOUT$/.test(codeOf(error) ?? "")) return unreached(authority, proxy, milliseconds);
	const found = networkError(error, nameOf(proxy));
	if (found.kind === "untrusted") return found;
	const { message, code, retryable } = found;
	return new NetworkError({
		kind: "proxy",
		what: message,
		code,
		retryable,
		cause: error
	});
}
function tunnelRefused(status, name, authority) {
	const what = status === 407 ? `${name} wants other credentials (407)` : `${name} does not let us through to ${authority} (${status})`;
	return new NetworkError({
		kind: "proxy",
		what,
		code: String(status),
		retryable: status >= 500
	});
}
/** The far end was not reached in time. */
function unreached(peer, proxy, milliseconds) {
	const what = `${peer} was not reached through ${nameOf(proxy)} within ${milliseconds / 1e3} s`;
	return new NetworkError({
		kind: "proxy",
		what
	});
}
function nameOf(proxy) {
	return `the HTTP proxy ${peerName(proxy)}`;
}

// src/http/dispatchers.ts
/** The dispatcher for a target; `milliseconds` are those for connecting. */
async function dispatcherFor(wires, target, milliseconds) {
	const context = await wires.trust.context();
	const { proxy } = target;
	const endpoint = proxy ? [
		proxy.secure,
		proxy.host,
		proxy.port,
		proxy.authorization
	] : [];
	const key = JSON.stringify([
		milliseconds,
		context !== void 0,
		...endpoint
	]);
	const known = wires.dispatchers.get(key);
	if (known) return known;
	const made = await makeDispatcher(target, milliseconds, context);
	wires.dispatchers.set(key, made);
	return made;
}
async function makeDispatcher(target, timeout, secureContext) {
	const { Agent, Pool, ProxyAgent } = await import("./undici.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const connect = {
		timeout,
		autoSelectFamilyAttemptTimeout: 1e3,
		rejectUnauthorized: true,
		...secureContext && { secureContext }
	};
	const { proxy } = target;
	if (!proxy) return new Agent({ connect });
	return new ProxyAgent({
		uri: `${proxy.secure ? "https" : "http"}://${bracketed(proxy.host)}:${proxy.port}`,
		...proxy.authorization && { token: proxy.authorization },
		proxyTunnel: false,
		proxyTls: connect,
		requestTls: connect,
		clientFactory: (origin, options) => proxyLink(new Pool(origin, {
			...options,
			headersTimeout: timeout
		}), proxy, timeout)
	});
}
function bracketed(host) {
	return host.includes(":") ? `[${host}]` : host;
}

// src/http/redirect.ts
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
	return isLoopback(from) && isLoopback(next);
}

// src/http/metadata.ts
/**
* Hosts of the clouds' metadata services: they answer only the machine itself, and a proxy would
* show them another machine.
*/
const metadataHosts = [
	"169.254.169.254",
	"169.254.170.2",
	"169.254.170.23",
	"fd00:ec2::254",
	"metadata.google.internal"
];

// src/http/proxy-choice.ts
const neverProxied = new Set(metadataHosts);
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
	if (isLoopback(url) || neverProxied.has(host)) return void 0;
	if (isExempt(host, portOf(url), either(env, "NO_PROXY"))) return void 0;
	return parseProxy(value, name);
}
/** The port of a URL, also where the scheme implies it. */
function portOf(url) {
	return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}
function either(env, name) {
	return (env[name] || env[name.toLowerCase()] || "").trim();
}
function parseProxy(value, name) {
	const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
	if (!URL.canParse(url)) throw new TypeError(`${name} is not the address of an HTTP proxy`);
	const proxy = new URL(url);
	if (proxy.protocol !== "http:" && proxy.protocol !== "https:") throw new TypeError(`${name} names a proxy of another kind (${proxy.protocol}//)`);
	if (`${proxy.pathname}${proxy.search}${proxy.hash}`.includes("@")) throw new TypeError(`the user or the password in ${name} contains a \`/\`, \`?\` or \`#\`; write it as \`%2F\`, \`%3F\` or \`%23\``);
	const [user = "", password = ""] = [proxy.username, proxy.password].map((part) => decoded(part, name));
	return {
		secure: proxy.protocol === "https:",
		host: bareHost(proxy),
		port: portOf(proxy),
		authorization: user === "" ? void 0 : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
	};
}
function decoded(part, name) {
	try {
		return decodeURIComponent(part);
	} catch {
		throw new TypeError(`the user or the password in ${name} has a \`%\` without two hexadecimal digits behind it; write it as \`%25\``);
	}
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

// src/http/get.ts
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
	const ask = async () => {
		return send(await dispatcherFor(wires, target, times.connect), url, times, options).catch((error) => {
			throw signal.aborted ? signal.reason : failed(error, target, times);
		});
	};
	const { statusCode, headers, body } = await ask().catch((error) => {
		if (!isAuthorityUnknown(error) || !wires.trust.widen()) throw error;
		return ask();
	});
	const peer = peerName(target);
	const chunks = bodyOf(body, {
		peer,
		stall: times.stall,
		signal
	});
	return {
		url: url.href,
		status: statusCode,
		headers: headersOf(headers),
		body: chunks,
		text: (most) => textOf(chunks, most, peer),
		discard: () => void body.destroy()
	};
}
/** undici looks at the signal only once it is connected. */
async function send(dispatcher, url, times, { signal, headers }) {
	signal.throwIfAborted();
	const asked = dispatcher.request({
		origin: url.origin,
		path: `${url.pathname}${url.search}`,
		method: "GET",
		headers: {
			"user-agent": "machine-id-action",
			accept: "*/*",
			...headers
		},
		headersTimeout: times.answer,
		bodyTimeout: times.stall,
		signal
	});
	asked.then(({ body }) => void body.on("error", () => void 0), () => void 0);
	return sooner(asked, signal);
}
async function sooner(asked, signal) {
	const done = new AbortController();
	const options = {
		once: true,
		signal: done.signal
	};
	const ended = new Promise((_, reject) => {
		signal.addEventListener("abort", () => reject(signal.reason), options);
	});
	try {
		return await Promise.race([asked, ended]);
	} finally {
		done.abort();
	}
}
function headersOf(headers) {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
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
function failed(error, target, times) {
	if (error instanceof Error && error.cause instanceof NetworkError) return error.cause;
	const peer = peerName(target);
	const code = codeOf(error);
	if (code === "UND_ERR_HEADERS_TIMEOUT") return late(`${peer} takes the connection and says nothing for ${times.answer / 1e3} s`);
	if (code !== "UND_ERR_CONNECT_TIMEOUT") return networkError(error, peer);
	return target.proxy ? unreached(peer, target.proxy, times.connect) : late(`nothing answers at ${peer} within ${times.connect / 1e3} s`);
}
function late(what) {
	return new NetworkError({
		kind: "timeout",
		what
	});
}

// src/http/trust.ts
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
			what: `The certificates of \`extra-ca-file\` cannot be read from ${file}: ${reason(cause)}.`,
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

// src/http/client.ts
/** Opens nothing yet; `env` gives the HTTP proxies. */
function openHttpClient(options) {
	const wires = {
		env: options.env,
		trust: openTrust(options.extraCaFile),
		dispatchers: /* @__PURE__ */ new Map()
	};
	return {
		get: (url, asked) => get(wires, new URL(url), asked),
		caBundle: () => wires.trust.bundle(),
		close: () => {
			for (const dispatcher of wires.dispatchers.values()) dispatcher.destroy();
			wires.dispatchers.clear();
		}
	};
}

export { compareVersions as A, isNewHome as C, isRecord as D, writeMarker as E, backoff as M, rest as N, property as O, codeOf as P, markProcess as S, readMarker as T, workdirName as _, previewTool as a, writingBelow as b, signalChild as c, isTaken as d, changeMarker as f, unwritable as g, programsOf$1 as h, install as i, parseVersion as j, fetchCluster as k, startChild as l, jobOf as m, metadataHosts as n, exitOf as o, createWorkdir as p, onThisMachine as r, hasSucceeded as s, openHttpClient as t, findOnPath as u, workdirRoot as v, markerName as w, endProcesses as x, writeToWorkdir as y };