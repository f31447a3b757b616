import { r as __toESM } from "./rolldown-runtime.js";
import { A as requestsFor, B as notShown, C as defaultSession, I as secretKeys, M as named, P as rolesOf, R as formatDuration, S as messageOf, V as quoted, _ as missingVariables, b as textOf$1, c as successSummary, d as serviceTypes, f as hasStaticKey, g as methodVariables, h as maskMethodVariables, k as namesLoopback, l as rfc3339, m as keypairVariablesOf, p as isSpentByJoin, u as inputTable, v as givenOnes, x as Problem, z as printable } from "./shared.js";
import { A as compareVersions, C as isNewHome, D as isRecord, E as writeMarker, M as backoff, N as rest, O as property, P as codeOf, S as markProcess, T as readMarker, _ as workdirName, a as previewTool, b as writingBelow, c as signalChild, d as isTaken, f as changeMarker, g as unwritable, h as programsOf, i as install, j as parseVersion, k as fetchCluster, l as startChild, m as jobOf, n as metadataHosts, o as exitOf, p as createWorkdir, r as onThisMachine, s as hasSucceeded, t as openHttpClient, u as findOnPath, v as workdirRoot, w as markerName, x as endProcesses, y as writeToWorkdir } from "./install.js";
import { X509Certificate, createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { chmod, lstat, readFile, readdir, rmdir, symlink, unlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, parse, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { lstatSync, readFileSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import { createInterface } from "node:readline";

// src/cluster/expected.ts
/**
* Compares a cluster's name with `expected-cluster`, where there is one. This finds a mistyped address
* or a wrong token, but it authenticates nothing: a hostile proxy can report any name, and issue
* certificates that name any cluster. Throws a Problem `wrong-cluster`.
*/
function checkExpected(name, expected, source) {
	if (expected === void 0 || name === expected) return;
	throw new Problem({
		code: "wrong-cluster",
		what: `${source.said} ${quoted(name)}, but \`expected-cluster\` is ${quoted(expected)}.`,
		fix: `Correct \`${source.by}\`, or \`expected-cluster\` if this is the right cluster.`
	});
}
/**
* Compares the clusters that certificates name with `expected-cluster` and with the name that the
* proxy reported before the join. An Auth Service reports no name, so one certificate at least must.
*/
function checkIssuers(clusters, expected, { kind }, announced) {
	const named = clusters.filter((cluster) => cluster !== void 0);
	for (const cluster of named) {
		checkExpected(cluster, expected, {
			said: "The certificate is of",
			by: kind
		});
		if (announced !== void 0 && cluster.toLowerCase() !== announced.toLowerCase()) throw new Problem({
			code: "wrong-cluster",
			what: `The proxy reported the cluster ${quoted(announced)}, but the certificate is of ${quoted(cluster)}.`,
			fix: "Find out which server answers at `proxy`: the DNS name, a load balancer in front of two clusters, or an HTTP proxy in between can lead to another cluster."
		});
	}
	if (expected === void 0 || kind === "proxy" || named.length > 0) return;
	throw new Problem({
		code: "wrong-cluster",
		what: `\`expected-cluster\` is ${quoted(expected)}, but no credential of this step names its cluster.`,
		fix: "Request an `identity` as well, or remove `expected-cluster`: with `auth-server`, `ca-pins` authenticates the cluster."
	});
}

// src/cluster/probe.ts
/**
* What the cluster says of itself, when it is the one that is expected; undefined where the way in
* is an Auth Service, which tells nothing to those who have not joined. Throws as `fetchCluster`, or a
* Problem `wrong-cluster`.
*/
async function probeCluster({ endpoint, expectedCluster }, using) {
	if (endpoint.kind === "auth-server") return void 0;
	const cluster = await fetchCluster(endpoint.address, using);
	checkExpected(cluster.name, expectedCluster, {
		said: `${endpoint.address} is the proxy of`,
		by: "proxy"
	});
	return cluster;
}

// src/text/shell.ts
/** A command for a shell, ready to paste. */
function command(...words) {
	return `\`${words.map(shellWord).join(" ")}\``;
}
function shellWord(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

// src/workdir/leftover.ts
const leftoverTitle = "machine-id-action: leftover";
const valid = "Credentials in it are valid until they expire.";
const usualFix = `Check its owner and its permissions, and remove it manually. ${valid}`;
function leftoverText(path, { why, fix = usualFix }) {
	return `${path} could not be removed: ${why}. ${fix}`;
}
/** Describes what could not be deleted of a private directory. */
async function describeFailures(workdir, failures) {
	const [first] = failures;
	if (first === void 0) return { why: "a process keeps writing to it" };
	const owner = await otherOwner(first.path);
	const names = failures.slice(0, 3).map(({ path }) => relative(workdir, path) || path);
	const more = failures.length > 3 ? ` and ${failures.length - 3} more` : "";
	const what = `cannot delete ${names.join(", ")}${more}`;
	if (owner === void 0) return { why: `${what} (${first.code})` };
	return {
		why: `${what} (${first.code}, owned by ${owner === 0 ? "root" : `user ${owner}`})`,
		fix: `A container that runs as another user can leave such files. Run ${command("sudo", "rm", "-rf", workdir)} on the runner, and run the container as the runner's user (\`docker run --user\`). ${valid}`
	};
}
/** The other user to whom a path or its folder belongs; either can prevent its deletion. */
async function otherOwner(path) {
	const user = process.getuid?.();
	if (user === void 0) return void 0;
	for (const place of [path, dirname(path)]) {
		const stats = await lstat(place).catch(() => void 0);
		if (stats && stats.uid !== user) return stats.uid;
	}
}

// src/workdir/delete.ts
/** Deletes several paths in this order, each with everything below it. Never throws. */
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
/** Deletes a link itself, never what it leads to. */
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
/** A path that is gone is not a failure. */
function failureAt(path, error) {
	const code = codeOf(error) ?? String(error);
	return code === "ENOENT" ? [] : [{
		path,
		code
	}];
}
/**
* Gives this user full access to a folder of its own, which a later step may have removed
* (`chmod -R a-w`). Changes nothing behind a link or that belongs to another user. Never throws.
*/
async function allowOwner(folder) {
	const stats = await lstat(folder).catch(() => void 0);
	if (!stats?.isDirectory() || stats.uid !== process.getuid?.()) return;
	const mode = stats.mode & 4095;
	if ((mode & 448) !== 448) await chmod(folder, mode | 448).catch(() => void 0);
}

// src/workdir/remove.ts
/** Milliseconds between the polite and the last signal: post steps of a cancelled job are timed. */
const grace$1 = 1500;
/** Replaces a lost marker. It names no job, so every later run may remove the home. */
const unmarked = {
	job: "",
	processes: [],
	exported: []
};
/**
* Removes a home with everything in it: first ends what still writes there, then deletes, then looks
* again. Refuses a path that is not a home of ours: wrong place or name, a link, another owner.
* Without a marker it ends no process and knows no variables. Never throws.
*/
async function removeWorkdir(path, root) {
	const refused = await refusal$1(path, root);
	if (refused === "absent") return { kind: "absent" };
	if (refused) return {
		kind: "left",
		...refused,
		exported: []
	};
	await allowOwner(path);
	const marker = await readMarker(path);
	if (marker || await isNewHome(path)) return removeHome(path, marker ?? unmarked);
	await writeMarker(path, unmarked).catch(() => void 0);
	return {
		...await removeHome(path, unmarked),
		markerLost: true
	};
}
async function removeHome(workdir, marker) {
	const { exported, expiresAt } = marker;
	const ended = await endProcesses(marker.processes, grace$1);
	let files = 0;
	let failures = [];
	for (let tries = 0; tries < 3; tries += 1) {
		if (tries > 0) await setTimeout(100);
		const deletion = await deleteHome(workdir);
		files += deletion.files;
		({failures} = deletion);
		if (failures.length === 0 && !await isTaken(workdir)) return {
			kind: "removed",
			files,
			ended,
			exported,
			...expiresAt ? { expiresAt } : {}
		};
	}
	await writeMarker(workdir, marker).catch(() => void 0);
	return {
		kind: "left",
		...await describeFailures(workdir, failures),
		exported
	};
}
/**
* Deletes secrets first, then the programs, which are large, and the marker last, so that a later run
* recognizes the home if this is interrupted.
*/
async function deleteHome(workdir) {
	let files = 0;
	try {
		const names = await readdir(workdir);
		const others = names.filter((name) => name !== markerName).map((name) => join(workdir, name));
		const programs = programsOf({ path: workdir });
		const deletion = await deleteAll(others.toSorted((one, other) => Number(one === programs) - Number(other === programs)));
		if (deletion.failures.length > 0) return deletion;
		files = deletion.files + names.length - others.length;
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
async function refusal$1(path, root) {
	if (path !== join(root, basename(path)) || !workdirName.test(basename(path))) return {
		why: `it is not a directory of ours below ${root}`,
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
* Whose a home is. Root is not another account: a container that runs as root can change owners.
* Windows has no such ids.
*/
function ownerOf({ uid }) {
	if (uid === (process.getuid?.() ?? uid)) return "self";
	return uid === 0 ? "root" : "other";
}

// src/workdir/sweep.ts
/** Milliseconds after which a home without a marker is taken for unused. */
const day = 864e5;
/**
* Removes the homes that earlier jobs of this runner left behind: no post step runs when a machine
* or the runner itself dies. A runner has one job at a time, so a home of another job is a dead
* one; those of this job belong to its other calls. Never throws.
*/
async function sweepWorkdirs(root, job) {
	const names = await readdir(root).catch(() => []);
	let removed = 0;
	const left = [];
	for (const name of names.filter((candidate) => workdirName.test(candidate))) {
		const path = join(root, name);
		const swept = await sweepHome(path, root, job);
		if (swept?.kind === "removed") removed += 1;
		if (swept?.kind === "left") left.push(leftoverText(path, swept));
	}
	return {
		removed,
		left
	};
}
/**
* Returns undefined for a home that is skipped: one of this job, or of another account. Without a
* marker the job of a home is not known, so it is kept for a day.
*/
async function sweepHome(path, root, job) {
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isDirectory()) return void 0;
	await allowOwner(path);
	const marker = await readMarker(path);
	if (marker) return marker.job === job ? void 0 : removeWorkdir(path, root);
	const owner = ownerOf(stats);
	if (owner === "other") return void 0;
	if (owner === "root" || Date.now() - stats.mtimeMs > day) return removeWorkdir(path, root);
	if (await isNewHome(path)) return void 0;
	return {
		kind: "left",
		why: "its marker is missing or damaged, so it may belong to a job that is still running",
		fix: "A run removes it one day after its last change; if no job is running, remove it manually.",
		exported: []
	};
}

// src/cluster/endpoint.ts
/** The address of the proxy, where one is the way. */
function proxyOf(endpoint) {
	return endpoint.kind === "proxy" ? endpoint.address : void 0;
}

// src/ci/github/job.ts
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

// src/methods/paths.ts
/** Parameters with their paths as seen from a folder: tbot runs in another one, its own. */
function withPathsFrom(base, onboarding) {
	const { bound_keypair: keypair, kubernetes, generic_oidc: oidc } = onboarding;
	const { registration_secret_path: secret, static_private_key_path: key } = keypair ?? {};
	const { token_path: token } = kubernetes ?? {};
	const [program = "", ...args] = oidc?.command ?? [];
	const secretPath = secret && { registration_secret_path: resolve(base, secret) };
	const keyPath = key && { static_private_key_path: resolve(base, key) };
	const command = /[/\\]/.test(program) && { command: [resolve(base, program), ...args] };
	return {
		...onboarding,
		...keypair && { bound_keypair: {
			...keypair,
			...secretPath,
			...keyPath
		} },
		...token && { kubernetes: { token_path: resolve(base, token) } },
		...oidc && { generic_oidc: {
			...oidc,
			...command
		} }
	};
}

// src/methods/choose.ts
/**
* Decides by which identity to join. Nothing is probed: GitHub's hosted runners are Azure machines,
* so an answering metadata service says nothing. Throws a Problem `no-identity` or `no-id-token`.
*/
function chooseIdentity(inputs, env, event) {
	const { joinMethod, azureClientId: clientId, onboarding = {} } = inputs;
	if (joinMethod === "azure" || joinMethod === "auto" && clientId !== void 0) return {
		method: "azure",
		clientId
	};
	if (joinMethod !== "auto" && joinMethod !== "github") return otherIdentity(joinMethod, onboarding, env);
	if (hasIdTokenEndpoint(env)) return { method: "github" };
	const job = jobFacts(env, event);
	throw joinMethod === "github" ? noIdToken(job) : noIdentity$1(job);
}
/** One whose proof lies in the environment, or on the machine. */
function otherIdentity(method, onboarding, env) {
	const missing = missingVariables(method, methodVariables(method, onboarding), env);
	if (missing.length === 0) return {
		method,
		onboarding: withPathsFrom(env["GITHUB_WORKSPACE"] ?? "", onboarding),
		...hasStaticKey(onboarding, env) && { staticKey: true },
		...method === "bound_keypair" && { variables: keypairVariablesOf(onboarding, env) }
	};
	const either = method === "bound_keypair";
	throw new Problem({
		code: "no-identity",
		what: `The join method \`${method}\` takes its proof of identity from ${missing.join(either ? " or " : " and ")}, which ${missing.length > 1 && !either ? "are" : "is"} not set.`,
		fix: `Set ${either ? "one of them" : missing.length > 1 ? "them" : "it"} in the \`env:\` of the step, or choose another \`join-method\`.`
	});
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

// src/inputs/listing.ts
/**
* The inputs as they are understood, a line each: `certificate-ttl: 1h (default)`. What holds YAML,
* and what is neither given nor has a default, is left out. `secret` are names of inputs whose value
* is not to be seen.
*/
function inputLines(dictionary, secret) {
	const given = givenOnes(dictionary);
	return Object.values(inputTable).flatMap((input) => {
		if ("read" in input) return [];
		const text = textOf$1(input, given);
		const value = text ?? input.defaultValue;
		if (value === void 0) return [];
		const shown = secret.has(input.name) ? "***" : shownValue(value);
		return [`${input.name}: ${shown}${text === void 0 ? " (default)" : ""}`];
	});
}
function shownValue(value) {
	return value.includes("@") ? notShown : value.split(/\s*\n\s*/).join(", ");
}

// src/tbot/versions/spelling.ts
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
		[addressKey(request.endpoint, spelling)]: request.endpoint.address,
		onboarding: onboardingOf(request),
		storage: { type: "memory" },
		...request.fips ? { fips: true } : {},
		oneshot: true,
		[spelling.ttl]: formatDuration(request.ttl),
		[spelling.services]: request.services.map(({ service, dir }) => ({
			type: service.type,
			destination: {
				type: "directory",
				path: dir
			},
			...settingsOf(service),
			...lifetimeOf$1(service, request.ttl),
			...sessionOf(service)
		}))
	};
}
/** What the config says of joining. */
function onboardingOf({ token, identity, endpoint }) {
	const pins = endpoint.kind === "auth-server" ? { ca_pins: endpoint.caPins } : {};
	const common = {
		join_method: identity.method,
		token,
		...pins
	};
	if (identity.method === "github") return common;
	if (identity.method !== "azure") return {
		...common,
		...parametersOf(identity.onboarding)
	};
	return identity.clientId === void 0 ? common : {
		...common,
		azure: { client_id: identity.clientId }
	};
}
/** Those of gitlab and kubernetes reach every tbot by the environment, see there. */
function parametersOf({ terraform, bound_keypair: keypair, generic_oidc: oidc }) {
	const timeout = oidc?.timeout === void 0 ? {} : { timeout: formatDuration(oidc.timeout) };
	return {
		...terraform && { terraform },
		...keypair && { bound_keypair: keypair },
		...oidc && { generic_oidc: {
			...oidc,
			...timeout
		} }
	};
}
/** Every tbot knows `auth_server`; from 19 on it must be one truly. */
function addressKey({ kind }, { address }) {
	return kind === "auth-server" ? "auth_server" : address;
}
/** The keys of a service in the order of the schema, without what says nothing. */
function settingsOf(service) {
	const values = new Map(Object.entries(service));
	const settings = Object.entries(serviceTypes[service.type]).flatMap(([key, field]) => {
		const value = values.get(key);
		if (value === void 0 || key === "roles" && Array.isArray(value) && value.length === 0) return [];
		return [[key, written(value, field)]];
	});
	return Object.fromEntries(settings);
}
function written(value, { kind }) {
	return kind === "duration" ? formatDuration(Number(value)) : value;
}
/** A third of the lifetime, and no longer than tbot's own interval. */
const longestInterval = 1200;
/** tbot wants both or none (lib/tbot/bot/credential_lifetime.go). */
function lifetimeOf$1(service, usual) {
	if (!("credential_ttl" in service || "renewal_interval" in service)) return {};
	const { credential_ttl: ttl = usual, renewal_interval: interval } = service;
	return {
		credential_ttl: formatDuration(ttl),
		renewal_interval: formatDuration(interval ?? Math.max(.001, Math.min(longestInterval, ttl / 3)))
	};
}
/** Unless it is given, tbot's own is an hour, and it refuses one that the session does not outlive. */
const usualRenewal = 3600;
function sessionOf(service) {
	const { session_duration: duration, session_renewal_interval: renewal } = "session_duration" in service ? service : {};
	return duration === void 0 || renewal !== void 0 || duration > usualRenewal ? {} : { session_renewal_interval: formatDuration(duration / 2) };
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
		lineWidth: 0,
		aliasDuplicateObjects: false
	});
}

// src/tbot/environment.ts
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
	"RUNNER_TRACKING_ID"
]);
/** Of a proxy alone: without one tbot refuses to start with it (lib/tbot/bot/connection/config.go). */
const ofProxies = "TBOT_USE_PROXY_ADDR";
/**
* The environment that tbot is started with: what is listed here and nothing else. Variables such as
* TELEPORT_PROXY or TELEPORT_BOT_TOKEN override the config file (tool/tbot, lib/tbot/cli), and
* INPUT_* or secrets of the job are none of its business.
*/
function tbotEnvironment(request) {
	const names = Object.keys(request.env).filter((name) => inherited.has(name.toUpperCase()) || name.toUpperCase() === ofProxies && request.endpoint.kind === "proxy");
	return {
		...withoutMetadata(pick(request.env, names)),
		...request.awsRegion ? pick(request.env, ["AWS_REGION", "AWS_DEFAULT_REGION"]) : {},
		...methodEnvironment(request),
		...request.caBundle === void 0 ? {} : { SSL_CERT_FILE: request.caBundle },
		TELEPORT_ANONYMOUS_TELEMETRY: request.anonymousTelemetry ? "1" : "0",
		...request.anonymousTelemetry ? { _TBOT_TELEMETRY_HELPER: "gha:machine-id-action" } : {}
	};
}
/** What the join method reads from the environment (lib/join, one token source a method). */
function methodEnvironment({ env, identity }) {
	if (identity.method === "github") return pick(env, ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]);
	if (identity.method === "azure") return namesLoopback(env["AZURE_POD_IDENTITY_AUTHORITY_HOST"]) ? pick(env, ["AZURE_POD_IDENTITY_AUTHORITY_HOST"]) : {};
	if (identity.method === "gcp") return namesLoopback(`http://${env["GCE_METADATA_HOST"] ?? ""}`) ? pick(env, ["GCE_METADATA_HOST"]) : {};
	const { required, optional } = methodVariables(identity.method, identity.onboarding);
	return {
		...pick(env, [...required, ...optional]),
		...renamed(identity.onboarding, env)
	};
}
/**
* Parameters that every tbot takes from a variable, and only newer ones from the config (CHANGELOG.md,
* 17.4.6; lib/kube/token/source.go).
*/
function renamed({ gitlab, kubernetes }, env) {
	const token = env[gitlab?.token_env_var_name ?? ""];
	const path = kubernetes?.token_path;
	return {
		...token === void 0 ? {} : { TBOT_GITLAB_JWT: token },
		...path === void 0 ? {} : { KUBERNETES_TOKEN_PATH: path }
	};
}
function pick(env, names) {
	return Object.fromEntries(names.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
/** Keeps requests to metadata services out of a proxy, where one is set. */
function withoutMetadata(env) {
	const names = Object.keys(env);
	if (!names.some((name) => /^(https?|all)_proxy$/i.test(name))) return env;
	const before = names.filter((name) => /^no_proxy$/i.test(name)).toSorted().map((name) => env[name]).find((value) => value !== "");
	const exceptions = [...before ? [before] : [], ...metadataHosts].join(",");
	return {
		...env,
		NO_PROXY: exceptions,
		no_proxy: exceptions
	};
}

// src/tbot/versions/known.ts
const always = { since: ["0.0.0"] };
/**
* Types of services. The first releases are those of Teleport's changelogs (CHANGELOG.md); that of
* the workload identities is the release that announced their resource: an early version spelt a key
* of theirs in another way (pull requests 51054, 51161 and 51288).
*/
const typeAvailability = {
	identity: always,
	application: always,
	database: always,
	kubernetes: always,
	ssh_host: always,
	"kubernetes/v2": { since: ["17.2.7"] },
	"workload-identity-x509": { since: ["17.2.7"] },
	"workload-identity-jwt": { since: ["17.2.7"] },
	"workload-identity-aws-roles-anywhere": { since: ["17.4.0"] }
};
/** Types that the cluster must know as well (documentation, "Machine & Workload Identity FAQ"). */
const clusterTypeAvailability = { "kubernetes/v2": typeAvailability["kubernetes/v2"] };
/** A kubeconfig that needs no tbot where it is used. */
const selfContained = { since: ["14.3.15", "15.2.1"] };
/** Keys of services that not every tbot knows; older ones ignore them without a word. */
const keyAvailability = {
	disable_exec_plugin: selfContained,
	ssh_config: { since: ["14.3.17", "15.2.5"] },
	credential_ttl: { since: ["17.2.8"] },
	renewal_interval: { since: ["17.2.8"] },
	allow_reissue: { since: ["17.2.8"] },
	default_namespace: { since: ["17.7.4", "18.2.0"] },
	context_name_template: { since: ["17.7.8", "18.2.4"] },
	credential_profile_name: { since: ["17.4.7"] },
	artifact_name: { since: ["17.4.7"] },
	overwrite_credential_file: { since: ["17.4.7"] },
	relay_server: { since: ["18.5.0"] },
	ca_type: { since: ["18.7.6"] },
	roles: {
		since: ["0.0.0"],
		gone: "19.0.0"
	},
	delegation_session_id: { since: ["19.0.0"] },
	trust_domains: { since: ["19.0.0"] }
};
/** Join methods (CHANGELOG.md; lib/tbot/bot/onboarding/config.go; `generic_oidc`: its pull request). */
const methodAvailability = {
	github: always,
	azure: always,
	iam: always,
	gcp: always,
	kubernetes: always,
	circleci: always,
	gitlab: always,
	spacelift: always,
	terraform_cloud: { since: ["16.4.0"] },
	azure_devops: { since: ["17.5.1"] },
	bitbucket: { since: ["16.4.9", "17.0.2"] },
	env0: { since: ["18.4.0"] },
	tpm: { since: ["14.3.17", "15.2.5"] },
	oracle: { since: ["17.7.7", "18.2.1"] },
	bound_keypair: { since: ["17.7.5", "18.1.0"] },
	generic_oidc: { since: ["18.11.0"] },
	token: always
};
/**
* Parameters and variables of `bound_keypair` that are younger than the method. An older tbot ignores
* them (pull request 60031).
*/
const parameterAvailability = {
	registration_secret_path: { since: ["18.2.10"] },
	static_private_key_path: { since: ["18.2.10"] },
	TBOT_REGISTRATION_SECRET: { since: ["18.2.10"] },
	TBOT_BOUND_KEYPAIR_STATIC_KEY: { since: ["18.2.10"] }
};
/** Certificates of bots that live for a week, not a day (CHANGELOG.md, 17.4.5). */
const weekLong = { since: ["17.4.5"] };

// src/versions/releases.ts
/** Whether a tbot of a version like `18.2.4` or `15.0.0-dev` knows a thing. */
function supports(version, { since, gone }) {
	if (gone !== void 0 && !isBefore(version.replace(/-.*/, ""), gone)) return false;
	const major = majorOf(version);
	const own = since.find((first) => majorOf(first) === major);
	if (own !== void 0) return !isBefore(version, own);
	return since.every((first) => majorOf(first) < major);
}
/** A prerelease of a release does not count as it: it may have been cut before. */
function isBefore(version, release) {
	const [one, other] = [parseVersion(version), parseVersion(release)];
	return one === void 0 || other !== void 0 && compareVersions(one, other) < 0;
}
function majorOf(version) {
	return Number.parseInt(version, 10);
}
/** Who can do it, for a sentence: `tbot 17.7.4, 18.1.7 or newer`. */
function supportingTbot(known) {
	return known.gone === void 0 ? `tbot ${orNewer(known)}` : `a tbot before ${known.gone}`;
}
/** The releases, for a sentence: `17.7.4, 18.1.7 or newer`. */
function orNewer({ since }) {
	return `${since.join(", ")} or newer`;
}

// src/tbot/versions/fit.ts
/**
* Holds what is asked for against the tbot and the cluster that there are: a tbot that does not know
* a key ignores it, and the credential would be another than the one asked for. Throws a Problem
* `version`.
*/
function checkAvailability({ version, serverVersion, identity, services }) {
	const unknown = [...unknownMethod(version, identity), ...services.flatMap(({ name, request: { service } }) => {
		const byTbot = unknownIn(version, name, service);
		return byTbot.length > 0 ? byTbot : unknownToCluster(serverVersion ?? version, name, service);
	})];
	const [first] = unknown;
	if (first === void 0) return;
	const who = versionPair({
		version,
		serverVersion
	});
	throw new Problem({
		code: "version",
		what: unknown.length === 1 ? `${who} can't do what is asked for: ${first}.` : `${who} can't do ${unknown.length} things that are asked for.`,
		fix: "Update the cluster, give a `version` that it serves and that can, or do without.",
		details: unknown.length === 1 ? [] : unknown.map((line) => `- ${line}`)
	});
}
function unknownMethod(version, identity) {
	const { method } = identity;
	const found = missing(version, `the join method \`${method}\``, methodAvailability[method]);
	if (found.length > 0 || method === "github" || method === "azure") return found;
	return [...Object.keys(identity.onboarding.bound_keypair ?? {}).flatMap((key) => missing(version, `\`${key}\` of \`onboarding\``, parameterAvailability[key])), ...(identity.variables ?? []).flatMap((name) => missing(version, `the variable \`${name}\``, parameterAvailability[name]))];
}
function unknownIn(version, name, service) {
	const type = missing(version, `\`${service.type}\` of the credential \`${name}\``, typeAvailability[service.type]);
	if (type.length > 0) return type;
	return Object.entries(service).flatMap(([key, value]) => Object.hasOwn(keyAvailability, key) && asksFor(value) ? missing(version, `\`${key}\` of the credential \`${name}\``, keyAvailability[key]) : keysWithin(version, name, value));
}
function unknownToCluster(version, name, { type }) {
	const known = Object.hasOwn(clusterTypeAvailability, type) ? clusterTypeAvailability[type] : void 0;
	if (known === void 0 || supports(version, known)) return [];
	return [`\`${type}\` of the credential \`${name}\` needs a cluster of ${orNewer(known)}`];
}
/** Selectors have keys of their own. */
function keysWithin(version, name, value) {
	if (!Array.isArray(value)) return [];
	return [...new Set(value.flatMap((item) => isRecord(item) ? Object.keys(item) : []))].flatMap((key) => Object.hasOwn(keyAvailability, key) ? missing(version, `\`${key}\` of the credential \`${name}\``, keyAvailability[key]) : []);
}
/** What says the same as leaving it out is no reason to refuse it. */
function asksFor(value) {
	return value !== false && !(Array.isArray(value) && value.length === 0);
}
function missing(version, what, known) {
	if (known === void 0 || supports(version, known)) return [];
	return [`${what} needs ${supportingTbot(known)}`];
}
/** Who would have to know it. */
function versionPair({ version, serverVersion }) {
	return serverVersion === void 0 ? `tbot ${version}` : `tbot ${version} with a cluster of ${serverVersion}`;
}

// src/tbot/versions/longest.ts
const hour = 3600;
/** The longest lifetime of a bot's certificate, in seconds (lib/defaults/defaults.go). */
function longestLifetime(version) {
	return (supports(version, weekLong) ? 168 : 24) * hour;
}
/**
* Lifetimes that tbot refuses or that the cluster cuts for certain, before anything is joined. tbot
* refuses one of a service, and only warns of the common one (lib/tbot/bot/credential_lifetime.go).
* `ttl` is the common one, in seconds. Answers a warning. Throws a Problem `ttl`.
*/
function checkLongest({ version, serverVersion, services }, ttl) {
	const lifetimes = services.map(({ name, request: { service } }) => ({
		name: `\`${name}\``,
		asked: lifetimeOf(service)
	}));
	const longest = longestLifetime(version);
	const over = lifetimes.filter(({ asked }) => asked > longest);
	if (over.length > 0) throw refusedLifetime(version, over);
	const given = Math.min(longest, longestLifetime(serverVersion ?? version));
	const cut = [{
		name: "`certificate-ttl`",
		asked: ttl
	}, ...lifetimes].filter(({ asked }) => asked > given);
	if (cut.length === 0) return void 0;
	return `${listOf(cut)}: ${versionPair({
		version,
		serverVersion
	})} has ${formatDuration(given)} at the most, and so will the certificates.`;
}
function listOf(lifetimes) {
	return lifetimes.map(({ name, asked }) => `${name} asks for ${formatDuration(asked)}`).join(", ");
}
function refusedLifetime(version, over) {
	const longest = longestLifetime(version);
	return new Problem({
		code: "ttl",
		what: `tbot ${version} takes no \`credential_ttl\` over ${formatDuration(longest)}, and ${listOf(over)}.`,
		fix: `Ask for ${formatDuration(longest)} at the most${longest < 168 * hour ? `; tbot and clusters of ${orNewer(weekLong)} go up to 168h` : ""}.`
	});
}
/** Seconds; tbot sets no limit for SVIDs. */
function lifetimeOf(service) {
	if (service.type === "workload-identity-x509" || service.type === "workload-identity-jwt") return 0;
	return "credential_ttl" in service ? service.credential_ttl ?? 0 : 0;
}

// src/plan.ts
/** The config's file in the home. */
const configName = "tbot.yaml";
/** What is to be done for these inputs with this tbot and this cluster; nothing is done yet. */
function makePlan(request) {
	const { inputs, identity, workdir, tool } = request;
	const { version } = tool;
	const wanted = named(requestsFor(inputs, kubernetesWay(request)));
	const asked = {
		version,
		serverVersion: request.serverVersion,
		services: wanted
	};
	checkAvailability({
		...asked,
		identity
	});
	const warning = checkLongest(asked, inputs.certificateTtl);
	const services = wanted.map(({ name, request: { service } }) => ({
		name,
		service,
		dir: `${workdir}/${name}`
	}));
	const { endpoint, token, certificateTtl: ttl } = inputs;
	const fips = tool.fips ?? false;
	return {
		services,
		warnings: warning === void 0 ? [] : [warning],
		config: tbotConfig({
			version,
			endpoint,
			token,
			identity,
			ttl,
			services,
			fips
		}),
		command: commandOf(request, services)
	};
}
function commandOf(request, services) {
	const { inputs, identity, workdir, tool, env, caBundle, debugging } = request;
	return {
		path: tool.path,
		args: [
			"start",
			...debugging || hidesFailures(inputs.endpoint) ? ["--debug"] : [],
			"-c",
			`${workdir}/${configName}`
		],
		env: tbotEnvironment({
			env,
			identity,
			endpoint: inputs.endpoint,
			anonymousTelemetry: inputs.anonymousTelemetry,
			awsRegion: services.some(({ service }) => service.type === "workload-identity-aws-roles-anywhere"),
			caBundle
		}),
		cwd: workdir
	};
}
/**
* When an Auth Service refuses, tbot tries the same address as a proxy's, and tells of that alone:
* of a certificate that nobody knows. What came before is in its debug log (lib/auth/join/join.go,
* lib/utils/cli.go).
*/
function hidesFailures({ kind }) {
	return kind === "auth-server";
}
/**
* tbot and the proxy must both know the one kubeconfig for all clusters. Where nobody told the
* cluster's version, tbot's stands for it: a cluster takes no newer tbot than itself, by majors.
*/
function kubernetesWay({ tool, serverVersion = tool.version }) {
	return {
		type: [tool.version, serverVersion].every((version) => supports(version, typeAvailability["kubernetes/v2"])) ? "kubernetes/v2" : "kubernetes",
		selfContained: supports(tool.version, selfContained)
	};
}

// src/dry-run.ts
/**
* Asks what may be asked by everybody, shows what the step would do, and does nothing of it. Throws
* a Problem.
*/
async function dryRun(request) {
	const { inputs, runner, stop } = request;
	const { signal } = stop;
	const network = openHttpClient({
		env: runner.env,
		extraCaFile: inputs.extraCaFile
	});
	try {
		stop.during(`asking ${inputs.endpoint.address} for its cluster`);
		const cluster = await probeCluster(inputs, {
			network,
			signal,
			info: runner.info
		});
		stop.during("finding out which tbot there would be");
		const options = {
			...inputs,
			proxy: proxyOf(inputs.endpoint)
		};
		const tool = await previewTool(onThisMachine({
			inputs: options,
			cluster,
			network,
			directory: "",
			runner,
			signal
		}));
		await show({
			...request,
			cluster,
			tool
		});
	} finally {
		network.close();
	}
}
async function show(request) {
	const { inputs, cluster, tool, runner } = request;
	const { version } = tool;
	const { identity, obstacle } = identityOf(request);
	const plan = makePlan({
		inputs,
		identity,
		tool: {
			path: "tbot",
			source: "archive",
			...tool
		},
		serverVersion: cluster?.serverVersion,
		workdir: `${runner.env["RUNNER_TEMP"] ?? ""}/machine-id-...`,
		env: runner.env,
		debugging: runner.debugging,
		caBundle: void 0
	});
	for (const warning of plan.warnings) runner.warning("machine-id-action: ttl", warning);
	if (obstacle) runner.notice("machine-id-action", `This job could not join. ${obstacle}`);
	const secret = new Set(identity.method === "token" ? ["token"] : []);
	runner.group("Dry run: the inputs as they are understood", inputLines(runner.inputs, secret));
	runner.group("Dry run: what this step would do", story(request, identity, plan));
	const config = await renderConfig(withoutSecrets$1(plan.config, identity));
	runner.group(`Dry run: the configuration of tbot ${version}`, config.trimEnd().split("\n"));
	runner.info("Dry run: nothing was joined, nothing was issued.");
}
/** A job that could not join can see the plan all the same. */
function identityOf({ inputs, event, runner }) {
	try {
		return { identity: chooseIdentity(inputs, runner.env, event) };
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		return {
			identity: intended(inputs),
			obstacle: error.message
		};
	}
}
function intended({ joinMethod, onboarding = {} }) {
	if (joinMethod === "auto" || joinMethod === "github") return { method: "github" };
	if (joinMethod === "azure") return {
		method: "azure",
		clientId: void 0
	};
	return {
		method: joinMethod,
		onboarding
	};
}
function story({ inputs, cluster, tool }, identity, { services }) {
	const token = identity.method === "token" ? "the token given" : `the token ${inputs.token}`;
	return [
		cluster === void 0 ? `Auth Service ${inputs.endpoint.address}, which was not asked anything` : `Cluster ${cluster.name}, version ${cluster.serverVersion}, by ${inputs.endpoint.address}`,
		`Use tbot ${tool.version}${tool.fips ? ", a FIPS build" : ""}`,
		`Join by ${identity.method} with ${token}`,
		...services.map(({ name, service }) => `Issue \`${name}\` (${service.type})`),
		...services.length === 0 ? ["Issue nothing"] : []
	];
}
/** The config with what is secret in it blanked. */
function withoutSecrets$1(config, { method }) {
	const onboarding = Object.entries(config["onboarding"] ?? {}).map(([key, value]) => key === "token" && method === "token" ? [key, "***"] : [key, blanked(value)]);
	return {
		...config,
		onboarding: Object.fromEntries(onboarding)
	};
}
function blanked(value) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key) ? "***" : inner]));
}

// src/ci/github/event.ts
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

// src/methods/scalar.ts
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

// src/methods/azure.evidence.ts
const computePath = "/metadata/instance/compute?api-version=2021-02-01&format=json";
/** Milliseconds: the service is on the machine's own host. */
const retryPolicy$1 = 2e3;
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
async function probeImds(using) {
	try {
		const reply = await using.network.get(`${imdsBase(using.env)}${computePath}`, {
			signal: AbortSignal.any([using.signal, AbortSignal.timeout(retryPolicy$1)]),
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
		const [subscriptionId, resourceGroupName, vmId] = names$2.map((name) => fields.get(name));
		return isText(subscriptionId) && isText(resourceGroupName) && isText(vmId) ? {
			subscriptionId,
			resourceGroupName,
			vmId
		} : void 0;
	} catch {
		return;
	}
}
const names$2 = [
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
const imdsCommand = `curl -s --noproxy '*' -H Metadata:true 'http://169.254.169.254${computePath}'`;

// src/methods/github-allow.ts
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

// src/methods/github.evidence.ts
/** Milliseconds for the call; the run's own deadline is usually near. */
const retryPolicy = 5e3;
/** Bytes; an id token is about 2000 long. */
const longest = 65536;
/**
* Asks for an id token with an audience that nobody accepts, only to see what it says or why there
* is none. The token is masked before it is read and dropped at once. Never throws.
*/
async function requestIdToken(using) {
	if (!hasIdTokenEndpoint(using.env)) return { kind: "no-endpoint" };
	try {
		const reply = await using.network.get(requestUrl(using.env), {
			signal: AbortSignal.any([using.signal, AbortSignal.timeout(retryPolicy)]),
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
	const body = parsed$1(text);
	if (typeof body !== "object" || body === null) return { kind: "not-github" };
	const token = "value" in body ? body.value : void 0;
	if (typeof token !== "string" || token === "") return { kind: "no-token" };
	maskToken(token, mask);
	const claims = await decoded$1(token);
	return claims ? {
		kind: "claims",
		claims
	} : { kind: "no-token" };
}
function parsed$1(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
async function decoded$1(token) {
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

// src/tbot/diagnosis/evidence.ts
const noEvidence = {
	idToken: void 0,
	imds: void 0
};
/** Asks what tbot did not tell, and only when the diagnosis leaves it open. Never throws. */
async function gatherEvidence(diagnosis, context, using) {
	if (idTokenTells(diagnosis, context)) return {
		...noEvidence,
		idToken: await requestIdToken(using)
	};
	if (imdsTells(diagnosis, context)) return {
		...noEvidence,
		imds: await probeImds(using)
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

// src/tbot/diagnosis/missing.ts
/** What the cluster does not have, or does not show to the bot. */
const notFoundSigns = [
	{
		pattern: /\b((?:app|application|database|kubernetes cluster|cluster) "[^"]*") not found/i,
		cause: ([, sought = ""], text) => notFound$1(sought, text)
	},
	{
		pattern: /unable to fetch (cluster "[^"]*") by name/i,
		cause: ([, sought = ""], text) => notFound$1(`kubernetes ${sought}`, text)
	},
	{
		pattern: /workload[ _]identity "?([^\s",]+)"? (?:doesn't exist|does not exist|is not found|not found)/i,
		cause: ([, name = ""], text) => notFound$1(`workload identity "${name}"`, text)
	},
	{
		pattern: /no (?:X509|JWT) SVIDs returned/i,
		cause: (_, text) => notFound$1("workload identity", text)
	},
	{
		pattern: /multiple (?:X509|JWT) SVIDs received|matches multiple auto-discovered \w+|identities that would be issued exceeds/i,
		cause: (_, text) => ({
			...notFound$1("", text),
			several: true
		})
	}
];
function notFound$1(sought, text) {
	return {
		code: "service-not-found",
		sought,
		several: false,
		credential: credentialIn(text)
	};
}
/**
* What other services did not find, `app "wiki" (for \`application-wiki\`)` each: tbot ends with the
* first failure and logs all of them (lib/tbot/bot/bot.go).
*/
function othersMissing(log, credential) {
	const found = log.filter((line) => line.includes("exited with error")).flatMap((line) => {
		const [cause] = notFoundSigns.flatMap(({ pattern, cause: causeOf }) => {
			const match = pattern.exec(line);
			return match ? [causeOf(match, line)] : [];
		});
		if (cause?.code !== "service-not-found" || cause.credential === credential) return [];
		return [`${cause.sought} (for \`${cause.credential}\`)`];
	});
	return [...new Set(found)];
}
/** tbot names a service by its folder, which this action calls like the credential. */
function credentialIn(text) {
	return /\(directory: [^()]*[\\/]([a-z\d_+-]+)\)/.exec(text)?.[1];
}

// src/tbot/diagnosis/not-issued.ts
/** Why the cluster issued nothing: it cannot, or the bot's roles or a workload identity do not permit it. */
const notIssued = [
	{
		pattern: /attributes did not pass rule evaluation.*/i,
		cause: ([message], text) => ({
			code: "workload-identity-denied",
			reason: "rules",
			message,
			credential: credentialIn(text)
		})
	},
	{
		pattern: /templating spec\.\w+.*/i,
		cause: ([message], text) => ({
			code: "workload-identity-denied",
			reason: "template",
			message,
			credential: credentialIn(text)
		})
	},
	{
		pattern: /access to (\w+) denied\b.*/i,
		cause: ([message, kind], text) => ({
			code: "role-denied",
			message,
			...kind === void 0 ? {} : { kind },
			credential: credentialIn(text)
		})
	},
	{
		pattern: /(?:[\w ]{0,60}requires (?:\S+ )?MFA|MFA (?:\w+ )?(?:is )?required|multi-factor authentication|[\w ]{0,60}trusted device|unauthorized device|private key policy not (?:met|satisfied)).*/i,
		cause: ([message]) => ({
			code: "mfa-required",
			message
		})
	},
	unsupported("join-method", /[\w ]{0,60}joining\W+[\w ]{0,40}requires Teleport Enterprise.*/i),
	unsupported("join-method", /join method \S+ is not implemented.*|join service is not implemented for method.*|join method \S+ which is not supported by this client.*/i),
	unsupported("kubernetes", /unable to determine kubernetes address.*/i),
	unsupported("service", /(?:code = Unimplemented|unknown service \S+|unknown method \S+|method \S+ not implemented|not supported in scoped mode|[\w ]{0,60}(?:(?:requires|only available in) Teleport Enterprise|only available with an enterprise licen[cs]e)|(?:is not|isn't) licensed).*/i)
];
function unsupported(subject, pattern) {
	return {
		pattern,
		cause: ([message], text) => ({
			code: "unsupported",
			subject,
			enterprise: /enterprise/i.test(message),
			message: message.replace(/^code = Unimplemented(?: desc = )?/i, "") || message,
			credential: credentialIn(text)
		})
	};
}

// src/tbot/diagnosis/error-pattern.ts
/** Failures of a service that had answered a moment before, and may again. */
const isRetryable$1 = /connection (?:refused|reset)|broken pipe|timeout|deadline exceeded|code = Unavailable|\bEOF\b|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable/i;

// src/tbot/diagnosis/providers.ts
/**
* Services outside of the cluster. Their failures sound like those of the proxy, but most happen at
* the Auth Service, where the runner's network, clock and CA certificates have no effect.
*/
const providers = [
	{
		pattern: /(?:discovering oidc document|OpenID Provider Configuration Discovery has failed|unable to fetch key for signature validation).*/i,
		cause: ([message]) => ({
			code: "issuer-unreachable",
			untrusted: /x509|certificate/i.test(message),
			message
		}),
		retryable: (text) => isRetryable$1.test(text) && !/timeout|deadline exceeded/i.test(text)
	},
	{
		pattern: /(?:exchanging SVID|\bRoles Anywhere\b|operation error RolesAnywhere|\/\/rolesanywhere\.|AccessDeniedException).*/i,
		cause: ([message], text) => aws("roles-anywhere", message, text),
		retryable: (text) => isRetryable$1.test(text)
	},
	{
		pattern: /(?:AWS Organizations API|IAM Join attempt using an Organization|organizations:DescribeAccount).*/i,
		cause: ([message], text) => aws("organizations", message, text),
		retryable: (text) => /rate limit|throttl/i.test(text)
	},
	{
		pattern: /(?:aws sts api returned status|executing STS request|validating STS request).*/i,
		cause: ([message], text) => aws("sts", message, text),
		retryable: (text) => isRetryable$1.test(text)
	},
	{
		pattern: /(?:failed to refresh cached credentials|no EC2 IMDS role found).*/i,
		cause: ([message], text) => aws("credentials", message, text)
	},
	{
		pattern: /(?:https:\/\/management\.azure\.com\/subscriptions|Microsoft\.Compute\/|RESPONSE \d{3}\b|ERROR CODE: |(?:Azure (?:VM )?API|virtual machines?)\b.*(?:\b429\b|too many requests|throttl)).*/i,
		cause: ([message]) => ({
			code: "azure-api",
			throttled: isThrottled(message),
			message
		}),
		retryable: (text) => isThrottled(text) || isRetryable$1.test(text),
		method: "azure"
	}
];
function isThrottled(text) {
	return /\b429\b|too ?many ?requests|throttl/i.test(text);
}
function aws(reason, message, text) {
	return {
		code: "aws",
		reason,
		message,
		credential: credentialIn(text)
	};
}

// src/tbot/diagnosis/bound-keypair.ts
/** Refusals of the join method `bound_keypair` (lib/join/boundkeypair, lib/join/joinclient). */
const boundKeypair = [
	refusal("join-state", /(?:join state verification failed|previous join state is required).*/i),
	refusal("secret", /a valid registration secret is required.*/i),
	refusal("limit", /no (?:rejoins|recovery attempts|joins) (?:remaining|left).*/i),
	refusal("key", /(?:failed to complete challenge|could not lookup signer|validating challenge response).*/i),
	refusal("state", /(?:bad backend state|either an initial public key or registration secret is required).*/i),
	{
		...refusal("concurrent", /unexpected backend state.*/i),
		retryable: () => true
	}
];
function refusal(reason, pattern) {
	return {
		pattern,
		cause: ([message]) => ({
			code: "bound-keypair",
			reason,
			message
		})
	};
}

// src/tbot/diagnosis/refusals.ts
/** What makes an OIDC token unfit for a join token (lib/join/genericoidc, lib/oidc). */
const oidcDenials = [
	{
		pattern: /(?:[\w ]{0,60}no rules configured|allow_any\[\d+\]|validating must_match_fields|rules cannot be evaluated).*/i,
		cause: ([message]) => ({
			code: "claims-denied",
			reason: "unusable",
			message
		})
	},
	{
		pattern: /(?:claims matched no|incorrect value in claim|claims missing expected|field must be a \w+(?: struct)? but got|required claim attribute).*/i,
		cause: ([message]) => ({
			code: "claims-denied",
			reason: "rules",
			message
		})
	},
	{
		pattern: /(?:validating (?:with|via) \w*jwks\b.*(?:signature|cryptographic)|validating jwt signature|signature verification failed|unable to validate signature|(?<!tls: |x509: )invalid signature|error in cryptographic primitive|usable signature algorithm).*/i,
		cause: ([message]) => ({
			code: "claims-denied",
			reason: "signature",
			message
		})
	},
	{
		pattern: /(?:audience (?:is|does|claim) |invalid audience|\(aud\)).*/i,
		cause: ([message]) => ({
			code: "claims-denied",
			reason: "audience",
			message
		})
	}
];
/** Refusals of the cluster: they decide over whatever else went wrong beside them. */
const denialPatterns = [
	{
		pattern: /(?<=lock targeting ).+?(?= is in force)/i,
		cause: ([target]) => ({
			code: "locked",
			target
		})
	},
	{
		pattern: /(?:renewable )?cert(?:ificate)? generation mismatch.*/i,
		cause: ([mismatch]) => ({
			code: "locked",
			mismatch
		})
	},
	{
		pattern: /(?:[\w ]{0,80}scope config set to|scoped identit\w+ (?:is |are )?not supported|join method \S+ does not support scoping|scoped (?:bot )?tokens? (?:is|usage|do not|for bots|cannot)\b|for a scoped bot token).*/i,
		cause: ([message]) => ({
			code: "scoped-bot",
			message
		})
	},
	...boundKeypair,
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
		pattern: /id token issued by a different provider|issuer does not match/i,
		cause: () => ({
			code: "claims-denied",
			reason: "issuer"
		})
	},
	{
		pattern: /instance(?: \S+)? did not match any allow rules/i,
		cause: () => ({
			code: "azure-denied",
			reason: "rules"
		}),
		method: "azure"
	},
	{
		pattern: /did not match any allow rules/i,
		cause: () => ({
			code: "claims-denied",
			reason: "rules"
		})
	},
	...oidcDenials,
	{
		pattern: /unexpected resource type.*/i,
		cause: ([message]) => ({
			code: "azure-denied",
			reason: "resource-type",
			message
		}),
		method: "azure"
	},
	{
		pattern: /challenge is missing/i,
		cause: () => ({
			code: "azure-denied",
			reason: "challenge"
		}),
		method: "azure"
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
	},
	{
		pattern: /(?:^|, |desc = |joining (?:with token|via \w+):? )access denied(?=$|,)/i,
		cause: () => ({ code: "bot-unknown" })
	}
];
/** What the job lacks to prove who it is. */
const evidencePatterns = [
	{
		pattern: /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN) environment variable missing/,
		cause: () => ({ code: "no-id-token" })
	},
	{
		pattern: /environment variable "(\w+)" is missing|(\w+)"? environment variable missing|'(\w+)' must be present to use/i,
		cause: (match) => ({
			code: "no-identity",
			variable: match.slice(1).find(Boolean) ?? ""
		})
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
		pattern: /max rate reached|rate limit exceeded|exceeded connection limit/i,
		cause: () => ({ code: "rate-limited" }),
		retryable: () => true
	},
	{
		pattern: /throttled|too[ _]many[ _]requests|(?<![:.\d])429\b/i,
		cause: () => ({ code: "imds-throttled" }),
		retryable: () => true,
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

// src/tbot/diagnosis/error-patterns.ts
/** The machine, its clock, the versions, and what the step was given. */
const surroundings = [
	{
		pattern: /roles field is no longer supported/i,
		cause: () => ({
			code: "inputs",
			reason: "roles"
		})
	},
	{
		pattern: /static proxy address requested|TBOT_USE_PROXY_ADDR/i,
		cause: () => ({
			code: "inputs",
			reason: "proxy-address"
		})
	},
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
		pattern: /remote error: tls: expired certificate/i,
		cause: () => ({ code: "clock" })
	},
	{
		pattern: /certificate (?:has |is )?expired(?! or is not yet valid: current time \S+ is before)(?:.*?current time (\S+) is after ([^\s,]+))?|expired certificate/i,
		cause: ([, now, end]) => ({
			code: "proxy-untrusted",
			reason: "expired",
			times: now === void 0 || end === void 0 ? void 0 : {
				now,
				end
			}
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
/** lib/utils/spki.go; the first words are those of older releases. */
const pinMismatch = /certificate pin does not match cluster pin|cluster pin does not match any provided/i;
/** Between the runner and the cluster. */
const ways = [
	{
		pattern: pinMismatch,
		cause: () => ({
			code: "proxy-untrusted",
			reason: "pin"
		})
	},
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
		retryable: () => true
	},
	{
		pattern: /dial tcp|connection (?:refused|reset)|broken pipe|i\/o timeout|handshake timeout|no such host|network is unreachable|no route to host|deadline exceeded|code = Unavailable|\bEOF\b|no application protocol|not a valid proxy address|proxy authentication required|unable to proxy connection|\btls: |testing auth service connection|unable to communicate with the Teleport Auth Service|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable|gateway timeout/i,
		cause: (_, text) => ({
			code: "proxy-unreachable",
			message: text
		}),
		retryable: (text) => isRetryable$1.test(text)
	}
];
/** All signs, the most telling first: a denial beside a lost connection is a denial. */
const errorPatterns$1 = [
	...denialPatterns,
	...notFoundSigns,
	...notIssued,
	...providers,
	...evidencePatterns,
	...surroundings,
	...ways
];

// src/tbot/diagnosis/log.ts
const longestLine = 400;
/** Somebody's page in it could go on without end. */
const longestError = 8e3;
/**
* A line of text as it may be shown: without colours, control characters and whatever looks like a
* token or a private key, and not endless.
*/
function clean(line) {
	return cut(plain([line]).join(" "));
}
/** The lines of a log as they may be shown; a private key may span them. */
function cleanLog(log) {
	return plain(log).map(cut);
}
/** The lines without colours, secrets and control characters; a private key may span them. */
function plain(lines) {
	return withoutSecrets(lines.join("\n").replace(escapeSequence, "")).split("\n").map((line) => printable(line));
}
function cut(line) {
	return shortened(line, longestLine).trimEnd();
}
/**
* A text of at most so many characters. Leaves out a word that does not fit, because a part of a
* secret would not be masked.
*/
function shortened(text, longest) {
	if (text.length <= longest) return text;
	return `${text.slice(0, longest - ellipsis.length).replace(/\S*$/, "").trimEnd()}${ellipsis}`;
}
const ellipsis = " ...";
const escapeSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
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
function logTail(log) {
	return cleanLog(log).filter((line) => line !== "" && !isStackFrame(line)).slice(-20);
}
/**
* What tbot says went wrong, on one line: its last error, without colour, stack traces and the noise
* of the second way of connecting; empty when it said nothing, or nothing but noise.
*/
function errorText(log) {
	return withoutNoise(lastError(log));
}
/** The last error with its noise, on one line; empty when the log ends without one. */
function lastError(log) {
	const lines = plain(log).map(unescaped);
	const start = startOfError(lines);
	if (start === void 0) return "";
	return withoutReport(lines.slice(start).filter((line) => !isLogLine(line) && !isStackFrame(line)).join(" ")).slice(0, longestError).replace(/\s+/g, " ").replace(/^\s*ERROR:/, "").trim();
}
/** A report has the error twice, the second time with what was being done. */
function withoutReport(text) {
	if (!/^\s*ERROR REPORT:/.test(text)) return text;
	return text.replace(/^.*User Message:/, "").replace(/ERROR REPORT:|Stack Trace:|Original Error:(?:\s+\*?[\w.]+)?/g, " ");
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
/** A line that is there only because tbot was asked to say more. */
function isDebugLine(line) {
	return /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU)\w*\s/.test(clean(line));
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
function mentionsPage(text) {
	return text.includes("invalid character '<' looking for beginning of value");
}
function withoutNoise(text) {
	return text.replace(noise, " ").replace(/^(?:\s*,)+|(?:,\s*)+$/g, "").replace(/\s*,(?:\s*,)+/g, ",").replace(/\s+/g, " ").trim();
}

// src/tbot/diagnosis/diagnose.ts
/**
* Finds out from tbot's last error why it failed. Matches parts, never whole messages: tbot joins
* two causes in either order, breaks lines, and words things by its version.
*/
function diagnose(failure, context) {
	const text = errorText(failure.log);
	const beside = {
		log: logTail(failure.log),
		bot: botIn(failure.log)
	};
	const joined = beside.bot !== void 0;
	const mayTryAgain = !(joined && isSpentByJoin(context.identity));
	for (const sign of errorPatterns$1) {
		const match = sign.pattern.exec(text);
		if (match && joined && beforeJoining.has(sign.cause(match, text).code)) continue;
		if (match && (sign.method === void 0 || sign.method === context.identity.method)) return {
			...complete(unhidden(sign.cause(match, text), failure), failure),
			...beside,
			retryable: mayTryAgain && (sign.retryable?.(text) ?? false)
		};
	}
	return {
		...withoutSign(failure),
		...beside,
		retryable: false
	};
}
/** What can't be the cause once the bot has joined; a name that was asked for may sound like it. */
const beforeJoining = /* @__PURE__ */ new Set([
	"token-unknown",
	"token-method",
	"token-role",
	"claims-denied",
	"azure-denied",
	"bound-keypair",
	"bot-unknown",
	"issuer-unreachable"
]);
/**
* Where the pins of an Auth Service do not match, tbot tries its address as a proxy's, and that
* failure is all that its last error tells (lib/utils/cli.go); the pins are in the log, if anywhere.
*/
function unhidden(cause, { log }) {
	return cause.code === "proxy-untrusted" && log.some((line) => pinMismatch.test(line)) ? {
		...cause,
		reason: "pin"
	} : cause;
}
/** Those who have to ask for several things should not have to ask one by one. */
function complete(cause, { log }) {
	return cause.code === "service-not-found" ? {
		...cause,
		others: othersMissing(log.map(clean), cause.credential)
	} : cause;
}
function withoutSign({ exit, log }) {
	const words = lastError(log);
	if (words === "" && exit.kind === "code" && log.some(isForeignBinary)) return {
		code: "platform",
		reason: "binary"
	};
	return {
		code: "tbot",
		exit,
		message: words || crash(log),
		page: mentionsPage(words)
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

// src/tbot/diagnosis/message.ts
/** The cluster as the beginning of a sentence; it has no name before the join by an Auth Service. */
function clusterOf({ cluster }) {
	return cluster === void 0 ? "The cluster" : `The cluster ${cluster}`;
}
/** The join token in a sentence; its name is left out where it is a secret. */
function joinToken({ token }) {
	return token === void 0 ? "join token" : `join token \`${token}\``;
}
/** The join token as `tctl` names it. */
function tokenRef({ token }) {
	return `token/${token ?? "NAME"}`;
}
/** Another program's message as the end of a sentence of ours. */
function sentence$1(message) {
	const text = message.replace(/rpc error: code = \w+ desc = /g, "").replace(/^(?:(?:building|initializing) identity service|joining with token|[:\s])+/, "").trim();
	const short = shortened(text, 300);
	return /[.!?]$/.test(short) ? short : `${short}.`;
}

// src/tbot/diagnosis/messages/bound-keypair.ts
/** The key pair, the secret or the state of a `bound_keypair` token does not fit. */
function boundKeypairText({ reason, message }, { context }) {
	return {
		what: `The ${joinToken(context)} ${happened[reason]}: ${sentence$1(message)}`,
		fix: fixOf(reason, tokenRef(context))
	};
}
const happened = {
	"join-state": "requires the join state of the previous join, which this action does not keep",
	secret: "did not accept the registration secret of this job",
	limit: "permits no more joins",
	key: "is bound to another key pair than that of this job",
	state: "is not in a state that permits a join",
	concurrent: "was used by another job at the same time"
};
function fixOf(reason, token) {
	const edit = `Ask the Teleport administrator to run ${command("tctl", "edit", token)}`;
	switch (reason) {
		case "join-state": return `${edit} and to set \`spec.bound_keypair.recovery.mode\` to \`insecure\`, and to remove a lock on the token, if ${command("tctl", "get", "locks")} shows one.`;
		case "secret": return "Set `TBOT_REGISTRATION_SECRET` to the registration secret of the token; it is good for one join and can expire, so jobs that run again need a static key (`TBOT_BOUND_KEYPAIR_STATIC_KEY`).";
		case "limit": return `${edit} and to raise \`spec.bound_keypair.recovery.limit\`, or to set \`recovery.mode\` to \`insecure\`.`;
		case "key": return `Set \`TBOT_BOUND_KEYPAIR_STATIC_KEY\`, or \`static_private_key_path\` in \`onboarding\`, to the private key that belongs to the public key in ${command("tctl", "get", token)}.`;
		case "state": return `Ask the Teleport administrator to remove the token with ${command("tctl", "rm", token)} and to create it again.`;
		case "concurrent": return "Run the job again, or give each job that runs at the same time its own join token.";
		default: return reason;
	}
}

// src/tbot/diagnosis/messages/oidc-token.ts
/** The join token and the job's OIDC token do not fit together, whatever the rules say. */
function oidcTokenText(reason, message, about) {
	const { context } = about;
	const { method } = context.identity;
	const edit = command("tctl", "edit", tokenRef(context));
	switch (reason) {
		case "issuer": return issuerText$1(about);
		case "unusable": return {
			what: `The rules of the ${joinToken(context)} cannot be used: ${sentence$1(message)}`,
			fix: `Ask the Teleport administrator to run ${edit} and to correct the rules in \`spec.${method}\`.`
		};
		case "signature": return {
			what: `The signature of this job's OIDC token does not match the keys of the ${joinToken(context)}: ${sentence$1(message)}`,
			fix: `Ask the Teleport administrator to run ${edit} and to replace \`static_jwks\` in \`spec.${method}\` by the current keys of the issuer, or to remove it so that the Auth Service fetches them.`
		};
		case "audience": return {
			what: `The audience of this job's OIDC token is not the one that the ${joinToken(context)} requires: ${sentence$1(message)}`,
			fix: `Request the OIDC token for the audience that the join token requires: the name of the cluster, unless ${command("tctl", "get", tokenRef(context))} shows another \`audience\`.`
		};
		default: return reason;
	}
}
function issuerText$1({ context }) {
	const { job, identity } = context;
	const edit = command("tctl", "edit", tokenRef(context));
	const what = `The ${joinToken(context)} expects id tokens of another issuer than this job's`;
	if (identity.method !== "github") return {
		what: `${what}.`,
		fix: `Run ${edit} and correct the issuer in \`spec.${identity.method}\`.`
	};
	return {
		what: `${what} GitHub.`,
		fix: job.enterpriseServer ? `Run ${edit} and set \`spec.github.enterprise_server_host\` to \`${job.enterpriseServer}\` (this needs Teleport Enterprise).` : `Run ${edit} and remove \`enterprise_server_host\` under \`spec.github\`, or correct \`enterprise_slug\`.`
	};
}

// src/tbot/diagnosis/messages/denied.ts
/** The token is known and none of its rules fits. */
function deniedMessage(cause, about) {
	switch (cause.code) {
		case "claims-denied": return cause.reason === "rules" ? claimsText(cause.message, about) : oidcTokenText(cause.reason, cause.message ?? "", about);
		case "azure-denied": return azureText$1(cause, about);
		default: return cause;
	}
}
function azureText$1({ reason, message = "" }, about) {
	switch (reason) {
		case "rules": return machineText(about);
		case "machine": return strangerText();
		case "resource-type": return {
			what: `The managed identity belongs to an Azure resource that Teleport does not accept: ${sentence$1(message)}`,
			fix: "Run the job on a virtual machine or in a scale set, or use a join token for another join method, such as `github`."
		};
		case "challenge": return {
			what: "The attested document that Azure gave this machine does not contain the challenge of this join.",
			fix: "Run the job again; if it fails again, let the job reach 169.254.169.254 directly, without a proxy or a cache."
		};
		default: return reason;
	}
}
function claimsText(message, { context, evidence }) {
	const { job } = context;
	const what = message === void 0 ? `The cluster knows the ${joinToken(context)}, and none of its rules lets this job in.` : `The rules of the ${joinToken(context)} do not match this job: ${sentence$1(message)}`;
	const show = command("tctl", "get", tokenRef(context));
	if (evidence.idToken?.kind !== "claims") return {
		what,
		fix: `Compare the rules of ${show} with ${claimed(context.identity.method)}.`
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
		fix: `If this job may join, run ${command("tctl", "edit", tokenRef(context))} and add the entry below to \`spec.github.allow\`.`,
		details: [
			...details,
			...entry.notes,
			...foreignCode(job.eventName)
		],
		paste: entry.lines.join("\n")
	};
}
/** What the rules of a method are about. */
function claimed(method) {
	if (method === "github") return "this job's repository, ref, workflow and environment";
	return ofMachine.has(method) ? "the identity of the machine that this job runs on" : "the claims of the id token that this job joins with";
}
const ofMachine = /* @__PURE__ */ new Set([
	"iam",
	"gcp",
	"kubernetes",
	"oracle",
	"tpm"
]);
/** Events whose jobs have the rights of the base repository and may run a stranger's code. */
function foreignCode(eventName) {
	return /^(?:pull_request_target|workflow_run|issue_comment)$/.test(eventName ?? "") ? [`A job started by \`${eventName}\` has the claims of the default branch although strangers can start it: it should not run their code.`] : [];
}
function machineText({ context, evidence }) {
	const { job } = context;
	const what = `The cluster knows the ${joinToken(context)}, and none of its rules lets this Azure machine in.`;
	const edit = command("tctl", "edit", tokenRef(context));
	if (evidence.imds?.kind === "machine" && !job.publicRepository) return {
		what,
		fix: `If every job on this machine may join, run ${edit} and add the entry below to \`spec.azure.allow\`.`,
		paste: azureAllowEntry(evidence.imds.machine).join("\n")
	};
	return {
		what,
		fix: `Compare \`spec.azure.allow\` of ${command("tctl", "get", tokenRef(context))} with the subscription and the resource group of the machine, which the command below tells.`,
		details: [`On the machine itself, not in a workflow whose log is public: ${imdsCommand}`, "The resource group is the machine's, not the identity's."]
	};
}
function strangerText() {
	return {
		what: "The cluster could not match the managed identity with the machine that used it.",
		fix: "Assign the identity to this very machine; a cluster before 17 also needs it to have `Microsoft.Compute/virtualMachines/read` on the machine."
	};
}

// src/tbot/diagnosis/messages/program.ts
/** tbot itself and the machine it runs on. */
function programMessage(cause, { context }) {
	const { tbotVersion } = context;
	switch (cause.code) {
		case "inputs": return inputsText(cause.reason, tbotVersion);
		case "version": return versionText(cause, context);
		case "ttl": return {
			what: `tbot ${tbotVersion} refused the lifetime of the certificates: ${sentence$1(cause.message)}`,
			fix: "Give a shorter `certificate-ttl`; without it, an hour is asked for."
		};
		case "platform": return platform[cause.reason];
		case "tbot": return {
			what: `tbot ${tbotVersion} ${ended$1(cause.exit)}${cause.message ? `: ${sentence$1(cause.message)}` : "."}`,
			fix: outOfMemory(cause.exit) ? "The machine has probably run out of memory: give it more, or run fewer jobs on it at once." : "Read the end of tbot's log below; run the job again with debug logging to see more."
		};
		default: return cause;
	}
}
function inputsText(reason, tbotVersion) {
	if (reason === "roles") return {
		what: `tbot ${tbotVersion} does not accept \`roles\` in \`services\`, which Teleport 19 removed.`,
		fix: "Remove `roles` from every entry of `services`: each credential then has all roles of the bot."
	};
	return {
		what: "`TBOT_USE_PROXY_ADDR` requires the address of a proxy, but tbot was given that of an Auth Service.",
		fix: "Set `proxy` instead of `auth-server`, or do not set `TBOT_USE_PROXY_ADDR` where tbot is started."
	};
}
function versionText({ minimum, message }, { endpoint, tbotVersion }) {
	const match = matching[endpoint.kind];
	if (minimum !== void 0) return {
		what: `The cluster takes tbot ${minimum} or newer, and this is tbot ${tbotVersion}.`,
		fix: `${match}, or give \`version\` at least ${minimum}.`
	};
	if (/fips mode/i.test(message)) return {
		what: `This tbot ${tbotVersion} is no FIPS build, and was to run as one.`,
		fix: "Bring a FIPS build, leave `tbot-path` and `version: installed` out to have one downloaded, or take `fips: true` away."
	};
	if (/client version/.test(message)) return {
		what: `The cluster does not take tbot ${tbotVersion}.`,
		fix: `${match}.`
	};
	return {
		what: `tbot ${tbotVersion} did not understand the configuration it was given: ${sentence$1(message)}`,
		fix: `${match}; if it is so already, this is a mistake of the action: please report it.`
	};
}
const matching = {
	proxy: "Leave `version` and `tbot-path` out, so that tbot is of the version of the cluster",
	"auth-server": "Give as `version` that of the cluster (`tctl status` shows it)"
};
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
function ended$1(exit) {
	return exit.kind === "signal" ? `was ended by ${exit.signal}` : `ended with exit code ${exit.code}`;
}
/** A shell between us and tbot tells a signal as 128 and its number. */
function outOfMemory(exit) {
	return exit.kind === "signal" ? exit.signal === "SIGKILL" : exit.code === 137;
}

// src/tbot/diagnosis/messages/evidence.ts
/** The job could not get the proof of who it is. */
function evidenceMessage(cause, { context, evidence }) {
	switch (cause.code) {
		case "no-identity": return {
			what: `tbot did not find the proof of identity of the join method \`${context.identity.method}\`: the variable ${cause.variable} is not set.`,
			fix: "Set it in the `env:` of the step, or choose another `join-method`."
		};
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

// src/tbot/diagnosis/messages/provider.ts
/** The OIDC issuer, AWS or Azure: outside of the cluster. */
function providerText(cause, about) {
	switch (cause.code) {
		case "issuer-unreachable": return issuerText(cause, about);
		case "aws": return awsText(cause, about);
		case "azure-api": return azureText(cause);
		default: return cause;
	}
}
/** Methods whose token can hold the keys of the issuer (documentation, "Join Methods"). */
const withStaticKeys = /* @__PURE__ */ new Set([
	"github",
	"gitlab",
	"kubernetes",
	"generic_oidc"
]);
function issuerText({ untrusted, message }, { context }) {
	const otherwise = withStaticKeys.has(context.identity.method) ? `, or to set \`static_jwks\` with ${command("tctl", "edit", tokenRef(context))}` : "";
	if (untrusted) return {
		what: `The Auth Service does not trust the certificate of the issuer of this job's OIDC token: ${sentence$1(message)}`,
		fix: `Ask the Teleport administrator to install the CA certificate of the issuer on the host of the Auth Service${otherwise}; CA certificates on the runner have no effect.`
	};
	return {
		what: `The Auth Service could not reach the issuer of this job's OIDC token: ${sentence$1(message)}`,
		fix: `Ask the Teleport administrator to let the host of the Auth Service reach the issuer (DNS, firewall, HTTP proxy)${otherwise}; the network of the runner has no effect.`
	};
}
function awsText({ reason, message, credential }, { context }) {
	const words = sentence$1(message);
	switch (reason) {
		case "roles-anywhere": return rolesAnywhereText(words, credential);
		case "organizations": return {
			what: `The Auth Service could not ask AWS Organizations about this job's account: ${words}`,
			fix: `Run the job again later; if it fails again, ask the Teleport administrator to allow the Auth Service \`organizations:DescribeAccount\`, or to use \`aws_account\` in the rules of the ${joinToken(context)}.`
		};
		case "sts": return {
			what: `The Auth Service could not verify this job's AWS identity with AWS STS: ${words}`,
			fix: "Check that the AWS credentials of the job have not expired, and that the Auth Service can reach AWS STS."
		};
		case "credentials": return {
			what: `tbot found no AWS credentials to join with: ${words}`,
			fix: "Get AWS credentials in an earlier step, or run the job on an EC2 instance with an instance profile."
		};
		default: return reason;
	}
}
function rolesAnywhereText(words, credential) {
	const what = `AWS IAM Roles Anywhere issued no credentials${credential === void 0 ? "" : ` for \`${credential}\``}: ${words}`;
	if (/denied|untrusted|status(?: ?code)?: 4\d\d/i.test(words)) return {
		what,
		fix: "Compare `trust_anchor_arn`, `profile_arn` and `role_arn` in `services` with AWS: the trust anchor must hold the SPIFFE CA certificate of the cluster, and the trust policy of the role must allow the SPIFFE ID."
	};
	return {
		what,
		fix: "Check `region` in `services`, and let the runner reach `rolesanywhere.REGION.amazonaws.com`."
	};
}
function azureText({ throttled, message }) {
	if (throttled) return {
		what: `The Azure API limits the requests of the Auth Service: ${sentence$1(message)}`,
		fix: "Run the job again later, and start fewer jobs at once; a cluster before 17 asks this API at every join, so updating it helps too."
	};
	return {
		what: `The Auth Service could not look up this machine in the Azure API: ${sentence$1(message)}`,
		fix: "Give the managed identity `Microsoft.Compute/virtualMachines/read` on the machine, and let the Auth Service reach `management.azure.com`."
	};
}

// src/tbot/diagnosis/messages/rights.ts
/** The bot joined, or would have, and may not have what it asks for. */
function rightsMessage(cause, about) {
	switch (cause.code) {
		case "no-roles": return noRoles(about);
		case "role-denied": return cause.kind === void 0 ? roleDenied(cause.message, about) : kindDenied(cause.kind, cause, about);
		case "mfa-required": return {
			what: `The cluster requires MFA, a trusted device or a hardware key, which a bot cannot provide: ${sentence$1(cause.message)}`,
			fix: `Ask the Teleport administrator for roles without \`require_session_mfa\` and \`device_trust_mode\` for the bot, and to check the same settings in ${command("tctl", "get", "cluster_auth_preference")}.`
		};
		case "locked": return locked(cause);
		default: return cause;
	}
}
function locked(cause) {
	const remove = `look for the lock in ${command("tctl", "get", "locks")} and remove it with ${command("tctl", "rm", "locks/ID")}.`;
	if ("target" in cause) return {
		what: `The cluster has locked ${cause.target}.`,
		fix: `Find out why, then ${remove}`
	};
	return {
		what: `The same certificate of the bot was used in two places, so Teleport locked the bot: ${sentence$1(cause.mismatch)}`,
		fix: `Find out whether the certificate was stolen or several jobs share it, then ${remove}`
	};
}
/** A role that has the right labels is missing, or another one denies it. */
function kindDenied(kind, { message, credential }, about) {
	const labels = kind.startsWith("kube") ? "kubernetes_labels" : `${kind}_labels`;
	return {
		what: `The roles of the bot do not give access to the ${kind}${credential === void 0 ? "" : ` for \`${credential}\``}: ${sentence$1(message)}`,
		fix: `Ask the Teleport administrator to give the bot a role whose \`${labels}\` match the labels of the resource, and to check that none of its roles denies it (${command("tctl", "get", `bot/${nameOf(about)}`)}).`
	};
}
function roleDenied(message, about) {
	if ((about.context.askedRoles ?? []).filter((role) => names$1(message, role)).length > 0) return {
		what: `\`roles\` in \`services\` asks for what the bot can't have: ${sentence$1(message)}`,
		fix: `Correct \`roles\`, or leave it out: a service can have some of the bot's own roles (${command("tctl", "bots", "ls")}) and no other.`
	};
	return {
		what: `The cluster did not let the bot use its roles: ${sentence$1(message)}`,
		fix: `Compare the bot's roles (${command("tctl", "bots", "ls")}) with those that exist (${command("tctl", "get", "roles")}), and give it what is missing with ${command("tctl", "bots", "update", nameOf(about), "--add-roles=ROLE")}.`,
		details: whereTheNameIs(about)
	};
}
/** As a word of its own: `dev` is not meant by `developer`. */
function names$1(message, role) {
	const escaped = role.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
	return new RegExp(`(?<![\\w.:@/+-])${escaped}(?![\\w@/+-]|[.:]\\w)`).test(message);
}
function noRoles(about) {
	return {
		what: "The bot joined and can be issued nothing: it has no roles.",
		fix: `Run ${command("tctl", "bots", "update", nameOf(about), "--add-roles=ROLE")} with a role that may do what this job is for.`,
		details: [...whereTheNameIs(about), "A bot made as in Teleport's guide has no roles; for a test of the connection alone, give `services: '[]'`, in quotes."]
	};
}
function nameOf({ bot }) {
	return bot ?? "NAME";
}
function whereTheNameIs({ bot, context }) {
	if (bot === void 0 && context.token === void 0) return [`${command("tctl", "bots", "ls")} shows the names of the bots.`];
	return bot === void 0 ? [`NAME is \`bot_name\` in ${command("tctl", "get", tokenRef(context))}.`] : [];
}

// src/tbot/diagnosis/messages/unsupported.ts
/** The version, the licence or the set-up of the cluster lacks what was asked for. */
function unsupportedText(cause, about) {
	switch (cause.subject) {
		case "join-method": return cause.enterprise ? licenceText(cause, about) : methodText(cause, about);
		case "kubernetes": return {
			what: `The proxy ${about.context.endpoint.address} announces no address for Kubernetes: ${sentence$1(cause.message)}`,
			fix: "Ask the Teleport administrator to enable Kubernetes access on the proxy, or leave the Kubernetes credentials out of `services`."
		};
		case "service": return issueText(cause, about);
		default: return cause.subject;
	}
}
function licenceText({ message }, { context }) {
	const github = context.identity.method === "github" && context.job.enterpriseServer === void 0 ? ` For jobs on github.com, remove \`enterprise_server_host\` and \`enterprise_slug\` in ${command("tctl", "edit", tokenRef(context))}.` : "";
	return {
		what: `${clusterOf(context)} needs Teleport Enterprise to let this job join by ${context.identity.method}: ${sentence$1(message)}`,
		fix: `Ask the Teleport administrator for a Teleport Enterprise licence, or use a join token for another join method.${github}`
	};
}
function methodText({ message }, { context }) {
	return {
		what: `${clusterOf(context)} does not support the join method \`${context.identity.method}\`: ${sentence$1(message)}`,
		fix: "Ask the Teleport administrator to update the cluster, or use a join token for another join method."
	};
}
function issueText({ enterprise, message, credential }, { context }) {
	const asked = credential === void 0 ? " for" : ` for \`${credential}\``;
	return {
		what: `${clusterOf(context)} can't issue what was asked${asked}: ${sentence$1(message)}`,
		fix: enterprise ? "Ask the Teleport administrator for a Teleport Enterprise licence, or leave that service out." : "Ask who runs the cluster whether its version and its licence have this, or leave that service out."
	};
}

// src/tbot/diagnosis/messages/service.ts
/** The bot joined, and one of the credentials could not be issued. */
function serviceMessage(cause, about) {
	const credential = cause.credential === void 0 ? " for" : ` for \`${cause.credential}\``;
	switch (cause.code) {
		case "service-not-found": return withOthers(cause.several ? several(credential) : notFound(cause.sought, credential, about.bot), cause.others ?? []);
		case "workload-identity-denied": return workloadIdentity(cause);
		case "unsupported": return unsupportedText(cause, about);
		default: return cause;
	}
}
function workloadIdentity({ reason, message, credential }) {
	const of = credential === void 0 ? "" : ` of \`${credential}\``;
	const resource = command("tctl", "get", "workload_identity");
	if (reason === "rules") return {
		what: `The rules of the workload identity${of} do not match this job: ${sentence$1(message)}`,
		fix: `Ask the Teleport administrator to compare \`spec.rules\` in ${resource} with the claims of this job and the name of the bot.`
	};
	return {
		what: `A template of the workload identity${of} uses an attribute that this job does not have: ${sentence$1(message)}`,
		fix: `Ask the Teleport administrator to correct \`spec.spiffe\` in ${resource}, or join by the method that provides the attribute.`
	};
}
function withOthers(text, others) {
	if (others.length === 0) return text;
	return {
		...text,
		details: [`Not found either: ${others.join(", ")}.`, ...text.details ?? []]
	};
}
function several(credential) {
	return {
		what: `More than one resource of the cluster is meant by what was asked${credential}, and one alone can be issued.`,
		fix: "Give the full name, or labels that a single one has."
	};
}
function notFound(sought, credential, bot) {
	return {
		what: `The cluster shows the bot no ${sought}, which was asked${credential}.`,
		fix: `Compare the name with ${kindOf(sought).list}; if it is there, a role of the bot (${command("tctl", "get", `bot/${bot ?? "NAME"}`)}) must let it be seen and used.`,
		details: [`To see it, a role needs \`list\` and \`read\` on its kind under \`rules\`, and its labels in \`${kindOf(sought).labels}\`.`]
	};
}
/** How tctl lists such resources, and what a role calls their labels (api/types/role.go). */
function kindOf(sought) {
	if (/^app/i.test(sought)) return {
		list: command("tctl", "apps", "ls"),
		labels: "app_labels"
	};
	if (/^database/i.test(sought)) return {
		list: command("tctl", "db", "ls"),
		labels: "db_labels"
	};
	if (/^workload/i.test(sought)) return {
		list: command("tctl", "get", "workload_identity"),
		labels: "workload_identity_labels"
	};
	return {
		list: command("tctl", "kube", "ls"),
		labels: "kubernetes_labels"
	};
}

// src/tbot/diagnosis/resource.ts
/** A whole `kind: token` that would let this job in: YAML for `tctl create`. */
function tokenResource(about) {
	const { context } = about;
	const { method } = context.identity;
	const server = method === "github" ? context.job.enterpriseServer : void 0;
	return [
		"kind: token",
		"version: v2",
		"metadata:",
		`  name: ${yamlScalar(context.token ?? "NAME")}`,
		"spec:",
		"  roles: [Bot]",
		"  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names",
		`  join_method: ${method}`,
		`  ${method}:`,
		...server === void 0 ? [] : [`    enterprise_server_host: ${yamlScalar(server)}`],
		...rulesOf(about)
	].join("\n");
}
/** A rule is a matter of the method; where this action can't write one, the reader does. */
function rulesOf(about) {
	const { method } = about.context.identity;
	if (method !== "github" && method !== "azure") return ["    # the rules of this join method"];
	return ["    allow:", ...allowLines(method, about).map((line) => `      ${line}`)];
}
function allowLines(method, { context, evidence }) {
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

// src/tbot/diagnosis/messages/token.ts
/** The join token itself is missing or is another kind of token. */
function tokenMessage(cause, about) {
	switch (cause.code) {
		case "token-unknown": return unknown(about);
		case "token-method": return otherMethod(cause.supported, about);
		case "token-role": return otherRole(about);
		case "bot-unknown": return otherBot(about);
		case "scoped-bot": return scopedBot(cause.message, about);
		default: return cause;
	}
}
function unknown(about) {
	const { context } = about;
	if (context.token === void 0) return spent(about);
	return {
		what: `${clusterOf(context)} has no ${joinToken(context)}: the name is wrong, or the token has expired or was deleted.`,
		fix: `Compare the name with ${command("tctl", "tokens", "ls")}; to make the token, save the resource below as token.yaml, put in the name of the bot, and run ${command("tctl", "create", "token.yaml")}.`,
		details: whyNoEntry(about),
		paste: tokenResource(about)
	};
}
/** Of the method `token`: its name is the secret, and who made one guessable would let everybody in. */
function spent({ context }) {
	return {
		what: `${clusterOf(context)} does not take the join token: it was used already, has expired or was deleted, or it is not the right one.`,
		fix: "Ask who made it for a new one; each is good for one join. A job that runs again and again needs a join method without a secret, such as `github`."
	};
}
function whyNoEntry({ evidence }) {
	if (evidence.idToken?.kind !== "claims") return [];
	const entry = allowEntry(evidence.idToken.claims);
	return entry.kind === "none" ? [entry.why] : entry.notes;
}
function otherMethod(supported, { context }) {
	const { identity } = context;
	const other = supported === void 0 ? "another join method" : `the join method ${supported}`;
	const here = supported === "github" || supported === "azure";
	const look = `(${command("tctl", "get", tokenRef(context))} shows it)`;
	return {
		what: `The ${joinToken(context)} is for ${other}, and this job joins by ${identity.method}.`,
		fix: `Name a token whose \`join_method\` is ${identity.method} ${look}${here ? `, or give \`join-method: ${supported}\`` : ""}.`
	};
}
function otherRole({ context }) {
	return {
		what: `The ${joinToken(context)} does not let bots join: its \`roles\` lack \`Bot\`.`,
		fix: `Name a token that was made for a bot, or run ${command("tctl", "edit", tokenRef(context))} and set the lines below.`,
		paste: "spec:\n  roles: [Bot]\n  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names"
	};
}
/** tbot joins for a scoped bot only with the root key `scoped`, which this action does not set. */
function scopedBot(message, { context }) {
	return {
		what: `The ${joinToken(context)} or its bot belongs to a scope, which this action does not support: ${sentence$1(message)}`,
		fix: "Set `token` to a join token without a scope, of a bot without a scope. Scoped bots are experimental in Teleport and need settings of tbot that this action does not offer."
	};
}
/** Teleport says no more than that access is denied (lib/auth/bot.go). */
function otherBot({ context }) {
	return {
		what: `The ${joinToken(context)} names a bot that does not exist, or that was deleted (access denied).`,
		fix: `Ask the Teleport administrator to compare \`bot_name\` in ${command("tctl", "get", tokenRef(context))} with ${command("tctl", "bots", "ls")}, and to correct the token or create the bot with ${command("tctl", "bots", "add", "NAME")}.`
	};
}

// src/tbot/diagnosis/messages/auth-server.ts
/** tbot came to no end with the Auth Service, or with the proxy that the Auth Service names. */
function authServerUnreachable({ address }, message) {
	const what = `tbot could not connect to the cluster at the Auth Service ${address}: ${sentence$1(message)}`;
	if (/no such host|lookup \S+/.test(message)) return {
		what,
		fix: "Correct `auth-server`, or the DNS of the runner, so that the name resolves."
	};
	return {
		what,
		fix: "Check that an Auth Service listens there (its own port, usually 3025, not the port of a proxy), and let the runner reach it, and the public address of the proxy, too, for SSH and Kubernetes; where it can reach a proxy alone, give `proxy` instead."
	};
}
const renew = "Compare `ca-pins` with what `tctl status` shows; after a rotation of the host authority it is another one. If a proxy is at that address, give it as `proxy`.";
/** What answers is not known by the pins. */
function authServerUntrusted({ address, caPins }, reason) {
	const none = caPins.length === 1 ? "is not the pin" : "are not the pins";
	if (reason === "pin") return {
		what: `\`ca-pins\` ${none} of the cluster behind ${address}.`,
		fix: renew
	};
	return {
		what: `tbot does not trust what answers at ${address}: \`ca-pins\` ${none} of its authority, or it is no Auth Service.`,
		fix: renew
	};
}

// src/tbot/diagnosis/messages/endpoint.ts
/** Between the runner and the cluster. */
function endpointMessage(cause, { context }) {
	const { endpoint } = context;
	switch (cause.code) {
		case "proxy-unreachable": return unreachable(endpoint, cause.message);
		case "proxy-untrusted": return cause.reason === "expired" ? expired(endpoint, cause.times) : untrusted(endpoint, cause.reason);
		case "rate-limited": return {
			what: `${names[endpoint.kind]} ${endpoint.address} takes no more requests from this address for the moment.`,
			fix: "Run the job again, and start fewer jobs at once behind one address."
		};
		case "clock": return {
			what: "A proof or a certificate was not valid at the time the other side has: two clocks differ.",
			fix: "Set the clock of the runner (`timedatectl status`) and, where you host Teleport yourself, that of its Auth Service."
		};
		default: return cause;
	}
}
const names = {
	proxy: "The proxy",
	"auth-server": "The Auth Service"
};
function unreachable(endpoint, message) {
	if (/proxy authentication required|unable to proxy connection: 407/i.test(message)) return {
		what: `The HTTP proxy between the runner and ${endpoint.address} requires authentication (HTTP 407): ${sentence$1(message)}`,
		fix: "Put the user name and the password into HTTPS_PROXY (`http://USER:PASSWORD@HOST:PORT`), or add the host of the cluster to NO_PROXY."
	};
	if (endpoint.kind === "auth-server") return authServerUnreachable(endpoint, message);
	const what = `tbot could not connect to the cluster through ${endpoint.address}: ${sentence$1(message)}`;
	if (/no application protocol/.test(message)) return {
		what,
		fix: "Let the load balancer in front of the proxy pass TLS through with its ALPN protocols, or enable its support in Teleport (\"TLS routing\")."
	};
	if (/\btls: /i.test(message)) return {
		what: `The TLS handshake with ${endpoint.address} failed: ${sentence$1(message)}`,
		fix: "Let load balancers and HTTP proxies in front of Teleport pass TLS through, and check that `proxy` is the address of the Teleport Proxy."
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
function expired({ address }, times) {
	const what = `The certificate of ${address} has expired`;
	return {
		what: times ? `${what}: it ended at ${times.end}, and the clock of the runner shows ${times.now}.` : `${what}.`,
		fix: "Ask the Teleport administrator to renew it; if it is still valid, set the clock of the runner (`timedatectl status`)."
	};
}
function untrusted(endpoint, reason) {
	if (endpoint.kind === "auth-server") return authServerUntrusted(endpoint, reason);
	if (reason === "name") return {
		what: `The certificate of ${endpoint.address} is for another name.`,
		fix: "Give as `proxy` a name that the certificate holds."
	};
	return {
		what: `tbot does not trust the certificate of ${endpoint.address}: it does not know the authority that signed it.`,
		fix: "Give `extra-ca-file` the path of a PEM file with the certificate of that authority."
	};
}

// src/tbot/diagnosis/problem.ts
/** What the user is told. Nothing that looks like a secret comes through. */
function problemOf(diagnosis, context, evidence) {
	const text = textOf(diagnosis.code, diagnosis, {
		context,
		evidence,
		bot: diagnosis.bot
	});
	return new Problem(presentable({
		...text,
		code: diagnosis.code
	}, diagnosis.log, context));
}
const texts = {
	"token-unknown": tokenMessage,
	"token-method": tokenMessage,
	"token-role": tokenMessage,
	"bot-unknown": tokenMessage,
	"scoped-bot": tokenMessage,
	"claims-denied": deniedMessage,
	"azure-denied": deniedMessage,
	"bound-keypair": boundKeypairText,
	"issuer-unreachable": providerText,
	aws: providerText,
	"azure-api": providerText,
	"no-identity": evidenceMessage,
	"no-id-token": evidenceMessage,
	"id-token-refused": evidenceMessage,
	"no-imds": evidenceMessage,
	"imds-no-identity": evidenceMessage,
	"imds-several-identities": evidenceMessage,
	"imds-throttled": evidenceMessage,
	"azure-egress": evidenceMessage,
	"no-roles": rightsMessage,
	"role-denied": rightsMessage,
	"mfa-required": rightsMessage,
	locked: rightsMessage,
	"service-not-found": serviceMessage,
	"workload-identity-denied": serviceMessage,
	unsupported: serviceMessage,
	"proxy-unreachable": endpointMessage,
	"proxy-untrusted": endpointMessage,
	"rate-limited": endpointMessage,
	clock: endpointMessage,
	inputs: programMessage,
	version: programMessage,
	ttl: programMessage,
	platform: programMessage,
	tbot: programMessage
};
function textOf(code, cause, about) {
	return texts[code](cause, about);
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
/** Makes a whole log fit to be shown, as one text: a private key spans several lines. */
function presentableLog(log, context) {
	return cleanLog(log).map(presentableLine(context));
}

// src/tbot/diagnosis/refine.ts
/** The diagnosis in the light of the evidence: what passes by itself, and what tbot misnamed. */
function refine(diagnosis, { idToken, imds }) {
	const { log, bot } = diagnosis;
	if (diagnosis.code === "id-token-refused") return {
		...diagnosis,
		retryable: idToken !== void 0 && isRetryable(idToken)
	};
	if (diagnosis.code === "tbot" && idToken && !toldNothing.has(idToken.kind)) return {
		code: "id-token-refused",
		log,
		bot,
		retryable: isRetryable(idToken)
	};
	if (diagnosis.code === "no-imds" && imds?.kind === "status" && imds.status === 429) return {
		code: "imds-throttled",
		log,
		bot,
		retryable: true
	};
	if (diagnosis.code === "no-imds" && imds) return {
		...diagnosis,
		retryable: isRetryable(imds) && imds.kind !== "unreachable"
	};
	return diagnosis;
}
/** Answers that leave it open what sent tbot a page. */
const toldNothing = /* @__PURE__ */ new Set(["claims", "no-endpoint"]);
function isRetryable(answer) {
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

// src/tbot/diagnosis/explain.ts
/**
* Explains a failed tbot. Asks GitHub for the job's claims, or Azure for the machine, only where
* tbot's words leave open what the user has to know. Never throws.
*/
async function explain(failure, context, using) {
	const first = diagnose(failure, context);
	const evidence = await gatherEvidence(first, context, using);
	const diagnosis = refine(first, evidence);
	return {
		problem: problemOf(diagnosis, context, evidence),
		retryable: diagnosis.retryable
	};
}

// src/services/verify/secrets.ts
/** A private key in PEM, also one that is cut short, even where another block follows. */
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----|$)/gs;
/** A key or a token on one line: of a kubeconfig, and of AWS's shared credentials file. */
const oneLine = /^[ \t-]*(?:client-key-data|token|aws_access_key_id|aws_secret_access_key|aws_session_token)\s*[:=]\s*["']?([^\s"']+)/gm;
const jwt = /(?<![\w-])eyJ[\w-]*\.[\w-]+\.[\w-]+/g;
/** A shorter text could be any word, and would mask half of the log. */
const shortest = 8;
/**
* All that must not be seen of a file that tbot wrote, line by line, because masks are for single
* lines.
*/
function secretsIn(text) {
	const keys = [...text.matchAll(privateKey)].flatMap(([, body = ""]) => body.split("\n"));
	const lines = [...text.matchAll(oneLine)].map(([, value = ""]) => value);
	const tokens = [...text.matchAll(jwt)].flatMap(([token]) => [token, ...token.split(".")]);
	return [
		...keys,
		...lines,
		...tokens
	].map((line) => line.trim()).filter((line) => line.length >= shortest);
}

// src/services/verify/written.ts
/**
* Masks the keys and tokens in everything that tbot wrote for these services, also in files that are
* incomplete or that no service should have. Reads what it can and never throws: it also runs after a
* failure, before the log of tbot is shown.
*/
function maskWritten(services, mask) {
	const secrets = services.flatMap(({ dir }) => filesBelow(dir)).flatMap(secretsOf);
	for (const secret of new Set(secrets)) mask(secret);
}
function filesBelow(dir) {
	try {
		return readdirSync(dir, {
			recursive: true,
			withFileTypes: true
		}).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
	} catch {
		return [];
	}
}
function secretsOf(file) {
	try {
		return secretsIn(readFileSync(file, "utf8"));
	} catch {
		return [];
	}
}

// src/tbot/diagnosis/pinned.ts
/**
* How tbot tells that it took the address in `auth_server` for a proxy's: recorded from 15.0.0-dev;
* later releases: lib/auth/join/join.go, lib/join/joinclient/join.go.
*/
const tookForProxy = /registered.*via proxy server|next_method[^\w]{1,2}proxy\b/i;
/** A join service that the cluster does not have yet looks like a lost way, and an older one is tried then. */
const tookItself = /registered.*with auth server/i;
/**
* Where no Auth Service with those pins answers, tbot joins by the same address as by a proxy's, and
* believes whatever certificate the system believes: the pins have proved nothing then. Throws a
* Problem `proxy-untrusted`.
*/
function checkPinned(log, { endpoint }) {
	const saysOne = (pattern) => log.some((line) => pattern.test(line));
	if (endpoint.kind === "proxy" || !saysOne(tookForProxy) || saysOne(tookItself)) return;
	throw new Problem({
		code: "proxy-untrusted",
		what: `What answers at ${endpoint.address} is not the Auth Service that \`ca-pins\` names: tbot joined by it as by a proxy, and the pins proved nothing.`,
		fix: "Give as `auth-server` the address of the Auth Service itself (usually port 3025), or give this one as `proxy`, without `ca-pins`."
	});
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
		if (hasSucceeded(exit)) return void 0;
		return {
			exit,
			log: await log()
		};
	} finally {
		using.signal.removeEventListener("abort", stop);
		signalChild(child, "SIGKILL");
		await log();
	}
}
function start(command) {
	try {
		return startChild(command);
	} catch (error) {
		return notStarted(error);
	}
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
		await Promise.race([done, setTimeout(500, void 0, { ref: false })]);
		child.stdout?.destroy();
		child.stderr?.destroy();
		return lines;
	};
}
async function endGroup(child) {
	signalChild(child, "SIGTERM");
	await setTimeout(grace, void 0, { ref: false });
	if (child.exitCode === null && child.signalCode === null) signalChild(child, "SIGKILL");
}

// src/join.ts
const defaultRetryPolicy = {
	attempts: 4,
	pause: 1e3,
	longest: 6e4
};
/** Where many are turned away at once. */
const crowded = /* @__PURE__ */ new Set([
	"rate-limited",
	"imds-throttled",
	"azure-api",
	"aws"
]);
/**
* Runs tbot until it has joined and issued everything. What can pass by itself is tried again, a
* denial never is. Throws a Problem, or the signal's reason.
*/
async function join$1(plan, context, using) {
	const { runner, network, signal, retryPolicy = defaultRetryPolicy } = using;
	await writeToWorkdir(using.workdir.path, configName, await renderConfig(plan.config));
	for (let count = 1;; count += 1) {
		const failure = await runOnce(plan, context, using);
		if (!failure) return;
		const { env, mask } = runner;
		const { problem, retryable } = await explain(failure, context, {
			env,
			mask,
			network,
			signal
		});
		signal.throwIfAborted();
		if (!retryable || count >= retryPolicy.attempts) throw problem;
		const wait = backoff(count, retryPolicy, crowded.has(problem.code));
		const seconds = (wait / 1e3).toFixed(1);
		runner.info(`${problem.message} That can pass by itself; trying again in ${seconds} s.`);
		await rest(wait, signal);
	}
}
/**
* Shows the log of tbot, but for a failure that is explained with the end of it. The keys that tbot
* wrote are masked before anything of the log is shown, here or in an explanation.
*/
async function runOnce(plan, context, { workdir, runner, signal }) {
	const lines = [];
	let failure;
	try {
		failure = await runTbot(plan.command, {
			signal,
			onStart: (pid) => rememberProcess(workdir, pid),
			onLine: (line) => void lines.push(line)
		});
		if (!failure) checkPinned(lines, context);
		return failure;
	} finally {
		maskWritten(plan.services, runner.mask);
		if (!failure || runner.debugging) runner.group(`Log of tbot ${context.tbotVersion}`, presentableLog(lines, context).filter((line) => runner.debugging || !isDebugLine(line)));
	}
}
async function rememberProcess({ path, marker }, pid) {
	const processes = [...marker.processes, await markProcess(pid)];
	await changeMarker(path, {
		...marker,
		processes
	});
}

// src/services/verify/certificate.ts
const issuingCluster = "1.3.9999.1.7";
const botInstance = "1.3.9999.2.20";
/** The bot's name: its user has `bot-` before it (lib/auth/machineid). */
function botOf({ user }) {
	return user.replace(/^bot-/, "");
}
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
function matchesKey(certificatePem, keyPem) {
	return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
}
/** An attribute that occurs once is a text, one that occurs more often a list. */
function valuesOf(attributes, name) {
	const value = attributes[name];
	if (value === void 0) return [];
	return typeof value === "string" ? [value] : value;
}

// src/services/lifetime.ts
/** Seconds by which a lifetime may be short without a word; half of one that is short itself. */
const tolerance = 60;
/**
* Compares what the certificates say with what was asked for; Teleport cuts a lifetime silently.
* Answers a notice where they are shorter. Throws a Problem `ttl` where they end before `min-ttl`,
* and `clock` for one that has ended. `now` in milliseconds since 1970.
*/
function checkLifetime(credentials, { certificateTtl, minTtl = 0 }, now) {
	const lifetimes = lifetimesOf(credentials, certificateTtl, now);
	const over = lifetimes.find(({ left }) => left <= 0);
	if (over) throw ended(over, now);
	const [certificate] = credentials.flatMap((credential) => credential.certificate ?? []);
	const causes = causesOf(certificate === void 0 ? "" : botOf(certificate));
	const short = lifetimes.find(({ left }) => left < nearly(minTtl));
	if (short) throw tooShort(short, minTtl, causes);
	const cut = lifetimes.filter(({ left, enough }) => left < enough);
	const [first] = cut;
	if (!first) return void 0;
	return `The credentials (${cut.map(({ name }) => `\`${name}\``).join(", ")}) end ${rfc3339(first.end)}, sooner than the ${formatDuration(first.asked)} asked for. ${first.service?.type.startsWith("workload-identity-") ? otherCauses(first.service) : causes}`;
}
/** Seconds that nobody would call less: tbot needed a moment, and so did Teleport. */
function nearly(seconds) {
	return seconds - Math.min(tolerance, seconds / 2);
}
/** Of those that end, the first to end first. */
function lifetimesOf(credentials, usual, now) {
	return credentials.flatMap(({ name, expiresAt: end, service }) => {
		if (!end) return [];
		const asked = askedFor(service, usual);
		return [{
			name,
			end,
			left: Math.round((Number(end) - now) / 1e3),
			asked,
			enough: nearly(asked),
			service
		}];
	}).toSorted((one, other) => Number(one.end) - Number(other.end));
}
/** Seconds. */
function askedFor(service, usual) {
	if (service?.type === "workload-identity-aws-roles-anywhere") return service.session_duration ?? 21600;
	return service && "credential_ttl" in service ? service.credential_ttl ?? usual : usual;
}
/** What post does not end: sessions of AWS go on after the job, whoever has a copy. Notices. */
function revocationNotices(credentials) {
	return credentials.flatMap(({ name, expiresAt, service }) => service?.type === "workload-identity-aws-roles-anywhere" ? [`The AWS session of \`${name}\` can't be revoked by this action: a copy of it works until ${rfc3339(expiresAt) || `its ${formatDuration(askedFor(service, 0))} are over`}, also after the job. \`session_duration\` makes it shorter.`] : []);
}
/** Nobody could use it; mostly one of the clocks is wrong. */
function ended({ name, end }, now) {
	return new Problem({
		code: "clock",
		what: `The credential \`${name}\` ended ${rfc3339(end)}, and for this machine it is ${rfc3339(new Date(now))}.`,
		fix: "Compare the clocks of this machine and of the cluster (`timedatectl`); if both are right, ask who runs the cluster why it issues what has ended."
	});
}
function tooShort({ name, end }, minTtl, causes) {
	return new Problem({
		code: "ttl",
		what: `The credential \`${name}\` ends ${rfc3339(end)}, sooner than \`min-ttl\` (${formatDuration(minTtl)}) wants.`,
		fix: `Let the bot have longer ones, or lower \`min-ttl\`. ${causes}`
	});
}
/** What is not a certificate of the bot does not end with the bot's sessions. */
function otherCauses({ type }) {
	return type === "workload-identity-aws-roles-anywhere" ? "AWS cuts to the longest session that the role and the profile allow." : "Teleport cuts an SVID to the limit of the workload identity and to its own.";
}
function causesOf(bot) {
	return `Teleport cuts to the \`max_session_ttl\` of the bot (12h unless it was raised with \`tctl edit bot/${bot || "NAME"}\`) and of each of its roles.`;
}

// src/workdir/earlier-calls.ts
/**
* What earlier calls of this job exported. A value that was not taken back, nor changed by somebody
* else, is still what the job's environment holds.
*/
async function variablesOfEarlierCalls(root, job) {
	const names = await readdir(root).catch(() => []);
	return (await Promise.all(names.filter((name) => workdirName.test(name)).map(async (name) => readMarker(join(root, name))))).flatMap((marker) => {
		if (marker?.job !== job) return [];
		const endpoint = marker.endpoint === void 0 ? {} : { endpoint: marker.endpoint };
		return marker.exported.map(({ name, value }) => ({
			name,
			value,
			...endpoint
		}));
	});
}

// src/publish/joined.ts
/** When the first certificate ends; undefined when none was issued, or none ends. */
function earliestExpiry(credentials) {
	return credentials.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted((one, other) => Number(one) - Number(other))[0];
}

// src/publish/environment.ts
/**
* The variables that Teleport's tools read in later steps, with the values that they replace.
* tctl reads TELEPORT_AUTH_SERVER and nothing else, while a tbot up to 17 refuses to see both, so
* that one is exported only where there is a tctl.
*/
async function variablesFor(outputs, env, further) {
	const { endpoint, bringsTctl = false, leafCluster = "", credentials = [] } = further;
	const all = (role) => credentials.flatMap(({ files }) => files[role] ?? []);
	const wanted = {
		TELEPORT_PROXY: proxyOf(endpoint) ?? "",
		TELEPORT_AUTH_SERVER: bringsTctl || await findOnPath("tctl", env) !== void 0 ? endpoint.address : "",
		TELEPORT_IDENTITY_FILE: keepsIdentity(env, further) ? "" : outputs["identity-file"],
		TELEPORT_CLUSTER: leafCluster,
		TELEPORT_TOOLS_VERSION: "off",
		KUBECONFIG: all("kubeconfig").join(delimiter),
		AWS_SHARED_CREDENTIALS_FILE: all("aws-credentials")[0] ?? ""
	};
	const stale = wanted["TELEPORT_IDENTITY_FILE"] === "" ? [] : ofIdentity;
	return Object.entries(wanted).filter(([name, value]) => value !== "" || stale.includes(name) && isOurs(name, env, further)).map(([name, value]) => ({
		name,
		value,
		before: env[name] ?? ""
	}));
}
/** They belong to an identity: those of an earlier one must not stand beside this one. */
const ofIdentity = [
	"TELEPORT_PROXY",
	"TELEPORT_AUTH_SERVER",
	"TELEPORT_CLUSTER"
];
/** Whether a variable holds what an earlier call of this job exported. */
function isOurs(name, env, { earlier }) {
	const value = env[name];
	return Boolean(value) && (earlier ?? []).some((one) => one.name === name && one.value === value);
}
/**
* A call for a kubeconfig or a certificate does not take an identity away that an earlier call of the
* job gave, by the same way in.
*/
function keepsIdentity({ TELEPORT_IDENTITY_FILE: file }, { credentials = [], endpoint, earlier = [] }) {
	return credentials.every(({ type }) => type !== "identity") && earlier.some((one) => one.name === "TELEPORT_IDENTITY_FILE" && one.value === file && one.endpoint === endpoint.address);
}

// src/publish/outputs.ts
/** The outputs of a step; an absent thing is an empty string. */
function outputsOf(joined) {
	const { credentials, cluster, inputs, tool } = joined;
	const certificate = credentials.find((credential) => credential.certificate)?.certificate;
	const { client, authority } = clientFiles(credentials);
	return {
		"identity-file": fileOf(credentials, "identity"),
		"ssh-config": fileOf(credentials, "ssh-config"),
		"known-hosts": fileOf(credentials, "known-hosts"),
		kubeconfig: fileOf(credentials, "kubeconfig"),
		"certificate-file": client?.files.svid ?? client?.files.certificate ?? "",
		"key-file": client?.files["svid-key"] ?? client?.files.key ?? "",
		"ca-file": authority,
		"destination-dir": credentials[0]?.dir ?? "",
		credentials: JSON.stringify(catalogue(credentials)),
		cluster: certificate?.cluster ?? cluster?.name ?? "",
		proxy: proxyOf(inputs.endpoint) ?? "",
		"join-method": joined.identity.method,
		bot: certificate ? botOf(certificate) : "",
		"bot-instance-id": certificate?.botInstanceId ?? "",
		roles: certificate ? JSON.stringify(certificate.roles) : "",
		"expires-at": rfc3339(earliestExpiry(credentials)),
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
/**
* The credential that a program shows to a server, and whom it trusts: the authorities that tbot
* wrote for just this, else those of hosts, which vouch for the proxy that all connections go to
* (tbot takes them for databases as well: lib/tbot/services/database).
*/
function clientFiles(credentials) {
	const client = credentials.find(({ type }) => clientTypes.has(type)) ?? credentials.find(({ type }) => type === "identity") ?? credentials.find(({ files }) => files.certificate);
	const files = client?.files ?? {};
	return {
		client,
		authority: files["svid-bundle"] ?? files["tls-ca"] ?? files["mongo-ca"] ?? files["host-ca"] ?? ""
	};
}
const clientTypes = /* @__PURE__ */ new Set([
	"application",
	"database",
	"workload-identity-x509"
]);
function catalogue(credentials) {
	return Object.fromEntries(credentials.map(({ name, type, dir, files, expiresAt }) => [name, {
		type,
		dir,
		files,
		"expires-at": rfc3339(expiresAt)
	}]));
}

// src/publish/publish.ts
/**
* Hands the credentials over to the later steps: outputs, variables, job summary, a line in the log.
* What post must take back is on the disk before anybody is given it.
*/
async function publish(joined, workdir, runner) {
	const outputs = outputsOf(joined);
	const issued = joined.credentials.length > 0;
	const exported = issued && joined.inputs.exportEnv ? await variablesOf(joined, outputs, workdir, runner) : [];
	if (issued) await remember(workdir, exported, outputs, joined.inputs.endpoint.address);
	handOver(exported, outputs, runner);
	if (issued && joined.inputs.exportEnv && joined.tool.source !== "installed") await addToPath(joined.tool, workdir, runner);
	if (joined.inputs.summary === "always") await runner.summary(successSummary(joined.credentials, outputs)).catch((error) => runner.warning("machine-id-action", `There is no job summary: ${messageOf(error)}`));
	runner.info(sentence(joined, outputs));
}
/** By files of the runner, which can be full or gone like others. */
function handOver(exported, outputs, { env, exportVariable, output }) {
	writingBelow(dirname(env["GITHUB_OUTPUT"] ?? ""), () => {
		for (const { name, value } of exported) exportVariable(name, value);
		for (const [name, value] of Object.entries(outputs)) output(name, value);
	});
}
/** What post needs to take it all back, on the disk. */
async function remember({ path, marker }, exported, outputs, endpoint) {
	const end = outputs["expires-at"];
	await changeMarker(path, {
		...marker,
		exported,
		endpoint,
		...end === "" ? {} : { expiresAt: end }
	});
}
async function variablesOf({ inputs, credentials, tool }, outputs, workdir, runner) {
	const { leafCluster } = inputs;
	const further = {
		bringsTctl: (tool.tools ?? []).some((path) => parse(path).name === "tctl"),
		credentials,
		endpoint: inputs.endpoint,
		earlier: await variablesOfEarlierCalls(dirname(workdir.path), workdir.marker.job),
		...leafCluster === void 0 ? {} : { leafCluster }
	};
	const variables = await variablesFor(outputs, runner.env, further);
	const replaced = variables.filter(({ name, value, before }) => credentialVariables.has(name) && before !== "" && before !== value).map(({ name }) => name);
	if (replaced.length > 0) runner.notice("machine-id-action", `${replaced.join(", ")} ${replaced.length === 1 ? "was" : "were"} set before this step; later steps see what this one says, until its post step.`);
	return variables;
}
const credentialVariables = /* @__PURE__ */ new Set([
	"TELEPORT_IDENTITY_FILE",
	"TELEPORT_CLUSTER",
	"KUBECONFIG",
	"AWS_SHARED_CREDENTIALS_FILE"
]);
/** Later steps gain tbot and the tools alone, not what else lies there. Windows asks a right for links. */
async function addToPath({ path, tools = [] }, workdir, runner) {
	const programs = programsOf(workdir);
	if (process.platform === "win32") return addFolder(dirname(path), runner);
	for (const program of [path, ...tools]) {
		const name = program === path ? "tbot" : basename(program);
		if (dirname(program) !== programs) await symlink(program, join(programs, name)).catch((error) => {
			throw unwritable(programs, error);
		});
	}
	addFolder(programs, runner);
}
function addFolder(folder, { env, addPath }) {
	writingBelow(dirname(env["GITHUB_PATH"] ?? ""), () => addPath(folder));
}
function sentence(joined, outputs) {
	const where = outputs.cluster || "the cluster";
	if (joined.credentials.length === 0) return `Joined ${where} by ${outputs["join-method"]}; no credential was asked for.`;
	const names = joined.credentials.map(({ name }) => name).join(", ");
	const as = outputs.bot === "" ? "" : ` as bot ${outputs.bot}`;
	const until = rfc3339(earliestExpiry(joined.credentials));
	const valid = until === "" ? "" : `, valid until ${until}`;
	return `Joined ${where}${as} by ${outputs["join-method"]}: ${names}${valid}.`;
}

// src/services/verify/aws.ts
const required = [
	"aws_access_key_id",
	"aws_secret_access_key",
	"aws_session_token"
];
/**
* When the session of a profile ends, as tbot writes it into AWS's shared credentials file;
* undefined where it does not say. Throws an Error when the profile is missing or not whole.
*/
function awsSession(text, profile) {
	const session = sections(text).get(profile);
	if (!session) throw new Error(`it has no profile \`${profile}\``);
	const missing = required.filter((key) => !session.get(key));
	if (missing.length > 0) throw new Error(`the profile \`${profile}\` lacks ${missing.join(", ")}`);
	return momentOf(session.get("expiration"));
}
function sections(text) {
	const found = /* @__PURE__ */ new Map();
	let current = /* @__PURE__ */ new Map();
	for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
		const name = /^\[(.+)\]$/.exec(line)?.[1]?.trim();
		const [, key, value] = /^([\w-]+)[ \t]*=(.*)$/.exec(line) ?? [];
		if (name !== void 0) found.set(name, current = /* @__PURE__ */ new Map());
		else if (key !== void 0 && value !== void 0) current.set(key, value.trim());
	}
	return found;
}
/** Milliseconds since 1970 (lib/tbot/services/awsra), or a date as AWS's own tools write it. */
function momentOf(text) {
	if (text === void 0 || text === "") return void 0;
	const moment = new Date(/^\d+$/.test(text) ? Number(text) : text);
	return Number.isNaN(Number(moment)) ? void 0 : moment;
}

// src/services/verify/kubeconfig.ts
/**
* Looks whether kubectl could use a kubeconfig: each of its contexts leads to a cluster and a user,
* one is the current one, and what is embedded for a user belongs together. Throws an Error, or a Problem
* `service-not-found` for one without clusters: tbot writes that when labels match nothing.
*/
async function checkKubeconfig(text, selfContained = false) {
	const config = await parsed(text);
	const clusters = namesIn(config, "clusters");
	if (clusters.size === 0) throw nothingMatched();
	const contexts = namesIn(config, "contexts");
	if (!contexts.has(property(config, "current-context"))) throw new Error("the current context of the kubeconfig is missing");
	const users = namesIn(config, "users");
	for (const [name, entry] of contexts) {
		const context = property(entry, "context");
		const cluster = property(clusters.get(property(context, "cluster")), "cluster");
		if (typeof property(cluster, "server") !== "string") throw new Error(`the context ${String(name)} of the kubeconfig has no cluster`);
		const user = property(users.get(property(context, "user")), "user");
		if (user === void 0) throw new Error(`the context ${String(name)} of the kubeconfig has no user`);
		if (selfContained && property(user, "exec") !== void 0) throw new Error("the kubeconfig runs a program, and was to do without");
		checkUser(user);
	}
}
/** The parser's own words would show lines of the file. */
async function parsed(text) {
	const { parseDocument } = await import("./dist.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const document = parseDocument(text, { logLevel: "error" });
	if (document.errors.length > 0) throw new Error("the kubeconfig is not YAML");
	return document.toJS();
}
function checkUser(user) {
	const [certificate, key] = ["client-certificate-data", "client-key-data"].map((name) => property(user, name));
	if (certificate === void 0 && property(user, "exec") !== void 0) return;
	if (typeof certificate !== "string" || typeof key !== "string") throw new Error("the user of the kubeconfig has no certificate");
	if (!matchesKey(decoded(certificate), decoded(key))) throw new Error("the certificate in the kubeconfig is not of its private key");
}
function decoded(base64) {
	return Buffer.from(base64, "base64").toString("utf8");
}
/** The entries of a list of a kubeconfig by their names. */
function namesIn(config, list) {
	const entries = property(config, list);
	return new Map(Array.isArray(entries) ? entries.map((entry) => [property(entry, "name"), entry]) : []);
}
function nothingMatched() {
	return new Problem({
		code: "service-not-found",
		what: "The bot sees no Kubernetes cluster that the selectors match, so the kubeconfig is empty.",
		fix: "Compare the selectors with `tctl kube ls`, and let a role of the bot have these clusters (`kubernetes_labels`)."
	});
}

// src/services/verify/ssh-certificate.ts
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
	reader.take(8);
	const kind = kinds[reader.take(4).readUInt32BE()];
	if (kind === void 0) throw new Error("the SSH certificate is of an unknown kind");
	for (const _ of ["key id", "principals"]) reader.bytes();
	reader.take(8);
	return {
		kind,
		expiresAt: dateOf(reader.number()),
		publicKey: digest(numbers)
	};
}
/** By their numbers (OpenSSH, PROTOCOL.certkeys). */
const kinds = [
	void 0,
	"user",
	"host"
];
/** The digest that a certificate of this private key has as its `publicKey`; PEM or OpenSSH's own. */
function publicKeyOf(keyPem) {
	const own = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(keyPem)?.[1];
	if (own !== void 0) return publicKeyOfOpenSsh(Buffer.from(own, "base64"));
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
/** The public key stands before the private one and is never encrypted (OpenSSH, PROTOCOL.key). */
function publicKeyOfOpenSsh(blob) {
	if (blob.toString("latin1", 0, 15) !== "openssh-key-v1\0") throw new Error("the SSH key is no key");
	const reader = new Reader(blob.subarray(15));
	for (const _ of [
		"cipher",
		"kdf",
		"options of the kdf"
	]) reader.bytes();
	reader.take(4);
	const key = new Reader(reader.bytes());
	key.bytes();
	return digest(key.rest());
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
	rest() {
		const found = [];
		while (this.#offset < this.#buffer.length) found.push(this.bytes());
		return found;
	}
	number() {
		return this.take(8).readBigUInt64BE();
	}
};

// src/services/verify/svid.ts
/**
* Reads an X.509 SVID with its key and the authorities of its trust domain (PEM). Throws an Error
* for one that no verifier would take ("The X.509 SPIFFE Verifiable Identity Document", spiffe.io).
*/
function readX509Svid(svid, key, bundle) {
	const certificate = new X509Certificate(svid);
	if (!matchesKey(svid, key)) throw new Error("the SVID is not of its private key");
	const [id = "", ...others] = (certificate.subjectAltName ?? "").split(", ").flatMap((name) => name.startsWith("URI:") ? [name.slice(4)] : []);
	if (others.length > 0) throw new Error("the SVID has more than one URI");
	if (!new X509Certificate(bundle).ca) throw new Error("the bundle of the SVID holds no authority");
	return {
		cluster: trustDomainOf(id),
		expiresAt: certificate.validToDate
	};
}
/** Reads a JWT SVID; whether its signature holds is for those who are shown it. Throws an Error. */
async function readJwtSvid(token, audiences = []) {
	const { decodeJwt } = await import("./webapi.js");
	const { sub = "", exp, aud = [] } = decodeJwt(token.trim());
	const expiresAt = /* @__PURE__ */ new Date(Number(exp) * 1e3);
	if (Number.isNaN(Number(expiresAt))) throw new Error("the JWT SVID does not say when it ends");
	if (!audiences.every((audience) => [aud].flat().includes(audience))) throw new Error("the JWT SVID is not for the audiences that were asked for");
	return {
		cluster: trustDomainOf(sub),
		expiresAt
	};
}
function trustDomainOf(id) {
	const domain = /^spiffe:\/\/([a-z0-9._-]+)\/[^\s]+$/i.exec(id)?.[1];
	if (domain === void 0) throw new Error("the SVID has no SPIFFE id");
	return domain;
}

// src/services/verify/checks.ts
/**
* Looks whether the files of a credential are what they should be and fit together. Throws an Error
* whose message is a clause, or a Problem `service-not-found`.
*/
async function checkContents(service, text) {
	switch (service.type) {
		case "identity":
		case "application": return checkTeleport(text);
		case "database": return checkDatabase(text);
		case "kubernetes":
		case "kubernetes/v2":
			await checkKubeconfig(text("kubeconfig"), service.disable_exec_plugin);
			return checkTeleport(text);
		case "ssh_host": return checkHost(text);
		case "workload-identity-x509": return {
			certificate: void 0,
			...readX509Svid(text("svid"), text("svid-key"), text("svid-bundle"))
		};
		case "workload-identity-jwt": return {
			certificate: void 0,
			...await readJwtSvid(text("jwt-svid"), service.audiences)
		};
		case "workload-identity-aws-roles-anywhere": {
			const profile = service.credential_profile_name ?? "default";
			return {
				certificate: void 0,
				cluster: void 0,
				expiresAt: awsSession(text("aws-credentials"), profile)
			};
		}
		default: return service;
	}
}
function checkTeleport(text) {
	checkWhole(text);
	const certificate = readCertificate(text("certificate"));
	const ssh = sshCertificateOf("user", text("ssh-certificate"));
	if (!matchesKey(text("certificate"), text("key"))) throw new Error("the X.509 certificate is not of its private key");
	if (ssh.publicKey !== publicKeyOf(text("key"))) throw new Error("the SSH certificate is not of its private key");
	if (text("tls-certificate") !== "") checkPair(text("tls-certificate"), text("tls-key"));
	const ends = [certificate.expiresAt, ssh.expiresAt].map(Number);
	return {
		certificate,
		cluster: certificate.cluster,
		expiresAt: new Date(Math.min(...ends))
	};
}
const authorities$1 = [
	"host-ca",
	"user-ca",
	"database-ca",
	"tls-ca",
	"mongo-ca"
];
/** A private key, certificates and authorities, each on lines of its own (api/identityfile). */
function checkIdentityFile(text) {
	const [begun, ended] = [/^-----BEGIN /gm, /^-----END /gm].map((sign) => text.match(sign)?.length);
	if (begun !== ended || ![/^-----END [A-Z ]*PRIVATE KEY-----/m, /^-----END CERTIFICATE-----/m].every((part) => part.test(text)) || !text.endsWith("\n")) throw new Error("its identity file is not whole");
}
/** What stands near the end of a whole file. */
const errorPatterns = [["ssh-config", /^\s*ProxyCommand\s/m], ["known-hosts", /@cert-authority /]];
/** The same few stand beside every credential of a join, and reading one takes a while. */
const authoritiesSeen = /* @__PURE__ */ new Set();
function checkAuthority(role, pem) {
	if (authoritiesSeen.has(pem)) return;
	if (!new X509Certificate(pem).ca) throw new Error(`what should be an authority (${role}) is none`);
	authoritiesSeen.add(pem);
}
/** Written in place, a file that was cut short is still there. */
function checkWhole(text) {
	checkIdentityFile(text("identity"));
	for (const role of authorities$1) if (text(role) !== "") checkAuthority(role, text(role));
	for (const [role, sign] of errorPatterns) if (text(role) !== "" && !sign.test(text(role))) throw new Error(`its ${role} is not whole`);
}
/** For MongoDB certificate and key are in one file. */
function checkDatabase(text) {
	const mongo = text("mongo-certificate");
	if (mongo !== "") checkPair(mongo, mongo);
	return checkTeleport(text);
}
function checkPair(certificate, key) {
	if (!matchesKey(certificate, key)) throw new Error("the TLS certificate is not of its private key");
}
function sshCertificateOf(kind, line) {
	const facts = readSshCertificate(line);
	if (facts.kind !== kind) throw new Error(`its SSH certificate is not one of a ${kind}`);
	return facts;
}
/** OpenSSH writes all bits set for a certificate that never ends. */
const never = Date.UTC(9999, 0);
function checkHost(text) {
	const { publicKey, expiresAt } = sshCertificateOf("host", text("ssh-host-certificate"));
	if (publicKey !== publicKeyOf(text("ssh-host-key"))) throw new Error("the SSH certificate is not of its private key");
	return {
		certificate: void 0,
		cluster: void 0,
		expiresAt: Number(expiresAt) < never ? expiresAt : void 0
	};
}

// src/services/verify/files.ts
/** Files that tbot writes only when there is something to put in. */
const optionalRoles = /* @__PURE__ */ new Set(["svid-crl"]);
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
const tlsNames = {
	"tls-certificate": "tls.crt",
	"tls-key": "tls.key",
	"tls-ca": "tls.cas"
};
const kubeconfig = { kubeconfig: "kubeconfig.yaml" };
/**
* The files that tbot writes for a service, by role, as names in its folder
* (lib/tbot/identity/identity.go, lib/tbot/internal/constants.go, lib/tbot/ssh/ssh.go, and the
* services below lib/tbot/services).
*/
function filesOf(service) {
	switch (service.type) {
		case "identity": return {
			...ownFiles,
			...authorities,
			...service.ssh_config === "off" ? {} : {
				"ssh-config": "ssh_config",
				"known-hosts": "known_hosts"
			}
		};
		case "application": return {
			...ownFiles,
			...authorities,
			...service.specific_tls_naming ? tlsNames : {}
		};
		case "database": return {
			...ownFiles,
			...authorities,
			...formatFiles[service.format ?? ""]
		};
		case "kubernetes": return {
			...ownFiles,
			...authorities,
			...kubeconfig
		};
		case "kubernetes/v2": return {
			...ownFiles,
			"host-ca": authorities["host-ca"],
			...kubeconfig
		};
		case "ssh_host": return hostFiles;
		case "workload-identity-x509": return svidFiles;
		case "workload-identity-jwt": return { "jwt-svid": "jwt_svid" };
		case "workload-identity-aws-roles-anywhere": return { "aws-credentials": service.artifact_name ?? "aws_credentials" };
		default: return service;
	}
}
/** What a database's format adds (lib/client/identityfile). */
const formatFiles = {
	"": {},
	tls: tlsNames,
	mongo: {
		"mongo-certificate": "mongo.crt",
		"mongo-ca": "mongo.cas"
	},
	cockroach: {
		"tls-certificate": "cockroach/node.crt",
		"tls-key": "cockroach/node.key",
		"tls-ca": "cockroach/ca.crt"
	}
};
const hostFiles = {
	"ssh-host-key": "ssh_host",
	"ssh-host-certificate": "ssh_host-cert.pub",
	"ssh-host-user-ca": "ssh_host-user-ca.pub"
};
const svidFiles = {
	svid: "svid.pem",
	"svid-key": "svid_key.pem",
	"svid-bundle": "svid_bundle.pem",
	"svid-crl": "svid_crl.pem"
};

// src/services/verify/credential.ts
/**
* Reads what tbot wrote for a service and looks at it closely: every file is there, is a file, is
* 0600, the certificates can be read and belong to the key. Throws a Problem `tbot`, or
* `service-not-found` where tbot found nothing and took it for a success.
*/
async function readCredential(planned) {
	const { name, service, dir } = planned;
	const contents = readAll(name, absolute(dir, filesOf(service)));
	const files = Object.fromEntries([...contents].map(([role, { path }]) => [role, path]));
	return {
		name,
		type: service.type,
		dir,
		service,
		files,
		...await checked(planned, contents)
	};
}
function absolute(dir, files) {
	return Object.fromEntries(Object.entries(files).map(([role, name]) => [role, join(dir, name)]));
}
/** At once: they are small and on this machine, and the thread pool took most of the time. */
function readAll(name, files) {
	const contents = /* @__PURE__ */ new Map();
	for (const [role, path] of Object.entries(files)) {
		const stats = statsOf(path);
		if (!stats && optionalRoles.has(role)) continue;
		if (!stats?.isFile() || stats.size === 0) throw unusable(name, `it did not write ${path}`);
		if (process.platform !== "win32" && (stats.mode & 63) !== 0) throw unusable(name, `others may read ${path}`);
		contents.set(role, {
			path,
			text: readFileSync(path, "utf8")
		});
	}
	return contents;
}
/** Undefined for what is not there, or can't be looked at. */
function statsOf(path) {
	try {
		return lstatSync(path);
	} catch {
		return;
	}
}
async function checked({ name, service }, contents) {
	try {
		return await checkContents(service, (role) => contents.get(role)?.text ?? "");
	} catch (error) {
		if (error instanceof Problem) throw error;
		throw unusable(name, wordsOf(error), error);
	}
}
/** OpenSSL's own words say where in its code it was. */
function wordsOf(error) {
	return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_OSSL") ? "a certificate or a key of it is damaged" : messageOf(error);
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
async function runStep(inputs, runner, stop) {
	const { env } = runner;
	const event = await readEvent(env);
	if (inputs.dryRun) return dryRun({
		inputs,
		event,
		runner,
		stop
	});
	const identity = chooseIdentity(inputs, env, event);
	await sweep(await workdirRoot(env), runner);
	const workdir = await createWorkdir(runner);
	const network = openHttpClient({
		env,
		extraCaFile: inputs.extraCaFile
	});
	try {
		await issue({
			inputs,
			identity,
			event,
			workdir,
			network,
			runner,
			stop
		});
	} finally {
		network.close();
	}
}
/** Removes what earlier runs left behind, and warns about what it can't remove. */
async function sweep(root, runner) {
	const { removed, left } = await sweepWorkdirs(root, jobOf(runner.env));
	if (removed > 0) runner.info(`Removed what ${removed} earlier ${removed === 1 ? "run" : "runs"} had to leave here.`);
	for (const text of left) runner.warning(leftoverTitle, text);
}
async function issue(request) {
	const { inputs, identity, workdir, network, runner, stop } = request;
	const { signal } = stop;
	const { env, debugging } = runner;
	maskMethodVariables(identity, runner);
	stop.during(`asking ${inputs.endpoint.address} for its cluster`);
	const cluster = await probeCluster(inputs, {
		network,
		signal,
		info: runner.info
	});
	stop.during("getting tbot");
	const options = {
		...inputs,
		proxy: proxyOf(inputs.endpoint)
	};
	const directory = programsOf(workdir);
	const tool = await install(onThisMachine({
		inputs: options,
		cluster,
		network,
		directory,
		runner,
		signal
	}));
	const caBundle = await caBundleOf(inputs, network, workdir);
	const serverVersion = cluster?.serverVersion;
	const place = {
		workdir: workdir.path,
		env,
		debugging
	};
	const plan = makePlan({
		inputs,
		identity,
		tool,
		serverVersion,
		caBundle,
		...place
	});
	for (const warning of plan.warnings) runner.warning("machine-id-action: ttl", warning);
	stop.during(`waiting for tbot, which joins by ${inputs.endpoint.address}`);
	const context = contextOf(request, plan, cluster, tool.version);
	await join$1(plan, context, {
		workdir,
		runner,
		network,
		signal
	});
	stop.during("handing the credentials over");
	const credentials = await collect(plan, inputs, cluster?.name, runner);
	await publish({
		inputs,
		cluster,
		identity,
		tool,
		credentials,
		caBundle
	}, workdir, runner);
}
/** What explains a refusal. */
function contextOf({ inputs, identity, event, runner }, { services }, cluster, tbotVersion) {
	return {
		endpoint: inputs.endpoint,
		cluster: cluster?.name,
		token: identity.method === "token" ? void 0 : inputs.token,
		identity,
		tbotVersion,
		job: jobFacts(runner.env, event),
		askedRoles: services.flatMap(({ service }) => rolesOf(service))
	};
}
/** Go's SSL_CERT_FILE replaces the system's certificates, so tbot is given all of them in one file. */
async function caBundleOf(inputs, network, workdir) {
	if (inputs.extraCaFile === void 0) return void 0;
	return writeToWorkdir(workdir.path, "ca-bundle.pem", await network.caBundle());
}
/** Reads what was issued and holds it against what was asked for. */
async function collect(plan, inputs, announced, runner) {
	const credentials = [];
	for (const planned of plan.services) credentials.push(await readCredential(planned));
	const clusters = credentials.map(({ cluster }) => cluster);
	checkIssuers(clusters, inputs.expectedCluster, inputs.endpoint, announced);
	const notice = checkLifetime(credentials, inputs, Date.now());
	for (const text of [...notice === void 0 ? [] : [notice], ...revocationNotices(credentials)]) runner.notice("machine-id-action", text);
	return credentials;
}

export { runStep };