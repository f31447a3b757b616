import { r as __toESM } from "./rolldown-runtime.js";
import { Ct as placeName, St as InputErrors, X as messageOf, Y as Problem, _ as isImageMirror, b as metadataHosts, ct as parseVersion, dt as isRecord, ft as parseJson, ht as privateKeyLines, mt as parsePublicKeys, ot as compareVersions, pt as property, s as _usingCtx, st as formatVersion, v as bareHost, vt as command, xt as quoted, y as isLoopback } from "./shared.js";
import { a as allOnPath, l as isTaken, o as bytesAt, s as exists, u as liesBelow } from "./diagnosis.js";
import { X509Certificate, createHash, createVerify, randomBytes, randomUUID, verify } from "node:crypto";
import { BlockList, isIP } from "node:net";
import { PassThrough, pipeline } from "node:stream";
import { once } from "node:events";
import tls from "node:tls";
import * as zlib from "node:zlib";
import { createInflateRaw } from "node:zlib";
import { constants, createReadStream, rmSync, rmdirSync } from "node:fs";
import { access, chmod, copyFile, link, lstat, mkdir, open, readFile, readdir, realpath, rename, rm, rmdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { spawn } from "node:child_process";

// src/text/error-code.ts
/** Returns the code of a system or Node error, such as `ENOENT`. */
function codeOf(error) {
	if (!(error instanceof Error) || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}

// src/http/http-error.ts
/** A request that got no usable response. `message` is a clause that names the peer and the cause. */
var NetworkError = class extends Error {
	name = "NetworkError";
	kind;
	code;
	retryable;
	constructor(options) {
		super(options.what, { cause: options.cause });
		this.kind = options.kind;
		this.code = options.code;
		this.retryable = options.retryable ?? retryableKinds.has(options.kind);
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
/** X.509 verification results (OpenSSL, X509_STORE_CTX_get_error) and Node's code for a wrong name. */
const certificateCode = /CERT|ISSUER|CRL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|LEAF_SIGNATURE/;
function kindOf$1(code) {
	const known = kindOfCode[code];
	if (known) return known;
	if (/^(ERR_SSL_|HPE_)/.test(code)) return "protocol";
	return certificateCode.test(code) ? "untrusted" : "other";
}
/** Converts an error of Node's sockets or of undici; `peer` is the `host:port` of the other side. */
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
		case "unresolved": return `${hostOf(peer)} cannot be resolved${detail}`;
		case "refused": return `${peer} refused the connection${detail}`;
		case "unreachable": return `${peer} is unreachable${detail}`;
		case "timeout": return `the connection to ${peer} timed out${detail}`;
		case "reset": return `${peer} closed the connection${detail}`;
		case "untrusted": return `the certificate of ${peer} ${certificateProblem(code)}${detail}${clockNote(code)}`;
		case "protocol": return `${peer} does not use HTTPS${detail}`;
		case "proxy":
		case "redirect":
		case "too-long":
		case "other": return `the request to ${peer} failed${detail}`;
		default: return kind;
	}
}
function hostOf(peer) {
	const [, proxy, host = peer] = /^(HTTP proxy )?(.+):\d+$/.exec(peer) ?? [];
	return proxy === void 0 ? `host name ${host}` : `host name ${host} of the HTTP proxy`;
}
function certificateProblem(code) {
	if (code === "CERT_HAS_EXPIRED") return "has expired";
	if (code === "CERT_NOT_YET_VALID") return "is not yet valid";
	if (code === "CERT_REVOKED") return "has been revoked";
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "is for another host name";
	return "is signed by a CA that this runner does not trust";
}
/** Returns the time of the runner if it decides whether the certificate is valid. */
function clockNote(code) {
	if (code !== "CERT_HAS_EXPIRED" && code !== "CERT_NOT_YET_VALID") return "";
	return `; the runner's clock shows ${(/* @__PURE__ */ new Date()).toISOString().replace(/\.\d+/, "")}`;
}
/** Returns what to do about a rejected certificate of `server`, a noun phrase. */
function trustFix(code, server) {
	if (code === "CERT_HAS_EXPIRED") return `Renew the certificate of ${server}, or correct the runner's clock if it is wrong.`;
	if (code === "CERT_NOT_YET_VALID") return `Correct the runner's clock, or reissue the certificate of ${server} if the clock is right.`;
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `Use a host name that the certificate of ${server} is valid for.`;
	return "If you trust the CA, set `extra-ca-file` to a PEM file with its certificate.";
}
/** Returns whether the certificate could be valid with more CA certificates. */
function isIssuerUnknown(error) {
	return error instanceof NetworkError && unknownIssuerCodes.has(error.code ?? "");
}
const unknownIssuerCodes = /* @__PURE__ */ new Set([
	"UNABLE_TO_GET_ISSUER_CERT",
	"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
	"SELF_SIGNED_CERT_IN_CHAIN",
	"DEPTH_ZERO_SELF_SIGNED_CERT",
	"CERT_UNTRUSTED"
]);

// src/http/body.ts
/**
* Yields the body of a response. The consumer's own time does not count as a stall. Throws a
* NetworkError, or the signal's reason.
*/
async function* bodyOf(stream, options) {
	const chunks = stream;
	try {
		for await (const chunk of chunks) yield chunk;
	} catch (error) {
		throw options.signal.aborted ? options.signal.reason : interrupted(error, options);
	} finally {
		stream.destroy();
	}
}
/** Any other error in the middle of a body means that the connection was lost. */
function interrupted(cause, { peer, stall }) {
	const stalled = codeOf(cause) === "UND_ERR_BODY_TIMEOUT";
	return new NetworkError({
		kind: stalled ? "timeout" : "reset",
		what: stalled ? `${peer} sent no data for ${stall / 1e3} s` : `${peer} closed the connection in the middle of the response`,
		retryable: true,
		cause
	});
}
/** Returns a whole body as UTF-8. Throws a NetworkError `too-long` above `limit` bytes. */
async function textOf(body, limit, peer) {
	const chunks = [];
	let length = 0;
	for await (const chunk of body) {
		length += chunk.length;
		if (length > limit) throw new NetworkError({
			kind: "too-long",
			what: `the response of ${peer} is longer than ${limit} bytes`
		});
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}

// src/http/proxy-choice.ts
/** Returns `host:port`, with brackets around an IPv6 address. */
function peerName({ host, port }) {
	return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
const neverProxied = new Set(metadataHosts);
/**
* Returns the HTTP proxy for a URL by the rules of Go (golang.org/x/net/http/httpproxy), so that this
* action and tbot use the same proxy: HTTPS_PROXY or HTTP_PROXY by the scheme of the URL, NO_PROXY,
* each also in lower case. Loopback and metadata addresses are always reached directly. Throws a
* TypeError if the proxy is not an http or https URL.
*/
function httpProxyFor(url, env) {
	const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
	const value = settingOf(env, name);
	if (value === "") return void 0;
	const host = bareHost(url);
	if (isLoopback(url) || neverProxied.has(host)) return void 0;
	if (isExempt(host, portOf(url), settingOf(env, "NO_PROXY"))) return void 0;
	return parseProxy(value, name);
}
/** Returns the port of a URL, or the default port of its scheme. */
function portOf(url) {
	return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}
function settingOf(env, name) {
	return (env[name] || env[name.toLowerCase()] || "").trim();
}
function parseProxy(value, name) {
	const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
	if (!URL.canParse(url)) throw new TypeError(`${name} is not a valid URL`);
	const proxy = new URL(url);
	if (proxy.protocol !== "http:" && proxy.protocol !== "https:") throw new TypeError(`${name} is not the URL of an HTTP proxy (${proxy.protocol}//)`);
	if (`${proxy.pathname}${proxy.search}${proxy.hash}`.includes("@")) throw new TypeError(`the user name or password in ${name} contains \`/\`, \`?\` or \`#\`, which must be written as \`%2F\`, \`%3F\` or \`%23\``);
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
		throw new TypeError(`the user name or password in ${name} contains a \`%\` without two hexadecimal digits after it; a literal \`%\` must be written as \`%25\``);
	}
}
function isExempt(host, port, list) {
	return list.split(/[,\s]+/).filter((entry) => entry !== "").some((entry) => matches(entry.toLowerCase(), host, port));
}
function matches(entry, host, port) {
	if (entry === "*") return true;
	const subnet = /^\[?([0-9a-f:.]+)\]?\/(\d+)$/.exec(entry);
	if (subnet) return isWithin(host, subnet[1] ?? "", Number(subnet[2]));
	const [name, entryPort] = splitEntry(entry);
	if (entryPort !== void 0 && entryPort !== port) return false;
	if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
	const domain = name.replace(/^\*?\./, "");
	return host.endsWith(`.${domain}`) || domain === name && host === domain;
}
function splitEntry(entry) {
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

// src/http/dispatchers.ts
/** Returns the dispatcher for a destination; `connectTimeout` is in milliseconds. */
async function dispatcherFor(connections, { proxy }, connectTimeout) {
	const context = await connections.trust.context();
	const proxyKey = proxy ? [
		proxy.secure,
		proxy.host,
		proxy.port,
		proxy.authorization
	] : [];
	const key = JSON.stringify([
		connectTimeout,
		context !== void 0,
		...proxyKey
	]);
	const open = connections.dispatchers.get(key);
	if (open) return open;
	const created = await createDispatcher(proxy, connectTimeout, context);
	connections.dispatchers.set(key, created);
	return created;
}
async function createDispatcher(proxy, timeout, secureContext) {
	const { Agent, Pool, ProxyAgent } = await import("./undici.js");
	const connect = {
		timeout,
		autoSelectFamilyAttemptTimeout: 1e3,
		rejectUnauthorized: true,
		...secureContext && { secureContext }
	};
	if (!proxy) return new Agent({ connect });
	return new ProxyAgent({
		uri: `${proxy.secure ? "https" : "http"}://${peerName(proxy)}`,
		...proxy.authorization && { token: proxy.authorization },
		proxyTunnel: false,
		proxyTls: connect,
		requestTls: connect,
		clientFactory: (origin, options) => tunnelPool(new Pool(origin, {
			...options,
			headersTimeout: timeout
		}), proxy, timeout)
	});
}
/**
* Makes the errors of a pool of proxy connections name the HTTP proxy instead of the destination.
* Without this, undici 6 reconnects forever if the proxy closes the connection.
*/
function tunnelPool(pool, proxy, milliseconds) {
	const connect = pool.connect.bind(pool);
	pool.connect = async (options) => {
		const response = await connect(options).catch((error) => {
			throw tunnelFailed(error, proxy, options.path, milliseconds);
		});
		if (response.statusCode === 200) return response;
		response.socket.on("error", () => void 0).destroy();
		throw tunnelRefused(response.statusCode, proxy, options.path);
	};
	return pool;
}
function tunnelFailed(error, proxy, destination, milliseconds) {
	if (/^UND_ERR_(CONNECT|HEADERS)_TIMEOUT$/.test(codeOf(error) ?? "")) return tunnelTimedOut(destination, proxy, milliseconds);
	const failure = networkError(error, nameOf$2(proxy));
	if (failure.kind === "untrusted") return failure;
	const { message, code, retryable } = failure;
	return new NetworkError({
		kind: "proxy",
		what: message,
		code,
		retryable,
		cause: error
	});
}
function tunnelRefused(status, proxy, destination) {
	const what = status === 407 ? `${nameOf$2(proxy)} rejected the user name or password (HTTP 407)` : `${nameOf$2(proxy)} refused a connection to ${destination} (HTTP ${status})`;
	return new NetworkError({
		kind: "proxy",
		what,
		code: String(status),
		retryable: status >= 500
	});
}
/** Returns the error for a connection through an HTTP proxy that timed out. */
function tunnelTimedOut(destination, proxy, milliseconds) {
	const what = `the connection to ${destination} through ${nameOf$2(proxy)} timed out after ${milliseconds / 1e3} s`;
	return new NetworkError({
		kind: "proxy",
		what
	});
}
function nameOf$2(proxy) {
	return `HTTP proxy ${peerName(proxy)}`;
}

// src/http/get.ts
const defaultTimeouts$1 = {
	connect: 5e3,
	answer: 1e4,
	stall: 2e4
};
/** Sends a request and follows redirects. Throws a NetworkError, or the signal's reason. */
async function get$1(connections, url, options) {
	let from = url;
	let headers = options.headers ?? {};
	for (let left = options.redirects ?? 0;; left -= 1) {
		const reply = await getOnce(connections, from, {
			...options,
			headers
		});
		const next = options.redirects ? redirectOf(from, reply, left) : void 0;
		if (!next) return reply;
		if (next.origin !== from.origin) headers = {};
		from = next;
	}
}
/**
* Returns the URL that a response redirects to, or undefined if it is not a redirect. Throws a
* NetworkError `redirect` after the last permitted redirect and for one to a URL without TLS.
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
	if (!URL.canParse(location, from.href)) return fail("redirected to an invalid URL");
	const next = new URL(location, from);
	const onLoopback = isLoopback(from) && isLoopback(next);
	if (!(next.protocol === "https:" || next.protocol === "http:" && onLoopback)) return fail(`redirected to a URL without TLS (${next.protocol}//${next.host})`);
	return left > 0 ? next : fail("redirected too many times");
}
async function getOnce(connections, url, options) {
	const timeouts = {
		...defaultTimeouts$1,
		...options.timeouts
	};
	const { signal } = options;
	const destination = destinationOf(url, connections.env);
	const attempt = async () => {
		return send(await dispatcherFor(connections, destination, timeouts.connect), url, timeouts, options).catch((error) => {
			throw signal.aborted ? signal.reason : failureOf$1(error, destination, timeouts);
		});
	};
	const { statusCode, headers, body } = await attempt().catch((error) => {
		if (!isIssuerUnknown(error) || !connections.trust.addSystemCertificates()) throw error;
		return attempt();
	});
	const peer = peerName(destination);
	const chunks = bodyOf(body, {
		peer,
		stall: timeouts.stall,
		signal
	});
	return {
		url: url.href,
		status: statusCode,
		headers: headersOf(headers),
		body: chunks,
		text: (limit) => textOf(chunks, limit, peer),
		discard: () => void body.destroy()
	};
}
/** Sends one request. Checks the signal here too, because undici ignores it until it is connected. */
async function send(dispatcher, url, timeouts, { method = "GET", signal, headers }) {
	signal.throwIfAborted();
	const response = dispatcher.request({
		origin: url.origin,
		path: `${url.pathname}${url.search}`,
		method,
		headers: {
			"user-agent": "machine-id-action",
			accept: "*/*",
			...headers
		},
		headersTimeout: timeouts.answer,
		bodyTimeout: timeouts.stall,
		signal
	});
	response.then(({ body }) => void body.on("error", () => void 0), () => void 0);
	return unlessAborted(response, signal);
}
async function unlessAborted(response, signal) {
	const done = new AbortController();
	const options = {
		once: true,
		signal: done.signal
	};
	const aborted = new Promise((_, reject) => {
		signal.addEventListener("abort", () => reject(signal.reason), options);
	});
	try {
		return await Promise.race([response, aborted]);
	} finally {
		done.abort();
	}
}
function headersOf(headers) {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}
function destinationOf(url, env) {
	try {
		return {
			host: bareHost(url),
			port: portOf(url),
			proxy: httpProxyFor(url, env)
		};
	} catch (cause) {
		const what = cause instanceof Error ? cause.message : "the address of the HTTP proxy is invalid";
		throw new NetworkError({
			kind: "proxy",
			what,
			cause
		});
	}
}
function failureOf$1(error, destination, timeouts) {
	if (error instanceof Error && error.cause instanceof NetworkError) return error.cause;
	const peer = peerName(destination);
	const code = codeOf(error);
	if (code === "UND_ERR_HEADERS_TIMEOUT") return timedOut(`${peer} accepted the connection but did not respond within ${timeouts.answer / 1e3} s`);
	if (code !== "UND_ERR_CONNECT_TIMEOUT") return networkError(error, peer);
	return destination.proxy ? tunnelTimedOut(peer, destination.proxy, timeouts.connect) : timedOut(`the connection to ${peer} timed out after ${timeouts.connect / 1e3} s`);
}
function timedOut(what) {
	return new NetworkError({
		kind: "timeout",
		what
	});
}

// src/http/trust.ts
/**
* Starts with Node's CA certificates and NODE_EXTRA_CA_CERTS, because reading the system's takes 50
* to 80 ms; with `extra-ca-file`, all are trusted from the start. The methods throw a Problem
* `inputs` if that file has no readable PEM certificates.
*/
function openTrustStore(extraCaFile) {
	let withSystem = extraCaFile !== void 0;
	let certificates;
	let context;
	const all = () => certificates ??= allCertificates(extraCaFile);
	return {
		context: async () => {
			if (!withSystem) return void 0;
			context ??= all().then((ca) => tls.createSecureContext({ ca: [...ca] }));
			return context;
		},
		addSystemCertificates: () => {
			const changes = !withSystem;
			withSystem = true;
			return changes;
		},
		bundle: async () => `${(await all()).map((pem) => pem.trim()).join("\n")}\n`
	};
}
/** `default` includes Node's own certificates and NODE_EXTRA_CA_CERTS. */
async function allCertificates(extraCaFile) {
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
		if (blocks.length === 0) throw new Error("the file contains no PEM certificate");
		return blocks.map((block) => new X509Certificate(block).toString());
	} catch (cause) {
		throw new Problem({
			code: "inputs",
			what: `\`extra-ca-file\` ${file} cannot be read: ${reason$1(cause)}.`,
			fix: "Set `extra-ca-file` to a PEM file with one or more CA certificates.",
			cause
		});
	}
}
function reason$1(error) {
	const code = codeOf(error);
	if (code === "ENOENT") return "the file does not exist";
	if (code === "EACCES") return "permission denied";
	if (code === "EISDIR") return "it is a directory";
	return code === void 0 && error instanceof Error ? error.message : "a certificate is malformed";
}

// src/http/client.ts
/** Returns a client that opens connections on first use; `env` holds the HTTP proxy settings. */
function openHttpClient(options) {
	const connections = {
		env: options.env,
		trust: openTrustStore(options.extraCaFile),
		dispatchers: /* @__PURE__ */ new Map()
	};
	return {
		get: (url, getOptions) => get$1(connections, new URL(url), getOptions),
		caBundle: () => connections.trust.bundle(),
		close: () => {
			for (const dispatcher of connections.dispatchers.values()) dispatcher.destroy();
			connections.dispatchers.clear();
		}
	};
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
		started: (await statOf$1(pid))?.started
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
		await setTimeout$1(25);
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
	const stat = await statOf$1(pid);
	return stat !== void 0 && stat.started === started && !stat.state.startsWith("Z");
}
async function statOf$1(pid) {
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
	const { getExecOutput } = await import("./exec.js");
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
		var _usingCtx$6 = _usingCtx();
		const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants;
		const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (reuse ? O_TRUNC : O_EXCL);
		const file = _usingCtx$6.a(await open(path, flags, 384));
		try {
			await file.writeFile(text);
			if (flush) await file.sync();
		} catch (error) {
			await unlink(path).catch(() => void 0);
			throw error;
		}
	} catch (_) {
		_usingCtx$6.e = _;
	} finally {
		await _usingCtx$6.d();
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

// src/workdir/workdir.ts
/** Names of private directories; short, because the path of a Unix socket has at most 104 bytes. */
const workdirName = /^machine-id-[0-9a-f]{16}$/;
/** Name of the state that holds the path for the post step. */
const workdirState = "workdir";
/**
* Creates the private directory of this call below the temporary directory, with mode 0700, a
* random name and a marker. The path is saved first, so that the post step finds the directory even
* if this process is killed. Throws a Problem `platform`.
*/
async function createWorkdir(ci) {
	const root = await workdirRoot(ci.directories);
	const path = join(root, `machine-id-${randomBytes(8).toString("hex")}`);
	deliver(() => ci.saveState(workdirState, path));
	try {
		await mkdir(path, { mode: 448 });
		if (process.platform === "win32") await restrictToOwner(path);
		const processes = [await markProcess(process.pid)];
		const marker = {
			job: ci.job.key,
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
/** Returns the folder that later steps have on PATH, which contains only tbot and its tools. */
function programsOf$1(workdir) {
	return join(workdir.path, "bin");
}
/** Returns the temporary directory of the job with links resolved. Throws a Problem `platform`. */
async function workdirRoot({ temp }) {
	if (!temp) throw new Problem({
		code: "platform",
		what: "RUNNER_TEMP is not set, so there is no private directory for credentials.",
		fix: "Run this action on a GitHub Actions runner, which sets RUNNER_TEMP."
	});
	return realpath(temp).catch((error) => {
		throw unwritable(temp, error);
	});
}
/** Replaces the marker and waits until it is on disk. Throws a Problem `platform`. */
async function changeMarker(path, marker) {
	await writeMarker(path, marker).catch(explainUnwritable(path));
	return {
		path,
		marker
	};
}
/**
* Writes a file of mode 0600, a new one unless `reuse` is set, and returns its path. Throws a Problem
* `platform`.
*/
async function writeToWorkdir(workdir, name, text, { reuse = false } = {}) {
	const path = join(workdir, name);
	await writePrivately(path, text, { reuse }).catch(explainUnwritable(workdir));
	return path;
}
function explainUnwritable(path) {
	return (error) => {
		throw unwritable(path, error);
	};
}
/**
* Passes values to the CI system. Throws a Problem `platform` if the CI system reads them from a
* file that cannot be written. Any other error is a bug and is thrown unchanged.
*/
function deliver(values) {
	try {
		values();
	} catch (error) {
		if (!(error instanceof Error) || !("syscall" in error)) throw error;
		const path = "path" in error ? error.path : void 0;
		throw unwritable(dirname(typeof path === "string" ? path : ""), error);
	}
}
/** Returns the Problem `platform` for a directory that cannot be written to. */
function unwritable(path, error) {
	const code = codeOf(error) ?? "";
	return new Problem({
		code: "platform",
		what: `Cannot write to ${path}: ${{
			ENOSPC: "the disk is full",
			EDQUOT: "the disk quota is exceeded",
			EROFS: "the file system is read-only",
			EACCES: "permission denied",
			EPERM: "permission denied",
			ENOENT: "the directory does not exist",
			ENOTDIR: "not a directory"
		}[code] ?? String(error)}.`,
		fix: "Check the disk space and the permissions of the runner's temporary directory (RUNNER_TEMP), then run the job again.",
		cause: error
	});
}
/**
* The security identifier OWNER RIGHTS (Microsoft Learn, Well-known SIDs). A user name would be
* ambiguous, because a local account hides a domain account of the same name.
*/
const ownerRights = "*S-1-3-4";
/**
* Restricts a directory on Windows to its owner, as mode 0700 does elsewhere: removes inherited
* entries and grants the owner full control, which files and folders inside inherit (icacls,
* Microsoft Learn).
*/
async function restrictToOwner(directory) {
	const { exec } = await import("./exec.js");
	await exec("icacls", [...icaclsArguments(directory)], { silent: true });
}
/**
* Returns the arguments of icacls; with (OI) and (CI), files and folders inside inherit the entry.
*/
function icaclsArguments(directory) {
	return [
		directory,
		"/inheritance:r",
		"/grant:r",
		`${ownerRights}:(OI)(CI)F`
	];
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
		if (tries > 0) await setTimeout$1(100);
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
		const programs = programsOf$1({ path: workdir });
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

// src/http/retry.ts
/** A response whose status is not the expected one. */
var StatusError = class extends Error {
	name = "StatusError";
	status;
	/** Milliseconds from the `Retry-After` header. */
	retryAfter;
	constructor(what, status, retryAfter) {
		super(what);
		this.status = status;
		this.retryAfter = retryAfter;
	}
};
/** Returns the response if its status is 200. Throws a StatusError otherwise. */
function ok(reply) {
	if (reply.status === 200) return reply;
	reply.discard();
	const wait = parseRetryAfter(reply.headers["retry-after"], Date.now());
	const { host } = new URL(reply.url);
	throw new StatusError(`${host} returned HTTP ${reply.status}`, reply.status, wait);
}
/**
* Repeats an attempt after retryable failures: lost connections, HTTP 429 and 5xx. Throws the last
* error, or the signal's reason, see `stopReason`.
*/
async function retry(retryPolicy, signal, attempt, info = () => void 0) {
	let last;
	for (let count = 1;; count += 1) try {
		return await attempt();
	} catch (error) {
		if (signal.aborted) throw stopReason(signal, last);
		const wait = count < retryPolicy.attempts ? retryDelay(error, count, retryPolicy) : void 0;
		if (wait === void 0 || !(error instanceof Error)) throw error;
		last = error;
		info(`Attempt failed: ${error.message}. Retrying in ${Math.ceil(wait / 1e3)} s.`);
		await rest(wait, signal, last);
	}
}
/** Returns the reason of an aborted signal. A timeout also names the last failed attempt. */
function stopReason({ reason }, last) {
	if (!last || !(reason instanceof Problem) || reason.code !== "timeout") return reason;
	const lastAttempt = `The last attempt failed: ${last.message.replace(/\.$/, "")}.`;
	const { code, message, fix } = reason;
	return new Problem({
		code,
		what: `${message} ${lastAttempt}`,
		fix,
		cause: last
	});
}
/** Returns the milliseconds to wait after attempt number `count`, or undefined to stop trying. */
function retryDelay(error, count, retryPolicy) {
	if (!(error instanceof NetworkError ? error.retryable : error instanceof StatusError && (error.status === 429 || error.status >= 500))) return void 0;
	const requested = error instanceof StatusError ? error.retryAfter ?? 0 : 0;
	if (requested > retryPolicy.longest) return void 0;
	const rateLimited = error instanceof StatusError && error.status === 429;
	return requested > 0 ? Math.round(requested + Math.random() * retryPolicy.pause) : backoff(count, retryPolicy, rateLimited);
}
/**
* Returns the milliseconds to wait after attempt number `count` without a `Retry-After`. The random
* part spreads clients that failed at the same time, and a rate limit needs longer to recover.
*/
function backoff(count, { pause: first }, rateLimited) {
	return Math.round((rateLimited ? 4 : 1) * first * 2 ** (count - 1) * (.5 + Math.random()));
}
/** Waits after the failure `last`. Throws `stopReason`. */
async function rest(milliseconds, signal, last) {
	try {
		await setTimeout$1(milliseconds, void 0, { signal });
	} catch (error) {
		throw signal.aborted ? stopReason(signal, last) : error;
	}
}
/** Returns `Retry-After` in milliseconds (RFC 9110, section 10.2.3: seconds or a date). */
function parseRetryAfter(value, now) {
	if (value === void 0) return void 0;
	if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1e3;
	const date = Date.parse(value);
	return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

// src/cluster/expected-cluster.ts
/**
* Compares a cluster's name with `expected-cluster`, if it is set. This detects a mistyped address or
* a wrong token, but it does not authenticate the cluster: a malicious proxy can report any name and
* issue certificates that name any cluster. Throws a Problem `wrong-cluster`.
*/
function checkExpected(name, expected, source) {
	if (expected === void 0 || name === expected) return;
	throw new Problem({
		code: "wrong-cluster",
		what: `${source.intro} ${quoted(name)}, but \`expected-cluster\` is ${quoted(expected)}.`,
		fix: `Correct \`${source.input}\`, or \`expected-cluster\` if this is the right cluster.`
	});
}
/**
* Compares the clusters in the issued certificates with `expected-cluster` and with the name that the
* proxy reported before the join. An Auth Service reports no name, so with `expected-cluster` at least
* one certificate must contain it. Throws a Problem `wrong-cluster`.
*/
function checkIssuers(clusters, expected, { kind }, announced) {
	const named = clusters.filter((cluster) => cluster !== void 0);
	for (const cluster of named) {
		checkExpected(cluster, expected, {
			intro: "The certificate is from cluster",
			input: kind
		});
		if (announced !== void 0 && cluster.toLowerCase() !== announced.toLowerCase()) throw new Problem({
			code: "wrong-cluster",
			what: `The proxy reported cluster ${quoted(announced)}, but the certificate is from cluster ${quoted(cluster)}.`,
			fix: "Check the DNS record, load balancers and HTTP proxies for `proxy`: requests reach two different clusters."
		});
	}
	if (expected === void 0 || kind === "proxy" || named.length > 0) return;
	throw new Problem({
		code: "wrong-cluster",
		what: `\`expected-cluster\` is ${quoted(expected)}, but none of the issued credentials contains a cluster name.`,
		fix: "Request an `identity` as well, or remove `expected-cluster`: with `auth-server`, `ca-pins` authenticates the cluster."
	});
}

// src/cluster/find-response.ts
/** A response that does not come from a Teleport Proxy. The message is a clause about the server. */
var NotTeleport = class extends Error {
	name = "NotTeleport";
};
/**
* Parses the response of `/webapi/find` (PingResponse in Teleport's api/client/webclient/webclient.go).
* Older proxies omit `edition`, `fips` and `auto_update`. Throws a NotTeleport.
*/
function parseFind(text) {
	const response = objectOf$1(jsonOf$1(text));
	const minimum = optional(response, "min_client_version", "string");
	const autoUpdate = presentValue(response, "auto_update");
	return {
		name: nameOf$1(response),
		serverVersion: versionOf(response["server_version"], "server_version"),
		...minimum && { minClientVersion: versionOf(minimum, "min_client_version") },
		edition: editionOf(optional(response, "edition", "string")),
		fips: optional(response, "fips", "boolean") ?? false,
		...autoUpdate !== void 0 && { autoUpdate: autoUpdateOf(objectOf$1(autoUpdate)) }
	};
}
function jsonOf$1(text) {
	const json = parseJson(text);
	if (json !== void 0) return json;
	throw new NotTeleport(/^\s*</.test(text) ? "it returned a web page" : "the response is not JSON");
}
function objectOf$1(value) {
	if (!isRecord(value) || Array.isArray(value)) throw otherJson();
	return value;
}
function otherJson() {
	return new NotTeleport("the response is JSON without the fields of a Teleport Proxy");
}
function nameOf$1(response) {
	const name = response["cluster_name"];
	if (name === void 0) throw otherJson();
	if (typeof name !== "string" || !/^[!-.0-[\]-~]{1,253}$/.test(name)) throw new NotTeleport("the response has an invalid `cluster_name`");
	return name;
}
function versionOf(value, key) {
	const text = typeof value === "string" ? value.replace(/^v/, "") : "";
	const version = parseVersion(text);
	if (!version) throw new NotTeleport(`the response has no valid \`${key}\``);
	return formatVersion(version);
}
function editionOf(edition) {
	if (edition === "ent") return "enterprise";
	return edition === "oss" ? "oss" : "community";
}
/** Returns the versions unparsed: an invalid one is ignored later, with a notice. */
function autoUpdateOf(value) {
	const [agent, tools] = ["agent_version", "tools_version"].map((key) => presentValue(value, key));
	return {
		...agent !== void 0 && agent !== "" && { agentVersion: shortText(agent) },
		...tools !== void 0 && tools !== "" && { toolsVersion: shortText(tools) }
	};
}
function shortText(value) {
	return typeof value === "string" ? value.slice(0, 100) : typeof value;
}
/** Returns the value of a key. Undefined for null, which Go writes for a nil pointer. */
function presentValue(from, key) {
	return from[key] ?? void 0;
}
function optional(from, key, type) {
	const value = presentValue(from, key);
	if (value === void 0) return void 0;
	if (!hasType(value, type)) throw new NotTeleport(`\`${key}\` in the response is not a ${type}`);
	return value;
}
function hasType(value, type) {
	return typeof value === type;
}

// src/cluster/probe-failure.ts
/** Returns the Problem for a failed request to a proxy, or the error itself if it is unexpected. */
function probeFailure(proxy, error) {
	if (error instanceof NotTeleport) return notTeleport(proxy, error.message, error);
	if (error instanceof StatusError) return error.status === 429 ? rateLimited(proxy, error) : serverError(proxy, error);
	return error instanceof NetworkError ? networkFailed(proxy, error) : error;
}
function networkFailed(proxy, error) {
	switch (error.kind) {
		case "untrusted": return untrusted(proxy, error);
		case "protocol": return notTeleport(proxy, "it does not use TLS and HTTP", error);
		case "too-long": return notTeleport(proxy, "the response is too long", error);
		case "unresolved":
		case "refused":
		case "proxy":
		case "timeout":
		case "unreachable":
		case "reset":
		case "redirect":
		case "other": return unreachable$1(proxy, error, fixes$1[error.kind]);
		default: return error.kind;
	}
}
const checkFirewall = "Correct `proxy`, or allow connections to it in the firewall.";
const checkAddress = "Check that `proxy` is the address of the Teleport Proxy, and check load balancers and firewalls in front of it.";
const fixes$1 = {
	unresolved: "Correct the host name in `proxy`, or the runner's DNS configuration.",
	refused: "Correct the port in `proxy` (usually 443 or 3080), or start the Teleport Proxy.",
	proxy: "Correct HTTPS_PROXY, allow the Teleport Proxy in the HTTP proxy, or add it to NO_PROXY.",
	timeout: checkFirewall,
	unreachable: checkFirewall,
	reset: checkAddress,
	redirect: checkAddress,
	other: checkAddress
};
/** Returns the message as a sentence that names the proxy once. */
function sentence(proxy, { message }) {
	if (!message.includes(proxy)) return `The Teleport Proxy ${proxy} cannot be reached: ${message}.`;
	const text = message.replace(proxy, `the Teleport Proxy ${proxy}`);
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
function unreachable$1(proxy, error, fix) {
	return new Problem({
		code: "proxy-unreachable",
		what: sentence(proxy, error),
		fix,
		cause: error
	});
}
function serverError(proxy, error) {
	return new Problem({
		code: "proxy-unreachable",
		what: `The Teleport Proxy ${proxy} returned HTTP ${error.status}.`,
		fix: "Run the job again later, or check the logs of the proxy and of any load balancer in front of it.",
		cause: error
	});
}
function rateLimited(proxy, error) {
	return new Problem({
		code: "rate-limited",
		what: `The Teleport Proxy ${proxy} is rate-limiting this IP address (HTTP 429).`,
		fix: "Run the job again later, or start fewer jobs at once behind this IP address.",
		cause: error
	});
}
function untrusted(proxy, error) {
	return new Problem({
		code: "proxy-untrusted",
		what: sentence(proxy, error),
		fix: trustFix(error.code, "the proxy"),
		cause: error
	});
}
function notTeleport(proxy, why, cause) {
	return new Problem({
		code: "not-teleport",
		what: `${proxy} is not a Teleport Proxy: ${why}.`,
		fix: "Set `proxy` to the host and port of the cluster's web UI.",
		cause
	});
}

// src/cluster/cluster.ts
/** Bytes. A response to `/webapi/find` has less than 4 KiB. */
const maxFindSize = 262144;
/** Bytes. A version has less than 20, a response to `/webapi/ping` less than 4096. */
const maxChannelSize = 65536;
/** Milliseconds. A proxy that does not respond is reported within 10 s. */
const defaultTimeouts = {
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
* Returns the facts that the proxy reports without authentication, or undefined if the endpoint is an
* Auth Service, which reports none. Throws as `fetchCluster` does, or a Problem `wrong-cluster`.
*/
async function probeCluster({ endpoint, expectedCluster }, using) {
	if (endpoint.kind === "auth-server") return void 0;
	const cluster = await fetchCluster(endpoint.address, using);
	checkExpected(cluster.name, expectedCluster, {
		intro: `${endpoint.address} is the proxy of cluster`,
		input: "proxy"
	});
	return cluster;
}
/**
* Fetches `/webapi/find` from a proxy (`host:port`), which needs no credentials. Repeats retryable
* failures. Throws a Problem `proxy-unreachable`, `proxy-untrusted`, `not-teleport` or
* `rate-limited`, or the reason of the signal.
*/
async function fetchCluster(proxy, using) {
	const { signal, info, retryPolicy = defaultRetryPolicy$2 } = using;
	try {
		return await retry(retryPolicy, signal, () => find(proxy, using), info);
	} catch (error) {
		throw signal.aborted ? error : probeFailure(proxy, error);
	}
}
async function find(proxy, { network, signal, timeouts = defaultTimeouts }) {
	const reply = await network.get(`https://${proxy}/webapi/find`, {
		signal,
		timeouts,
		headers: { accept: "application/json" }
	});
	if (reply.status === 200) return parseFind(await reply.text(maxFindSize));
	reply.discard();
	throw statusFailure(proxy, reply);
}
function statusFailure(proxy, { status, headers }) {
	if (status === 429 || status >= 500) return new StatusError(`${proxy} returned HTTP ${status}`, status, parseRetryAfter(headers["retry-after"], Date.now()));
	return new NotTeleport(status >= 300 && status < 400 ? `it redirected to ${destination(headers.location)} (HTTP ${status})` : `it returned HTTP ${status}`);
}
/** Returns only the host, because the path and the query can contain a secret. */
function destination(location) {
	return location !== void 0 && URL.canParse(location) ? new URL(location).host : "another path";
}
/**
* Fetches the version of a cluster's default channel for automatic upgrades, unparsed, such as
* `v18.2.4`. Only clusters without managed updates use the channel, and only `/webapi/ping` reports
* whether it exists (Teleport, lib/web/apiserver.go). Undefined if there is no channel or no usable
* response: the caller then uses the cluster's own version. Throws the reason of the signal.
*/
async function fetchUpgradeChannel(proxy, using) {
	try {
		const ping = await textAt$1(`https://${proxy}/webapi/ping`, using);
		if (property(parseJson(ping ?? ""), "automatic_upgrades") !== true) return void 0;
		const version = (await textAt$1(`https://${proxy}/v1/webapi/automaticupgrades/channel/default/version`, using))?.trim();
		return version === "none" ? void 0 : version;
	} catch (error) {
		if (using.signal.aborted) throw error;
		return;
	}
}
async function textAt$1(url, { network, signal }) {
	const reply = await network.get(url, {
		signal,
		timeouts: {
			connect: 5e3,
			answer: 5e3
		}
	});
	const text = await reply.text(maxChannelSize);
	return reply.status === 200 ? text : void 0;
}

// src/install/archive/archive.ts
/** An invalid archive or image. The message is a clause in which `it` refers to the archive. */
var BadArchive = class extends Error {
	name = "BadArchive";
};
/** Bytes. A release archive has 150 to 250 MB. */
const largestArchive = 2 ** 30;
/** Bytes. The largest program of a release, teleport, has 241 MB. */
const largestProgram = 2 ** 30;
/** Decodes UTF-8. Invalid bytes become U+FFFD, which no requested name contains. */
function decode(bytes) {
	return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
/** Writes a new file of mode 0700 and returns its SHA-256 as lower-case hex. */
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

// src/install/inspect.ts
/**
* Returns why a file cannot be run on a machine. Checked before it is started, because a web page, a
* directory or a program for another machine causes an unclear error, or is run by a shell.
*/
async function inspectBinary(path, machine) {
	const stats = await statOf(path);
	if (typeof stats === "string") return stats;
	if (stats.isDirectory()) return "it is a directory";
	if (!stats.isFile()) return "it is not a regular file";
	if (machine.platform !== "win32" && (stats.mode & 73) === 0) return "it is not executable (run `chmod +x`)";
	const head = await readHead(path);
	return head === void 0 ? mayRun(path) : defectOf(head.binary, head.loader, machine) ?? mayRun(path);
}
async function statOf(path) {
	try {
		return await stat(path);
	} catch (error) {
		const code = codeOf(error);
		if (code === "ENOENT" || code === "ENOTDIR") return "the file does not exist";
		if (code === "EACCES") return "its directory cannot be read (permission denied)";
		if (code === "ELOOP") return "it is a symbolic link to itself";
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
		const position = binary.kind === "elf" ? binary.loader : void 0;
		if (!position || position.size > 4096) return {
			binary,
			loader: void 0
		};
		const loader = (await bytesAt(handle, position.offset, position.size)).toString().replace(/\0.*$/s, "");
		return {
			binary,
			loader: {
				path: loader,
				exists: await exists(loader)
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
/** Other architectures whose programs a machine can run. */
const alsoRuns = {
	x64: "ia32",
	arm64: "arm"
};
function defectOf(binary, loader, { platform, arch }) {
	if (binary.kind === "empty") return "it is empty";
	if (binary.kind === "page") return "it is a web page, not a program";
	if (binary.kind === "gzip") return "it is an archive that must be unpacked first";
	if (binary.kind === "script" && platform !== "win32") return void 0;
	if (binary.kind !== (kindOnPlatform[platform] ?? "elf")) return `it is not a program for this system (${platform} ${arch})`;
	if (binary.kind !== "elf") return void 0;
	if (binary.arch !== arch && binary.arch !== alsoRuns[arch]) return `it is built for ${binary.arch ?? "another architecture"}, but this runner is ${arch}`;
	if (loader && !loader.exists) return `it requires the loader ${loader.path}, which does not exist here (systems with musl, such as Alpine Linux, cannot run it)`;
}
/** Returns why this user cannot execute a file. The kernel's check includes noexec mounts. */
async function mayRun(path) {
	try {
		await access(path, constants.X_OK);
		return;
	} catch (error) {
		if (codeOf(error) !== "EACCES") throw error;
		return "this user has no permission to execute it, or its file system is mounted `noexec`";
	}
}
/** Bytes that contain the header and the program headers of any program. */
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
/** Parses the beginning of a file. Never throws. */
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
/** Parses the ELF header and the program headers (elf(5)). */
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
/** Returns the offsets of the program headers within the bytes read. */
function programHeaders(view, wide, little, start) {
	const size = view.getUint16(wide ? 54 : 42, little);
	const count = view.getUint16(wide ? 56 : 44, little);
	if (size < (wide ? 56 : 32)) return [];
	return Array.from({ length: count }, (_, index) => start + index * size).filter((at) => at + size <= view.byteLength);
}

// src/install/ownership.ts
/**
* Returns why another account can have changed an opened file, or can change it. The mode also shows
* write access through an access control list, whose mask is the mode's group bits.
*/
async function fileFlaw(stats) {
	if (!stats.isFile()) return `is not a regular file (owner ${await accountOf(stats.uid)})`;
	return await ownerFlaw(stats) ?? modeFlaw(stats);
}
/**
* Returns why a build's folder in the tool cache, or one of the two above it, cannot be trusted. The
* root of the cache is not checked, because hosted images ship it with mode 777.
*/
async function folderFlaw(folder) {
	for (const path of [
		dirname(dirname(folder)),
		dirname(folder),
		folder
	]) {
		const stats = await lstat(path).catch(() => void 0);
		if (stats === void 0) return void 0;
		const flaw = stats.isDirectory() ? await ownerFlaw(stats) : `is not a directory (owner ${await accountOf(stats.uid)})`;
		if (flaw !== void 0) return `${path} ${flaw}`;
	}
}
/**
* Returns why another account can replace a file: the file and every folder above it must belong to
* this user or root, and others may write only to folders whose sticky bit protects the content. The
* path must be free of links.
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
	return `is owned by another account (${await accountOf(uid)})`;
}
async function modeFlaw({ uid, mode }) {
	if (process.getuid === void 0 || (mode & 18) === 0) return void 0;
	return `is writable by its group or by others (mode ${(mode & 4095).toString(8)}, owner ${await accountOf(uid)})`;
}
function isSticky({ mode }) {
	return (mode & 512) !== 0;
}

// src/install/release.ts
/** The input calls Community Edition `oss`, as clusters did before 17. Cloud has enterprise builds. */
const editions = {
	oss: "oss",
	community: "oss",
	enterprise: "enterprise",
	cloud: "enterprise"
};
/** Returns the build for the inputs, the cluster (if there is one) and the machine. */
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
/** Teleport's download site (lib/autoupdate; TELEPORT_CDN_BASE_URL in its updater). */
const publicSite = "https://cdn.teleport.dev";
const linuxArchitectures = {
	x64: "amd64",
	arm64: "arm64",
	arm: "arm",
	ia32: "386"
};
/**
* Returns the archive of a build; undefined if Teleport publishes none. Names and layout:
* lib/autoupdate, lib/web/scripts/oneoff/oneoff.sh and build.assets/install of Teleport.
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
/** Returns the path of a program in the archive. */
function memberOf({ tbot, appBundles }, program) {
	const path = appBundles && program !== "tbot" ? `${program}.app/Contents/MacOS/${program}` : program;
	return tbot.replace(/tbot(?=(\.exe)?$)/, path);
}
/** Path of tbot in the image (build.assets of Teleport, tbot-distroless). */
const tbotInImage = "usr/local/bin/tbot";
const imageArchitectures = {
	x64: "amd64",
	arm64: "arm64",
	arm: "arm"
};
/**
* Returns the image with a build of tbot; undefined if there is none. `mirror` is
* `host[:port]/repository`. Teleport publishes one image for all editions, and one for FIPS builds.
*/
function imageFor(build, mirror) {
	const architecture = imageArchitectures[build.arch];
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
/** Returns the reference in the notation of container tools. */
function nameOf({ registry, repository, tag }) {
	return `${registry}/${repository}:${tag}`;
}
/** Returns the file name of a program. */
function fileOf(program, platform) {
	return platform === "win32" ? `${program}.exe` : program;
}

// src/install/download-problems.ts
/** Returns the Problem for a failed download, or the error itself if it is unexpected. */
function downloadFailed(url, error, kind = "archive") {
	if (error instanceof StatusError) return wrongStatus(url, error);
	if (error instanceof NetworkError) return unreachable(url, error);
	if (error instanceof BadArchive) return badArchive(url, error, kind);
	const code = codeOf(error) ?? "";
	return /^E[A-Z]+$/.test(code) ? notWritten(code, error) : error;
}
const ownTbot = "install tbot on the runner and set `tbot-path`";
function wrongStatus(url, error) {
	const { status } = error;
	const result = status === 429 ? "is rate-limiting this IP address (HTTP 429)" : `returned HTTP ${status}`;
	return new Problem({
		code: "download",
		what: `tbot could not be downloaded: ${url} ${result}.`,
		fix: status === 404 || status === 403 ? "Check that this version was released for this platform, or correct `mirror`." : "Run the job again later, or set `mirror` to another site.",
		cause: error
	});
}
function unreachable(url, error) {
	return new Problem({
		code: "download",
		what: `tbot could not be downloaded from ${url}: ${error.message}.`,
		fix: error.kind === "untrusted" ? trustFix(error.code, "the server") : `Allow connections to that address, set \`mirror\` to a site that the runner can reach, or ${ownTbot}.`,
		cause: error
	});
}
/** Returns the Problem for programs that could not be moved to their place, or the error itself. */
function programsNotMoved(directory, error) {
	const code = codeOf(error) ?? "";
	if (!/^E[A-Z]+$/.test(code)) return error;
	return new Problem({
		code: "download",
		what: `tbot was downloaded, but it could not be moved to ${directory} (${code}).`,
		fix: `Check the permissions and the free space of that directory, or ${ownTbot}.`,
		cause: error
	});
}
function notWritten(code, cause) {
	const full = code === "ENOSPC" || code === "EDQUOT";
	return new Problem({
		code: "download",
		what: full ? `tbot could not be downloaded: no space is left in RUNNER_TEMP (${code}).` : `tbot could not be written to RUNNER_TEMP (${code}).`,
		fix: `${full ? "Free 150 MB there" : "Check the permissions of that directory"}, or ${ownTbot}.`,
		cause
	});
}
function webPage(url) {
	return new Problem({
		code: "download",
		what: `tbot could not be downloaded: ${url} returned a web page.`,
		fix: "Correct `mirror`, or allow access to that URL without a login page."
	});
}
function noChecksum(url) {
	return new Problem({
		code: "checksum",
		what: `No checksum is published at ${url}.sha256.`,
		fix: "Publish the checksum there, or set `checksum` to the SHA-256 digest of the archive."
	});
}
const verifyPin = "Verify the digest of the release before you change `checksum`.";
function wrongChecksum(url, digest, expected, pinned) {
	return new Problem({
		code: "checksum",
		what: `The SHA-256 digest of ${url} does not match ${pinned ? "`checksum`" : "its published checksum"}, so the download was discarded.`,
		fix: pinned ? verifyPin : "Run the job again. If the error persists, do not trust this site: the archive may have been modified.",
		facts: digestFacts(digest, expected)
	});
}
/** Returns the Problem for an image with another digest than `checksum`. */
function unpinnedImage(name, digest, pins) {
	return new Problem({
		code: "checksum",
		what: `The digest of ${name} does not match \`checksum\`, so the image was not used.`,
		fix: verifyPin,
		facts: digestFacts(digest, pins)
	});
}
/** Returns the Problem for a manifest or layer that does not match the digest it was requested by. */
function wrongDigest(part, digest, expected) {
	return new Problem({
		code: "checksum",
		what: `${part} ${expected} does not match its digest, so the download was discarded.`,
		fix: "Run the job again. If the error persists, do not trust this registry: the image may have been modified.",
		facts: digestFacts(digest, [expected.replace(/^sha256:/, "")])
	});
}
function digestFacts(digest, expected) {
	return {
		title: "Digests:",
		lines: [`actual:   sha256:${digest}`, ...expected.map((pin) => `expected: sha256:${pin}`)]
	};
}
function badArchive(url, flaw, kind = "archive") {
	return new Problem({
		code: "archive",
		what: `${url} is not a valid ${kind === "image" ? "tbot image" : "Teleport archive"}: ${flaw.message}.`,
		fix: `Check \`mirror\` and \`version\`: the ${kind} must be the one that Teleport publishes.`,
		cause: flaw
	});
}

// src/install/staging.ts
/** Returns a path for a program that no other installation uses. */
function stagingPath(directory, program) {
	return join(directory, `.${program}-${randomUUID()}`);
}
/**
* Removes the staged files of installations that were killed a day or more ago. Younger ones may still
* be in use. Errors are ignored, because a leftover file does no harm.
*/
async function removeStaleFiles(directory) {
	for (const name of await readdir(directory).catch(() => [])) {
		if (!stagedName.test(name)) continue;
		const path = join(directory, name);
		const stats = await lstat(path).catch(() => void 0);
		if (stats?.isFile() && Date.now() - stats.mtimeMs > day) await rm(path, { force: true }).catch(() => void 0);
	}
}
const stagedName = /^\.(?:tbot|tsh|tctl|archive)-[0-9a-f]{8}-[0-9a-f-]{27}/;
const day = 864e5;
/** Does work that writes the given files, and removes them if it fails. */
async function removeOnFailure(files, work) {
	try {
		return await work();
	} catch (error) {
		for (const file of files) await rm(file, { force: true });
		throw error;
	}
}
/**
* Renames staged programs to their names in the private directory and returns their paths. A rename is
* needed because a running program cannot be written to. If that file system is mounted noexec,
* returns the paths in the tool cache, unless another account can replace those files. Throws a Problem
* `download` or `platform` and removes the staged files.
*/
async function moveIntoPlace(parts, folders) {
	const { directory, platform } = folders;
	const staged = [...parts.values()];
	try {
		return await removeOnFailure(staged, async () => {
			const cached = await pathsInCache(parts, folders);
			if (cached === void 0) return await moveAll(parts, directory, platform);
			for (const path of staged) await rm(path);
			return cached;
		});
	} catch (error) {
		throw programsNotMoved(directory, error);
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
/** Returns the paths in the tool cache if the staged files cannot be executed. */
async function pathsInCache(parts, { directory, folder, platform }) {
	if (folder === void 0) return void 0;
	const defect = (await Promise.all([...parts.values()].map(mayRun))).find((candidate) => candidate !== void 0);
	if (defect === void 0) return void 0;
	const paths = pathsBelow(await realpath(folder).catch(() => folder), parts, platform);
	for (const path of paths.values()) {
		const flaw = await pathFlaw(path);
		if (flaw !== void 0) throw notRunnable(`${directory}: ${defect}`, flaw);
	}
	return paths;
}
function notRunnable(place, cacheFlaw) {
	return new Problem({
		code: "platform",
		what: `tbot cannot run from ${place}. The copy in the tool cache is not used: ${cacheFlaw}.`,
		fix: "Mount the file system of RUNNER_TEMP without `noexec`, make the tool cache writable for this user and root only, or install tbot on the runner and set `tbot-path`."
	});
}
function pathsBelow(folder, parts, platform) {
	const programs = [...parts.keys()];
	return new Map(programs.map((program) => [program, join(folder, fileOf(program, platform))]));
}

// src/install/cache.ts
/**
* The folder of a build in the tool cache at `root`, laid out as @actions/tool-cache does it
* (<tool>/<version>/<arch>, and `<arch>.complete` beside it); undefined without a tool cache.
*/
function cacheFolder(root, build) {
	if (!root) return void 0;
	const tool = `tbot${build.edition === "enterprise" ? "-ent" : ""}${build.fips ? "-fips" : ""}`;
	return join(root, tool, build.version, build.arch);
}
/** Returns the file that marks a folder as complete, for @actions/tool-cache as well. */
function completeMark(folder) {
	return `${folder}.complete`;
}
/** Returns the name of the record that this action added a program with this digest. */
function recordOf(program, digest) {
	return `.${program}.${digest}`;
}
/** Logs why the tool cache is not used, as a notice if another account can change it. */
function reportUnused({ kind, why }, ci) {
	if (kind === "missing") return ci.info(`The tool cache does not contain ${why}.`);
	const text = `The tool cache is not used: ${why}.`;
	if (kind === "unusable") return ci.info(text);
	ci.notice("machine-id-action", `${text} Programs are downloaded for this step only. Remove that path to use the tool cache again.`);
}
/**
* Stages programs from the tool cache: all of them, or none. Links or copies each into the private
* directory first and checks it there, because another account can replace a path in the cache, but
* not a file that only this user or root can write. The record detects corruption, not an attacker,
* who could change the record as well. Programs of a runner image have no record. Throws the signal's
* reason.
*/
async function stageCached(query) {
	const { folder, directory, programs, build } = query;
	const foreign = await folderFlaw(folder);
	if (foreign !== void 0) return {
		kind: "untrusted",
		why: foreign
	};
	const names = await readdir(folder).catch(() => []);
	const missing = programs.map((program) => fileOf(program, build.platform)).find((file) => !names.includes(file));
	if (missing !== void 0) return {
		kind: "missing",
		why: join(folder, missing)
	};
	if (!await exists(completeMark(folder))) return {
		kind: "missing",
		why: completeMark(folder)
	};
	const parts = new Map(programs.map((program) => [program, stagingPath(directory, program)]));
	const paths = [...parts.values()];
	const result = await removeOnFailure(paths, async () => stageAll(query, parts, names));
	if (result.kind !== "cached") for (const path of paths) await rm(path, { force: true });
	return result;
}
/** Removes programs that were staged but are not used. */
async function removeStaged(result) {
	if (result.kind !== "cached") return;
	for (const path of result.parts.values()) await rm(path, { force: true });
}
async function stageAll(query, parts, names) {
	let tbotDigest;
	for (const [program, part] of parts) {
		const staged = await stage(query, program, part, names);
		query.signal.throwIfAborted();
		if (staged.kind !== "staged") return staged;
		if (program === "tbot") tbotDigest = staged.digest;
	}
	return {
		kind: "cached",
		parts,
		tbotDigest
	};
}
/** Neither follows a symbolic link nor waits for the writer of a pipe. Windows has neither flag. */
const readSafely = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
async function stage({ folder, build, signal }, program, part, names) {
	const path = join(folder, fileOf(program, build.platform));
	const records = names.filter((name) => name.startsWith(`.${program}.`));
	try {
		try {
			var _usingCtx$5 = _usingCtx();
			const linked = await link(path, part).then(() => true, () => false);
			const handle = _usingCtx$5.a(await open(linked ? part : path, readSafely));
			const flaw = await fileFlaw(await handle.stat());
			if (flaw !== void 0) return {
				kind: "untrusted",
				why: `${path} ${flaw}`
			};
			const copied = linked ? void 0 : await writeHashed(part, contentOf$2(handle, signal));
			if (records.length === 0) return unrecorded(path, await inspectBinary(path, build));
			const digest = copied ?? await hashOf(contentOf$2(handle, signal));
			if (records.includes(recordOf(program, digest))) return {
				kind: "staged",
				digest
			};
			return {
				kind: "unusable",
				why: `${path} does not match its recorded SHA-256, so it is downloaded again`
			};
		} catch (_) {
			_usingCtx$5.e = _;
		} finally {
			await _usingCtx$5.d();
		}
	} catch (error) {
		return unreadable(path, error);
	}
}
function unrecorded(path, defect) {
	return defect === void 0 ? {
		kind: "staged",
		digest: void 0
	} : {
		kind: "unusable",
		why: `${path} is unusable: ${defect}`
	};
}
async function unreadable(path, error) {
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isSymbolicLink()) return {
		kind: "unusable",
		why: `${path} cannot be read or copied: ${messageOf(error)}`
	};
	return {
		kind: "untrusted",
		why: `${path} is a symbolic link (owner ${await accountOf(stats.uid)})`
	};
}
/**
* Yields the content of a file, reading one chunk while the caller uses the other one. Two buffers
* instead of a stream, which allocates one for each chunk: hashing 87 MB takes 52 ms instead of 61 ms.
*/
async function* contentOf$2(handle, signal) {
	let [used, free] = [Buffer.allocUnsafe(chunkSize$1), Buffer.allocUnsafe(chunkSize$1)];
	let reading = handle.read(used, 0, chunkSize$1, 0);
	for (let position = 0;;) {
		const { bytesRead } = await reading;
		signal.throwIfAborted();
		if (bytesRead === 0) return;
		position += bytesRead;
		reading = handle.read(free, 0, chunkSize$1, position);
		reading.catch(() => void 0);
		yield used.subarray(0, bytesRead);
		[used, free] = [free, used];
	}
}
/** Bytes. */
const chunkSize$1 = 2 ** 20;
async function hashOf(content) {
	const hash = createHash("sha256");
	for await (const chunk of content) hash.update(chunk);
	return hash.digest("hex");
}

// src/install/installed.ts
/**
* Returns the first tbot on PATH that is not in the workspace, whose content a pull request controls.
* Throws a Problem `tbot`.
*/
async function findInstalled(env, platform, workspace) {
	const found = await allOnPath("tbot", env, platform);
	for (const path of found) if (!await isInside(path, workspace)) return path;
	const [ignored] = found;
	throw ignored === void 0 ? noneOnPath() : noneOutside(ignored);
}
/** Checks the directory too, because a link in the workspace can be changed as well. */
async function isInside(path, workspace) {
	if (!workspace || !await exists(workspace)) return false;
	return await liesBelow(path, workspace) || liesBelow(dirname(path), workspace);
}
function noneOnPath() {
	return new Problem({
		code: "tbot",
		what: "`version: installed` is set, but tbot was not found on PATH.",
		fix: "Install tbot on the runner, or remove `version` to download it."
	});
}
function noneOutside(ignored) {
	return new Problem({
		code: "tbot",
		what: `\`version: installed\` found no tbot on PATH outside the workspace. ${ignored} was ignored: it is in the workspace, whose content a pull request controls.`,
		fix: "Install tbot outside the workspace, remove `version` to download it, or set `tbot-path` if you trust that file."
	});
}

// src/cluster/version.ts
/**
* Returns the Teleport version that a cluster selects: the version of its managed updates (with
* `tools`, the version for tsh and tctl, because one archive contains all programs); on clusters
* without managed updates, the version of the channel for automatic upgrades; otherwise the cluster's
* own version. Ignores a version that is invalid or incompatible with the cluster.
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
		const parsed = parseVersion(version);
		if (!parsed) notices.push(ignored(key, version, cluster, "it is not a valid version"));
		else {
			const candidate = formatVersion(parsed);
			const why = incompatibility(candidate, cluster) ?? tooOldForTools(tools, candidate, cluster);
			if (why === void 0) return {
				version: candidate,
				notices
			};
			notices.push(ignored(key, candidate, cluster, why));
		}
	}
	return {
		version: serverVersion,
		notices
	};
}
function ignored(key, version, { name }, why) {
	return `Cluster ${name} specifies Teleport ${version} (${key}), which is ignored because ${why}.`;
}
/**
* Checks that a cluster supports a tbot version. A server supports clients of its own major version
* and of older ones down to `min_client_version`, but never of a newer major version (Teleport,
* Upgrading: component compatibility). `chosenBy` is the input that selected tbot. Throws a Problem
* `version`.
*/
function checkVersion(version, cluster, chosenBy) {
	const why = incompatibility(version, cluster);
	if (why !== void 0) throw incompatible("tbot", version, cluster, chosenBy, why);
}
/**
* Checks that a cluster supports a version of tsh and tctl: its own major version or the one before,
* regardless of `min_client_version` (Teleport, Upgrading: component compatibility). Throws a Problem
* `version`.
*/
function checkTools(tools, version, cluster) {
	const why = tooOldForTools(tools, version, cluster);
	if (why !== void 0) throw incompatible(tools.join(" and "), version, cluster, "version", why);
}
function tooOldForTools(tools, version, { serverVersion }) {
	const [client, server] = [parseVersion(version), parseVersion(serverVersion)];
	if (tools.length === 0 || !client || !server || client.major >= server.major - 1) return void 0;
	return `the cluster runs ${serverVersion} and supports clients that are at most one major version older`;
}
function incompatibility(version, cluster) {
	const tbot = parseVersion(version);
	const server = parseVersion(cluster.serverVersion);
	const oldest = parseVersion(cluster.minClientVersion ?? "");
	if (!tbot || !server) throw invalidVersion(tbot ? cluster.serverVersion : version);
	if (tbot.major > server.major) return `the cluster runs ${cluster.serverVersion} and does not support newer major versions`;
	return oldest && compareVersions(tbot, oldest) < 0 ? `the cluster requires ${cluster.minClientVersion} or newer` : void 0;
}
function incompatible(program, version, cluster, chosenBy, why) {
	return new Problem({
		code: "version",
		what: `${program} ${version} is not compatible with cluster ${cluster.name}: ${why}.`,
		fix: chosenBy === "version" ? `Set \`version: ${cluster.serverVersion}\`, or remove \`version\` to use the version of the cluster.` : `Install tbot ${cluster.serverVersion} at \`tbot-path\`, or remove \`tbot-path\` and \`version\` to download it.`
	});
}
function invalidVersion(version) {
	return new Problem({
		code: "version",
		what: `\`${version}\` is not a Teleport version.`,
		fix: "Set `version` to an exact version such as `18.2.4`."
	});
}

// src/process/child.ts
/** Returns whether a program exited with code 0. */
function hasSucceeded(exit) {
	return exit.kind === "code" && exit.code === 0;
}
/**
* Starts a program without input, as the leader of a process group, so that its children can be
* ended with it. With `output`, a file descriptor, it inherits no pipe and can outlive this process.
* Throws some errors of `spawn` at once; `exitOf` throws the others.
*
* tbot and `tbot version` are started here and not with @actions/exec, which has no process group,
* no deadline, no limit on the output and no way to end the program. Commands that need none of
* these (`icacls`, `ps`) run with @actions/exec.
*/
function startChild({ path, args, env, cwd }, output = "pipe") {
	return spawn(path, args, {
		env,
		...cwd !== void 0 && { cwd },
		detached: process.platform !== "win32",
		stdio: [
			"ignore",
			output,
			output
		],
		windowsHide: true
	});
}
/** Resolves when a child has exited. Throws the error of a program that could not be started. */
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
/** Sends a signal to a child's process group; on Windows, which has no groups, to the child. */
function signalChild(child, name) {
	if (process.platform === "win32") child.kill(name);
	else if (child.pid !== void 0) signalGroup(child.pid, name);
}

// src/process/short-command.ts
/** Number of characters of stdout and of stderr that are kept. */
const outputLimit = 65536;
/**
* Runs a command without input until it exits or its deadline passes, and kills every process that
* it leaves behind. Throws the error of `spawn` if it cannot be started, or the signal's reason.
*/
async function runCommand(path, args, options) {
	options.signal.throwIfAborted();
	const child = startChild({
		path,
		args,
		env: options.env
	});
	const outputs = [collect(child.stdout), collect(child.stderr)];
	let timedOut = false;
	const kill = () => signalChild(child, "SIGKILL");
	const timer = setTimeout(() => {
		timedOut = true;
		kill();
	}, options.deadline);
	options.signal.addEventListener("abort", kill, { once: true });
	try {
		const exit = await exitOf(child);
		kill();
		const [stdout, stderr] = await outputOf(child, outputs);
		options.signal.throwIfAborted();
		return {
			stdout,
			stderr,
			exit,
			timedOut
		};
	} finally {
		clearTimeout(timer);
		options.signal.removeEventListener("abort", kill);
	}
}
/** Stops waiting after a second, because a process that left the group can keep the pipes open. */
async function outputOf(child, outputs) {
	const timer = setTimeout(() => {
		child.stdout?.destroy();
		child.stderr?.destroy();
	}, 1e3);
	try {
		return await Promise.all(outputs);
	} finally {
		clearTimeout(timer);
	}
}
async function collect(stream) {
	if (!stream) return "";
	let text = "";
	stream.setEncoding("utf8");
	stream.on("data", (chunk) => {
		text = `${text}${chunk}`.slice(0, outputLimit);
	});
	stream.on("error", () => void 0);
	await once(stream, "close");
	return text;
}

// src/install/tbot-version.ts
/**
* Returns the version to install, which is compatible with the cluster; undefined if `tbot-path` or
* `version: installed` selects a tbot on the runner. Throws a Problem `version`.
*/
async function fittingVersion(request) {
	const { inputs, cluster } = request;
	const requested = await requestedVersion(request);
	if (requested !== void 0 && cluster) {
		checkVersion(requested, cluster, "version");
		checkTools(inputs.tools ?? [], requested, cluster);
	}
	return requested;
}
async function requestedVersion(request) {
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
	const { inputs, ci } = request;
	const { version, notices } = await versionFor(cluster, inputs.tools ?? [], () => fetchUpgradeChannel(proxy, request));
	for (const notice of notices) ci.notice("machine-id-action", notice);
	return version;
}
function noCluster() {
	return new Problem({
		code: "version",
		what: "`version: auto` requires a Teleport Proxy that reports its version, but `proxy` is not set.",
		fix: "Set `proxy`, or set `version` to an exact version such as `18.2.4`."
	});
}
/** Milliseconds. `tbot version` is fast, but a slow disk has to read 87 MB first. */
const defaultDeadline = 2e4;
const fixes = {
	"tbot-path": "Correct `tbot-path`, or remove it to download tbot.",
	installed: "Install a working tbot on PATH, or remove `version: installed` to download it.",
	"tool-cache": "Remove it from the tool cache, so that the next run downloads it again.",
	image: "Install a tbot that runs on this machine, and set `tbot-path`.",
	archive: "Install a tbot that runs on this machine, and set `tbot-path`."
};
/**
* Runs `tbot version` and returns the version that it prints (`Teleport v15.0.0-dev git: go1.26.8`,
* `Teleport Enterprise v18.2.4 ...`). Throws a Problem `tbot` if the file cannot be run as tbot, or
* the signal's reason.
*/
async function printedVersion(tbot, request) {
	const result = await run(tbot, request);
	const printed = /v(\d+\.\d+\.\d+\S*)/.exec(result.stdout)?.[1];
	const version = printed === void 0 ? void 0 : parseVersion(printed);
	if (version && hasSucceeded(result.exit)) return formatVersion(version);
	throw unusable(tbot, failureOf(result), result);
}
/** Throws a Problem `tbot` if the file is not a program for this machine. Does not run it. */
async function checkRunnable(tbot, machine) {
	const defect = await inspectBinary(tbot.path, machine);
	if (defect !== void 0) throw unusable(tbot, defect);
}
async function run(tbot, request) {
	const { env, signal, versionDeadline: deadline = defaultDeadline } = request;
	try {
		return await runCommand(tbot.path, ["version"], {
			env: minimal(env),
			deadline,
			signal
		});
	} catch (error) {
		if (signal.aborted) throw error;
		throw unusable(tbot, notStarted(error));
	}
}
const passedOn = [
	"PATH",
	"HOME",
	"TMPDIR",
	"TEMP",
	"TMP",
	"SystemRoot",
	"RUNNER_TRACKING_ID"
];
/** Keeps secrets from a program that is not verified yet. */
function minimal(env) {
	return Object.fromEntries(passedOn.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
function notStarted(error) {
	const code = codeOf(error);
	if (code === "ENOENT") return "its interpreter or loader does not exist";
	if (code === "ETXTBSY") return "another process is writing to it";
	if (code === "EACCES") return "this user has no permission to execute it, or its file system is mounted `noexec`";
	return `the operating system cannot start it (${code ?? "unknown error"})`;
}
function failureOf({ exit, timedOut }) {
	if (timedOut) return "`tbot version` timed out";
	if (exit.kind === "signal") return `\`tbot version\` was terminated by ${exit.signal}`;
	if (!hasSucceeded(exit)) return `\`tbot version\` failed with exit code ${exit.code}`;
	return "`tbot version` did not print a version";
}
function unusable({ path, source, cachedPath = path }, why, result) {
	const log = `${result?.stdout ?? ""}\n${result?.stderr ?? ""}`.split("\n").map((line) => line.slice(0, 500)).filter((line) => line.trim() !== "");
	return new Problem({
		code: "tbot",
		what: `${cachedPath} cannot be used as tbot: ${why}.`,
		fix: fixes[source],
		log: log.slice(-20)
	});
}
/** Throws a Problem `version` if tbot has another version than requested. */
function checkRequestedVersion(version, requested, { path, source, cachedPath = path }) {
	const plain = parseVersion(requested);
	if (plain && formatVersion(plain) === version) return;
	throw new Problem({
		code: "version",
		what: `${cachedPath} is tbot ${version}, but ${requested} was requested.`,
		fix: source === "tbot-path" ? `Set \`version: ${version}\`, or install tbot ${requested} at that path.` : source === "tool-cache" ? "Remove it from the tool cache, so that the next run downloads it again." : "Check that the files on `mirror` have the versions in their names."
	});
}

// src/install/early.ts
/**
* Starts the early part, and returns once `tbot version` runs, because loading the HTTP client would
* delay its start. Disposing of it waits until it has ended, and removes files that were not used.
*/
async function startEarly(request) {
	const ended = new AbortController();
	const signal = AbortSignal.any([request.signal, ended.signal]);
	const own = {
		...request,
		signal
	};
	const { inputs } = request;
	const onRunner = inputs.tbotPath !== void 0 || inputs.version.kind === "installed";
	const found = onRunner ? findTbot(own) : void 0;
	const tbot = found?.then(async (file) => withVersion(file, own));
	let staged = onRunner ? void 0 : stageOnlyBuild(own);
	for (const work of [tbot, staged]) work?.catch(() => void 0);
	await found?.catch(() => void 0);
	return {
		tbotOfRunner: tbot,
		take: async (folder) => {
			const work = await staged;
			if (work?.folder !== folder) return void 0;
			staged = void 0;
			return work.result;
		},
		[Symbol.asyncDispose]: async () => {
			ended.abort();
			await tbot?.catch(() => void 0);
			const work = await staged?.catch(() => void 0);
			if (work) await removeStaged(work.result);
		}
	};
}
/** Returns the tbot in `tbot-path` or on PATH, and its version. Throws a Problem `tbot`. */
async function tbotOfRunner(request) {
	return withVersion(await findTbot(request), request);
}
async function withVersion(tbot, request) {
	return {
		tbot,
		version: await printedVersion(tbot, request)
	};
}
async function findTbot(request) {
	const { inputs, env, directories, platform } = request;
	const tbot = inputs.tbotPath === void 0 ? {
		path: await findInstalled(env, platform, directories.workspace),
		source: "installed"
	} : {
		path: resolve(directories.workspace ?? "", inputs.tbotPath),
		source: "tbot-path"
	};
	await checkRunnable(tbot, request);
	return tbot;
}
/** Returns the programs to install. */
function programsFor({ tools = [] }) {
	return ["tbot", ...tools];
}
/**
* Stages the programs from the tool cache if `version` is exact and the cache contains only one of the
* builds that the cluster can select.
*/
async function stageOnlyBuild(request) {
	const { inputs, directories, directory, signal } = request;
	if (inputs.checksum !== void 0 || inputs.signatureKey !== void 0) return void 0;
	if (inputs.version.kind !== "exact") return void 0;
	const cached = /* @__PURE__ */ new Map();
	for (const cluster of answers) {
		const build = buildFor(inputs.version.version, inputs, cluster, request);
		const folder = cacheFolder(directories.toolCache, build);
		if (folder !== void 0 && await exists(completeMark(folder))) cached.set(folder, build);
	}
	const [only, ...others] = cached;
	if (only === void 0 || others.length > 0) return void 0;
	const [folder, build] = only;
	const programs = programsFor(inputs);
	return {
		folder,
		result: await stageCached({
			folder,
			directory,
			programs,
			build,
			signal
		})
	};
}
/** What a cluster can answer, as far as the build depends on it. */
const answers = [
	{
		edition: "community",
		fips: false
	},
	{
		edition: "community",
		fips: true
	},
	{
		edition: "enterprise",
		fips: false
	},
	{
		edition: "enterprise",
		fips: true
	}
];

// src/install/cache-fill.ts
/**
* Adds downloaded and verified programs to the tool cache for later jobs; this step runs the staged
* ones. Writes the records first, so that concurrent installations need no lock: every file that
* remains has a record. Renames each program, because a running program cannot be written to and
* another job must not see a partial file. Returns whether it succeeded. Failures are logged, not thrown.
*/
async function fillCache(staged, folder, platform, ci) {
	try {
		await createFolders(folder);
		const foreign = await folderFlaw(folder);
		if (foreign !== void 0) {
			reportUnused({
				kind: "untrusted",
				why: foreign
			}, ci);
			return false;
		}
		await removeStaleFiles(folder);
		for (const [program, { path, digest }] of staged) {
			await mark(join(folder, recordOf(program, digest)));
			await add(path, stagingPath(folder, program), join(folder, fileOf(program, platform)));
		}
		await mark(completeMark(folder));
		return true;
	} catch (error) {
		ci.info(`The tool cache could not be updated: ${messageOf(error)}.`);
		return false;
	}
}
/** Links a program, or copies it across file systems, under a temporary name and renames that. */
async function add(path, part, target) {
	await removeOnFailure([part], async () => {
		await chmod(path, 493);
		await link(path, part).catch(() => copyFile(path, part, constants.COPYFILE_EXCL));
		await rename(part, target);
	});
}
/** Creates an empty file of mode 0644 unless it exists; does not follow a symbolic link. */
async function mark(path) {
	try {
		try {
			var _usingCtx$4 = _usingCtx();
			await _usingCtx$4.a(await open(path, "wx", 420)).chmod(420);
		} catch (_) {
			_usingCtx$4.e = _;
		} finally {
			await _usingCtx$4.d();
		}
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error;
	}
}
async function createFolders(folder) {
	const version = dirname(folder);
	const tool = dirname(version);
	await mkdir(dirname(tool), { recursive: true });
	for (const path of [
		tool,
		version,
		folder
	]) await createFolder(path);
}
/** Creates a folder of mode 0755, whatever the umask, unless it exists. */
async function createFolder(path) {
	try {
		var _usingCtx3 = _usingCtx();
		try {
			await mkdir(path, 493);
		} catch (error) {
			if (codeOf(error) === "EEXIST") return;
			throw error;
		}
		if (process.getuid === void 0) return;
		await _usingCtx3.a(await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW)).chmod(493);
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}

// src/install/archive/tar-header.ts
/**
* Parses a header block ("ustar Interchange Format", POSIX pax; GNU's base-256 numbers). Returns
* undefined for a block of zeros, which ends an archive. Throws a BadArchive.
*/
function parseHeader(block) {
	if (block.every((byte) => byte === 0)) return void 0;
	if (numberAt(block, 148, 8) !== checksumOf(block)) throw new BadArchive("a header is corrupt");
	const prefix = isUstar(block) ? textAt(block, 345, 155) : "";
	const name = textAt(block, 0, 100);
	const type = decode(block.subarray(156, 157)).replace("\0", "0");
	return {
		name: prefix === "" ? name : `${prefix}/${name}`,
		type,
		size: numberAt(block, 124, 12),
		sparse: type === "S"
	};
}
/** GNU tar uses the bytes of POSIX's prefix for other values, and marks that with two spaces. */
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
function numberAt(block, offset, length) {
	const field = block.subarray(offset, offset + length);
	const [first = 0, ...others] = field;
	if (first >= 128) return base256([first & 127, ...others]);
	const digits = decode(field).replaceAll("\0", " ").trim();
	if (!/^[0-7]*$/.test(digits)) throw new BadArchive("a header contains an invalid number");
	return Number.parseInt(`0${digits}`, 8);
}
function base256(digits) {
	const value = digits.reduce((sum, digit) => sum * 256 + digit, 0);
	if (value > Number.MAX_SAFE_INTEGER) throw new BadArchive("a size in a header is out of range");
	return value;
}
/**
* Parses the records `<length> <key>=<value>` of a pax header ("pax Extended Header", POSIX pax).
* Throws a BadArchive for a corrupt header, and for a global header with a name or size.
*/
function parsePax(bytes, scope) {
	let extension = {};
	for (let offset = 0; offset < bytes.length;) {
		const space = bytes.indexOf(32, offset);
		const length = recordLength(decode(bytes.subarray(offset, Math.max(space, offset))));
		const end = offset + length;
		if (end > bytes.length || end <= space + 1 || bytes[end - 1] !== 10) throw corrupt();
		const record = decode(bytes.subarray(space + 1, end - 1));
		const equals = record.indexOf("=");
		if (equals < 1) throw corrupt();
		extension = {
			...extension,
			...valueOf(record.slice(0, equals), record.slice(equals + 1))
		};
		offset = end;
	}
	if (scope === "global" && Object.keys(extension).length > 0) throw new BadArchive("a global header sets the name or size of members");
	return extension;
}
function recordLength(digits) {
	if (!/^[1-9]\d{0,8}$/.test(digits)) throw corrupt();
	return Number(digits);
}
function valueOf(key, value) {
	if (key.startsWith("GNU.sparse.")) return { sparse: true };
	if (key === "path") return { name: value };
	if (key !== "size") return {};
	const size = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
	if (!Number.isSafeInteger(size)) throw new BadArchive("a size in a header is out of range");
	return { size };
}
function corrupt() {
	return new BadArchive("an extended header is corrupt");
}

// src/install/archive/tar.ts
/** Limits on memory and time, far above a release of Teleport (561 MB, a few hundred members). */
const mostBytes = 4 * 2 ** 30;
const mostMembers = 2e4;
const longestExtension = 2 ** 20;
/**
* Reads a tar archive member by member. Names are not checked, because callers only compare them and
* write to their own paths. Throws a BadArchive if a header is corrupt, the end is missing or a limit
* is exceeded.
*/
async function* readTar(source) {
	const reader = new ByteReader(source, mostBytes);
	for (let count = 1;; count += 1) {
		if (count > mostMembers) throw new BadArchive(`it has more than ${mostMembers} members`);
		const header = await nextHeader(reader);
		if (!header) return;
		const { size } = header;
		const kind = kindOf(header);
		const parts = header.name.split("/").filter((part) => part !== "" && part !== ".");
		let left = size;
		const content = counted(reader.stream(size), (length) => left -= length);
		yield {
			name: parts.join("/"),
			kind,
			size,
			content
		};
		await reader.skip(left + padding(size));
	}
}
async function* counted(parts, count) {
	for await (const part of parts) {
		count(part.length);
		yield part;
	}
}
/** Returns the header of the next member with the extended headers before it applied. */
async function nextHeader(reader) {
	let extension = {};
	for (;;) {
		const block = await reader.read(512);
		if (!block) throw truncated();
		const header = parseHeader(block);
		if (!header) return void 0;
		const next = await extensionOf(header, reader);
		if (!next) return {
			...header,
			...extension
		};
		extension = {
			...extension,
			...next
		};
	}
}
async function extensionOf(header, reader) {
	if (![
		"x",
		"g",
		"L",
		"K"
	].includes(header.type)) return void 0;
	if (header.size > longestExtension) throw new BadArchive("an extended header is too long");
	const content = header.size > 0 ? await reader.read(header.size) : /* @__PURE__ */ new Uint8Array(0);
	if (!content) throw truncated();
	await reader.skip(padding(header.size));
	switch (header.type) {
		case "L": return { name: decode(content).replace(/\0.*$/s, "") };
		case "K": return {};
		default: return parsePax(content, header.type === "x" ? "next" : "global");
	}
}
function padding(size) {
	return (512 - size % 512) % 512;
}
function kindOf({ type, name, size, sparse }) {
	if (size !== 0 && "123456".includes(type)) throw new BadArchive("a member without content has a size");
	if (type === "5" || type === "0" && name.endsWith("/")) return "directory";
	if (type === "1" || type === "2") return "link";
	if ("346".includes(type)) return "device";
	if (sparse) return "sparse file";
	return type === "0" || type === "7" ? "file" : "file of an unknown kind";
}
/** Reads a stream of chunks in pieces of given lengths. */
var ByteReader = class {
	#source;
	#rest = /* @__PURE__ */ new Uint8Array(0);
	#left;
	/** Reading more than `limit` bytes throws a BadArchive. */
	constructor(source, limit) {
		this.#source = source[Symbol.asyncIterator]();
		this.#left = limit;
	}
	/** Returns exactly `length` bytes, or undefined at the end of the stream. */
	async read(length) {
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
	/** Yields exactly `length` bytes without copying them. */
	async *stream(length) {
		for (let missing = length; missing > 0;) {
			const part = await this.#next(missing);
			if (part === void 0) throw truncated();
			missing -= part.length;
			yield part;
		}
	}
	async skip(length) {
		for await (const part of this.stream(length));
	}
	/** Returns 1 to `most` bytes, or undefined at the end of the stream. */
	async #next(most) {
		while (this.#rest.length === 0) {
			const next = await this.#source.next();
			if (next.done) return void 0;
			this.#rest = next.value;
		}
		const part = this.#rest.subarray(0, most);
		this.#rest = this.#rest.subarray(part.length);
		this.#left -= part.length;
		if (this.#left < 0) throw new BadArchive("its unpacked size exceeds 4 GiB");
		return part;
	}
};
function truncated() {
	return new BadArchive("it is truncated");
}

// src/install/archive/extract-tar.ts
/**
* Hashes a compressed tar archive and writes its requested members (name in the archive -> new file of
* mode 0700) in one pass. Unpacking stops after the last of them; hashing continues to the end.
* Throws the errors of the source and of the file system.
*/
async function extractTar(source, requested, options) {
	const { compression, limit = largestArchive } = options;
	const hash = createHash("sha256");
	const decompressor = createDecompressor(compression);
	const extracted = settle(writeRequested(readTar(decompressed(decompressor, compression)), requested, options).finally(() => decompressor.destroy()));
	let length = 0;
	try {
		for await (const chunk of inPieces(source, () => decompressor.destroyed)) {
			length += chunk.length;
			if (length > limit) throw new BadArchive("it is larger than expected");
			const fed = feed(decompressor, chunk);
			hash.update(chunk);
			await fed;
		}
		if (!decompressor.destroyed) decompressor.end();
	} catch (error) {
		decompressor.destroy();
		await extracted;
		throw error;
	}
	const outcome = await extracted;
	if (outcome instanceof Error && !(outcome instanceof BadArchive)) throw outcome;
	return {
		digest: hash.digest("hex"),
		outcome
	};
}
async function writeRequested(members, requested, { hidesLower }) {
	const digests = /* @__PURE__ */ new Map();
	let hidden = false;
	for await (const member of members) {
		const file = requested.get(member.name);
		hidden ||= hidesLower?.(member) ?? false;
		if (file === void 0) continue;
		if (digests.has(member.name)) throw new BadArchive(`it contains \`${member.name}\` twice`);
		digests.set(member.name, await writeProgram(file, member));
		if (digests.size === requested.size) break;
	}
	const missing = [...requested.keys()].filter((name) => !digests.has(name));
	if (missing.length > 0 && hidesLower === void 0) throw new BadArchive(`it does not contain \`${missing.join("` or `")}\``);
	return {
		digests,
		hidesLower: hidden
	};
}
async function writeProgram(file, { name, kind, size, content }) {
	if (kind !== "file") throw new BadArchive(`\`${name}\` is a ${kind}`);
	if (size > largestProgram) throw new BadArchive(`\`${name}\` is larger than 1 GiB`);
	return writeHashed(file, content);
}
/** Bytes. Each piece is one job for zlib's thread, and a network chunk has only 16 KiB. */
const pieceSize = 262144;
/** Bytes of a decompressed chunk. Each is one round trip to zlib's thread, and one write to the file. */
const chunkSize = 1048576;
/** Joins chunks into larger pieces until the decompressor is done. */
async function* inPieces(source, isDone) {
	let chunks = [];
	let length = 0;
	for await (const chunk of source) {
		chunks.push(chunk);
		length += chunk.length;
		if (length < pieceSize && !isDone()) continue;
		yield chunks.length === 1 ? chunk : Buffer.concat(chunks);
		chunks = [];
		length = 0;
	}
	if (length > 0) yield Buffer.concat(chunks);
}
function createDecompressor(compression) {
	const options = {
		chunkSize,
		highWaterMark: chunkSize
	};
	if (compression === "gzip") return zlib.createGunzip(options);
	if (compression === "none") return new PassThrough();
	return acrossFrames(zlib.createZstdDecompress(options));
}
/**
* Makes a zstd decompressor read all frames. Node's stops within a chunk at the end of a frame, so the
* rest of the chunk is passed to it again, and it ends its output there, which is ignored.
*/
function acrossFrames(decompressor) {
	const push = decompressor.push.bind(decompressor);
	const transform = decompressor._transform.bind(decompressor);
	let transforming = false;
	decompressor.push = (chunk) => chunk === null && transforming || push(chunk);
	decompressor._transform = (chunk, encoding, callback) => {
		const before = decompressor.bytesWritten;
		transforming = true;
		transform(chunk, encoding, (error) => {
			transforming = false;
			const read = decompressor.bytesWritten - before;
			if (error || read === 0 || read === chunk.length) callback(error);
			else decompressor._transform(chunk.subarray(read), encoding, callback);
		});
	};
	return decompressor;
}
/** Turns a rejection into a value, because the promise is awaited only later. */
async function settle(work) {
	try {
		return await work;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}
/** Writes a chunk and waits until the decompressor takes more, or is destroyed. */
async function feed(decompressor, chunk) {
	if (decompressor.destroyed || decompressor.write(chunk)) return;
	await new Promise((resolve) => {
		const done = () => {
			decompressor.off("drain", done).off("close", done);
			resolve();
		};
		decompressor.on("drain", done).on("close", done);
	});
}
/** Yields what a decompressor returns; its errors become a BadArchive. */
async function* decompressed(decompressor, compression) {
	decompressor.on("error", () => void 0);
	try {
		for await (const chunk of decompressor) if (chunk instanceof Uint8Array) yield chunk;
	} catch (cause) {
		throw new BadArchive(`it is not a complete ${compression} file`, { cause });
	}
}

// src/install/archive/zip.ts
/**
* Saves a zip archive in `file`, because its directory is at its end, and writes its requested members
* (name in the archive -> new file of mode 0700) unless `check` throws for its SHA-256 digest. Removes
* `file`. Throws the errors of `check`, of the source and of the file system.
*/
async function extractZip(source, requested, file, check) {
	try {
		const digest = await writeHashed(file, limited(source));
		check(digest);
		return {
			digest,
			outcome: await extract$1(file, requested)
		};
	} finally {
		await rm(file, { force: true });
	}
}
async function* limited(source) {
	let length = 0;
	for await (const chunk of source) {
		length += chunk.length;
		if (length > largestArchive) throw new BadArchive("it is larger than 1 GiB");
		yield chunk;
	}
}
async function extract$1(file, requested) {
	try {
		var _usingCtx$3 = _usingCtx();
		const handle = _usingCtx$3.a(await open(file, "r"));
		try {
			const { records, start } = await readDirectory(handle);
			const digests = /* @__PURE__ */ new Map();
			for (const [name, target] of requested) {
				const [record, second] = records.filter((candidate) => candidate.name === name);
				if (!record) return new BadArchive(`it does not contain \`${name}\``);
				if (second) return new BadArchive(`it contains \`${name}\` twice`);
				const entry = parseEntry(record, start);
				digests.set(name, await writeHashed(target, contentOf$1(file, handle, entry)));
			}
			return {
				digests,
				hidesLower: false
			};
		} catch (error) {
			if (error instanceof BadArchive) return error;
			throw error;
		}
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
const endRecordSize = 22;
/** The end record and the longest comment after it. */
const tailSize = 65557;
const mostEntries = 1e3;
/** Reads the central directory (APPNOTE.TXT, 4.3.12) without zip64: a release is far smaller. */
async function readDirectory(handle) {
	const { size } = await handle.stat();
	const tail = await bytesAt(handle, Math.max(0, size - tailSize), tailSize);
	const at = tail.lastIndexOf(Buffer.from("PK"));
	if (at < 0 || at + endRecordSize > tail.length) throw new BadArchive("it is not a complete zip file");
	const count = tail.readUInt16LE(at + 10);
	const length = tail.readUInt32LE(at + 12);
	const start = tail.readUInt32LE(at + 16);
	const end = size - tail.length + at;
	if (tail.readUInt16LE(at + 8) !== count || tail.readUInt32LE(at + 4) !== 0) throw new BadArchive("it is part of a multi-part archive");
	if (count > mostEntries || start + length > end) throw corruptDirectory();
	return {
		records: recordsOf(await bytesAt(handle, start, length), count),
		start
	};
}
function recordsOf(directory, count) {
	const records = [];
	let at = 0;
	for (let index = 0; index < count; index += 1) {
		if (at + 46 > directory.length || directory.readUInt32LE(at) !== 33639248) throw corruptDirectory();
		const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
		const name = decode(directory.subarray(at + 46, nameEnd));
		records.push({
			name,
			bytes: directory.subarray(at)
		});
		at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
	}
	return records;
}
function corruptDirectory() {
	return new BadArchive("its central directory is corrupt");
}
function parseEntry({ name, bytes }, directoryStart) {
	if ((bytes.readUInt16LE(8) & 8257) !== 0) throw new BadArchive("it is encrypted");
	const fileType = bytes.readUInt32LE(38) >>> 28 & 15;
	if (fileType !== 0 && fileType !== 8) throw new BadArchive(`\`${name}\` is not a regular file`);
	const packed = bytes.readUInt32LE(20);
	const size = bytes.readUInt32LE(24);
	const offset = bytes.readUInt32LE(42);
	if (offset + packed > directoryStart) throw new BadArchive("a member lies outside the archive");
	if (size > largestProgram) throw new BadArchive(`\`${name}\` is larger than 1 GiB`);
	return {
		name,
		method: methodOf(bytes.readUInt16LE(10)),
		packed,
		size,
		offset
	};
}
function methodOf(method) {
	if (method === 0) return "stored";
	if (method === 8) return "deflated";
	throw new BadArchive("it uses an unsupported compression method");
}
async function* contentOf$1(file, handle, entry) {
	const start = entry.offset + await localHeaderSize(handle, entry);
	let left = entry.size;
	for await (const chunk of inflated(file, entry, start)) {
		left -= chunk.length;
		if (left < 0) break;
		yield chunk;
	}
	if (left !== 0) throw new BadArchive(`the size of \`${entry.name}\` does not match its header`);
}
/** Returns the length of a local header. Throws a BadArchive if it has another name. */
async function localHeaderSize(handle, entry) {
	const head = await bytesAt(handle, entry.offset, 65565);
	if (head.length < 30 || head.readUInt32LE(0) !== 67324752) throw new BadArchive("a header is corrupt");
	const nameEnd = 30 + head.readUInt16LE(26);
	if (decode(head.subarray(30, nameEnd)) !== entry.name) throw new BadArchive(`the headers of \`${entry.name}\` contradict each other`);
	return nameEnd + head.readUInt16LE(28);
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
		throw new BadArchive("a member cannot be decompressed", { cause });
	} finally {
		raw.destroy();
	}
}

// src/install/signature/signature-problems.ts
/** Returns the text that identifies a key in messages. */
function keyName({ fingerprint }) {
	return `sha256:${fingerprint}`;
}
function noSignature(url, status) {
	return new Problem({
		code: "signature",
		what: `No signature is published at ${url} (HTTP ${status}), so the archive was not used.`,
		fix: "Publish the signature there, or correct `version`, `mirror` or `signature-extension`."
	});
}
/** Returns the Problem for a signature file that cannot be read; `flaw` is a clause. */
function badSignature(url, flaw) {
	return new Problem({
		code: "signature",
		what: `${url} is not a signature: ${flaw}.`,
		fix: "Publish an ECDSA or RSA signature of the archive with SHA-256 there, as base64 or as plain bytes."
	});
}
const keysFix = "Check that `signature-key` contains the current keys of the publisher. If it does, do not use this";
function wrongSignature(url, digest, keys) {
	return new Problem({
		code: "signature",
		what: `${url} is not signed with a key in \`signature-key\`, so the download was discarded.`,
		fix: `${keysFix} site: the archive may have been modified.`,
		facts: comparison([`archive: sha256:${digest}`], keys)
	});
}
const unsigned = {
	missing: "has no signature in its repository",
	wrong: "is not signed with a key in `signature-key`",
	"other-image": "has only the signature of another image"
};
/** Returns the Problem for an image; `examined` lists its index and its platform manifest. */
function unsignedImage(name, examined, keys) {
	const kinds = new Set(examined.map(({ kind }) => kind));
	const kind = ["other-image", "wrong"].find((one) => kinds.has(one)) ?? "missing";
	return new Problem({
		code: "signature",
		what: `${name} ${unsigned[kind]}, so the image was not used.`,
		fix: kind === "missing" ? "Sign the image with `cosign sign --key` in its legacy format, or correct `mirror`." : `${keysFix} registry: the image may have been replaced.`,
		facts: comparison(examined.map(({ digest, why }) => `image:   sha256:${digest}: ${why}`), keys)
	});
}
function comparison(lines, keys) {
	return {
		title: "Digests of the download and of the keys:",
		lines: [...lines, ...keys.map((key) => `key:     ${keyName(key)}`)]
	};
}

// src/install/signature/verify-bytes.ts
/**
* Decodes the content of a signature file: base64, as cosign writes it, or the plain bytes, as openssl
* does. Undefined if it is neither an ECDSA nor an RSA signature. An ECDSA signature in DER contains
* bytes that base64 does not use.
*/
function decodeSignature(content) {
	const text = Buffer.from(content).toString("latin1");
	const bytes = /^[A-Za-z0-9+/=\s]+$/.test(text) ? decodeBase64(text) : Buffer.from(content);
	return bytes !== void 0 && (isEcdsa(bytes) || rsaSizes.has(bytes.length)) ? bytes : void 0;
}
/** Whether bytes have the form of an ECDSA signature on P-256: a DER sequence of at most 72 bytes. */
function isEcdsa(bytes) {
	return bytes.length >= 8 && bytes.length <= 72 && bytes[0] === 48 && bytes[1] === bytes.length - 2;
}
/** Bytes of signatures by RSA keys with 2048, 3072, 4096, 6144 and 8192 bits. */
const rsaSizes = /* @__PURE__ */ new Set([
	256,
	384,
	512,
	768,
	1024
]);
/** Decodes base64 with padding and white space. Undefined if it is not base64. */
function decodeBase64(text) {
	const plain = text.replaceAll(/\s+/g, "");
	const bytes = Buffer.from(plain, "base64");
	return plain !== "" && bytes.toString("base64") === plain ? bytes : void 0;
}
/** Returns the first key that made a signature over these bytes with SHA-256. */
function signerOf(bytes, signature, keys) {
	return keys.find(({ key }) => verify("sha256", bytes, key, signature));
}
/**
* Verifies a signature with several keys. Each key hashes the content once more, because node:crypto
* verifies no ECDSA signature over a digest that was computed before.
*/
function streamVerifier(signature, keys) {
	const pairs = keys.map((key) => ({
		key,
		verifier: createVerify("sha256")
	}));
	return {
		watch: async function* (content) {
			for await (const chunk of content) {
				for (const { verifier } of pairs) verifier.update(chunk);
				yield chunk;
			}
		},
		signer: () => pairs.find(({ key, verifier }) => verifier.verify(key.key, signature))?.key
	};
}
/** Returns a whole body; undefined if it is longer than `limit` bytes. */
async function bytesOf(reply, limit) {
	const chunks = [];
	let length = 0;
	for await (const chunk of reply.body) {
		length += chunk.length;
		if (length > limit) return void 0;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

// src/install/signature/archive-signature.ts
/** Bytes. The longest signature has 1400 as base64. */
const longestFile$1 = 8192;
/**
* Downloads the signature of an archive. Throws a Problem `signature` if there is none, a NetworkError, a
* StatusError, or the signal's reason.
*/
async function fetchSignature(url, network, options) {
	const reply = await network.get(url, options);
	if (reply.status === 404 || reply.status === 403) {
		reply.discard();
		throw noSignature(url, reply.status);
	}
	const content = await bytesOf(ok(reply), longestFile$1);
	if (content === void 0) throw badSignature(url, `it is longer than ${longestFile$1} bytes`);
	const signature = decodeSignature(content);
	if (signature === void 0) throw badSignature(url, "it contains neither base64 nor the bytes of a signature");
	return signature;
}

// src/install/progress.ts
/** Milliseconds until the first progress line. Most downloads are complete by then. */
const firstReport = 5e3;
/** Milliseconds between progress lines. */
const interval = 1e4;
/** Yields a body unchanged, counts its bytes and reports the progress of a long download. */
async function* withProgress(body, total, report, onBytes) {
	const start = performance.now();
	let next = start + firstReport;
	let done = 0;
	for await (const chunk of body) {
		done += chunk.length;
		onBytes?.(chunk.length);
		const time = performance.now();
		if (time >= next) {
			report(progressLine(done, total, (time - start) / 1e3));
			next = time + interval;
		}
		yield chunk;
	}
}
/** Formats `Downloaded 42 of 150 MB (5.1 MB/s, 21 s left)`, or less if the total is unknown. */
function progressLine(done, total, seconds) {
	const rate = done / seconds;
	const size = total === void 0 ? `${megabytes(done)} MB` : `${megabytes(done)} of ${megabytes(total)} MB`;
	const left = total === void 0 ? "" : `, ${Math.ceil((total - done) / rate)} s left`;
	return `Downloaded ${size} (${(rate / 1e6).toFixed(1)} MB/s${left})`;
}
function megabytes(bytes) {
	return (bytes / 1e6).toFixed(0);
}

// src/install/download.ts
const defaultRetryPolicy$1 = {
	attempts: 3,
	pause: 1e3,
	longest: 6e4
};
/**
* Downloads a release archive, verifies its checksum and its signature, and stages its programs. Throws a
* Problem `download`, `checksum`, `signature` or `archive`, or the signal's reason.
*/
async function download(request) {
	const url = `${request.site}/${request.release.archive}`;
	const { signal, info, retryPolicy = defaultRetryPolicy$1 } = request;
	try {
		return await retry(retryPolicy, signal, () => attempt$1(request, url), info);
	} catch (error) {
		throw signal.aborted ? error : downloadFailed(url, error);
	}
}
async function attempt$1(request, url) {
	const parts = request.programs.map((program) => ({
		program,
		member: memberOf(request.release, program),
		path: stagingPath(request.directory, program)
	}));
	const files = parts.map(({ path }) => path);
	return removeOnFailure(files, async () => {
		const { outcome } = await extract(request, url, new Map(parts.map(({ member, path }) => [member, path])));
		if (outcome instanceof BadArchive) throw badArchive(url, outcome);
		return new Map(parts.map(({ program, member, path }) => {
			return [program, {
				path,
				digest: outcome.digests.get(member) ?? ""
			}];
		}));
	});
}
async function extract(request, url, members) {
	const published = request.pins ?? publishedDigest(request, url);
	const signature = request.keys && publishedSignature(request, url, request.keys);
	for (const pending of [published, signature]) Promise.resolve(pending).catch(() => void 0);
	const reply = await open$1(request, url);
	try {
		const digests = await published;
		const verifier = await signature;
		const content = verifier?.watch(reply.body) ?? reply.body;
		const length = parseLength(reply.headers["content-length"]);
		const body = withProgress(content, length, request.info, request.onBytes);
		const check = (digest) => verifyArchive(request, url, {
			digest,
			digests,
			verifier
		});
		if (request.release.format === "zip") return await extractZip(body, members, stagingPath(request.directory, "archive"), check);
		const extraction = await extractTar(body, members, { compression: "gzip" });
		check(extraction.digest);
		return extraction;
	} finally {
		reply.discard();
	}
}
async function publishedSignature({ network, signal, signatureExtension }, url, keys) {
	const file = `${url}.${signatureExtension}`;
	return streamVerifier(await fetchSignature(file, network, {
		signal,
		redirects: 5
	}), keys);
}
/** Throws a Problem unless an archive that was read to its end has the right digest and signature. */
function verifyArchive({ pins, keys = [], info }, url, { digest, digests, verifier }) {
	if (!digests.includes(digest)) throw wrongChecksum(url, digest, digests, pins !== void 0);
	if (verifier === void 0) return;
	const key = verifier.signer();
	if (key === void 0) throw wrongSignature(url, digest, keys);
	info(`The archive is signed with key ${keyName(key)}.`);
}
async function publishedDigest(request, url) {
	const reply = await get(request, `${url}.sha256`);
	if (reply.status === 404) {
		reply.discard();
		throw noChecksum(url);
	}
	const digest = parseChecksumFile(await ok(reply).text(65536), request.release.archive);
	if (digest === void 0) throw noChecksum(url);
	return [digest];
}
async function open$1(request, url) {
	const reply = ok(await get(request, url));
	if (!/^text\/html/i.test(reply.headers["content-type"] ?? "")) return reply;
	reply.discard();
	throw webPage(url);
}
function get(request, url) {
	const options = {
		signal: request.signal,
		redirects: 5
	};
	return request.network.get(url, options);
}
/**
* Returns the digest for a file in a published checksum: lines `<hex>  <name>` in the format of
* `shasum -c` (Teleport publishes one line in `<archive>.sha256`), or the digest alone. Undefined if
* there is none for this file. In lower case.
*/
function parseChecksumFile(text, file) {
	for (const line of text.split("\n")) {
		const [, digest, name] = /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i.exec(line) ?? [];
		if (digest === void 0) continue;
		if (name === void 0 || name.split("/").at(-1) === file) return digest.toLowerCase();
	}
}
/** Parses a `content-length` header; undefined if it is not a number. */
function parseLength(header) {
	return header !== void 0 && /^\d{1,15}$/.test(header) ? Number(header) : void 0;
}

// src/install/image/manifest.ts
/** The supported media types of OCI and Docker, for an `Accept` header. */
const manifestTypes = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
const mostLayers = 200;
/** Bytes, more than any image of tbot. */
const largestLayer = 2 ** 29;
/** Parses a manifest or an index. Throws a BadArchive. */
function parseManifest(text) {
	const json = objectOf(jsonOf(text));
	if (Array.isArray(json["manifests"])) return {
		kind: "index",
		manifests: json["manifests"].map((entry) => platformOf(objectOf(entry)))
	};
	const layers = json["layers"];
	if (!Array.isArray(layers)) throw new BadArchive("its manifest has an unsupported type");
	if (layers.length > mostLayers) throw new BadArchive(`it has more than ${mostLayers} layers`);
	return {
		kind: "image",
		layers: layers.map((entry) => layerOf$1(objectOf(entry)))
	};
}
function jsonOf(text) {
	const json = parseJson(text);
	if (json === void 0) throw new BadArchive("its manifest is not JSON");
	return json;
}
function objectOf(value) {
	if (!isRecord(value)) throw new BadArchive("its manifest is malformed");
	return value;
}
/** Whether a value is a descriptor with a SHA-256 digest. */
function isDescriptor(json) {
	const { digest, size } = json;
	return typeof digest === "string" && sha256.test(digest) && isSize(size);
}
const sha256 = /^sha256:[0-9a-f]{64}$/;
function isSize(size) {
	return typeof size === "number" && Number.isSafeInteger(size) && size >= 0 && size <= largestLayer;
}
function descriptorOf(json) {
	const { digest, size } = json;
	if (typeof digest !== "string" || !sha256.test(digest)) throw new BadArchive("its manifest has an entry without a SHA-256 digest");
	if (!isSize(size)) throw new BadArchive("its manifest has an entry with an invalid size");
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
function layerOf$1(json) {
	const type = typeof json["mediaType"] === "string" ? json["mediaType"] : "";
	return {
		...descriptorOf(json),
		compression: compressionOf(type)
	};
}
function compressionOf(type) {
	if (!/^application\/vnd\.(oci\.image\.layer\.v1|docker\.image\.rootfs\.diff)\./.test(type)) throw new BadArchive("one of its layers has an unsupported type");
	if (/tar[.+]gzip$/.test(type)) return "gzip";
	if (/tar[.+]zstd$/.test(type)) return "zstd";
	if (type.endsWith(".tar")) return "none";
	throw new BadArchive("one of its layers uses an unsupported compression method");
}

// src/install/image/image-signature.ts
/** Bytes. A signature has 1 KB, with a certificate and a log entry 10 KB. */
const longestManifest$1 = 2 ** 20;
const longestPayload = 65536;
const longestSignature = 2048;
const mostSignatures = 50;
const payloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
const annotation = "dev.cosignproject.cosign/signature";
/**
* Verifies that one of the digests is signed, and returns the key. Reads signatures made by
* `cosign sign --key` in the legacy format: a manifest with the tag `sha256-<hex>.sig` in the same
* repository, with a layer for each signature (cosign, specs/SIGNATURE_SPEC.md). The reference in the
* payload is not compared, because a mirror has another name. Throws a Problem `signature`, a
* NetworkError, a StatusError, or the signal's reason.
*/
async function verifyImage(name, digests, keys, registry) {
	const examined = [];
	for (const digest of new Set(digests)) {
		const result = await examine(digest, keys, registry);
		if ("key" in result) return result;
		examined.push({
			digest,
			...result
		});
	}
	throw unsignedImage(name, examined, keys);
}
const wrong = (why) => ({
	kind: "wrong",
	why
});
async function examine(digest, keys, registry) {
	const tag = `sha256-${digest}.sig`;
	const manifest = await fetched(registry, `manifests/${tag}`, manifestTypes, longestManifest$1);
	if (typeof manifest === "number") return {
		kind: "missing",
		why: `no tag ${tag} (HTTP ${manifest})`
	};
	const layers = layersOf(manifest);
	if (typeof layers === "string") return wrong(layers);
	let flaw = wrong(layers.length === 1 ? "made with another key" : "all made with other keys");
	for (const layer of layers) {
		const result = await verifyLayer(layer, {
			digest,
			keys,
			registry
		});
		if (result === void 0) continue;
		if ("key" in result) return result;
		flaw = result;
	}
	return flaw;
}
/**
* Returns the content at a path; the status if it does not exist there; undefined if it is longer than
* `limit`. A registry can return 401 or 403 for a tag that does not exist.
*/
async function fetched(registry, path, accept, limit) {
	try {
		return await bytesOf(await registry.get(path, accept), limit);
	} catch (error) {
		if (error instanceof StatusError && [
			401,
			403,
			404
		].includes(error.status)) return error.status;
		throw error;
	}
}
/** Returns the signatures in a manifest, or why there are none. */
function layersOf(manifest) {
	if (manifest === void 0) return `its signature manifest is longer than ${longestManifest$1} bytes`;
	const layers = property(parseJson(manifest.toString("utf8")), "layers");
	if (!Array.isArray(layers)) return "its signature manifest is malformed";
	if (layers.length > mostSignatures) return `it has more than ${mostSignatures} signatures`;
	const valid = layers.flatMap((layer) => layerOf(layer) ?? []);
	return valid.length > 0 ? valid : "its signature manifest contains no valid cosign signature";
}
function layerOf(layer) {
	if (!isRecord(layer) || layer["mediaType"] !== payloadType || !isDescriptor(layer)) return void 0;
	const text = property(layer["annotations"], annotation);
	if (typeof text !== "string" || text.length > longestSignature) return void 0;
	const signature = decodeBase64(text);
	return signature && {
		payload: {
			digest: layer.digest,
			size: layer.size
		},
		signature
	};
}
/** Returns the key that signed the digest, a flaw, or undefined if another key made the signature. */
async function verifyLayer({ payload: { digest: reference }, signature }, { digest, keys, registry }) {
	const payload = await fetched(registry, `blobs/${reference}`, "*/*", longestPayload);
	if (typeof payload === "number") return wrong(`the signed payload is missing (HTTP ${payload})`);
	if (payload === void 0) return wrong(`the signed payload is longer than ${longestPayload} bytes`);
	if (reference !== `sha256:${createHash("sha256").update(payload).digest("hex")}`) return wrong("the signed payload does not match its digest");
	const key = signerOf(payload, signature, keys);
	if (key === void 0) return void 0;
	const critical = property(parseJson(payload.toString("utf8")), "critical");
	if (property(critical, "type") !== "cosign container image signature") return wrong("the signed payload is not that of a container image");
	if (property(property(critical, "image"), "docker-manifest-digest") === `sha256:${digest}`) return key;
	return {
		kind: "other-image",
		why: "the signature is valid for another digest"
	};
}

// src/install/image/registry.ts
/**
* Opens a repository. Requests an anonymous token if the registry requires one, and sends it to no
* other host. A registry on loopback may use plain HTTP, as container tools permit.
*/
function openRegistry(reference, options) {
	const loopback = isLoopback(new URL(`https://${reference.registry}/`));
	let scheme = "https";
	let token;
	const request = (path, accept) => options.network.get(`${scheme}://${reference.registry}/v2/${reference.repository}/${path}`, {
		signal: options.signal,
		redirects: 5,
		headers: {
			accept,
			...token !== void 0 && { authorization: `Bearer ${token}` }
		},
		...options.timeouts && { timeouts: options.timeouts }
	});
	const requestWithFallback = async (path, accept) => {
		try {
			return await request(path, accept);
		} catch (error) {
			const noTls = error instanceof NetworkError && error.kind === "protocol";
			if (!loopback || !noTls || scheme === "http") throw error;
			scheme = "http";
			return request(path, accept);
		}
	};
	return { get: async (path, accept) => {
		const first = await requestWithFallback(path, accept);
		if (first.status !== 401 || token !== void 0) return ok(first);
		token = await anonymousToken(first, loopback, options);
		return ok(await requestWithFallback(path, accept));
	} };
}
async function anonymousToken(unauthorized, loopback, { network, signal, timeouts }) {
	const challenge = parseChallenge(unauthorized.headers["www-authenticate"]);
	const url = challenge && tokenUrl(challenge, loopback);
	if (!url) return ok(unauthorized).text(0);
	unauthorized.discard();
	const token = tokenIn(await ok(await network.get(url.href, {
		signal,
		redirects: 2,
		...timeouts && { timeouts }
	})).text(262144));
	if (token !== void 0) return token;
	throw new StatusError(`${url.host} did not issue an anonymous token`, 401, void 0);
}
function tokenIn(text) {
	const response = parseJson(text);
	const token = property(response, "token") ?? property(response, "access_token");
	return typeof token === "string" && /^[!-~]+$/.test(token) ? token : void 0;
}
/** Parses `Bearer realm="https://...",service="...",scope="..."`; undefined for any other scheme. */
function parseChallenge(header) {
	const parameters = /^\s*Bearer\s+(.*)$/i.exec(header ?? "")?.[1];
	if (parameters === void 0 || parameters.length > 4096) return void 0;
	const values = /* @__PURE__ */ new Map();
	for (const [, name = "", quoted, bare] of parameters.matchAll(/([a-z]+)=(?:"([^"]*)"|([^\s,"]+))/gi)) values.set(name.toLowerCase(), quoted ?? bare ?? "");
	const realm = values.get("realm");
	return realm === void 0 ? void 0 : {
		realm,
		service: values.get("service"),
		scope: values.get("scope")
	};
}
/** Returns the URL to request a token from; undefined if the realm is not an https address. */
function tokenUrl({ realm, service, scope }, loopbackAllowed) {
	if (!URL.canParse(realm)) return void 0;
	const url = new URL(realm);
	const plain = url.protocol === "http:" && loopbackAllowed;
	if (url.protocol !== "https:" && !plain || url.username !== "") return void 0;
	if (service !== void 0) url.searchParams.set("service", service);
	if (scope !== void 0) url.searchParams.set("scope", scope);
	return url;
}

// src/install/image/pull.ts
/** Bytes. Real manifests have less than 10 KB. */
const longestManifest = 4 * 2 ** 20;
/**
* Stages tbot from its image and verifies every manifest and layer against its digest. Throws a
* NetworkError, a StatusError, a BadArchive, a Problem `checksum`, `signature` or `platform`, or the
* signal's reason.
*/
async function pull(request) {
	const { retryPolicy, signal, info } = request;
	return retry(retryPolicy, signal, async () => {
		const path = stagingPath(request.directory, "tbot");
		return removeOnFailure([path], () => attempt(request, path));
	}, info);
}
async function attempt(request, path) {
	const { image, network, signal, timeouts } = request;
	const registry = openRegistry(image, {
		network,
		signal,
		...timeouts && { timeouts }
	});
	const top = await fetchManifest(registry, image.tag);
	const { manifest, digest } = await forPlatform(top, registry, image);
	checkPins(request, [top.digest, digest]);
	await checkSignature(request, registry, [top.digest, digest]);
	if (manifest.kind !== "image") throw new BadArchive("its index refers to another index");
	return {
		path,
		digest: await extractTbot(manifest.layers, {
			...request,
			registry,
			path
		})
	};
}
async function fetchManifest(registry, reference) {
	const reply = await registry.get(`manifests/${reference}`, manifestTypes);
	if (/^text\/html/i.test(reply.headers["content-type"] ?? "")) {
		reply.discard();
		throw new BadArchive("the registry returned a web page");
	}
	const text = await reply.text(longestManifest);
	const digest = createHash("sha256").update(text).digest("hex");
	if (reference.startsWith("sha256:") && reference !== `sha256:${digest}`) throw wrongDigest("Manifest", digest, reference);
	return {
		manifest: parseManifest(text),
		digest
	};
}
async function forPlatform(top, registry, image) {
	if (top.manifest.kind === "image") return top;
	const { os, architecture } = image.platform;
	const entry = top.manifest.manifests.find((candidate) => candidate.os === os && candidate.architecture === architecture);
	if (entry) return fetchManifest(registry, entry.digest);
	throw new Problem({
		code: "platform",
		what: `${nameOf(image)} does not include an image for ${os}/${architecture}.`,
		fix: "Set `install-from: archive`, or install tbot on the runner and set `tbot-path`."
	});
}
function checkPins({ image, pins }, digests) {
	if (pins === void 0 || digests.some((digest) => pins.includes(digest))) return;
	const [index = ""] = digests;
	throw unpinnedImage(nameOf(image), index, pins);
}
/**
* Requires a signature of the index or of the platform manifest. The index is sufficient, because it
* contains the digest of the platform manifest, which contains those of the layers.
*/
async function checkSignature({ image, keys, info }, registry, digests) {
	if (keys === void 0) return;
	const key = await verifyImage(nameOf(image), digests, keys, registry);
	info(`The image is signed with key ${keyName(key)}.`);
}
/**
* Writes tbot from the topmost layer that contains it, and returns its SHA-256. A layer replaces or
* hides files of the layers below it, so a whiteout above tbot means that the image has none. Starting
* at the top fetches the fewest layers, because every layer above tbot could replace or hide it.
*/
async function extractTbot(layers, target) {
	for (const layer of layers.toReversed()) {
		const { digests, hidesLower } = await extractLayer(layer, target);
		const digest = digests.get(tbotInImage);
		if (digest !== void 0) return digest;
		if (hidesLower) break;
	}
	throw new BadArchive(`it does not contain \`${tbotInImage}\``);
}
async function extractLayer(layer, target) {
	const { registry, path, info, onBytes } = target;
	const reply = await registry.get(`blobs/${layer.digest}`, "*/*");
	try {
		const body = withProgress(reply.body, layer.size, info, onBytes);
		const { digest, outcome } = await extractTar(body, /* @__PURE__ */ new Map([[tbotInImage, path]]), {
			compression: layer.compression,
			hidesLower: ({ name, kind }) => whiteouts.has(name) || parents.has(name) && kind !== "directory",
			limit: layer.size
		});
		if (layer.digest !== `sha256:${digest}`) throw wrongDigest("Layer", digest, layer.digest);
		if (outcome instanceof BadArchive) throw outcome;
		return outcome;
	} finally {
		reply.discard();
	}
}
const pathParts = tbotInImage.split("/");
/** The directories above tbot. A layer that has a file of such a name replaces the whole directory. */
const parents = new Set(pathParts.slice(1).map((_, index) => pathParts.slice(0, index + 1).join("/")));
/** Files that hide tbot, a directory above it or all its files (OCI image layer specification). */
const whiteouts = new Set(pathParts.flatMap((part, index) => {
	const folder = pathParts.slice(0, index).map((name) => `${name}/`);
	return [`${folder.join("")}.wh.${part}`, `${folder.join("")}.wh..wh..opq`];
}));

// src/install/fetch.ts
/** Short, because a firewall can drop packets without an error, and the archive is an alternative. */
const shortTimeouts = {
	connect: 2500,
	answer: 5e3
};
const shortRetryPolicy = {
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
* Fetches programs from the source that the inputs select. `auto` is the image, or the archive if the
* image is unavailable; an invalid image is always an error. Throws a Problem `platform`, `download`,
* `checksum`, `signature` or `archive`, or the signal's reason.
*/
async function fetchPrograms(request) {
	const { build, programs, options, info } = request;
	const { installFrom, mirror } = options;
	const image = imageFor(build, isImageMirror(mirror) ? mirror : void 0);
	if (installFrom === "image" || isImageMirror(mirror)) return fromImage(request, image);
	if (installFrom === "archive" || mirror !== void 0 || programs.length > 1 || !image) return fromArchive(request);
	try {
		return await fromImage(request, image, true);
	} catch (error) {
		const why = error instanceof Problem ? error.cause : void 0;
		if (!isUnavailable(why)) throw error;
		info(`Pulling ${nameOf(image)} failed: ${why.message}. Downloading the release archive instead.`);
		return fromArchive(request);
	}
}
async function fromImage(request, image, short = false) {
	if (!image) throw noDownload(request.build, "image");
	const { info, signal } = request;
	info(`Pulling tbot ${request.build.version}: ${nameOf(image)}`);
	const retryPolicy = request.retryPolicy ?? (short ? shortRetryPolicy : defaultRetryPolicy);
	try {
		const pins = request.options.checksum;
		const tbot = await pull({
			...request,
			image,
			pins,
			retryPolicy,
			...short && { timeouts: shortTimeouts }
		});
		return {
			staged: /* @__PURE__ */ new Map([["tbot", tbot]]),
			source: "image"
		};
	} catch (error) {
		throw signal.aborted ? error : downloadFailed(nameOf(image), error, "image");
	}
}
async function fromArchive(request) {
	const { build, options, info } = request;
	const release = releaseFor(build);
	if (!release) throw noDownload(build, "archive");
	const site = options.mirror ?? "https://cdn.teleport.dev";
	info(`Downloading ${request.programs.join(", ")} ${build.version}: ${site}/${release.archive}`);
	const { checksum: pins, signatureExtension } = options;
	return {
		staged: await download({
			...request,
			release,
			site,
			pins,
			signatureExtension
		}),
		source: "archive"
	};
}
const unavailableKinds = /* @__PURE__ */ new Set([
	"unresolved",
	"refused",
	"unreachable",
	"timeout",
	"reset",
	"proxy"
]);
/** Returns whether the image is unavailable, in contrast to invalid. */
function isUnavailable(error) {
	if (error instanceof NetworkError) return unavailableKinds.has(error.kind);
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
		what: `Teleport publishes no ${`${fips ? "FIPS " : ""}${from === "image" ? "image" : "build"} of tbot`} for ${platform} on ${arch}.`,
		fix: from === "image" ? "Set `install-from: archive`, or install tbot on the runner and set `tbot-path`." : "Install tbot on the runner and set `tbot-path`."
	});
}

// src/install/cache-proof.ts
/**
* Returns whether an earlier step ran `tbot version` with this file, and it printed the version of the
* folder. Only this user or root can have written that: another account that can move files in the
* cache must not choose the version.
*/
async function isVersionProven(tbot) {
	try {
		try {
			var _usingCtx$2 = _usingCtx();
			const handle = _usingCtx$2.a(await open(proofPath(tbot), readSafely));
			if (await fileFlaw(await handle.stat()) !== void 0) return false;
			const expected = proofText(tbot);
			return (await bytesAt(handle, 0, expected.length + 1)).toString() === expected;
		} catch (_) {
			_usingCtx$2.e = _;
		} finally {
			await _usingCtx$2.d();
		}
	} catch {
		return false;
	}
}
/** Records that tbot has the version of its folder. On failure, later steps run `tbot version` again. */
async function recordVersion(tbot) {
	const part = stagingPath(tbot.folder, "tbot");
	const write = async () => {
		try {
			var _usingCtx3 = _usingCtx();
			const handle = _usingCtx3.a(await open(part, "wx", 420));
			await handle.chmod(420);
			await handle.writeFile(proofText(tbot));
			await rename(part, proofPath(tbot));
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			await _usingCtx3.d();
		}
	};
	await removeOnFailure([part], write).catch(() => void 0);
}
function proofPath({ folder, digest }) {
	return join(folder, `${recordOf("tbot", digest)}.version`);
}
/** Names the build, because the files of one build can be moved to the folder of another. */
function proofText({ folder, digest }) {
	return `${folder.split(sep).slice(-3).join("/")} sha256:${digest}\n`;
}

// src/install/signature/trusted-keys.ts
/** Bytes. Ten RSA keys have 12 KB. */
const longestFile = 65536;
/**
* Returns the keys that a download must be signed with; undefined if no signature is required. Throws a
* Problem `inputs` if the file of `signature-key` has no valid keys.
*/
async function trustedKeys(signatureKey, { directories, ci }) {
	if (signatureKey === void 0) return void 0;
	if (signatureKey.kind === "keys") return signatureKey.keys;
	const path = resolve(directories.workspace ?? "", signatureKey.path);
	const text = await contentOf(path);
	for (const line of privateKeyLines(text)) ci.mask(line);
	try {
		return parsePublicKeys(text);
	} catch (error) {
		if (!(error instanceof InputErrors)) throw error;
		throw invalid(path, error);
	}
}
async function contentOf(path) {
	try {
		try {
			var _usingCtx$1 = _usingCtx();
			const handle = _usingCtx$1.a(await open(path, "r"));
			if (!(await handle.stat()).isFile()) throw new Error("it is not a regular file");
			const bytes = await bytesAt(handle, 0, 65537);
			if (bytes.length > longestFile) throw new Error(`it is larger than ${longestFile / 1024} KiB`);
			return bytes.toString("utf8");
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	} catch (cause) {
		throw new Problem({
			code: "inputs",
			what: `\`signature-key\` ${path} cannot be read: ${reason(cause)}.`,
			fix,
			cause
		});
	}
}
const fix = "Set `signature-key` to public keys in PEM, or to the path of a file with them.";
function reason(error) {
	const code = codeOf(error);
	if (code === "ENOENT") return "the file does not exist";
	if (code === "EACCES") return "permission denied";
	return code ?? (error instanceof Error ? error.message : String(error));
}
function invalid(path, { all }) {
	const errors = all.map(({ message, at }) => {
		const text = at === void 0 ? message : `${placeName(at)}: ${message}`;
		return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
	});
	return new Problem({
		code: "inputs",
		what: `\`signature-key\` ${path} is invalid:`,
		errors,
		fix
	});
}

// src/install/install.ts
/**
* Installs the tbot that the inputs request. Throws a Problem `inputs`, `version`, `tbot`, `platform`,
* `download`, `checksum`, `signature` or `archive`, also if tbot cannot run on this machine or is
* incompatible with the cluster, or the signal's reason.
*/
async function install(request) {
	const { inputs, cluster } = request;
	const requested = await fittingVersion(request);
	request.onVersion?.(requested);
	const keys = await trustedKeys(inputs.signatureKey, request);
	const { tbot, version, record, ...rest } = await obtain({
		...request,
		keys
	}, requested);
	const ours = tbot.source !== "tbot-path" && tbot.source !== "installed";
	if (requested !== void 0 && (inputs.version.kind === "exact" || ours)) checkRequestedVersion(version, requested, tbot);
	if (record !== void 0) await recordVersion(record);
	if (cluster) checkVersion(version, cluster, tbot.source === "tbot-path" ? "tbot-path" : "version");
	return {
		path: tbot.path,
		version,
		source: tbot.source,
		...rest
	};
}
/**
* Returns the version that `install` would provide without downloading it. Runs a tbot that is already
* on the machine. Throws the Problems of `install`.
*/
async function previewTool(request) {
	const { inputs, cluster } = request;
	const version = await fittingVersion(request);
	if (version === void 0 || inputs.tbotPath !== void 0) return install(request);
	await trustedKeys(inputs.signatureKey, request);
	const { fips } = buildFor(version, inputs, cluster, request);
	return {
		version,
		...fips && { fips: true }
	};
}
async function obtain(request, requested) {
	const { inputs, cluster, early } = request;
	if (requested === void 0 || inputs.tbotPath !== void 0) return {
		...await (early?.tbotOfRunner ?? tbotOfRunner(request)),
		...inputs.fips === true && { fips: true }
	};
	const build = buildFor(requested, inputs, cluster, request);
	if (inputs.edition === "auto" && cluster?.edition === "oss") request.ci.notice("machine-id-action", communityNotice(cluster.name));
	const { paths, recorded, ...origin } = await programsOf(request, build);
	const { tbot: path = "", ...tools } = Object.fromEntries(paths);
	const tbot = {
		path,
		...origin
	};
	return {
		tbot,
		...await provenVersion(tbot, recorded, build.version, request),
		...build.fips && { fips: true },
		...paths.size > 1 && { tools: Object.values(tools) }
	};
}
function communityNotice(cluster) {
	return `Cluster ${cluster} runs an AGPL build (edition \`oss\`). Teleport publishes no AGPL builds, so this step uses Teleport Community Edition. Set \`edition: oss\` to suppress this notice, or set \`tbot-path\` to your own build of tbot.`;
}
/**
* Returns the version of tbot. Runs `tbot version`, unless an earlier step did so with the same file from
* the tool cache.
*/
async function provenVersion(tbot, record, expected, request) {
	await checkRunnable(tbot, request);
	const plain = parseVersion(expected);
	if (plain && record && await isVersionProven(record)) return { version: formatVersion(plain) };
	return {
		version: await printedVersion(tbot, request),
		...record && { record }
	};
}
/**
* Uses the tool cache, or downloads. `checksum` and `signature-key` require a download to compare with:
* they do not cover the files in the cache, which other jobs can change.
*/
async function programsOf(request, build) {
	const { inputs, directories, directory, platform, ci, early, signal } = request;
	const programs = programsFor(inputs);
	const folder = cacheFolder(directories.toolCache, build);
	const verified = inputs.checksum !== void 0 ? "checksum" : request.keys && "signature-key";
	if (folder === void 0 || verified !== void 0) {
		const why = folder === void 0 ? "RUNNER_TOOL_CACHE is not set" : `\`${verified}\` is set`;
		ci.info(`The tool cache is not used: ${why}.`);
		return downloaded(request, build, programs, void 0);
	}
	const query = {
		folder,
		directory,
		programs,
		build,
		signal
	};
	const cached = await early?.take(folder) ?? await stageCached(query);
	if (cached.kind !== "cached") {
		reportUnused(cached, ci);
		return downloaded(request, build, programs, cached.kind === "untrusted" ? void 0 : folder);
	}
	const files = programs.map((program) => join(folder, fileOf(program, platform)));
	const names = programs.join(", ");
	ci.info(`Using ${names} ${build.version} from the tool cache: ${files.join(", ")}`);
	const paths = await moveIntoPlace(cached.parts, {
		directory,
		folder,
		platform
	});
	const { tbotDigest: digest } = cached;
	return {
		paths,
		source: "tool-cache",
		cachedPath: join(folder, fileOf("tbot", platform)),
		recorded: digest === void 0 ? void 0 : {
			folder,
			digest
		}
	};
}
/** Downloads programs into the private directory, and into a folder of the tool cache if there is one. */
async function downloaded(request, build, programs, folder) {
	const { inputs, keys, directory, network, signal, onBytes, retryPolicy, platform, ci } = request;
	const { staged, source } = await fetchPrograms({
		build,
		programs,
		options: inputs,
		keys,
		directory,
		network,
		signal,
		info: ci.info,
		...onBytes && { onBytes },
		...retryPolicy && { retryPolicy }
	});
	const filled = folder !== void 0 && await fillCache(staged, folder, platform, ci);
	const parts = new Map([...staged].map(([program, { path }]) => [program, path]));
	const paths = await moveIntoPlace(parts, {
		directory,
		folder,
		platform
	});
	const { digest } = staged.get("tbot") ?? {};
	return {
		paths,
		source,
		recorded: filled && digest ? {
			folder,
			digest
		} : void 0
	};
}

// src/install/request.ts
/** Completes a request with the facts of this process and machine. */
function onThisMachine(request) {
	const { platform, arch } = process;
	const { env, directories } = request.ci;
	return {
		...request,
		env,
		directories,
		platform,
		arch
	};
}

// src/yaml/load.ts
/**
* Loads the package `yaml`, which is slow. A separate file, because this import needs helpers of the
* bundler that most steps do not have to load.
*/
async function loadYaml() {
	return import("./dist.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
}

export { unwritable as A, findProcesses as B, allowOwner as C, createWorkdir as D, changeMarker as E, isNewWorkdir as F, markProcess as H, markerName as I, readMarker as L, workdirRoot as M, workdirState as N, deliver as O, writeToWorkdir as P, writeMarker as R, removeWorkdir as S, leftoverTitle as T, openHttpClient as U, isRunning as V, codeOf as W, positionOf as _, startEarly as a, endProcessesOf as b, signalChild as c, probeCluster as d, checkIssuers as f, callsOf as g, stopReason as h, previewTool as i, workdirName as j, programsOf$1 as k, startChild as l, rest as m, onThisMachine as n, exitOf as o, backoff as p, install as r, hasSucceeded as s, loadYaml as t, fetchCluster as u, reportBackground as v, leftoverText as w, ownerOf as x, reportBackgroundAt as y, writePrivately as z };