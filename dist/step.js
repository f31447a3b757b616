import { r as __toESM } from "./rolldown-runtime.js";
import { A as stopReason, C as readMarker, D as checkIssuers, E as probeCluster, O as backoff, S as markerName, _ as workdirRoot, a as exitOf, b as markProcess, c as startChild, d as changeMarker, f as createWorkdir, g as workdirName, h as unwritable, i as previewTool, j as codeOf, k as rest, l as findOnPath, m as programsOf, n as onThisMachine, o as hasSucceeded, p as deliver, r as install, s as signalChild, t as openHttpClient, u as isTaken, v as writeToWorkdir, w as writeMarker, x as isNewWorkdir, y as endProcesses } from "./install.js";
import { $ as imdsCommand, A as requestsFor, B as methodOf, D as metadataHosts, F as requestedLifetime, G as permissionsToAdd, H as idTokenPermissions, I as onboardingOf$1, J as claimNames, K as allowEntry, L as secretKeys, M as credentialNames, N as rolesOf, O as namesLoopback, P as descriptorOf, Q as computePath, R as secretsOf$1, U as noIdToken, V as hasIdTokenEndpoint, W as onlyOwnPullRequests, X as messageOf, Y as Problem, Z as azureAllowEntry, dt as parseJson, et as yamlScalar, ft as property, ht as printable, j as named, k as kubernetesSupport, l as inputLines, lt as rfc3339, mt as listed, nt as supportingTbot, o as dryRunSummary, pt as command, q as claimLines, rt as supports, s as successSummary, st as formatDuration, tt as orNewer, ut as isRecord, z as isJoinMethod } from "./shared.js";
import { X509Certificate, createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { lstatSync, readFileSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import { chmod, lstat, readdir, rmdir, symlink, unlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, parse, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createInterface } from "node:readline";

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
const grace$1 = 1500;
/** Replaces a lost marker. It names no job, so every later run may remove the directory. */
const unmarked = {
	job: "",
	processes: [],
	exported: []
};
/**
* Removes a private directory: ends the processes that may still write to it, deletes it and checks
* that it was not created again. Refuses a path with another location or name, a link, and a
* directory of another user. Without a marker, ends no process and returns no variables. Never throws.
*/
async function removeWorkdir(path, root) {
	const obstacle = await obstacleTo(path, root);
	if (obstacle === "absent") return { kind: "absent" };
	if (obstacle) return {
		kind: "left",
		...obstacle,
		exported: []
	};
	await allowOwner(path);
	const marker = await readMarker(path);
	if (marker || await isNewWorkdir(path)) return removeTree(path, marker ?? unmarked);
	await writeMarker(path, unmarked).catch(() => void 0);
	return {
		...await removeTree(path, unmarked),
		markerLost: true
	};
}
async function removeTree(workdir, marker) {
	const { exported, expiresAt } = marker;
	const ended = await endProcesses(marker.processes, grace$1);
	let files = 0;
	let failures = [];
	for (let tries = 0; tries < 3; tries += 1) {
		if (tries > 0) await setTimeout(100);
		const deletion = await deleteContent(workdir);
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
* Deletes secrets first, then the programs, which are large, and the marker last, so that a later
* run recognizes the directory if the deletion is interrupted.
*/
async function deleteContent(workdir) {
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

// src/workdir/sweep.ts
/** Milliseconds after which a directory without a marker counts as unused. */
const day = 864e5;
/**
* Removes the private directories that earlier jobs left on this runner, because no post step runs
* when the machine or the runner dies. A runner runs one job at a time, so directories of other
* jobs are unused; those of this job belong to its other calls. Never throws.
*/
async function sweepWorkdirs(root, job) {
	const names = await readdir(root).catch(() => []);
	let removed = 0;
	const left = [];
	for (const name of names.filter((candidate) => workdirName.test(candidate))) {
		const path = join(root, name);
		const swept = await sweepWorkdir(path, root, job);
		if (swept?.kind === "removed") removed += 1;
		if (swept?.kind === "left") left.push(leftoverText(path, swept));
	}
	return {
		removed,
		left
	};
}
/**
* Returns undefined for a directory that is skipped: one of this job or of another user. Without a
* marker the job is unknown, so the directory is kept for a day.
*/
async function sweepWorkdir(path, root, job) {
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isDirectory()) return void 0;
	await allowOwner(path);
	const marker = await readMarker(path);
	if (marker) return marker.job === job ? void 0 : removeWorkdir(path, root);
	const owner = ownerOf(stats);
	if (owner === "other") return void 0;
	if (owner === "root" || Date.now() - stats.mtimeMs > day) return removeWorkdir(path, root);
	if (await isNewWorkdir(path)) return void 0;
	return {
		kind: "left",
		why: "its marker is missing or damaged, so it may belong to a job that is still running",
		fix: "If no job is running, remove it manually; otherwise a later run removes it, one day after its last change.",
		exported: []
	};
}

// src/cluster/endpoint.ts
/** Returns the address of the proxy. Undefined if the endpoint is an Auth Service. */
function proxyOf(endpoint) {
	return endpoint.kind === "proxy" ? endpoint.address : void 0;
}

// src/methods/join-identity.ts
/** Returns the parameters of the join method. */
function parametersOf({ method, onboarding }) {
	const key = methodOf(method).parameters?.key;
	return (key === void 0 ? void 0 : onboarding?.[key]) ?? {};
}
/** Returns the variables that tbot reads for the join method. */
function variablesOf$1(identity) {
	return methodOf(identity.method).variables?.(parametersOf(identity)) ?? {
		required: [],
		optional: [],
		secret: []
	};
}
/** Returns the names of the variables that are set and that no parameter replaces. */
function variablesInUse(identity, env) {
	const { required, optional, unused = [] } = variablesOf$1(identity);
	return [...required, ...optional].filter((name) => env[name] && !unused.includes(name));
}
/** Returns required variables that are not set; of alternatives, all if none is set. */
function missingVariables(identity, env) {
	const { required, alternatives = false } = variablesOf$1(identity);
	const missing = required.filter((name) => !env[name]);
	return alternatives && missing.length < required.length ? [] : missing;
}
/** Masks the secret variables of the join method. */
function maskVariables(identity, { env, mask }) {
	for (const name of variablesOf$1(identity).secret) if (env[name]) mask(env[name]);
}
/** Whether the job can join only once with its token or secret, so that a retry cannot succeed. */
function isSingleUse(identity) {
	const { method, variables = [] } = identity;
	return methodOf(method).isSingleUse?.(parametersOf(identity), variables) ?? false;
}
/** Whether the join token is a secret. */
function hasSecretToken({ method }) {
	return methodOf(method).secretToken ?? false;
}
/** Returns the variables that tbot receives for the join method. */
function methodEnvironment(identity, env) {
	const { metadataService: service, environment } = methodOf(identity.method);
	const { required, optional } = variablesOf$1(identity);
	const host = service && env[service.variable];
	const redirected = host !== void 0 && namesLoopback(`${service?.urlPrefix}${host}`);
	const names = [
		...required,
		...optional,
		...redirected && service ? [service.variable] : []
	];
	return {
		...Object.fromEntries(names.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]])),
		...environment?.(parametersOf(identity), env)
	};
}
/** Returns the keys of tbot's `onboarding` that belong to the join method. */
function methodConfig(identity) {
	const { parameters } = methodOf(identity.method);
	if (parameters === void 0 || parameters.passedBy === "variable") return {};
	const { key, fields } = parameters;
	if (identity.onboarding?.[key] === void 0) return {};
	const values = Object.entries(parametersOf(identity)).map(([name, value]) => [name, fields[name]?.kind === "duration" ? formatDuration(Number(value)) : value]);
	return { [key]: Object.fromEntries(values) };
}

// src/methods/choose.ts
/**
* Returns the identity to join with. Sends no requests: GitHub's hosted runners are Azure machines, so
* a response of the metadata service proves nothing. Throws a Problem `no-identity` or `no-id-token`.
*/
function chooseIdentity(inputs, ci) {
	const { directories, env, job } = ci;
	const method = chooseMethod(inputs, env);
	if (method === void 0) throw noIdentity(job);
	const identity = {
		method,
		onboarding: withPathsFrom(directories.workspace ?? "", method, onboardingOf$1(inputs))
	};
	const missing = missingVariables(identity, env);
	if (missing.length > 0) throw methodOf(method).problemWithout?.(job) ?? noVariables(identity, missing);
	return {
		...identity,
		variables: variablesInUse(identity, env)
	};
}
/** Returns the method that was named, or the one that this job can use; undefined if there is none. */
function chooseMethod({ joinMethod, azureClientId }, env) {
	if (joinMethod !== "auto") return joinMethod;
	if (azureClientId !== void 0) return "azure";
	return hasIdTokenEndpoint(env) ? "github" : void 0;
}
/** Returns the identity that a job would join with if it met all requirements. */
function intendedIdentity(inputs) {
	return {
		method: chooseMethod(inputs, {}) ?? "github",
		onboarding: onboardingOf$1(inputs)
	};
}
/** Resolves the paths among the parameters: they are relative to a directory that tbot does not run in. */
function withPathsFrom(base, method, onboarding) {
	const { key = "", paths = [] } = methodOf(method).parameters ?? {};
	const given = onboarding[key];
	if (given === void 0) return onboarding;
	const values = Object.entries(given).map(([name, value]) => [name, paths.includes(name) ? resolved(base, value) : value]);
	return {
		...onboarding,
		[key]: Object.fromEntries(values)
	};
}
/** Resolves a path, or the program of a command unless it is a bare name, which is found on PATH. */
function resolved(base, value) {
	if (typeof value === "string") return resolve(base, value);
	if (!Array.isArray(value)) return value;
	const [program, ...args] = value;
	return typeof program === "string" && /[/\\]/.test(program) ? [resolve(base, program), ...args] : value;
}
function noVariables(identity, missing) {
	const either = variablesOf$1(identity).alternatives ?? false;
	const several = missing.length > 1;
	return new Problem({
		code: "no-identity",
		what: `Join method \`${identity.method}\` requires ${missing.join(either ? " or " : " and ")}, but ${either ? "neither is" : several ? "they are not" : "it is not"} set.`,
		fix: `Set ${either ? "one of them" : several ? "them" : "it"} in the \`env:\` of the step, or choose another \`join-method\`.`
	});
}
function noIdentity(job) {
	if (job.fromFork) return new Problem({
		code: "no-identity",
		what: "GitHub does not issue OIDC tokens to pull requests from forks, and `azure-client-id` is not set, so this job cannot join.",
		fix: onlyOwnPullRequests
	});
	return new Problem({
		code: "no-identity",
		what: "This job has no OIDC token and `azure-client-id` is not set, so it cannot join.",
		fix: "Allow the job to request an OIDC token, or run it on an Azure VM with a managed identity.",
		notes: [`For an OIDC token, add ${permissionsToAdd}`, "For a managed identity, set `azure-client-id` if it is user-assigned, or `join-method: azure` if it is system-assigned."],
		paste: idTokenPermissions
	});
}

// src/tbot/config.ts
/** Returns a oneshot config for a version of tbot: one join, storage in memory. */
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
			...settingsOf(service, request.ttl)
		}))
	};
}
/** Returns the keys that describe the join. */
function onboardingOf({ token, identity, endpoint }) {
	const pins = endpoint.kind === "auth-server" ? { ca_pins: endpoint.caPins } : {};
	return {
		join_method: identity.method,
		token,
		...pins,
		...methodConfig(identity)
	};
}
/** Returns the key of the address. Since 19, `auth_server` must not name a proxy. */
function addressKey({ kind }, { address }) {
	return kind === "auth-server" ? "auth_server" : address;
}
/**
* Returns the settings of a service in the order of its fields, without those that have no effect.
* `defaultTtl` is the lifetime of services that set none, in seconds.
*/
function settingsOf(service, defaultTtl) {
	const { fields, lifetime } = descriptorOf(service.type);
	const values = new Map(Object.entries({
		...service,
		...lifetime.complete(service, defaultTtl)
	}));
	const settings = Object.entries(fields).flatMap(([key, field]) => {
		const value = values.get(key);
		if (value === void 0 || key === "roles" && Array.isArray(value) && value.length === 0) return [];
		return [[key, written(value, field)]];
	});
	return Object.fromEntries(settings);
}
function written(value, { kind }) {
	return kind === "duration" ? formatDuration(Number(value)) : value;
}
/**
* Returns the config as YAML that parsers of YAML 1.1, 1.2 and Go's mixture read alike: every
* string is quoted, because parsers disagree about which unquoted ones are numbers, dates or
* booleans.
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
/** Returns the keys for a version of tbot such as `18.2.4` or `15.0.0-dev`. */
function spellingOf(version) {
	const major = Number.parseInt(version, 10);
	return {
		address: major >= 16 ? "proxy_server" : "auth_server",
		services: major >= 17 ? "services" : "outputs",
		ttl: major >= 18 ? "credential_ttl" : "certificate_ttl"
	};
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
/** Passed on only with a proxy: otherwise tbot does not start (lib/tbot/bot/connection/config.go). */
const proxyVariable = "TBOT_USE_PROXY_ADDR";
/**
* Returns the environment of the tbot process, which has only the variables listed here. Variables such
* as TELEPORT_PROXY or TELEPORT_BOT_TOKEN would override the config file (tool/tbot, lib/tbot/cli), and
* tbot does not need INPUT_* or the job's secrets.
*/
function tbotEnvironment(request) {
	const names = Object.keys(request.env).filter((name) => inherited.has(name.toUpperCase()) || name.toUpperCase() === proxyVariable && request.endpoint.kind === "proxy");
	return {
		...withoutMetadata(pick(request.env, names)),
		...pick(request.env, request.serviceVariables ?? []),
		...methodEnvironment(request.identity, request.env),
		...request.caBundle === void 0 ? {} : { SSL_CERT_FILE: request.caBundle },
		TELEPORT_ANONYMOUS_TELEMETRY: request.anonymousTelemetry ? "1" : "0",
		...request.anonymousTelemetry ? { _TBOT_TELEMETRY_HELPER: "gha:machine-id-action" } : {}
	};
}
function pick(env, names) {
	return Object.fromEntries(names.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
/** Excludes metadata services from the proxy, if one is set. */
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

// src/services/credential.ts
/** Returns the name of a bot; its user has the prefix `bot-` (lib/auth/machineid). */
function botOf({ user }) {
	return user.replace(/^bot-/, "");
}

// src/services/lifetime.ts
/** Bots' certificates live for a week instead of a day (CHANGELOG.md, 17.4.5). */
const weekLong = { since: ["17.4.5"] };
const hour$1 = 3600;
/** Returns the longest lifetime of a bot's certificate, in seconds (lib/defaults/defaults.go). */
function longestLifetime(version) {
	return (supports(version, weekLong) ? 168 : 24) * hour$1;
}
/** How much shorter than requested a lifetime may be without a notice; seconds. */
const tolerance = 60;
/**
* Compares the lifetimes in the certificates with those requested, because Teleport shortens them
* silently. Returns a notice if they are shorter. Throws a Problem `ttl` for a credential that expires
* before `min-ttl`, and `clock` for one that has expired. `now` is in milliseconds since 1970.
*/
function checkLifetime(credentials, { certificateTtl, minTtl = 0 }, now) {
	const lifetimes = lifetimesOf(credentials, certificateTtl, now);
	const expired = lifetimes.find(({ left }) => left <= 0);
	if (expired) throw expiredProblem(expired, now);
	const [certificate] = credentials.flatMap((credential) => credential.certificate ?? []);
	const limits = limitsOf(certificate === void 0 ? "" : botOf(certificate));
	const short = lifetimes.find(({ left }) => left < nearly(minTtl));
	if (short) throw tooShort(short, minTtl, short.shortenedBy ?? limits);
	const shortened = lifetimes.filter(({ left, enough }) => left < enough);
	const [first] = shortened;
	if (!first) return void 0;
	const names = shortened.map(({ name }) => `\`${name}\``).join(", ");
	return `The requested lifetime is ${formatDuration(first.requested)}, but the credentials expire at ${rfc3339(first.end)} (${names}). ${first.shortenedBy ?? limits}`;
}
/** Subtracts a tolerance for the time that the join took: at most half of the lifetime. */
function nearly(seconds) {
	return seconds - Math.min(tolerance, seconds / 2);
}
/** Returns those that expire, the soonest first. */
function lifetimesOf(credentials, usual, now) {
	return credentials.flatMap(({ name, expiresAt: end, service }) => {
		if (!end) return [];
		const requested = (service && requestedLifetime(service)) ?? usual;
		const left = Math.round((Number(end) - now) / 1e3);
		const shortenedBy = service && descriptorOf(service.type).lifetime.shortenedBy;
		return [{
			name,
			end,
			left,
			requested,
			enough: nearly(requested),
			shortenedBy
		}];
	}).toSorted((one, other) => Number(one.end) - Number(other.end));
}
/** Returns a notice for each credential that stays valid after the job. */
function revocationNotices(credentials) {
	return credentials.flatMap(({ name, expiresAt, service }) => {
		if (service === void 0) return [];
		const { outlivesJob, key } = descriptorOf(service.type).lifetime;
		if (outlivesJob === void 0) return [];
		return [`The post step cannot revoke the ${outlivesJob} of credential \`${name}\`: a copy stays valid ${expiresAt === void 0 ? `for ${formatDuration(requestedLifetime(service) ?? 0)}` : `until ${rfc3339(expiresAt)}`}, even after the job. Set \`${key}\` to shorten its lifetime.`];
	});
}
/** An expired credential is unusable. Usually one of the clocks is wrong. */
function expiredProblem({ name, end }, now) {
	return new Problem({
		code: "clock",
		what: `Credential \`${name}\` expired at ${rfc3339(end)}, but the clock of the runner shows ${rfc3339(new Date(now))}.`,
		fix: "Compare the clocks of the runner (`timedatectl status`) and of the cluster. If both are correct, ask the Teleport administrator why the cluster issues expired certificates."
	});
}
function tooShort({ name, end }, minTtl, limits) {
	return new Problem({
		code: "ttl",
		what: `Credential \`${name}\` expires at ${rfc3339(end)}, earlier than \`min-ttl\` (${formatDuration(minTtl)}) requires.`,
		fix: `Raise the limit, or lower \`min-ttl\`. ${limits}`
	});
}
function limitsOf(bot) {
	return `Teleport limits certificate lifetimes to the \`max_session_ttl\` of the bot (12h by default; set with \`tctl edit bot/${bot || "NAME"}\`) and of each of its roles.`;
}

// src/tbot/version-checks.ts
const hour = 3600;
/**
* Checks that tbot and the cluster support the request, because tbot ignores unknown keys and would
* issue a different credential. Throws a Problem `version`.
*/
function checkAvailability({ version, serverVersion, identity, services }) {
	const unsupported = [...unsupportedMethod(version, identity), ...services.flatMap((service) => unsupportedService(service, version, serverVersion))];
	const [first, ...others] = unsupported;
	if (first === void 0) return;
	const versions = versionPair({
		version,
		serverVersion
	});
	throw new Problem({
		code: "version",
		what: others.length === 0 ? `${versions} does not support this request: ${first}.` : `${versions} does not support this request:`,
		errors: others.length === 0 ? [] : unsupported.map((clause) => `${clause}.`),
		fix: "Remove it from the inputs, or use a release that supports it: set `version`, and update the cluster if it is older."
	});
}
function unsupportedMethod(version, identity) {
	const { since, newer = {} } = methodOf(identity.method);
	const method = missing(version, `join method \`${identity.method}\``, since);
	if (method.length > 0) return method;
	return [...Object.keys(parametersOf(identity)).flatMap((key) => missing(version, `\`${key}\` of \`onboarding\``, newer[key])), ...(identity.variables ?? []).flatMap((name) => missing(version, `variable \`${name}\``, newer[name]))];
}
function missing(version, what, known) {
	if (known === void 0 || supports(version, known)) return [];
	return [`${what} requires ${supportingTbot(known)}`];
}
/**
* Returns a clause for each part of a service that tbot or the cluster does not support. An undefined
* version of the cluster counts as that of tbot.
*/
function unsupportedService({ name, request: { service } }, version, serverVersion = version) {
	const { since, clusterSince, fields } = descriptorOf(service.type);
	const ofCredential = `of credential \`${name}\``;
	const type = `\`${service.type}\` ${ofCredential}`;
	if (!supports(version, since)) return [`${type} requires ${supportingTbot(since)}`];
	const keys = unsupportedKeys(fields, service, version).map(([key, known]) => `\`${key}\` ${ofCredential} requires ${supportingTbot(known)}`);
	if (keys.length > 0) return [...new Set(keys)];
	if (clusterSince === void 0 || supports(serverVersion, clusterSince)) return [];
	return [`${type} requires a cluster of version ${orNewer(clusterSince)}`];
}
/** Returns the keys that a tbot would ignore silently, including those of nested mappings. */
function unsupportedKeys(fields, values, version) {
	return Object.entries(values).flatMap(([key, value]) => {
		const field = Object.hasOwn(fields, key) ? fields[key] : void 0;
		if (field === void 0 || !hasEffect(value)) return [];
		if (field.since !== void 0 && !supports(version, field.since)) return [[key, field.since]];
		if (!("fields" in field)) return [];
		return [value].flat().filter(isRecord).flatMap((part) => unsupportedKeys(field.fields, part, version));
	});
}
/** Whether a value differs in effect from an absent key. */
function hasEffect(value) {
	return value !== false && !(Array.isArray(value) && value.length === 0);
}
/** Returns the versions that must support a request, for a sentence. */
function versionPair({ version, serverVersion }) {
	return serverVersion === void 0 ? `tbot ${version}` : `tbot ${version} with a cluster of version ${serverVersion}`;
}
/**
* Checks for lifetimes that tbot rejects or that tbot or the cluster certainly shortens. tbot rejects
* only those of services (lib/tbot/bot/credential_lifetime.go). `ttl` is `certificate-ttl` in seconds.
* Returns a warning for those that are shortened. Throws a Problem `ttl` for those that are rejected.
*/
function checkRequestedLifetimes({ version, serverVersion = version, services }, ttl) {
	const lifetimes = services.map(({ name, request: { service } }) => ({
		name: `\`${descriptorOf(service.type).lifetime.key}\` of \`${name}\``,
		requested: lifetimeOf(service)
	}));
	const [ofTbot, ofCluster] = [longestLifetime(version), longestLifetime(serverVersion)];
	const rejected = lifetimes.filter(({ requested }) => requested > ofTbot);
	if (rejected.length > 0) throw rejectedLifetimes(version, rejected);
	const shortened = [{
		name: "`certificate-ttl`",
		requested: ttl
	}, ...lifetimes].filter(({ requested }) => requested > Math.min(ofTbot, ofCluster));
	if (shortened.length === 0) return void 0;
	const limit = ofCluster < ofTbot ? `a cluster of version ${serverVersion} issues at most ${formatDuration(ofCluster)}` : `tbot ${version} requests at most ${formatDuration(ofTbot)}`;
	return `${listOf(shortened)}, but ${limit}, and the bot's \`max_session_ttl\` may shorten it further.`;
}
function listOf(lifetimes) {
	return lifetimes.map(({ name, requested }) => `${name} is ${formatDuration(requested)}`).join(", ");
}
function rejectedLifetimes(version, rejected) {
	const longest = longestLifetime(version);
	const newer = longest < 168 * hour ? ` With tbot and a cluster of ${orNewer(weekLong)}, the limit is 168h.` : "";
	return new Problem({
		code: "ttl",
		what: `${listOf(rejected)}, but tbot ${version} accepts at most ${formatDuration(longest)}.`,
		fix: `Set it to \`${formatDuration(longest)}\` or less.${newer}`
	});
}
/** Returns the lifetime that tbot compares with its limit, in seconds; 0 if there is none. */
function lifetimeOf(service) {
	return descriptorOf(service.type).lifetime.limitedByTbot ? requestedLifetime(service) ?? 0 : 0;
}

// src/plan.ts
/** Name of the config file in the private directory. */
const configName = "tbot.yaml";
/**
* Returns the plan for these inputs with this version of tbot and of the cluster. Throws a Problem
* `version` or `ttl` if they do not support it.
*/
function makePlan(request) {
	const { inputs, identity, workdir, tool } = request;
	const { version } = tool;
	const { serverVersion } = request;
	const requests = named(requestsFor(inputs, kubernetesSupport(version, serverVersion)));
	const versioned = {
		version,
		serverVersion,
		services: requests
	};
	checkAvailability({
		...versioned,
		identity
	});
	const warning = checkRequestedLifetimes(versioned, inputs.certificateTtl);
	const services = requests.map(({ request: { service }, ...names }) => ({
		...names,
		service,
		dir: `${workdir}/${names.name}`
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
			...debugging || needsDebugLog(inputs.endpoint) ? ["--debug"] : [],
			"-c",
			`${workdir}/${configName}`
		],
		env: tbotEnvironment({
			env,
			identity,
			endpoint: inputs.endpoint,
			anonymousTelemetry: inputs.anonymousTelemetry,
			serviceVariables: services.flatMap(({ service }) => descriptorOf(service.type).variables ?? []),
			caBundle
		}),
		cwd: workdir
	};
}
/**
* Returns whether tbot logs the reason of a failed join only with `--debug`. After an Auth Service
* denies a join, tbot tries its address as a proxy's and reports only the error of that attempt, an
* untrusted certificate (lib/auth/join/join.go, lib/utils/cli.go).
*/
function needsDebugLog({ kind }) {
	return kind === "auth-server";
}

// src/publish/variables.ts
/**
* Returns the variables that Teleport's tools read in later steps, with the values that they
* replace. TELEPORT_AUTH_SERVER is set only if there is a tctl: tctl does not read TELEPORT_PROXY,
* but tbot up to 17 rejects the combination of both.
*/
async function variablesFor(outputs, env, context) {
	const { endpoint, installsTctl, leafCluster = "", credentials } = context;
	const all = (role) => credentials.flatMap(({ files }) => files[role] ?? []);
	const values = {
		TELEPORT_PROXY: proxyOf(endpoint) ?? "",
		TELEPORT_AUTH_SERVER: installsTctl || await findOnPath("tctl", env) !== void 0 ? endpoint.address : "",
		TELEPORT_IDENTITY_FILE: keepsIdentity(env, context) ? "" : outputs["identity-file"],
		TELEPORT_CLUSTER: leafCluster,
		TELEPORT_TOOLS_VERSION: "off",
		KUBECONFIG: [...new Set(all("kubeconfig"))].join(delimiter),
		AWS_SHARED_CREDENTIALS_FILE: all("aws-credentials")[0] ?? ""
	};
	const stale = values["TELEPORT_IDENTITY_FILE"] === "" ? [] : identityVariables;
	return Object.entries(values).filter(([name, value]) => value !== "" || stale.includes(name) && isFromEarlierCall(name, env, context)).map(([name, value]) => ({
		name,
		value,
		before: env[name] ?? ""
	}));
}
/**
* Variables that belong to an identity. Values of an earlier identity are cleared if there is a new
* one.
*/
const identityVariables = [
	"TELEPORT_PROXY",
	"TELEPORT_AUTH_SERVER",
	"TELEPORT_CLUSTER"
];
/** Returns whether a variable has the value that an earlier call of this job exported. */
function isFromEarlierCall(name, env, { earlier }) {
	const value = env[name];
	return Boolean(value) && earlier.some((one) => one.name === name && one.value === value);
}
/**
* Returns whether the identity of an earlier call through the same endpoint stays current, because
* this call issues no identity.
*/
function keepsIdentity({ TELEPORT_IDENTITY_FILE: file }, { credentials, endpoint, earlier }) {
	return credentials.every(({ type }) => type !== "identity") && earlier.some((one) => one.name === "TELEPORT_IDENTITY_FILE" && one.value === file && one.endpoint === endpoint.address);
}
/**
* Returns the variables that earlier calls of this job exported. Those that were neither restored
* nor changed are still set in the job's environment.
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

// src/publish/outputs.ts
/**
* Returns the outputs of a step in the order of action.yml. Those that do not apply are empty
* strings.
*/
function outputsOf(joined) {
	const { credentials, cluster, inputs, tool } = joined;
	const certificate = credentials.find((credential) => credential.certificate)?.certificate;
	const client = clientFiles(credentials);
	return {
		"identity-file": fileOf(credentials, "identity"),
		"ssh-config": fileOf(credentials, "ssh-config"),
		"known-hosts": fileOf(credentials, "known-hosts"),
		kubeconfig: fileOf(credentials, "kubeconfig"),
		"certificate-file": client.certificate,
		"key-file": client.key,
		"ca-file": client.ca,
		"destination-dir": credentials[0]?.dir ?? "",
		credentials: JSON.stringify(credentialsByName(credentials)),
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
/** Returns the file of the first identity, or else of the first credential that has such a file. */
function fileOf(credentials, role) {
	return credentials.find(({ type }) => type === "identity")?.files[role] ?? credentials.find(({ files }) => files[role])?.files[role] ?? "";
}
/**
* Returns the client certificate for the flat outputs. One that serves a single purpose takes precedence.
*/
function clientFiles(credentials) {
	const clients = credentials.flatMap(({ type, files }) => {
		const { client } = descriptorOf(type);
		return client === void 0 ? [] : [{
			type,
			files,
			client
		}];
	});
	const first = clients.find(({ client }) => client.dedicated) ?? clients.find(({ type }) => type === "identity") ?? clients[0];
	if (first === void 0) return {
		certificate: "",
		key: "",
		ca: ""
	};
	const { files, client } = first;
	const [ca = ""] = client.ca.flatMap((role) => files[role] ?? []);
	return {
		certificate: files[client.certificate] ?? "",
		key: files[client.key] ?? "",
		ca
	};
}
function credentialsByName(credentials) {
	return Object.fromEntries(credentials.map(({ name, type, dir, files, expiresAt }) => [name, {
		type,
		dir,
		files,
		"expires-at": rfc3339(expiresAt)
	}]));
}
/** Returns when the first credential expires; undefined if there is none, or none expires. */
function earliestExpiry(credentials) {
	return credentials.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted((one, other) => Number(one) - Number(other))[0];
}

// src/publish/publish.ts
/**
* Publishes the credentials to later steps: outputs, variables, job summary and a line in the log.
* Saves what the post step must restore before it sets any variable. Throws a Problem `platform`.
*/
async function publish(joined, workdir, ci) {
	const outputs = outputsOf(joined);
	const issued = joined.credentials.length > 0;
	const exported = issued && joined.inputs.exportEnv ? await variablesOf(joined, outputs, workdir, ci) : [];
	if (issued) await rememberExported(workdir, exported, outputs, joined.inputs.endpoint.address);
	setValues(exported, outputs, ci);
	if (issued && joined.inputs.exportEnv && joined.tool.source !== "installed") await addToPath(joined.tool, workdir, ci);
	if (joined.inputs.summary === "always") await writeSummary(successSummary(joined.credentials, outputs), ci);
	ci.info(sentence$1(joined, outputs));
}
/** Adds Markdown to the job summary. Warns if that fails. */
async function writeSummary(markdown, ci) {
	await ci.summary(markdown).catch((error) => ci.warning("machine-id-action", `The job summary cannot be written: ${messageOf(error)}`));
}
function setValues(exported, outputs, { exportVariable, output }) {
	deliver(() => {
		for (const { name, value } of exported) exportVariable(name, value);
		for (const [name, value] of Object.entries(outputs)) output(name, value);
	});
}
/** Records in the marker what the post step needs to restore the variables. */
async function rememberExported({ path, marker }, exported, outputs, endpoint) {
	const expiresAt = outputs["expires-at"];
	await changeMarker(path, {
		...marker,
		exported,
		endpoint,
		...expiresAt === "" ? {} : { expiresAt }
	});
}
async function variablesOf({ inputs, credentials, tool }, outputs, workdir, ci) {
	const context = {
		installsTctl: (tool.tools ?? []).some((path) => parse(path).name === "tctl"),
		credentials,
		endpoint: inputs.endpoint,
		leafCluster: inputs.leafCluster,
		earlier: await variablesOfEarlierCalls(dirname(workdir.path), workdir.marker.job)
	};
	const variables = await variablesFor(outputs, ci.env, context);
	const overridden = variables.filter(({ value, before }) => before !== "" && before !== value).map(({ name }) => name);
	if (overridden.length > 0) ci.notice("machine-id-action", `This step overrides ${listed(overridden)}; the post step restores the previous ${overridden.length === 1 ? "value" : "values"}.`);
	return variables;
}
/**
* Adds tbot and its tools to PATH through symbolic links, which hide the other files of their folder.
* Adds the folder itself on Windows, where links require a privilege.
*/
async function addToPath({ path, tools = [] }, workdir, ci) {
	const programs = programsOf(workdir);
	if (process.platform === "win32") return addFolder(dirname(path), ci);
	for (const program of [path, ...tools]) {
		const name = program === path ? "tbot" : basename(program);
		if (dirname(program) !== programs) await symlink(program, join(programs, name)).catch((error) => {
			throw unwritable(programs, error);
		});
	}
	addFolder(programs, ci);
}
function addFolder(folder, { addPath }) {
	deliver(() => addPath(folder));
}
function sentence$1({ credentials }, outputs) {
	const as = outputs.bot === "" ? "" : ` as bot \`${outputs.bot}\``;
	const joined = `Joined ${outputs.cluster || "the cluster"}${as} with join method \`${outputs["join-method"]}\`.`;
	if (credentials.length === 0) return `${joined} No credentials were requested.`;
	const until = rfc3339(earliestExpiry(credentials));
	const valid = until === "" ? "" : `, valid until ${until}`;
	return `${joined} Issued ${listed(credentials.map(({ name }) => `\`${name}\``))}${valid}.`;
}

// src/dry-run.ts
/**
* Shows what the step would do, without a join: sends only requests that need no identity. Throws a
* Problem.
*/
async function dryRun(request) {
	const { inputs, ci, stop } = request;
	const { signal } = stop;
	const network = openHttpClient({
		env: ci.env,
		extraCaFile: inputs.extraCaFile
	});
	try {
		stop.during(`querying ${inputs.endpoint.address}`);
		const cluster = await probeCluster(inputs, {
			network,
			signal,
			info: ci.info
		});
		stop.during("selecting the tbot version");
		const options = {
			...inputs,
			proxy: proxyOf(inputs.endpoint)
		};
		const tool = await previewTool(onThisMachine({
			inputs: options,
			cluster,
			network,
			directory: "",
			ci,
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
	const { inputs, cluster, tool, ci } = request;
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
		workdir: `${ci.directories.temp ?? ""}/machine-id-...`,
		env: ci.env,
		debugging: ci.debugging,
		caBundle: void 0
	});
	for (const warning of plan.warnings) ci.warning("machine-id-action: ttl", warning);
	if (obstacle) ci.notice("machine-id-action", obstacle);
	const heading = `${obstacle ? "If this job could join" : "Without `dry-run`"}, this step would:`;
	const actions = actionsOf(request, identity, plan);
	const config = (await renderConfig(withoutSecrets$1(plan.config, identity))).trimEnd();
	for (const line of [heading, ...actions.map((action) => `- ${action}`)]) ci.info(line);
	ci.group("Inputs", inputLines(ci.inputs, await maskedInputs(inputs, identity)));
	ci.group(`Configuration of tbot ${version}`, config.split("\n"));
	ci.info("Dry run: this step did not join the cluster and issued no credentials.");
	if (inputs.summary === "always") await writeSummary(dryRunSummary({
		obstacle,
		heading,
		actions,
		config
	}), ci);
}
/** Returns the identity to show, and why this job cannot join with it. */
function identityOf({ inputs, ci }) {
	try {
		return { identity: chooseIdentity(inputs, ci) };
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		return {
			identity: intendedIdentity(inputs),
			obstacle: `This job cannot join. ${error.message}`
		};
	}
}
function actionsOf({ inputs, cluster, tool }, identity, { services }) {
	const { address } = inputs.endpoint;
	const token = hasSecretToken(identity) ? "a secret join token" : `join token \`${inputs.token}\``;
	const where = cluster === void 0 ? `through Auth Service ${address} (not contacted by a dry run)` : `${cluster.name} (Teleport ${cluster.serverVersion}) through ${address}`;
	return [
		`use tbot ${tool.version}${tool.fips ? " (FIPS build)" : ""}`,
		`join ${where} with join method \`${identity.method}\` and ${token}`,
		...services.flatMap((planned) => credentialNames(planned).map((name) => `issue \`${name}\` (${planned.service.type})`)),
		...services.length === 0 ? ["issue no credentials"] : []
	];
}
/** Returns the texts to show in place of inputs that contain secrets. */
async function maskedInputs({ onboarding = {} }, identity) {
	return {
		...hasSecretToken(identity) ? { token: "***" } : {},
		...secretsOf$1(onboarding).length > 0 ? { onboarding: await renderConfig(withMaskedValues(onboarding)) } : {}
	};
}
/** Returns the config with `***` in place of secrets. */
function withoutSecrets$1(config, identity) {
	const onboarding = withMaskedValues(config["onboarding"] ?? {});
	const token = hasSecretToken(identity) ? { token: "***" } : {};
	return {
		...config,
		onboarding: {
			...onboarding,
			...token
		}
	};
}
function withMaskedValues(onboarding) {
	return Object.fromEntries(Object.entries(onboarding).map(([key, value]) => [key, masked(value)]));
}
function masked(value) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key) ? "***" : inner]));
}

// src/methods/azure.evidence.ts
/** Milliseconds; the service runs on the machine's host. */
const timeout$1 = 2e3;
/** Bytes; a response has a few thousand. */
const longest$1 = 262144;
/**
* Returns the base URL of the instance metadata service. AZURE_POD_IDENTITY_AUTHORITY_HOST is used
* only if it names loopback, because tokens are requested from this address.
*/
function imdsBase(env) {
	const host = env["AZURE_POD_IDENTITY_AUTHORITY_HOST"];
	return host !== void 0 && namesLoopback(host) ? new URL(host).origin : "http://169.254.169.254";
}
/** Requests the description of this machine, only to explain a denial. Never throws. */
async function probeImds(using) {
	try {
		const reply = await using.network.get(`${imdsBase(using.env)}${computePath}`, {
			signal: AbortSignal.any([using.signal, AbortSignal.timeout(timeout$1)]),
			headers: { metadata: "true" }
		});
		const text = await reply.text(longest$1);
		if (reply.status !== 200) return {
			kind: "status",
			status: reply.status
		};
		const machine = machineIn(parseJson(text));
		return machine ? {
			kind: "machine",
			machine
		} : { kind: "not-imds" };
	} catch {
		return { kind: "unreachable" };
	}
}
function machineIn(compute) {
	const subscriptionId = property(compute, "subscriptionId");
	const resourceGroupName = property(compute, "resourceGroupName");
	const vmId = property(compute, "vmId");
	return isText(subscriptionId) && isText(resourceGroupName) && isText(vmId) ? {
		subscriptionId,
		resourceGroupName,
		vmId
	} : void 0;
}
function isText(value) {
	return typeof value === "string" && value !== "";
}

// src/methods/evidence.ts
const noEvidence = {
	idToken: void 0,
	imds: void 0
};

// src/methods/github.evidence.ts
/** Milliseconds; the deadline of the step is usually near. */
const timeout = 5e3;
/** Bytes; an OIDC token has about 2000. */
const longest = 65536;
/**
* Requests an OIDC token with an audience that no service accepts, only for its claims or the reason
* why there is none. The token is masked before it is decoded, and not kept. Never throws.
*/
async function requestIdToken(using) {
	if (!hasIdTokenEndpoint(using.env)) return { kind: "no-endpoint" };
	try {
		const reply = await using.network.get(requestUrl(using.env), {
			signal: AbortSignal.any([using.signal, AbortSignal.timeout(timeout)]),
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
/** Masks everything that looks like a token, before a parser can quote it in an error. */
function maskTokens(text, mask) {
	for (const [token] of text.matchAll(/eyJ[\w-]*(?:\.[\w-]*)*/g)) maskToken(token, mask);
}
/** Masks a token and its parts; a part shorter than 8 characters could be any word. */
function maskToken(token, mask) {
	for (const secret of [token, ...token.split(".")]) if (secret.length >= 8) mask(secret);
}
async function read(text, mask) {
	const body = parseJson(text);
	if (typeof body !== "object" || body === null) return { kind: "not-github" };
	const token = property(body, "value");
	if (typeof token !== "string" || token === "") return { kind: "no-token" };
	maskToken(token, mask);
	const claims = await decoded$1(token);
	return claims ? {
		kind: "claims",
		claims
	} : { kind: "no-token" };
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

// src/methods/gather.evidence.ts
const sources = {
	github: async (using) => ({ idToken: await requestIdToken(using) }),
	azure: async (using) => ({ imds: await probeImds(using) })
};
/** Requests evidence if tbot's error does not explain the failure. Never throws. */
async function gatherEvidence(method, { failure, job }, using) {
	if (!methodOf(method).needsEvidence?.(failure, job)) return noEvidence;
	return {
		...noEvidence,
		...await sources[method]?.(using)
	};
}

// src/tbot/diagnosis/wrapped-error.ts
/** Levels that add nothing: every failed join has them. */
const uninformative = /^(?:building identity service|initializing identity service|joining with token)$/;
/**
* Splits an error into its levels, outermost first: tbot prints each level on its own line, and older
* releases replace the line break with spaces. Returns no levels for a text with paragraphs.
*/
function levelsOf(error) {
	if (/\n\s*\n/.test(error)) return [];
	return error.split(/(?<![:,\s])(?:\s*\n\s*|\s{2,})(?![\s,])/).map((level) => level.replace(/\s+/g, " "));
}
/**
* Returns a message with the innermost level first and the others in parentheses: `no such host
* (discovering the issuer)`. The innermost level decides, and the end of a long message is cut.
*/
function innermostFirst(message, levels) {
	let innermost = message;
	const outer = [];
	for (const level of levels.slice(1)) {
		const at = innermost.indexOf(` ${level}`);
		if (level === "" || at < 0) continue;
		outer.push(withoutStatus(innermost.slice(0, at)));
		innermost = innermost.slice(at + 1);
	}
	const context = outer.filter((level) => !uninformative.test(level));
	return context.length === 0 ? innermost : `${innermost} (${context.join(": ")})`;
}
/** Removes the status that gRPC puts before a message. */
function withoutStatus(message) {
	return message.replace(/rpc error: code = \w+ desc = /g, "");
}

// src/tbot/diagnosis/log.ts
/** Characters. */
const longestLine = 400;
/** Characters; an error can contain a whole web page. */
const longestError = 8e3;
/**
* Returns a line without colours, control characters and everything that looks like a token or a
* private key, cut to a limited length.
*/
function clean(line) {
	return cut(plain([line]).join(" "));
}
/** Cleans the lines of a log together, because a private key spans several lines. */
function cleanLog(log) {
	return plain(log).map(cut);
}
/** Removes colours, secrets and control characters. */
function plain(lines) {
	return withoutSecrets(lines.join("\n").replace(escapeSequence, "")).split("\n").map((line) => printable(line));
}
function cut(line) {
	return shortened(line, longestLine).trimEnd();
}
/**
* Cuts a text to a number of characters. Removes a word that does not fit as a whole, because a part of
* a secret would not be masked.
*/
function shortened(text, longest) {
	if (text.length <= longest) return text;
	return `${text.slice(0, longest - ellipsis.length).replace(/\S*$/, "").trimEnd()}${ellipsis}`;
}
const ellipsis = " ...";
const escapeSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
/** Removes everything that looks like a JWT, a bearer token or a private key, complete or cut. */
function withoutSecrets(text) {
	return text.replace(privateKey$1, "[key removed]").replace(/eyJ[\w+/=-]*(?:\.[\w+/=-]*)*/g, "[token removed]").replace(/\b(bearer)\s+[\w.~+/=-]{8,}/gi, "$1 [token removed]");
}
const privateKey$1 = /-----BEGIN[^-]*PRIVATE KEY-----(?:(?:\s|\\n)*[\w+/=]{32,})*(?:(?:\s|\\n|[\w+/=])*-----END[^-]*-----)?/g;
/** Removes IDs and resource paths, which name an Azure machine. */
function withoutMachine(text) {
	return text.replace(/\/subscriptions\/[^\s"',]+/gi, "[hidden]").replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "[hidden]");
}
/**
* Returns a function that removes colours, control characters and everything that looks like a secret
* from a line, and on a public repository also what names the machine.
*/
function presentableLine(context) {
	const hide = methodOf(context.identity.method).privateMachine && context.job.publicRepository;
	return (line) => hide ? withoutMachine(clean(line)) : clean(line);
}
/** Returns the lines of a whole log as they may be shown; a private key may span them. */
function presentableLog(log, context) {
	return cleanLog(log).map(presentableLine(context));
}
/** Returns the end of the log, cleaned, without stack traces and empty lines. */
function logTail(log) {
	return cleanLog(log).filter((line) => line !== "" && !isStackFrame(line)).slice(-20);
}
/**
* Returns tbot's last error on one line, without colours, stack traces and the errors of its second
* connection attempt; may be empty.
*/
function errorText(log) {
	return withoutSecondaryErrors(lastError(log));
}
/** Returns the levels of tbot's last error, outermost first. */
function errorLevels(log) {
	return levelsOf(completeError(log)).map(withoutSecondaryErrors);
}
/** Returns tbot's last error on one line; empty if the log ends without one. */
function lastError(log) {
	return completeError(log).replace(/\s+/g, " ");
}
/** Returns tbot's last error with its line breaks. */
function completeError(log) {
	const lines = plain(log).map(unescaped);
	const start = startOfError(lines);
	if (start === void 0) return "";
	return withoutReport(lines.slice(start).filter((line) => !isLogLine(line) && !isStackFrame(line)).join("\n")).slice(0, longestError).replace(/^\s*ERROR:/, "").trim();
}
/** A report contains the error twice. Returns the second one, which includes its context. */
function withoutReport(text) {
	if (!/^\s*ERROR REPORT:/.test(text)) return text;
	return text.replace(/^.*User Message:/s, "").replace(/ERROR REPORT:|Stack Trace:|Original Error:(?:\s+\*?[\w.]+)?/g, " ");
}
/** Returns the line of `ERROR: ...`, or of the report that tbot prints in debug mode (lib/utils/cli.go). */
function startOfError(lines) {
	const report = lines.findLastIndex((line) => /^\s*ERROR REPORT:/.test(line));
	const error = lines.findIndex((line, index) => index > report && line.startsWith("ERROR:"));
	const start = error >= 0 ? error : report;
	return start >= 0 ? start : void 0;
}
/** Whether a line belongs to the running log, not to the final error. */
function isLogLine(line) {
	return /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\w*\s+\[/.test(line) || /^\d{4}-\d\d-\d\dT\S+\s+(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)/.test(line);
}
/** Whether tbot logs a line in debug mode only. */
function isDebugLine(line) {
	return /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU)\w*\s/.test(clean(line));
}
function isStackFrame(line) {
	return /^\s*\S*\.(?:go|s):\d+\s+\S+$/.test(line);
}
/** Decodes HTML entities, which a debug report contains. */
function unescaped(line) {
	return line.replace(/&#39;/g, "'").replace(/&#34;|&quot;/g, "\"").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
/**
* tbot makes two connection attempts at once and joins their errors in either order. These are errors of
* the second attempt that follow from those of the first (recorded from tbot 15.0.0-dev).
*/
const secondaryErrors = /invalid character '<' looking for beginning of value|rpc error: code = \w+ desc = unexpected HTTP status code received from server: 302 \(Found\); malformed header: missing HTTP content-type/g;
/** Whether tbot received a web page in place of JSON. */
function mentionsPage(text) {
	return text.includes("invalid character '<' looking for beginning of value");
}
function withoutSecondaryErrors(text) {
	return text.replace(secondaryErrors, " ").replace(/^(?:\s*,)+|(?:,\s*)+$/g, "").replace(/\s*,(?:\s*,)+/g, ",").replace(/\s+/g, " ").trim();
}

// src/tbot/diagnosis/patterns/connection.ts
/** Matches failures of a service that may be temporary. */
const retryableError = /connection (?:refused|reset)|broken pipe|timeout|deadline exceeded|code = Unavailable|\bEOF\b|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable/i;
/** lib/utils/spki.go; the first text is that of older releases. */
const pinMismatch = /certificate pin does not match cluster pin|cluster pin does not match any provided/i;
/** Failures between the runner and the cluster. */
const connectionPatterns = [
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
		retryable: (text) => retryableError.test(text)
	}
];

// src/tbot/diagnosis/patterns/issuance.ts
/** Resources that do not exist, or that the bot cannot see. */
const notFoundPatterns = [
	{
		pattern: /\bremote cluster "([^"]*)" (?:is )?not found/i,
		cause: ([, name], text) => notFound({
			kind: "leaf cluster",
			name
		}, text)
	},
	{
		pattern: /\b(?:app|application) "([^"]*)" not found/i,
		cause: ([, name], text) => notFound({
			kind: "application",
			name
		}, text)
	},
	{
		pattern: /\bdatabase "([^"]*)" not found/i,
		cause: ([, name], text) => notFound({
			kind: "database",
			name
		}, text)
	},
	{
		pattern: /\bcluster "([^"]*)" not found|unable to fetch cluster "([^"]*)" by name/i,
		cause: ([, name, other], text) => notFound({
			kind: "Kubernetes cluster",
			name: name ?? other
		}, text)
	},
	{
		pattern: /workload[ _]identity "?([^\s",]+)"? (?:doesn't exist|does not exist|is not found|not found)/i,
		cause: ([, name], text) => notFound({
			kind: "workload identity",
			name
		}, text)
	},
	{
		pattern: /no (?:X509|JWT) SVIDs returned/i,
		cause: (_, text) => notFound({
			kind: "workload identity",
			name: void 0
		}, text)
	},
	{
		pattern: /multiple (?:X509|JWT) SVIDs received|matches multiple auto-discovered \w+|identities that would be issued exceeds/i,
		cause: (_, text) => notFound("several", text)
	}
];
function notFound(resource, text) {
	return {
		code: "service-not-found",
		resource,
		credential: credentialIn(text)
	};
}
/**
* Returns the resources that other services did not find. tbot exits with the first failure, but logs
* all of them (lib/tbot/bot/bot.go).
*/
function othersMissing(log, credential) {
	const found = log.filter((line) => line.includes("exited with error")).flatMap((line) => {
		const [cause] = notFoundPatterns.flatMap(({ pattern, cause: causeOf }) => {
			const match = pattern.exec(line);
			return match ? [causeOf(match, line)] : [];
		});
		if (!cause || cause.resource === "several" || cause.credential === credential) return [];
		return [{
			...cause.resource,
			credential: cause.credential
		}];
	});
	return found.filter((one, index) => found.findIndex((other) => other.credential === one.credential) === index);
}
/** Returns the credential of an error: tbot names its directory, which has the same name. */
function credentialIn(text) {
	return /\(directory: [^()]*[\\/]([a-z\d_+-]+)\)/.exec(text)?.[1];
}
/** Credentials that the cluster cannot issue, or that roles or a workload identity do not permit. */
const notIssuedPatterns = [
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

// src/tbot/diagnosis/patterns/denial.ts
/** Denials of the join method `bound_keypair` (lib/join/boundkeypair, lib/join/joinclient). */
const keypairDenials = [
	keypairDenial("join-state", /(?:join state verification failed|previous join state is required).*/i),
	keypairDenial("secret", /a valid registration secret is required.*/i),
	keypairDenial("limit", /no (?:rejoins|recovery attempts|joins) (?:remaining|left).*/i),
	keypairDenial("key", /(?:failed to complete challenge|could not lookup signer|validating challenge response).*/i),
	keypairDenial("state", /(?:bad backend state|either an initial public key or registration secret is required).*/i),
	{
		...keypairDenial("concurrent", /unexpected backend state.*/i),
		retryable: () => true
	}
];
function keypairDenial(reason, pattern) {
	return {
		pattern,
		cause: ([message]) => ({
			code: "bound-keypair",
			reason,
			message
		})
	};
}
/** Denials of an OIDC token (lib/join/genericoidc, lib/oidc). */
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
/** Denials by the cluster. They take precedence over all other errors in the text. */
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
	...keypairDenials,
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
		pattern: /access denied to perform action "?(\w+)"? on "?(\w+)"?/i,
		cause: ([message, verb = "", kind = ""], text) => ({
			code: "role-denied",
			message,
			kind,
			verb,
			credential: credentialIn(text)
		})
	},
	{
		pattern: /(?:user "[^"]*" )?has requested role impersonation for .*|role \S+ is not found/i,
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

// src/tbot/diagnosis/patterns/identity-source.ts
/** Why the job could not get the OIDC token or the machine's identity. */
const identitySourcePatterns = [
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
		pattern: /(?:max rate reached|rate limit exceeded|exceeded connection limit).*/i,
		cause: ([message]) => ({
			code: "rate-limited",
			message
		}),
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

// src/tbot/diagnosis/patterns/program.ts
/** Failures of tbot itself: its config, its version, the machine and its clock. */
const programPatterns = [
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
		pattern: /token (?:is|has) expired|not valid yet|not yet valid|issued in the future|is in the future|used before issued|before the nbf|\b(?:exp|nbf|iat)"? (?:claim )?(?:is )?not (?:accepted|satisfied)|validate token claims.*\b(?:exp|nbf|iat)\b|system time is correct/i,
		cause: () => ({ code: "clock" })
	},
	{
		pattern: /field \S+ not found in type(?: \S+)?|unrecognized (?:join method|service type|output type|destination type|config version)|configuration version \S+ is no longer supported|either a proxy or auth address must be set|Address is required|fips mode enabled but binary/i,
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

// src/tbot/diagnosis/patterns/provider.ts
/**
* Failures of services outside of the cluster. Their texts resemble those of the proxy, but most occur
* at the Auth Service, where the runner's network, clock and CA certificates have no effect.
*/
const providerPatterns = [
	{
		pattern: /(?:discovering oidc document|OpenID Provider Configuration Discovery has failed|unable to fetch key for signature validation).*/i,
		cause: ([message]) => ({
			code: "issuer-unreachable",
			untrusted: /x509|certificate/i.test(message),
			message
		}),
		retryable: (text) => retryableError.test(text) && !/timeout|deadline exceeded/i.test(text)
	},
	{
		pattern: /(?:exchanging SVID|\bRoles Anywhere\b|operation error RolesAnywhere|\/\/rolesanywhere\.|AccessDeniedException).*/i,
		cause: ([message], text) => aws("roles-anywhere", message, text),
		retryable: (text) => retryableError.test(text)
	},
	{
		pattern: /(?:AWS Organizations API|IAM Join attempt using an Organization|organizations:DescribeAccount).*/i,
		cause: ([message], text) => aws("organizations", message, text),
		retryable: (text) => /rate limit|throttl/i.test(text)
	},
	{
		pattern: /(?:aws sts api returned status|executing STS request|validating STS request).*/i,
		cause: ([message], text) => aws("sts", message, text),
		retryable: (text) => retryableError.test(text)
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
		retryable: (text) => isThrottled(text) || retryableError.test(text),
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

// src/tbot/diagnosis/patterns/index.ts
/** All patterns in order of precedence: an error with a denial and a lost connection is a denial. */
const errorPatterns = [
	...denialPatterns,
	...notFoundPatterns,
	...notIssuedPatterns,
	...providerPatterns,
	...identitySourcePatterns,
	...programPatterns,
	...connectionPatterns
];

// src/tbot/diagnosis/diagnose.ts
/**
* Returns the cause of a failure, as far as tbot's last error reveals it. Patterns match parts of the
* error, because tbot joins two causes in either order, breaks lines, and its texts vary by version.
*/
function diagnose(failure, context) {
	const text = errorText(failure.log);
	const shared = {
		log: logTail(failure.log),
		bot: botIn(failure.log)
	};
	const joined = shared.bot !== void 0;
	const canJoinAgain = !(joined && isSingleUse(context.identity));
	for (const { pattern, method, cause: causeOf, retryable } of errorPatterns) {
		const match = pattern.exec(text);
		if (!match) continue;
		const cause = causeOf(match, text);
		if (joined && beforeJoining.has(cause.code)) continue;
		if (method === void 0 || method === context.identity.method) return {
			...withLog(cause, failure),
			...shared,
			retryable: canJoinAgain && (retryable?.(text) ?? false)
		};
	}
	return {
		...withLog(unmatched(failure), failure),
		...shared,
		retryable: false
	};
}
/** Corrects and completes a cause with what tbot logged besides its last error. */
function withLog(cause, failure) {
	return withReorderedMessage(withMissingResources(withPinMismatch(cause, failure), failure), failure);
}
/** Puts the innermost level of the error first. */
function withReorderedMessage(cause, { log }) {
	if (!("message" in cause) || cause.message === void 0) return cause;
	return {
		...cause,
		message: innermostFirst(cause.message, errorLevels(log))
	};
}
/** Impossible causes once the bot has joined; the name of a resource can look like one. */
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
* If the CA pins do not match, tbot tries the address of the Auth Service as that of a proxy, and its
* last error contains only that failure (lib/utils/cli.go). The log may mention the pins.
*/
function withPinMismatch(cause, { log }) {
	return cause.code === "proxy-untrusted" && log.some((line) => pinMismatch.test(line)) ? {
		...cause,
		reason: "pin"
	} : cause;
}
/** Adds the other missing resources, so that the user can fix all of them at once. */
function withMissingResources(cause, { log }) {
	return cause.code === "service-not-found" ? {
		...cause,
		others: othersMissing(log.map(clean), cause.credential)
	} : cause;
}
function unmatched({ exit, log }) {
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
/** Whether a shell or the loader reports a binary for another platform. */
function isForeignBinary(line) {
	return /Syntax error: .* unexpected|cannot execute binary file|Exec format error|version `GLIBC_\S+' not found/i.test(line);
}
/** Returns the message of a crash of Go's runtime. */
function crash(log) {
	return clean(log.find((line) => /^(?:panic|fatal error): /.test(line)) ?? "");
}
/** Returns the name of the bot, from its role `bot-<name>`, which tbot logs after the join. */
function botIn(log) {
	for (const line of log) {
		const bot = /Fetched new bot identity.*\broles=\[bot-([\w.-]+)\]/.exec(line)?.[1];
		if (bot !== void 0) return bot;
	}
}
/** Returns the diagnosis corrected by evidence: whether it is retryable, and what tbot misreports. */
function refine(diagnosis, { idToken, imds }) {
	const { log, bot } = diagnosis;
	if (diagnosis.code === "id-token-refused") return {
		...diagnosis,
		retryable: idToken !== void 0 && isRetryableAnswer(idToken)
	};
	if (diagnosis.code === "tbot" && idToken && !inconclusive.has(idToken.kind)) return {
		code: "id-token-refused",
		log,
		bot,
		retryable: isRetryableAnswer(idToken)
	};
	if (diagnosis.code === "no-imds" && imds?.kind === "status" && imds.status === 429) return {
		code: "imds-throttled",
		log,
		bot,
		retryable: true
	};
	if (diagnosis.code === "no-imds" && imds) return {
		...diagnosis,
		retryable: isRetryableAnswer(imds) && imds.kind !== "unreachable"
	};
	return diagnosis;
}
/** Responses that do not explain a web page. */
const inconclusive = /* @__PURE__ */ new Set(["claims", "no-endpoint"]);
function isRetryableAnswer(answer) {
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

// src/tbot/diagnosis/messages/message.ts
/** Returns the cluster as the start of a sentence. Its name is unknown without a proxy. */
function clusterOf({ cluster }) {
	return cluster === void 0 ? "The cluster" : `The cluster ${cluster}`;
}
/** Returns the join token within a sentence, without its name if that is a secret. */
function joinToken({ token }) {
	return token === void 0 ? "the join token" : `join token \`${token}\``;
}
/** Returns the join token as the start of a sentence. */
function theJoinToken({ token }) {
	return token === void 0 ? "The join token" : `Join token \`${token}\``;
}
/** Returns the bot within a sentence. */
function botRef({ bot }) {
	return bot === void 0 ? "the bot" : `bot \`${bot}\``;
}
/** Returns the bot as the start of a sentence. */
function theBot({ bot }) {
	return bot === void 0 ? "The bot" : `Bot \`${bot}\``;
}
/** Returns the credential in parentheses for the end of a sentence, if tbot names it. */
function inCredential(credential) {
	return credential === void 0 ? "" : ` (credential \`${credential}\`)`;
}
/**
* Warns of events with which outsiders can start a job that has the repository's permissions. Belongs
* to every suggested allow entry.
*/
function untrustedEventNotes({ job }) {
	const { eventName = "" } = job;
	if (!/^(?:pull_request_target|workflow_run|issue_comment)$/.test(eventName)) return [];
	return [`People without write access can trigger \`${eventName}\`, and allow rules cannot distinguish it from a push to the default branch: do not check out or run their code in this job.`];
}
/** Returns the join token as `tctl` names it. */
function tokenRef({ token }) {
	return `token/${token ?? "NAME"}`;
}
/** Returns another program's message as the end of a sentence. */
function sentence(message) {
	const text = withoutRepetition(withoutStatus(message)).replace(/^(?:(?:building|initializing) identity service|joining with token|[:\s])+/, "").trim();
	const short = shortened(text, 300);
	return /[.!?]$/.test(short) ? short : `${short}.`;
}
/** Reduces the errors of two connection attempts to one if they have the same cause. */
function withoutRepetition(message) {
	return message.replace(/^(?:[^,]*?: )??(.+), (?:[^,]*?: )??\1$/, "$1");
}

// src/tbot/diagnosis/messages/bound-keypair.ts
/** The key pair, the secret or the state of a `bound_keypair` token does not permit the join. */
function boundKeypairMessage({ reason, message }, { context }) {
	return {
		what: `${theJoinToken(context)} ${causes[reason]}: ${sentence(message)}`,
		fix: fixOf(reason, tokenRef(context))
	};
}
const causes = {
	"join-state": "requires the join state of the previous join, which this action does not keep",
	secret: "rejected the registration secret of this job",
	limit: "permits no more joins",
	key: "is bound to a different key pair",
	state: "is in a state that does not permit joins",
	concurrent: "was used by another job at the same time"
};
function fixOf(reason, token) {
	const edit = `Ask the Teleport administrator to run ${command("tctl", "edit", token)}`;
	switch (reason) {
		case "join-state": return `${edit} and set \`spec.bound_keypair.recovery.mode\` to \`insecure\`, and to remove the lock on the token if ${command("tctl", "get", "locks")} shows one.`;
		case "secret": return "Set `TBOT_REGISTRATION_SECRET` to the registration secret of the token. The secret can be used once and may expire, so jobs that run repeatedly need a static key (`TBOT_BOUND_KEYPAIR_STATIC_KEY`).";
		case "limit": return `${edit} and raise \`spec.bound_keypair.recovery.limit\`, or set \`recovery.mode\` to \`insecure\`.`;
		case "key": return `Set \`TBOT_BOUND_KEYPAIR_STATIC_KEY\`, or \`static_private_key_path\` in \`onboarding\`, to the private key that matches the public key in ${command("tctl", "get", token)}.`;
		case "state": return `Ask the Teleport administrator to delete the token with ${command("tctl", "rm", token)} and to create it again.`;
		case "concurrent": return "Run the job again, or use a separate join token for each job that runs at the same time.";
		default: return reason;
	}
}

// src/tbot/diagnosis/messages/connection.ts
/** The connection between the runner and the cluster failed. */
function connectionMessage(cause, { context }) {
	const { endpoint } = context;
	switch (cause.code) {
		case "proxy-unreachable": return unreachable(endpoint, cause.message);
		case "proxy-untrusted": return cause.reason === "expired" ? expired(endpoint, cause.times) : untrusted(endpoint, cause.reason);
		case "rate-limited": return {
			what: `${names$1[endpoint.kind]} ${endpoint.address} is rate-limiting this IP address${cause.message === void 0 ? " (HTTP 429)." : `: ${sentence(cause.message)}`}`,
			fix: "Run the job again later, or start fewer jobs at once behind this IP address."
		};
		case "clock": return {
			what: "An OIDC token or a certificate is outside its validity period; the clocks of the runner and the cluster disagree.",
			fix: "Correct the clock of the runner (`timedatectl status`). If you host Teleport yourself, also check the clock of its Auth Service."
		};
		default: return cause;
	}
}
const names$1 = {
	proxy: "The Teleport Proxy",
	"auth-server": "The Auth Service"
};
function unreachable(endpoint, message) {
	if (/proxy authentication required|unable to proxy connection: 407/i.test(message)) return {
		what: `The HTTP proxy between the runner and ${endpoint.address} requires authentication (HTTP 407).`,
		fix: "Add the user name and the password to HTTPS_PROXY (`http://USER:PASSWORD@HOST:PORT`), or add the host of the cluster to NO_PROXY."
	};
	if (endpoint.kind === "auth-server") return authServerUnreachable(endpoint, message);
	const what = `tbot could not connect to the Teleport Proxy ${endpoint.address}: ${sentence(message)}`;
	if (/no application protocol/.test(message)) return {
		what,
		fix: "Configure the load balancer in front of the proxy to pass TLS through with its ALPN protocols; see \"TLS routing\" in the Teleport documentation."
	};
	if (/\btls: /i.test(message)) return {
		what: `The TLS handshake with ${endpoint.address} failed: ${sentence(message)}`,
		fix: "Configure load balancers and HTTP proxies in front of Teleport to pass TLS through, and check that `proxy` is the address of the Teleport Proxy."
	};
	if (/no such host|lookup \S+/.test(message)) return {
		what,
		fix: "Correct the host in `proxy`, or the DNS of the runner."
	};
	return {
		what,
		fix: "Run the job again. If the error persists, check HTTPS_PROXY and NO_PROXY, and that the runner can also reach the public address of the proxy (setting TBOT_USE_PROXY_ADDR to `yes` makes tbot use only the address in `proxy`)."
	};
}
function expired({ address }, times) {
	return {
		what: times ? `The certificate of ${address} expired at ${times.end}, and the clock of the runner shows ${times.now}.` : `The certificate of ${address} has expired.`,
		fix: "Ask the Teleport administrator to renew the certificate. If it is still valid, correct the clock of the runner (`timedatectl status`)."
	};
}
function untrusted(endpoint, reason) {
	if (endpoint.kind === "auth-server") return authServerUntrusted(endpoint, reason);
	if (reason === "name") return {
		what: `The certificate of ${endpoint.address} is for a different host name.`,
		fix: "Set `proxy` to a host name that the certificate contains."
	};
	return {
		what: `The certificate of ${endpoint.address} is signed by a CA that this runner does not trust.`,
		fix: "Set `extra-ca-file` to the path of a PEM file with the CA certificate."
	};
}
/** tbot could not reach the Auth Service, or the proxy that the Auth Service announces. */
function authServerUnreachable({ address }, message) {
	const what = `tbot could not connect to the Auth Service ${address}: ${sentence(message)}`;
	if (/no such host|lookup \S+/.test(message)) return {
		what,
		fix: "Correct the host in `auth-server`, or the DNS of the runner."
	};
	return {
		what,
		fix: "Check that the runner can reach the Auth Service at this address (usually port 3025, not the port of a proxy) and, for SSH and Kubernetes, the public address of the proxy. If the runner can reach only the proxy, set `proxy` instead."
	};
}
/** The CA pins do not match the certificate of the Auth Service. */
function authServerUntrusted({ address }, reason) {
	return {
		what: reason === "pin" ? `\`ca-pins\` does not match the cluster at ${address}.` : `\`ca-pins\` does not match the CA of ${address}, or there is no Auth Service at this address.`,
		fix: "Compare `ca-pins` with the output of `tctl status`: the pin changes when the host CA is rotated. If this is the address of a proxy, set `proxy` instead."
	};
}

// src/tbot/diagnosis/messages/denial.ts
/** The join token exists, but does not permit this job. */
function denialMessage(cause, facts) {
	switch (cause.code) {
		case "claims-denied": return cause.reason === "rules" ? claimsText(cause.message, facts) : oidcTokenText(cause.reason, cause.message ?? "", facts);
		case "azure-denied": return azureText$1(cause, facts);
		default: return cause;
	}
}
function azureText$1({ reason, message = "" }, facts) {
	switch (reason) {
		case "rules": return machineText(facts);
		case "machine": return {
			what: "Teleport could not match the managed identity to this Azure VM.",
			fix: "Assign the identity to this VM. On clusters older than 17, the identity also needs `Microsoft.Compute/virtualMachines/read` on the VM."
		};
		case "resource-type": return {
			what: `The managed identity belongs to an Azure resource type that Teleport does not accept: ${sentence(message)}`,
			fix: "Run the job on a virtual machine or in a scale set, or use a join token with another join method, such as `github`."
		};
		case "challenge": return {
			what: "The attested document from Azure does not contain the challenge of this join.",
			fix: "Run the job again. If the error persists, check that the job reaches 169.254.169.254 directly, without a proxy or a cache."
		};
		default: return reason;
	}
}
function claimsText(message, { context, evidence }) {
	const what = message === void 0 ? `${theJoinToken(context)} exists, but none of its allow rules match this job.` : `${theJoinToken(context)} exists, but its allow rules do not match this job: ${sentence(message)}`;
	const show = command("tctl", "get", tokenRef(context));
	if (evidence.idToken?.kind !== "claims") return {
		what,
		fix: `Compare the allow rules in ${show} with ${ruleSubjectOf(context.identity.method)}.`
	};
	const { claims } = evidence.idToken;
	const facts = {
		title: "Claims in this job's OIDC token:",
		lines: claimLines(claims)
	};
	const entry = allowEntry(claims);
	if (entry.kind === "none") return {
		what,
		fix: `Compare the allow rules in ${show} with the claims below.`,
		notes: [entry.why],
		facts
	};
	return {
		what,
		fix: `To allow this job to join, run ${command("tctl", "edit", tokenRef(context))} and add the entry below to \`spec.github.allow\`.`,
		notes: [...entry.notes, ...untrustedEventNotes(context)],
		facts,
		paste: entry.lines.join("\n")
	};
}
/** Returns what the rules of a method match. */
function ruleSubjectOf(name) {
	const { ruleSubject, identifiedBy } = methodOf(name);
	return ruleSubject ?? ruleSubjects[identifiedBy];
}
const ruleSubjects = {
	claims: "the claims in this job's OIDC token",
	machine: "the identity of the machine that runs this job"
};
function machineText({ context, evidence }) {
	const { job } = context;
	const what = `${theJoinToken(context)} exists, but none of its allow rules match this Azure VM.`;
	const edit = command("tctl", "edit", tokenRef(context));
	if (evidence.imds?.kind === "machine" && !job.publicRepository) return {
		what,
		fix: `To allow every job on this VM to join, run ${edit} and add the entry below to \`spec.azure.allow\`.`,
		notes: untrustedEventNotes(context),
		paste: azureAllowEntry(evidence.imds.machine).join("\n")
	};
	return {
		what,
		fix: `Compare \`spec.azure.allow\` in ${command("tctl", "get", tokenRef(context))} with the subscription and the resource group of the VM.`,
		notes: [`To show them, run this command on the VM, but not in a workflow with a public log: ${imdsCommand}`, "The resource group must be that of the VM, not that of the managed identity."]
	};
}
/** The job's OIDC token does not suit the join token, regardless of its rules. */
function oidcTokenText(reason, message, facts) {
	const { context } = facts;
	const { method } = context.identity;
	const edit = command("tctl", "edit", tokenRef(context));
	switch (reason) {
		case "issuer": return issuerText$1(facts);
		case "unusable": return {
			what: `The allow rules of ${joinToken(context)} are missing or invalid: ${sentence(message)}`,
			fix: `Ask the Teleport administrator to run ${edit} and correct the rules in \`spec.${method}\`.`
		};
		case "signature": return {
			what: `The signature of this job's OIDC token does not match the keys in ${joinToken(context)}: ${sentence(message)}`,
			fix: `Ask the Teleport administrator to run ${edit} and update \`static_jwks\` in \`spec.${method}\` to the current keys of the issuer, or remove it so that the Auth Service fetches them.`
		};
		case "audience": return {
			what: `The audience of this job's OIDC token is not the one that ${joinToken(context)} requires: ${sentence(message)}`,
			fix: `Request the OIDC token for the audience that the join token requires: the cluster name, unless ${command("tctl", "get", tokenRef(context))} shows another \`audience\`.`
		};
		default: return reason;
	}
}
function issuerText$1({ context }) {
	const { job, identity } = context;
	const edit = command("tctl", "edit", tokenRef(context));
	const fix = methodOf(identity.method).issuerFix?.(edit, job);
	return {
		what: `${theJoinToken(context)} does not accept the issuer of this job's OIDC token.`,
		fix: fix ?? `Run ${edit} and correct the issuer in \`spec.${identity.method}\`.`
	};
}

// src/tbot/diagnosis/messages/identity-source.ts
/** The job could not get its OIDC token, or the identity of its machine. */
function identitySourceMessage(cause, { context, evidence }) {
	switch (cause.code) {
		case "no-identity": return {
			what: `Join method \`${context.identity.method}\` requires ${cause.variable}, but it is not set.`,
			fix: "Set it in the `env:` of the step, or choose another `join-method`."
		};
		case "no-id-token": {
			const { message, fix, notes, paste } = noIdToken(context.job);
			return {
				what: message,
				fix,
				notes,
				...paste === void 0 ? {} : { paste }
			};
		}
		case "id-token-refused": return noOidcToken(evidence.idToken);
		case "no-imds": return noImds;
		case "imds-no-identity": return noManagedIdentity("client_id" in parametersOf(context.identity));
		case "imds-several-identities": return severalIdentities;
		case "imds-throttled": return throttled;
		case "azure-egress": return noIssuerCertificate;
		default: return cause;
	}
}
const runAgain = "Run the job again; see https://www.githubstatus.com for outages.";
function noOidcToken(answer) {
	switch (answer?.kind) {
		case "status": return noOidcTokenWithStatus(answer.status);
		case "not-github": return {
			what: "The response to the request for an OIDC token is not from GitHub.",
			fix: "Check that no proxy responds in place of the host in ACTIONS_ID_TOKEN_REQUEST_URL."
		};
		case "unreachable": return {
			what: "GitHub's endpoint for OIDC tokens cannot be reached.",
			fix: "Allow the runner to reach the host in ACTIONS_ID_TOKEN_REQUEST_URL (`*.actions.githubusercontent.com` for github.com), and run the job again."
		};
		case "claims": return {
			what: "GitHub did not issue an OIDC token to tbot, but the next request succeeded.",
			fix: runAgain
		};
		case "no-token":
		case "no-endpoint":
		case void 0: return {
			what: "GitHub's response does not contain an OIDC token.",
			fix: runAgain
		};
		default: return answer;
	}
}
function noOidcTokenWithStatus(status) {
	if (status === 401 || status === 403) return {
		what: `GitHub refused to issue an OIDC token to this job (HTTP ${status}).`,
		fix: "Run the job again. Do not pass ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN from one job to another: they are valid only in their own job."
	};
	return {
		what: `GitHub's endpoint for OIDC tokens returned HTTP ${status}.`,
		fix: runAgain
	};
}
const noImds = {
	what: "Azure's instance metadata service (169.254.169.254) did not respond: this is not an Azure VM, or the job cannot reach the service.",
	fix: "Run the job on an Azure VM with a managed identity, and allow its container and firewall to reach 169.254.169.254; or join with `github` and `permissions: id-token: write`."
};
function noManagedIdentity(isNamed) {
	if (isNamed) return {
		what: "The managed identity in `azure-client-id` is not assigned to this VM.",
		fix: "Assign it with `az vm identity assign --resource-group GROUP --name VM --identities IDENTITY`, or correct `azure-client-id`."
	};
	return {
		what: "This VM has no managed identity to join with.",
		fix: "Assign one with `az vm identity assign --resource-group GROUP --name VM`, or set `azure-client-id` to the client ID of a user-assigned identity.",
		notes: ["GitHub-hosted runners are Azure VMs without a managed identity: join with `github` there."]
	};
}
const severalIdentities = {
	what: "This VM has several managed identities, and `azure-client-id` is not set.",
	fix: "Set `azure-client-id` to the client ID of the identity to join with (`az identity show --resource-group GROUP --name IDENTITY --query clientId`)."
};
const throttled = {
	what: "Azure's instance metadata service is rate-limiting this VM (HTTP 429).",
	fix: "Run the job again later, or start fewer jobs at once on this VM."
};
const noIssuerCertificate = {
	what: "tbot could not fetch the CA certificate that verifies Azure's attested document.",
	fix: "Allow the runner to reach `http://www.microsoft.com/pkiops/certs/` (plain HTTP, port 80)."
};

// src/tbot/diagnosis/messages/issuance.ts
/** The bot joined, but a credential could not be issued. */
function issuanceMessage(cause, facts) {
	switch (cause.code) {
		case "service-not-found": return notFoundText(cause, facts);
		case "workload-identity-denied": return workloadIdentityText(cause);
		case "unsupported": return unsupportedText(cause, facts);
		default: return cause;
	}
}
function workloadIdentityText({ reason, message, credential }) {
	const resource = command("tctl", "get", "workload_identity");
	if (reason === "rules") return {
		what: `The rules of the workload identity do not match this job${inCredential(credential)}: ${sentence(message)}`,
		fix: `Ask the Teleport administrator to compare \`spec.rules\` in ${resource} with the claims of this job and the name of the bot.`
	};
	return {
		what: `A template of the workload identity uses an attribute that this job does not have${inCredential(credential)}: ${sentence(message)}`,
		fix: `Ask the Teleport administrator to correct \`spec.spiffe\` in ${resource}, or use the join method that provides the attribute.`
	};
}
function notFoundText(cause, facts) {
	const { resource, credential, others = [] } = cause;
	const notes = others.map((other) => `${theBot(facts)} also cannot see ${described(other)}${inCredential(other.credential)}.`);
	if (resource === "several") return {
		what: `More than one resource matches the request${inCredential(credential)}, but only one can be issued.`,
		fix: "Set the full name of the resource, or labels that match only one.",
		notes
	};
	const { list, labels } = resourceKinds[resource.kind];
	const what = `${theBot(facts)} cannot see ${described(resource)}${inCredential(credential)}.`;
	if (resource.kind === "leaf cluster") return {
		what,
		fix: `Compare the input \`leaf-cluster\`, or \`cluster\` in \`services\`, with ${list}. If the name is correct, ask the Teleport administrator to give the bot a role whose \`${labels}\` match.`,
		notes
	};
	return {
		what,
		fix: `Compare the name with ${list}. If the name is correct, ask the Teleport administrator to check the roles of the bot (${command("tctl", "get", `bot/${facts.bot ?? "NAME"}`)}).`,
		notes: [`The bot needs a role with matching \`${labels}\`, and with the verbs \`list\` and \`read\` for this kind of resource under \`rules\`.`, ...notes]
	};
}
function described({ kind, name }) {
	return name === void 0 ? `a matching ${kind}` : `${kind === "application" ? "an" : "a"} ${kind} named \`${name}\``;
}
/** The command that lists such resources, and the role's key for their labels (api/types/role.go). */
const resourceKinds = {
	application: {
		list: command("tctl", "apps", "ls"),
		labels: "app_labels"
	},
	database: {
		list: command("tctl", "db", "ls"),
		labels: "db_labels"
	},
	"Kubernetes cluster": {
		list: command("tctl", "kube", "ls"),
		labels: "kubernetes_labels"
	},
	"leaf cluster": {
		list: command("tctl", "get", "remote_cluster"),
		labels: "cluster_labels"
	},
	"workload identity": {
		list: command("tctl", "get", "workload_identity"),
		labels: "workload_identity_labels"
	}
};
/** The version, the license or the configuration of the cluster does not support the request. */
function unsupportedText(cause, facts) {
	switch (cause.subject) {
		case "join-method": return cause.enterprise ? licenseText(cause, facts) : methodText(cause, facts);
		case "kubernetes": return {
			what: `The Teleport Proxy ${facts.context.endpoint.address} does not announce an address for Kubernetes: ${sentence(cause.message)}`,
			fix: "Ask the Teleport administrator to enable Kubernetes access on the proxy, or remove the Kubernetes credentials from the step."
		};
		case "service": return serviceText(cause, facts);
		default: return cause.subject;
	}
}
function licenseText({ message }, { context }) {
	const edit = command("tctl", "edit", tokenRef(context));
	const without = methodOf(context.identity.method).licenseFix?.(edit, context.job) ?? "";
	return {
		what: `${clusterOf(context)} lacks the Teleport Enterprise license that this join with \`${context.identity.method}\` requires: ${sentence(message)}`,
		fix: `Ask the Teleport administrator for a Teleport Enterprise license, or use a join token with another join method.${without && ` ${without}`}`
	};
}
function methodText({ message }, { context }) {
	return {
		what: `${clusterOf(context)} does not support the join method \`${context.identity.method}\`: ${sentence(message)}`,
		fix: "Ask the Teleport administrator to update the cluster, or use a join token with another join method."
	};
}
function serviceText({ enterprise, message, credential }, { context }) {
	return {
		what: `${clusterOf(context)} does not support a requested service${inCredential(credential)}: ${sentence(message)}`,
		fix: enterprise ? "Ask the Teleport administrator for a Teleport Enterprise license, or remove the service from the step." : "Ask the Teleport administrator whether the version and the license of the cluster support the service, or remove the service from the step."
	};
}

// src/tbot/diagnosis/messages/join-token.ts
/** The join token does not exist, or does not fit this job. */
function joinTokenMessage(cause, facts) {
	switch (cause.code) {
		case "token-unknown": return tokenUnknown(facts);
		case "token-method": return methodMismatch(cause.supported, facts);
		case "token-role": return notForBots(facts);
		case "bot-unknown": return botUnknown(facts);
		case "scoped-bot": return scopedBot(cause.message, facts);
		default: return cause;
	}
}
function tokenUnknown(facts) {
	const { context } = facts;
	if (context.token === void 0) return secretTokenUnknown(facts);
	return {
		what: `${clusterOf(context)} has no ${joinToken(context)}: the name is wrong, or the token expired or was deleted.`,
		fix: `Compare the name with ${command("tctl", "tokens", "ls")}. To create the token, save the resource below as token.yaml, set \`bot_name\`, and run ${command("tctl", "create", "token.yaml")}.`,
		notes: [...entryNotes(facts), ...untrustedEventNotes(context)],
		paste: tokenResource(facts)
	};
}
/** Suggests no resource, because the name of a secret token must not be shown or guessable. */
function secretTokenUnknown({ context }) {
	return {
		what: `${clusterOf(context)} rejected the join token: it is wrong, was already used, has expired or was deleted.`,
		fix: "Ask the Teleport administrator for a new token; each can be used once. Jobs that run repeatedly need a join method without a secret, such as `github`."
	};
}
/** Returns the notes on the suggested allow entry, or why it has placeholders. */
function entryNotes({ evidence }) {
	if (evidence.idToken?.kind !== "claims") return [];
	const entry = allowEntry(evidence.idToken.claims);
	return entry.kind === "none" ? [entry.why] : entry.notes;
}
function methodMismatch(supported, { context }) {
	const { identity } = context;
	const other = supported === void 0 ? "another join method" : `join method \`${supported}\``;
	const alternative = supported === void 0 ? `, or set \`join-method\` to the method that ${command("tctl", "get", tokenRef(context))} shows` : isJoinMethod(supported) && methodOf(supported).automatic ? `, or set \`join-method: ${supported}\`` : "";
	return {
		what: `${theJoinToken(context)} is for ${other}, but this job joins with \`${identity.method}\`.`,
		fix: `Set \`token\` to a join token with \`join_method: ${identity.method}\`${alternative}.`
	};
}
function notForBots({ context }) {
	return {
		what: `${theJoinToken(context)} does not allow bots to join: its \`roles\` do not contain \`Bot\`.`,
		fix: `Set \`token\` to a join token for a bot, or run ${command("tctl", "edit", tokenRef(context))} and set the fields below.`,
		paste: "spec:\n  roles: [Bot]\n  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names"
	};
}
/** tbot joins as a scoped bot only with the root key `scoped`, which this action does not set. */
function scopedBot(message, { context }) {
	return {
		what: `${theJoinToken(context)} or its bot belongs to a scope, which this action does not support: ${sentence(message)}`,
		fix: "Set `token` to a join token without a scope, for a bot without a scope."
	};
}
/** Teleport's whole message is "access denied" (lib/auth/bot.go). */
function botUnknown({ context }) {
	return {
		what: `${theJoinToken(context)} is for a bot that does not exist or was deleted (access denied).`,
		fix: `Ask the Teleport administrator to compare \`bot_name\` in ${command("tctl", "get", tokenRef(context))} with ${command("tctl", "bots", "ls")}, and to correct the token or to create the bot with ${command("tctl", "bots", "add", "NAME")}.`
	};
}
/** Returns a complete join token that permits this job, as YAML for `tctl create`. */
function tokenResource({ context, evidence }) {
	const { method } = context.identity;
	const rules = methodOf(method).tokenRules?.(evidence, context.job);
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
		...(rules ?? ["# the rules of this join method"]).map((line) => `    ${line}`)
	].join("\n");
}

// src/tbot/diagnosis/messages/program.ts
/** tbot itself failed, or the machine it runs on. */
function programMessage(cause, { context }) {
	const { tbotVersion } = context;
	switch (cause.code) {
		case "inputs": return inputsText(cause.reason, tbotVersion);
		case "version": return versionText(cause, context);
		case "ttl": return {
			what: `tbot ${tbotVersion} rejected the certificate lifetime: ${sentence(cause.message)}`,
			fix: "Correct `certificate-ttl`, or `credential_ttl` and `renewal_interval` in `services`."
		};
		case "platform": return platform[cause.reason];
		case "tbot": return {
			what: `tbot ${tbotVersion} ${exited(cause.exit)}${cause.message ? `: ${sentence(cause.message)}` : "."}`,
			fix: outOfMemory(cause.exit) ? "The runner has probably run out of memory: add memory, or run fewer jobs at once." : "See the end of tbot's log. To log more, run the job again with debug logging enabled."
		};
		default: return cause;
	}
}
function inputsText(reason, tbotVersion) {
	if (reason === "roles") return {
		what: `tbot ${tbotVersion} does not support \`roles\` in \`services\`: Teleport 19 removed this key.`,
		fix: "Remove `roles` from every entry of `services`. Each credential then has all roles of the bot."
	};
	return {
		what: "`TBOT_USE_PROXY_ADDR` requires `proxy`, but this step sets `auth-server`.",
		fix: "Set `proxy` instead of `auth-server`, or unset `TBOT_USE_PROXY_ADDR`."
	};
}
function versionText({ minimum, message }, { endpoint, tbotVersion }) {
	const match = matching[endpoint.kind];
	if (minimum !== void 0) return {
		what: `The cluster requires tbot ${minimum} or newer, but this is tbot ${tbotVersion}.`,
		fix: `${match}, or use tbot ${minimum} or newer.`
	};
	if (/fips mode/i.test(message)) return {
		what: `tbot ${tbotVersion} is not a FIPS build, but FIPS mode was requested.`,
		fix: "Install a FIPS build, remove `tbot-path` and `version: installed` so that this action downloads one, or remove `fips: true`."
	};
	if (/client version/.test(message)) return {
		what: `The cluster does not accept tbot ${tbotVersion}.`,
		fix: `${match}.`
	};
	return {
		what: `tbot ${tbotVersion} rejected its configuration: ${sentence(message)}`,
		fix: `${match}. If tbot already has this version, report a bug of the action.`
	};
}
const matching = {
	proxy: "Remove `version` and `tbot-path` so that this action installs the version of the cluster",
	"auth-server": "Set `version` to the version of the cluster (`tctl status` shows it)"
};
const platform = {
	full: {
		what: "tbot could not write its files: the disk is full.",
		fix: "Free disk space on the file system of RUNNER_TEMP."
	},
	"read-only": {
		what: "tbot could not write its files: the file system is read-only.",
		fix: "Put RUNNER_TEMP on a writable file system."
	},
	forbidden: {
		what: "tbot could not write its files: permission denied.",
		fix: "Check the owner and the permissions of RUNNER_TEMP."
	},
	binary: {
		what: "The tbot binary was not built for this runner.",
		fix: "Remove `tbot-path`, or set it to a tbot for this operating system and architecture. tbot requires glibc, which Alpine Linux does not have."
	}
};
function exited(exit) {
	return exit.kind === "signal" ? `was killed by ${exit.signal}` : `failed with exit code ${exit.code}`;
}
/** A shell reports a signal as 128 plus its number. */
function outOfMemory(exit) {
	return exit.kind === "signal" ? exit.signal === "SIGKILL" : exit.code === 137;
}

// src/tbot/diagnosis/messages/provider.ts
/** A service outside of the cluster failed: the OIDC issuer, AWS or Azure. */
function providerMessage(cause, facts) {
	switch (cause.code) {
		case "issuer-unreachable": return issuerText(cause, facts);
		case "aws": return awsText(cause, facts);
		case "azure-api": return azureText(cause);
		default: return cause;
	}
}
function issuerText({ untrusted, message }, { context }) {
	const otherwise = methodOf(context.identity.method).staticKeys ? `, or to set \`static_jwks\` in the join token with ${command("tctl", "edit", tokenRef(context))}` : "";
	if (untrusted) return {
		what: `The Auth Service does not trust the certificate of the issuer of this job's OIDC token: ${sentence(message)}`,
		fix: `Ask the Teleport administrator to install the CA certificate of the issuer on the host of the Auth Service${otherwise}. CA certificates on the runner have no effect.`
	};
	return {
		what: `The Auth Service could not reach the issuer of this job's OIDC token: ${sentence(message)}`,
		fix: `Ask the Teleport administrator to allow the host of the Auth Service to reach the issuer (DNS, firewall, HTTP proxy)${otherwise}. The network of the runner has no effect.`
	};
}
function awsText({ reason, message, credential }, { context }) {
	const words = sentence(message);
	switch (reason) {
		case "roles-anywhere": return rolesAnywhereText(words, credential);
		case "organizations": return {
			what: `The Auth Service could not query AWS Organizations for this job's account: ${words}`,
			fix: `Run the job again later. If the error persists, ask the Teleport administrator to grant \`organizations:DescribeAccount\` to the Auth Service, or to use \`aws_account\` in the rules of ${joinToken(context)}.`
		};
		case "sts": return {
			what: `The Auth Service could not verify this job's AWS identity with AWS STS: ${words}`,
			fix: "Check that the AWS credentials of the job have not expired and that the Auth Service can reach AWS STS."
		};
		case "credentials": return {
			what: `tbot found no AWS credentials to join with: ${words}`,
			fix: "Configure AWS credentials in an earlier step, or run the job on an EC2 instance with an instance profile."
		};
		default: return reason;
	}
}
function rolesAnywhereText(words, credential) {
	const what = `AWS IAM Roles Anywhere did not issue credentials${inCredential(credential)}: ${words}`;
	if (/denied|untrusted|status(?: ?code)?: 4\d\d/i.test(words)) return {
		what,
		fix: "Compare `trust_anchor_arn`, `profile_arn` and `role_arn` in `services` with AWS. The trust anchor must contain the SPIFFE CA certificate of the cluster, and the trust policy of the role must allow the SPIFFE ID."
	};
	return {
		what,
		fix: "Check `region` in `services`, and allow the runner to reach `rolesanywhere.REGION.amazonaws.com`."
	};
}
function azureText({ throttled, message }) {
	if (throttled) return {
		what: "The Azure API is rate-limiting the Auth Service (HTTP 429).",
		fix: "Run the job again later, or start fewer jobs at once. Clusters older than 17 send a request for every join, so updating the cluster also helps."
	};
	return {
		what: `The Auth Service could not look up this VM in the Azure API: ${sentence(message)}`,
		fix: "Grant the managed identity `Microsoft.Compute/virtualMachines/read` on the VM, and allow the Auth Service to reach `management.azure.com`."
	};
}

// src/tbot/diagnosis/messages/rights.ts
/** The bot's roles or a lock do not permit the request. */
function rightsMessage(cause, facts) {
	switch (cause.code) {
		case "no-roles": return noRoles(facts);
		case "role-denied": return roleDenied(cause, facts);
		case "mfa-required": return {
			what: `The cluster requires MFA, a trusted device or a hardware key, which a bot cannot provide: ${sentence(cause.message)}`,
			fix: `Ask the Teleport administrator to give the bot roles without \`require_session_mfa\` and \`device_trust_mode\`, and to check these settings in ${command("tctl", "get", "cluster_auth_preference")}.`
		};
		case "locked": return locked(cause);
		default: return cause;
	}
}
function locked(cause) {
	const remove = `find the lock with ${command("tctl", "get", "locks")} and remove it with ${command("tctl", "rm", "locks/ID")}.`;
	if ("target" in cause) return {
		what: `The cluster has a lock on ${cause.target}.`,
		fix: `Find out why it was locked, then ${remove}`
	};
	return {
		what: `The same certificate of the bot was used in two places, so Teleport locked the bot: ${sentence(cause.mismatch)}`,
		fix: `Find out whether the certificate was stolen or is shared by several jobs, then ${remove}`
	};
}
function roleDenied(cause, facts) {
	const { kind, verb, message } = cause;
	if (kind !== void 0 && verb !== void 0) return ruleMissing(kind, verb, cause, facts);
	if (kind !== void 0) return resourceDenied(kind, cause, facts);
	return (facts.context.requestedRoles ?? []).filter((role) => names(message, role)).length > 0 ? requestedRoleDenied(message) : roleUnusable(message, facts);
}
/** No rule of the roles allows an action. */
function ruleMissing(kind, verb, { credential }, facts) {
	return {
		what: `The roles of ${botRef(facts)} do not allow \`${verb}\` on \`${kind}\`${inCredential(credential)}.`,
		fix: `Ask the Teleport administrator to run ${command("tctl", "edit", "role/ROLE")} for a role of the bot (${command("tctl", "get", `bot/${nameOf(facts)}`)}) and add the rule below.`,
		paste: `spec:\n  allow:\n    rules:\n      - resources: [${kind}]\n        verbs: [${verb}]`,
		notes: findingTheName(facts)
	};
}
/** No role has labels that match a resource, or a role denies access to it. */
function resourceDenied(kind, { credential }, facts) {
	const labels = kind.startsWith("kube") ? "kubernetes_labels" : `${kind}_labels`;
	return {
		what: `The roles of ${botRef(facts)} do not allow access to the requested \`${kind}\`${inCredential(credential)}.`,
		fix: `Ask the Teleport administrator to give the bot a role whose \`${labels}\` match the resource, and to check that none of its roles deny access (${command("tctl", "get", `bot/${nameOf(facts)}`)}).`,
		notes: findingTheName(facts)
	};
}
function requestedRoleDenied(message) {
	return {
		what: `\`roles\` in \`services\` requests a role that the bot cannot use: ${sentence(message)}`,
		fix: `Correct or remove \`roles\`: a service can use only the roles of the bot (${command("tctl", "bots", "ls")}).`
	};
}
function roleUnusable(message, facts) {
	return {
		what: `${theBot(facts)} cannot use a role: ${sentence(message)}`,
		fix: `Compare the roles of the bot (${command("tctl", "bots", "ls")}) with those that exist (${command("tctl", "get", "roles")}), and add missing ones with ${command("tctl", "bots", "update", nameOf(facts), "--add-roles=ROLE")}.`,
		notes: findingTheName(facts)
	};
}
/** Whether a message contains the role as a whole word: `developer` does not name `dev`. */
function names(message, role) {
	const escaped = role.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
	return new RegExp(`(?<![\\w.:@/+-])${escaped}(?![\\w@/+-]|[.:]\\w)`).test(message);
}
function noRoles(facts) {
	return {
		what: "The bot joined but has no roles, so no credentials can be issued.",
		fix: `Run ${command("tctl", "bots", "update", nameOf(facts), "--add-roles=ROLE")} with a role that grants the access this job needs.`,
		notes: [...findingTheName(facts), "Bots created as in Teleport's guide have no roles. To test only the connection, set `services: '[]'`, with the quotes."]
	};
}
function nameOf({ bot }) {
	return bot ?? "NAME";
}
/** Explains the placeholder NAME. */
function findingTheName({ bot, context }) {
	if (bot !== void 0) return [];
	return context.token === void 0 ? [`${command("tctl", "bots", "ls")} shows the names of the bots.`] : [`NAME is \`bot_name\` in ${command("tctl", "get", tokenRef(context))}.`];
}

// src/tbot/diagnosis/messages/index.ts
/** Returns the Problem that explains a failure, without anything that looks like a secret. */
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
	"token-unknown": joinTokenMessage,
	"token-method": joinTokenMessage,
	"token-role": joinTokenMessage,
	"bot-unknown": joinTokenMessage,
	"scoped-bot": joinTokenMessage,
	"claims-denied": denialMessage,
	"azure-denied": denialMessage,
	"bound-keypair": boundKeypairMessage,
	"issuer-unreachable": providerMessage,
	aws: providerMessage,
	"azure-api": providerMessage,
	"no-identity": identitySourceMessage,
	"no-id-token": identitySourceMessage,
	"id-token-refused": identitySourceMessage,
	"no-imds": identitySourceMessage,
	"imds-no-identity": identitySourceMessage,
	"imds-several-identities": identitySourceMessage,
	"imds-throttled": identitySourceMessage,
	"azure-egress": identitySourceMessage,
	"no-roles": rightsMessage,
	"role-denied": rightsMessage,
	"mfa-required": rightsMessage,
	locked: rightsMessage,
	"service-not-found": issuanceMessage,
	"workload-identity-denied": issuanceMessage,
	unsupported: issuanceMessage,
	"proxy-unreachable": connectionMessage,
	"proxy-untrusted": connectionMessage,
	"rate-limited": connectionMessage,
	clock: connectionMessage,
	inputs: programMessage,
	version: programMessage,
	ttl: programMessage,
	platform: programMessage,
	tbot: programMessage
};
function textOf(code, cause, facts) {
	return texts[code](cause, facts);
}
function presentable(text, log, context) {
	const shown = presentableLine(context);
	return {
		code: text.code,
		what: shown(text.what),
		fix: shown(text.fix),
		errors: (text.errors ?? []).map(shown),
		notes: (text.notes ?? []).map(shown),
		...text.facts && { facts: {
			title: text.facts.title,
			lines: text.facts.lines.map(shown)
		} },
		...text.paste === void 0 ? {} : { paste: withoutSecrets(text.paste) },
		log: log.map(shown)
	};
}

// src/tbot/diagnosis/explain.ts
/**
* Explains a failure of tbot. Requests the job's claims or the machine's description only if tbot's
* error does not explain the failure. Never throws.
*/
async function explain(failure, context, using) {
	const { identity, job } = context;
	const first = diagnose(failure, context);
	const kind = {
		code: first.code,
		page: first.code === "tbot" && first.page
	};
	const evidence = await gatherEvidence(identity.method, {
		failure: kind,
		job
	}, using);
	const diagnosis = refine(first, evidence);
	return {
		problem: problemOf(diagnosis, context, evidence),
		retryable: diagnosis.retryable
	};
}
/**
* Matches tbot's log if it used the address in `auth_server` as that of a proxy: recorded from
* 15.0.0-dev; later releases: lib/auth/join/join.go, lib/join/joinclient/join.go.
*/
const usedProxy = /registered.*via proxy server|next_method[^\w]{1,2}proxy\b/i;
/** tbot first tries a join service that older clusters lack, so the log can mention both. */
const usedAuthServer = /registered.*with auth server/i;
/**
* Checks that tbot did not bypass the CA pins: if no Auth Service matches them, it joins through the same
* address as a proxy's and trusts the system's CA certificates. Throws a Problem `proxy-untrusted`.
*/
function checkPinned(log, { endpoint }) {
	const logs = (pattern) => log.some((line) => pattern.test(line));
	if (endpoint.kind === "proxy" || !logs(usedProxy) || logs(usedAuthServer)) return;
	throw new Problem({
		code: "proxy-untrusted",
		what: `${endpoint.address} is a Teleport Proxy, not an Auth Service, so tbot joined through it without checking \`ca-pins\`.`,
		fix: "Set `auth-server` to the address of the Auth Service (usually port 3025), or set `proxy` to this address and remove `ca-pins`."
	});
}

// src/services/ssh-certificate.verify.ts
/** Number of fields of the public key by certificate type (OpenSSH, PROTOCOL.certkeys). */
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
	if (fields === void 0) throw new Error(`${type || "an empty file"} is not an SSH certificate`);
	const reader = new Reader(Buffer.from(body, "base64"));
	if (reader.text() !== type) throw new Error("the SSH certificate contains a different type than its line");
	reader.bytes();
	const numbers = Array.from({ length: fields }, () => reader.bytes());
	reader.take(8);
	const kind = kinds[reader.take(4).readUInt32BE()];
	if (kind === void 0) throw new Error("the SSH certificate is neither a user nor a host certificate");
	for (const _ of ["key id", "principals"]) reader.bytes();
	reader.take(8);
	return {
		kind,
		expiresAt: dateOf$1(reader.number()),
		publicKey: digest(numbers)
	};
}
/** By number (OpenSSH, PROTOCOL.certkeys). */
const kinds = [
	void 0,
	"user",
	"host"
];
/**
* Returns the `publicKey` of a certificate for this private key. Accepts PEM and the OpenSSH format;
* throws an Error for anything else.
*/
function publicKeyOf(keyPem) {
	const openSsh = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(keyPem)?.[1];
	if (openSsh !== void 0) return publicKeyOfOpenSsh(Buffer.from(openSsh, "base64"));
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
		default: throw new Error(`SSH certificates do not support keys of type ${key.asymmetricKeyType}`);
	}
}
/** The public key precedes the private one and is never encrypted (OpenSSH, PROTOCOL.key). */
function publicKeyOfOpenSsh(blob) {
	if (blob.toString("latin1", 0, 15) !== "openssh-key-v1\0") throw new Error("the SSH key is damaged");
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
/** A JWK of a type has all the numbers of that type (RFC 7518, section 6). */
function bytes(text) {
	return Buffer.from(String(text), "base64url");
}
/** An SSH number is signed: one with the highest bit set gets a leading zero (RFC 4251, mpint). */
function positive(number) {
	return number.readUInt8() >= 128 ? Buffer.concat([Buffer.from([0]), number]) : number;
}
function digest(parts) {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(`${part.length}:`).update(part);
	return hash.digest("hex");
}
/** All bits set means that it never expires; a Date cannot be that late. */
function dateOf$1(seconds) {
	const last = 8640000000000n;
	return /* @__PURE__ */ new Date(Number(seconds > last ? last : seconds) * 1e3);
}
/** Reads the wire format of RFC 4251: strings are bytes with a length prefix. */
var Reader = class {
	#buffer;
	#offset = 0;
	constructor(buffer) {
		this.#buffer = buffer;
	}
	take(length) {
		const start = this.#offset;
		this.#offset += length;
		if (this.#offset > this.#buffer.length) throw new Error("the SSH certificate is incomplete");
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

// src/services/x509.verify.ts
const issuingCluster = "1.3.9999.1.7";
const botInstance = "1.3.9999.2.20";
/** Reads the first certificate of a PEM text. Throws OpenSSL's error if there is none. */
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
/**
* Returns whether a certificate was issued for a private key; each is the first one in a PEM text.
* Throws OpenSSL's error if one cannot be read.
*/
function matchesKey(certificatePem, keyPem) {
	return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
}
/** An attribute that occurs once is a string, one that occurs more often a list. */
function valuesOf(attributes, name) {
	const value = attributes[name];
	if (value === void 0) return [];
	return typeof value === "string" ? [value] : value;
}
/** CA certificates that were already checked: every credential of a join comes with the same few. */
const knownCas = /* @__PURE__ */ new Set();
/** Throws an Error unless a PEM text begins with a CA certificate and is complete. */
function checkCa(role, pem) {
	if (knownCas.has(pem)) return;
	if (!new X509Certificate(pem).ca) throw new Error(`its ${role} is not a CA certificate`);
	if (!isCompletePem(pem)) throw new Error(`its ${role} is incomplete`);
	knownCas.add(pem);
}
/** Returns whether every block of a PEM text has an end. */
function isCompletePem(text) {
	const [begun, ended] = [/^-----BEGIN /gm, /^-----END .*-----\r?$/gm].map((line) => text.match(line)?.length);
	return begun === ended;
}

// src/services/client-certificate.verify.ts
/** Files with CA certificates. */
const caRoles = /* @__PURE__ */ new Set([
	"host-ca",
	"user-ca",
	"database-ca",
	"tls-ca",
	"mongo-ca"
]);
/**
* Verifies that the certificates of a bot can be read and belong to the key beside them, also in the
* copies for particular programs. Throws an Error whose message is a clause.
*/
function verifyClientCertificate(text) {
	checkIdentityFile(text("identity"));
	for (const role of caRoles) if (text(role) !== "") checkCa(role, text(role));
	const certificate = readCertificate(text("certificate"));
	const ssh = readSshCertificate(text("ssh-certificate"));
	if (ssh.kind !== "user") throw new Error("its SSH certificate is not a user certificate");
	if (!matchesKey(text("certificate"), text("key"))) throw new Error("the X.509 certificate does not match the private key");
	if (ssh.publicKey !== publicKeyOf(text("key"))) throw new Error("the SSH certificate does not match the private key");
	checkPair(text("tls-certificate"), text("tls-key"));
	checkPair(text("mongo-certificate"), text("mongo-certificate"));
	const ends = [certificate.expiresAt, ssh.expiresAt].map(Number);
	return {
		certificate,
		cluster: certificate.cluster,
		expiresAt: new Date(Math.min(...ends))
	};
}
/**
* Checks for a private key and a certificate that match. CA certificates follow them in the file
* (api/identityfile).
*/
function checkIdentityFile(text) {
	if (!isCompletePem(text) || !text.endsWith("\n") || ![/^-----END [A-Z ]*PRIVATE KEY-----/m, /^-----END CERTIFICATE-----/m].every((part) => part.test(text))) throw new Error("its identity file is incomplete");
	if (!matchesKey(text, text)) throw new Error("the certificate in its identity file does not match the private key");
}
function checkPair(certificate, key) {
	if (certificate !== "" && !matchesKey(certificate, key)) throw new Error("the TLS certificate does not match the private key");
}

// src/services/kubernetes.verify.ts
/** Verifies a kubeconfig and the certificates beside it. Throws an Error or a Problem. */
async function verifyKubernetes(text, { disable_exec_plugin: selfContained }) {
	await checkKubeconfig(text("kubeconfig"), selfContained);
	return verifyClientCertificate(text);
}
/**
* Checks that kubectl can use a kubeconfig: each context has a cluster and a user, one is the current
* context, and embedded certificates match their keys. Throws an Error whose message is a clause, or a
* Problem `service-not-found` for one without clusters, which tbot writes if labels match nothing.
*/
async function checkKubeconfig(text, selfContained = false) {
	const config = await parsed(text);
	const clusters = namesIn(config, "clusters");
	if (clusters.size === 0) throw noMatchingCluster();
	const contexts = namesIn(config, "contexts");
	if (!contexts.has(property(config, "current-context"))) throw new Error("the current context of the kubeconfig does not exist");
	const users = namesIn(config, "users");
	for (const [name, entry] of contexts) {
		const context = property(entry, "context");
		const cluster = property(clusters.get(property(context, "cluster")), "cluster");
		if (typeof property(cluster, "server") !== "string") throw new Error(`context ${String(name)} of the kubeconfig has no cluster`);
		const user = property(users.get(property(context, "user")), "user");
		if (user === void 0) throw new Error(`context ${String(name)} of the kubeconfig has no user`);
		if (selfContained && property(user, "exec") !== void 0) throw new Error("the kubeconfig uses an exec plugin, but a self-contained kubeconfig was requested");
		checkUser(user);
	}
}
/** The parser's own message would show lines of the file. */
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
	if (!matchesKey(decoded(certificate), decoded(key))) throw new Error("the certificate in the kubeconfig does not match the private key");
}
function decoded(base64) {
	return Buffer.from(base64, "base64").toString("utf8");
}
/** Returns the entries of a list of a kubeconfig by their names. */
function namesIn(config, list) {
	const entries = property(config, list);
	return new Map(Array.isArray(entries) ? entries.map((entry) => [property(entry, "name"), entry]) : []);
}
function noMatchingCluster() {
	return new Problem({
		code: "service-not-found",
		what: "The bot cannot see a Kubernetes cluster that matches the selectors, so the kubeconfig is empty.",
		fix: "Compare the selectors with `tctl kube ls`. If they are correct, ask the Teleport administrator to give the bot a role whose `kubernetes_labels` match these clusters."
	});
}

// src/services/ssh-host.verify.ts
/** A later expiry time means that the certificate never expires: OpenSSH sets all its bits. */
const never = Date.UTC(9999, 0);
/** Verifies a host certificate and its key. Throws an Error whose message is a clause. */
function verifySshHost(text) {
	const { kind, publicKey, expiresAt } = readSshCertificate(text("ssh-host-certificate"));
	if (kind !== "host") throw new Error("its SSH certificate is not a host certificate");
	if (publicKey !== publicKeyOf(text("ssh-host-key"))) throw new Error("the SSH certificate does not match the private key");
	return {
		certificate: void 0,
		expiresAt: Number(expiresAt) < never ? expiresAt : void 0
	};
}

// src/services/svid.verify.ts
/**
* Verifies an X.509 SVID with its key and the CA certificates of its trust domain, whose name is the
* cluster's. Throws an Error whose message is a clause for an SVID that no verifier would accept ("The
* X.509 SPIFFE Verifiable Identity Document", spiffe.io).
*/
function verifyX509Svid(text) {
	const [svid, key, bundle] = [
		text("svid"),
		text("svid-key"),
		text("svid-bundle")
	];
	const certificate = new X509Certificate(svid);
	if (!matchesKey(svid, key)) throw new Error("the SVID does not match the private key");
	const [id = "", ...others] = (certificate.subjectAltName ?? "").split(", ").flatMap((name) => name.startsWith("URI:") ? [name.slice(4)] : []);
	if (others.length > 0) throw new Error("the SVID has more than one URI");
	if (!new X509Certificate(bundle).ca) throw new Error("the SVID bundle does not contain a CA certificate");
	return {
		certificate: void 0,
		cluster: trustDomainOf(id),
		expiresAt: certificate.validToDate
	};
}
/** Verifies a JWT SVID, except its signature. Throws an Error whose message is a clause. */
async function verifyJwtSvid(text, { audiences }) {
	const { decodeJwt } = await import("./webapi.js");
	const { sub = "", exp, aud = [] } = decodeJwt(text("jwt-svid").trim());
	const expiresAt = /* @__PURE__ */ new Date(Number(exp) * 1e3);
	if (Number.isNaN(Number(expiresAt))) throw new Error("the JWT SVID has no expiry time");
	if (!audiences.every((audience) => [aud].flat().includes(audience))) throw new Error("the JWT SVID is not for the requested audiences");
	return {
		certificate: void 0,
		cluster: trustDomainOf(sub),
		expiresAt
	};
}
function trustDomainOf(id) {
	const domain = /^spiffe:\/\/([a-z0-9._-]+)\/[^\s]+$/i.exec(id)?.[1];
	if (domain === void 0) throw new Error("the SVID has no SPIFFE ID");
	return domain;
}

// src/services/workload-identity-aws-roles-anywhere.verify.ts
const required = [
	"aws_access_key_id",
	"aws_secret_access_key",
	"aws_session_token"
];
/**
* Verifies the session of a profile in AWS's shared credentials file. `expiresAt` is undefined if the
* file does not contain it. Throws an Error whose message is a clause.
*/
function verifyAwsSession(text, { credential_profile_name: profile = "default" }) {
	const session = sections(text("aws-credentials")).get(profile);
	if (!session) throw new Error(`it has no profile \`${profile}\``);
	const missing = required.filter((key) => !session.get(key));
	if (missing.length > 0) throw new Error(`the profile \`${profile}\` lacks ${missing.join(", ")}`);
	return {
		certificate: void 0,
		expiresAt: dateOf(session.get("expiration"))
	};
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
function dateOf(text) {
	if (text === void 0 || text === "") return void 0;
	const moment = new Date(/^\d+$/.test(text) ? Number(text) : text);
	return Number.isNaN(Number(moment)) ? void 0 : moment;
}

// src/services/secrets.verify.ts
/** A private key in PEM, also a truncated one that is followed by another block. */
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----|$)/gs;
/** A key or a token on one line of a kubeconfig or of AWS's shared credentials file. */
const oneLine = /^[ \t-]*(?:client-key-data|token|aws_access_key_id|aws_secret_access_key|aws_session_token)\s*[:=]\s*["']?([^\s"']+)/gm;
const jwt = /(?<![\w-])eyJ[\w-]*\.[\w-]+\.[\w-]+/g;
/** A shorter text could be any word, and masking it would garble the log. */
const shortest = 8;
/** Returns the secrets in a file that tbot wrote, line by line, because a mask covers one line. */
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
/**
* Masks the keys and tokens in everything that tbot wrote for these services, including incomplete
* and unexpected files. Skips what it cannot read and never throws: it also runs after a failure, before
* tbot's log is shown.
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

// src/services/verify.ts
/** Verifies the contents of the files of each type. */
const verifiers = {
	identity: verifyClientCertificate,
	application: verifyClientCertificate,
	database: verifyClientCertificate,
	kubernetes: verifyKubernetes,
	"kubernetes/v2": verifyKubernetes,
	ssh_host: verifySshHost,
	"workload-identity-x509": verifyX509Svid,
	"workload-identity-jwt": verifyJwtSvid,
	"workload-identity-aws-roles-anywhere": verifyAwsSession
};
/**
* Reads what tbot wrote for a service and verifies it. Every essential file must exist, be a regular
* file that other users cannot read, parse and match its key. An optional file that is missing or
* incomplete is left out with a debug line. Throws a Problem `tbot`, or `service-not-found` if tbot
* found nothing and exited successfully.
*/
async function readCredential(planned, debug) {
	const { name, service, dir } = planned;
	const { essential, optional } = descriptorOf(service.type).files(service);
	const contents = /* @__PURE__ */ new Map();
	try {
		for (const [role, path] of pathsOf(dir, essential)) contents.set(role, {
			path,
			text: readIssued(path, 63)
		});
		for (const [role, path] of pathsOf(dir, optional)) {
			const text = readOptional(role, path, (why) => debug(`Credential \`${name}\` is published without \`${role}\`: ${why}.`));
			if (text !== void 0) contents.set(role, {
				path,
				text
			});
		}
		const files = Object.fromEntries([...contents].map(([role, { path }]) => [role, path]));
		const verified = await verify(service, (role) => contents.get(role)?.text ?? "");
		return {
			name,
			type: service.type,
			dir,
			service,
			files,
			...verified
		};
	} catch (error) {
		throw error instanceof Problem ? error : unusable(planned, error);
	}
}
function pathsOf(dir, files) {
	return Object.entries(files).map(([role, name]) => [role, join(dir, name)]);
}
/**
* Returns the text of a file that tbot wrote. Throws an Error whose message is a clause, also if other
* users have one of the `forbidden` rights. Synchronous, because the files are small and local, so the
* overhead of asynchronous reads would dominate.
*/
function readIssued(path, forbidden) {
	const stats = statsOf(path);
	if (!stats?.isFile() || stats.size === 0) throw new Error(`tbot did not write ${path}`);
	if (process.platform !== "win32" && (stats.mode & forbidden) !== 0) throw new Error(`other users can ${forbidden === 63 ? "read" : "change"} ${path}`);
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw new Error(`${path} cannot be read (${codeOf(error) ?? messageOf(error)})`, { cause: error });
	}
}
function statsOf(path) {
	try {
		return lstatSync(path);
	} catch {
		return;
	}
}
/** Returns the text of a file that exists and is complete; otherwise reports why it is left out. */
function readOptional(role, path, report) {
	try {
		const text = readIssued(path, 18);
		if (caRoles.has(role)) checkCa(role, text);
		else if (!text.endsWith("\n")) throw new Error(`${path} is incomplete`);
		return text;
	} catch (error) {
		report(clauseOf(error));
		return;
	}
}
async function verify(service, text) {
	return verifiers[service.type](text, service);
}
/** Replaces OpenSSL's own messages, which refer to its source code. */
function clauseOf(error) {
	return codeOf(error)?.startsWith("ERR_OSSL") ? "it contains a damaged certificate or key" : messageOf(error);
}
function unusable(planned, cause) {
	const [name, ...others] = credentialNames(planned).map((one) => `\`${one}\``);
	const which = others.length === 0 ? `credential ${name}` : `credentials ${name}, ${others.join(", ")}`;
	return new Problem({
		code: "tbot",
		what: `tbot exited successfully, but ${which} cannot be used: ${clauseOf(cause)}.`,
		fix: "Run the job again with debug logging enabled. If the error persists, report it with the log of tbot.",
		cause
	});
}

// src/tbot/run.ts
/** Milliseconds between SIGTERM and SIGKILL. */
const grace = 2e3;
/** Lines of the log that are kept to explain a failure. */
const linesKept = 2e3;
/**
* Runs tbot in its own process group until it exits, and stops what remains of the group. Returns
* undefined on success, otherwise the failure. The signal is the only deadline: tbot can wait forever
* for a silent proxy. Throws a Problem `tbot` if it cannot be started.
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
		fix: "Check the file in the output `tbot-path`, or remove the input `tbot-path` so that this action downloads tbot.",
		cause: error
	});
}
/** Reads both streams. The returned function waits briefly for pipes that another process holds open. */
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
/** Codes that mean a rate limit, after which the pause is longer. */
const rateLimits = /* @__PURE__ */ new Set([
	"rate-limited",
	"imds-throttled",
	"azure-api",
	"aws"
]);
/**
* Runs tbot until it has joined and issued all credentials. Retries retryable failures, never a
* denial. Throws a Problem, or the signal's reason.
*/
async function join$1(plan, context, using) {
	const { ci, network, signal, retryPolicy = defaultRetryPolicy } = using;
	await writeToWorkdir(using.workdir.path, configName, await renderConfig(plan.config));
	let last;
	for (let count = 1;; count += 1) {
		const failure = await runOnce(plan, context, using).catch((error) => {
			throw signal.aborted ? stopReason(signal, last) : error;
		});
		if (!failure) return;
		const { env, mask } = ci;
		const { problem, retryable } = await explain(failure, context, {
			env,
			mask,
			network,
			signal
		});
		if (signal.aborted) throw stopReason(signal, last);
		if (!retryable || count >= retryPolicy.attempts) throw ci.debugging ? problem.withoutLog() : problem;
		last = problem;
		const wait = backoff(count, retryPolicy, rateLimits.has(problem.code));
		ci.info(`${problem.message} Retrying in ${(wait / 1e3).toFixed(1)} s.`);
		await rest(wait, signal, last);
	}
}
/**
* Runs tbot once and prints its log; after a failure only with debug logging, because the report of the
* failure contains the end of the log. Masks the keys that tbot wrote before it prints any of the log.
*/
async function runOnce(plan, context, { workdir, ci, signal }) {
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
		maskWritten(plan.services, ci.mask);
		if (!failure || ci.debugging) ci.group(`Log of tbot ${context.tbotVersion}`, presentableLog(lines, context).filter((line) => ci.debugging || !isDebugLine(line)));
	}
}
async function rememberProcess({ path, marker }, pid) {
	const processes = [...marker.processes, await markProcess(pid)];
	await changeMarker(path, {
		...marker,
		processes
	});
}

// src/step.ts
/**
* Joins the cluster and publishes the requested credentials. Saves the path of the private directory
* before it creates it, verifies the endpoint before tbot sends the job's identity, and checks all
* credentials before it publishes one. Throws a Problem.
*/
async function runStep(inputs, ci, stop) {
	if (inputs.dryRun) return dryRun({
		inputs,
		ci,
		stop
	});
	const identity = chooseIdentity(inputs, ci);
	await sweep(await workdirRoot(ci.directories), ci);
	const workdir = await createWorkdir(ci);
	const network = openHttpClient({
		env: ci.env,
		extraCaFile: inputs.extraCaFile
	});
	try {
		await issue({
			inputs,
			identity,
			workdir,
			network,
			ci,
			stop
		});
	} finally {
		network.close();
	}
}
/** Removes private directories of earlier jobs, and warns about those that cannot be removed. */
async function sweep(root, ci) {
	const { removed, left } = await sweepWorkdirs(root, ci.job.key);
	if (removed > 0) ci.info(removed === 1 ? "Removed a private directory that an earlier job left on this runner." : `Removed ${removed} private directories that earlier jobs left on this runner.`);
	for (const text of left) ci.warning(leftoverTitle, text);
}
async function issue(request) {
	const { inputs, identity, workdir, network, ci, stop } = request;
	const { signal } = stop;
	const { env, debugging } = ci;
	maskVariables(identity, ci);
	stop.during(`querying ${inputs.endpoint.address}`);
	const cluster = await probeCluster(inputs, {
		network,
		signal,
		info: ci.info
	});
	stop.during("installing tbot");
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
		ci,
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
	for (const warning of plan.warnings) ci.warning("machine-id-action: ttl", warning);
	stop.during(`waiting for tbot to join through ${inputs.endpoint.address}`);
	const context = contextOf(request, plan, cluster, tool.version);
	await join$1(plan, context, {
		workdir,
		ci,
		network,
		signal
	});
	stop.during("publishing the credentials");
	const credentials = await collect(plan, inputs, cluster?.name, ci);
	await publish({
		inputs,
		cluster,
		identity,
		tool,
		credentials,
		caBundle
	}, workdir, ci);
}
/** Returns what the explanation of a failed join depends on. */
function contextOf({ inputs, identity, ci }, { services }, cluster, tbotVersion) {
	return {
		endpoint: inputs.endpoint,
		cluster: cluster?.name,
		token: hasSecretToken(identity) ? void 0 : inputs.token,
		identity,
		tbotVersion,
		job: ci.job,
		requestedRoles: services.flatMap(({ service }) => rolesOf(service))
	};
}
/** Writes all CA certificates to one file, because Go's SSL_CERT_FILE replaces those of the system. */
async function caBundleOf(inputs, network, workdir) {
	if (inputs.extraCaFile === void 0) return void 0;
	return writeToWorkdir(workdir.path, "ca-bundle.pem", await network.caBundle());
}
/** Reads the issued credentials and checks them against the inputs. */
async function collect(plan, inputs, announced, ci) {
	const credentials = [];
	for (const planned of plan.services) {
		const credential = await readCredential(planned, ci.debug);
		credentials.push(...credentialNames(planned).map((name) => ({
			...credential,
			name
		})));
	}
	const clusters = credentials.map(({ cluster }) => cluster);
	checkIssuers(clusters, inputs.expectedCluster, inputs.endpoint, announced);
	const notice = checkLifetime(credentials, inputs, Date.now());
	for (const text of [...notice === void 0 ? [] : [notice], ...revocationNotices(credentials)]) ci.notice("machine-id-action", text);
	return credentials;
}

export { runStep };