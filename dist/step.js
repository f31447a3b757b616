import { r as __toESM } from "./rolldown-runtime.js";
import { A as unwritable, B as findProcesses, C as allowOwner, D as createWorkdir, E as changeMarker, F as isNewWorkdir, H as markProcess, I as markerName, L as readMarker, M as workdirRoot, O as deliver, P as writeToWorkdir, S as removeWorkdir, T as leftoverTitle, U as openHttpClient, V as isRunning, W as codeOf, _ as positionOf, a as startEarly, c as signalChild, d as probeCluster, f as checkIssuers, g as callsOf, h as stopReason, i as previewTool, j as workdirName, k as programsOf, l as startChild, m as rest, n as onThisMachine, o as exitOf, p as backoff, r as install, s as hasSucceeded, t as loadYaml, v as reportBackground, w as leftoverText, x as ownerOf } from "./install.js";
import { A as requestedLifetime, B as idTokenPermissions, C as newestKubernetes, D as rolesOf, E as credentialNames, F as secretKeys, H as onlyOwnPullRequests, I as secretsOf, L as isJoinMethod, M as intervalFor, N as longestInterval, O as descriptorOf, P as onboardingOf$1, R as methodOf, S as kubernetesSupport, T as named, U as permissionsToAdd, X as messageOf, Y as Problem, at as supports, b as metadataHosts, d as timelineSentence, dt as isRecord, f as backgroundSentence, ft as parseJson, h as inputLines, it as supportingTbot, j as listenAddressOf, k as lifetimeSettings, lt as formatDuration, m as successSummary, p as dryRunSummary, pt as property, rt as orNewer, s as _usingCtx, u as timelineSection, ut as rfc3339, w as requestsFor, yt as listed, z as hasIdTokenEndpoint } from "./shared.js";
import { A as maskWritten, C as maskVariables, D as parametersOf, E as missingVariables, O as variablesInUse, S as isSingleUse, T as methodEnvironment, _ as explain, b as presentableLog, c as findOnPath, d as contextForMarker, g as checkPinned, k as variablesOf$1, n as followLog, p as failingLoops, r as logName, t as createLog, v as diagnose, w as methodConfig, x as hasSecretToken, y as isDebugLine } from "./diagnosis.js";
import { X509Certificate, createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { lstatSync, readFileSync } from "node:fs";
import { lstat, readdir, statfs, symlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, parse, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createInterface } from "node:readline";

// src/background/platform.ts
/**
* Throws a Problem `platform` on Windows, where a process cannot be ended with its children, so that tbot
* could outlive the job.
*/
function checkPlatform(platform) {
	if (platform !== "win32") return;
	throw new Problem({
		code: "platform",
		what: "`mode: background` is not supported on Windows.",
		fix: "Run the job on Linux or macOS, or use `mode: oneshot`."
	});
}

// src/background/ports.ts
/**
* Returns free ports of the loopback interface, all different. Another process may take one before tbot
* listens on it.
*/
async function freePorts(count) {
	const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
	const ports = servers.map(portOf);
	await Promise.all(servers.map(async (server) => closed(server)));
	return ports;
}
async function listenAnywhere() {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	return server;
}
function portOf(server) {
	const address = server.address();
	return typeof address === "object" ? address?.port ?? 0 : 0;
}
async function closed(server) {
	server.close();
	await once(server, "close");
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
* Verifies an identity file whose private key stays in the memory of tbot. Throws an Error whose message
* is a clause, or OpenSSL's error.
*/
function verifyKeyAgent(text) {
	const file = text("identity");
	if (!isCompletePem(file) || !file.endsWith("\n")) throw new Error("its identity file is incomplete");
	const certificate = readCertificate(file);
	return {
		certificate,
		cluster: certificate.cluster,
		expiresAt: certificate.expiresAt
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

// src/services/verify.ts
/** The certificates of a tunnel stay in the memory of tbot. */
function servesOnly() {
	return {
		certificate: void 0,
		expiresAt: void 0
	};
}
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
	"workload-identity-aws-roles-anywhere": verifyAwsSession,
	"application-tunnel": servesOnly,
	"application-proxy": servesOnly,
	"database-tunnel": servesOnly,
	"ssh-multiplexer": servesOnly,
	"identity/key-agent": verifyKeyAgent,
	"workload-identity-api": servesOnly
};
/**
* Reads what tbot wrote for a service and verifies it. Every essential file must exist, be a regular
* file that other users cannot read, parse and match its key. An optional file that is missing or
* incomplete is left out with a debug line. Throws a Problem `tbot`, or `service-not-found` if tbot
* found nothing and reported success.
*/
async function readCredential(planned, debug) {
	const { name, service, dir, listen } = planned;
	const { essential, optional, sockets = {} } = descriptorOf(service.type).files(service);
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
		for (const [role, path] of pathsOf(dir, sockets)) {
			if (!statsOf(path)?.isSocket()) throw new Error(`tbot did not create the socket ${path}`);
			contents.set(role, {
				path,
				text: ""
			});
		}
		const files = Object.fromEntries([...contents].map(([role, { path }]) => [role, path]));
		const verified = await verify$1(service, (role) => contents.get(role)?.text ?? "");
		return {
			name,
			type: service.type,
			dir,
			service,
			files,
			listen,
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
async function verify$1(service, text) {
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
		what: `tbot reported success, but ${which} cannot be used: ${clauseOf(cause)}.`,
		fix: "Run the job again with debug logging enabled. If the error persists, report it with the log of tbot.",
		cause
	});
}

// src/collect.ts
/** Reads the issued credentials and checks them against the inputs. */
async function collect$1({ plan, running }, inputs, announced, ci) {
	const credentials = [];
	for (const planned of plan.services) {
		const credential = await (running === void 0 ? readCredential(planned, ci.debug) : readWhileRenewed(planned, ci.debug));
		credentials.push(...credentialNames(planned).map((name) => ({
			...credential,
			name
		})));
	}
	if (running) maskWritten(plan.services, ci.mask);
	const clusters = credentials.map(({ cluster }) => cluster);
	checkIssuers(clusters, inputs.expectedCluster, inputs.endpoint, announced);
	const notice = checkLifetime(credentials, inputs, Date.now());
	for (const text of [...notice === void 0 ? [] : [notice], ...revocationNotices(credentials)]) ci.notice("machine-id-action", text);
	return credentials;
}
/** Reads a credential again if it cannot be used, because tbot rewrites its files in place. */
async function readWhileRenewed(planned, debug) {
	for (let count = 1;; count += 1) try {
		return await readCredential(planned, debug);
	} catch (error) {
		if (count >= 20) throw error;
		await setTimeout(50);
	}
}

// src/workdir/sweep.ts
/** Milliseconds after which a directory without a marker counts as unused. */
const day = 864e5;
/**
* Removes the private directories that earlier jobs left on this runner, because no post step runs
* when the machine or the runner dies. A runner runs one job at a time, so directories of other
* jobs are unused, unless concurrent jobs share the folder (`shared`); those of this job belong to its other calls, and `visit`
* receives them. Never throws.
*/
async function sweepWorkdirs(root, job, visit = async () => void 0, shared = false) {
	const names = await readdir(root).catch(() => []);
	let removed = 0;
	const left = [];
	for (const name of names.filter((candidate) => workdirName.test(candidate))) {
		const path = join(root, name);
		const swept = await sweepWorkdir(path, root, job, shared);
		if (swept?.kind === "removed") removed += 1;
		if (swept?.kind === "left") left.push(leftoverText(path, swept));
		if (swept?.kind === "kept") await visit(swept);
	}
	return {
		removed,
		left
	};
}
/**
* Returns undefined for a directory that is skipped, such as one of another user. Without a marker the job is unknown, so the directory is kept for a day.
*/
async function sweepWorkdir(path, root, job, shared) {
	const stats = await lstat(path).catch(() => void 0);
	if (!stats?.isDirectory()) return void 0;
	const owner = ownerOf(stats);
	if (shared && owner === "other") return void 0;
	await allowOwner(path);
	const marker = await readMarker(path);
	if (marker?.job === job) return {
		kind: "kept",
		path,
		marker
	};
	if (shared && (owner !== "self" || await mayBeInUse(path, marker))) return void 0;
	if (marker) return removeWorkdir(path, root);
	if (owner === "other") return void 0;
	if (owner === "root" || Date.now() - stats.mtimeMs > day) return removeWorkdir(path, root);
	if (await isNewWorkdir(path)) return void 0;
	return {
		kind: "left",
		why: "its marker is missing or damaged, so it may belong to a job that is still running",
		fix: "If no job is running, remove it manually; otherwise a later run removes it, one day after its last change."
	};
}
/** Whether a directory in a shared folder has changed within a day, or has a running process. */
async function mayBeInUse(path, marker) {
	for (const file of [path, join(path, markerName)]) {
		const stats = await lstat(file).catch(() => void 0);
		if (stats && Date.now() - stats.mtimeMs <= day) return true;
	}
	const processes = [...marker?.processes ?? [], ...await findProcesses(path)];
	return (await Promise.all(processes.map(isRunning))).includes(true);
}

// src/cluster/endpoint.ts
/** Returns the address of the proxy. Undefined if the endpoint is an Auth Service. */
function proxyOf(endpoint) {
	return endpoint.kind === "proxy" ? endpoint.address : void 0;
}

// src/methods/choose.ts
/**
* Returns the identity to join with. Sends no requests: GitHub's hosted runners are Azure machines, so
* a response of the metadata service proves nothing. Throws a Problem `no-identity`, `no-id-token` or, if
* background mode does not support the join method, `inputs`.
*/
function chooseIdentity(inputs, ci) {
	const { directories, env, job, autoJoin } = ci;
	const method = chooseMethod(inputs, env, autoJoin);
	if (method === void 0) throw autoJoin ? notObtained(autoJoin) : noIdentity(job);
	const identity = {
		method,
		onboarding: withPathsFrom(directories.workspace ?? "", method, onboardingOf$1(inputs))
	};
	const missing = missingVariables(identity, env);
	if (missing.length > 0 && autoJoin?.methods[0] === method) throw notObtained(autoJoin);
	if (missing.length > 0) throw methodOf(method).problemWithout?.(job) ?? noVariables(identity, missing);
	const chosen = {
		...identity,
		variables: variablesInUse(identity, env)
	};
	if (inputs.mode === "background" && isSingleUse(chosen)) throw singleUse(method);
	return chosen;
}
/** Returns the method that was named, or the one that this job can use; undefined if there is none. */
function chooseMethod(inputs, env, autoJoin) {
	const { joinMethod, azureClientId } = inputs;
	if (joinMethod !== "auto") return joinMethod;
	if (azureClientId !== void 0) return "azure";
	if (autoJoin) {
		const onboarding = onboardingOf$1(inputs);
		return autoJoin.methods.filter(isJoinMethod).find((method) => missingVariables({
			method,
			onboarding
		}, env).length === 0);
	}
	return hasIdTokenEndpoint(env) ? "github" : void 0;
}
/** Returns the identity that a job would join with if it met all requirements. */
function intendedIdentity(inputs, { autoJoin }) {
	const first = autoJoin?.methods.find(isJoinMethod);
	return {
		method: chooseMethod(inputs, {}, autoJoin) ?? first ?? "github",
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
function singleUse(method) {
	const { repeatable } = methodOf(method);
	return new Problem({
		code: "inputs",
		what: `\`mode: background\` requires a join method that can join repeatedly, but the secret of join method \`${method}\` is spent by the first join.`,
		fix: `Use ${repeatable === void 0 ? "" : `${repeatable}, `}another \`join-method\`, or \`mode: oneshot\`.`
	});
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
function notObtained({ obtain }) {
	return new Problem({
		code: "no-identity",
		...obtain
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
/** Returns a config for a version of tbot, with storage in memory. */
function tbotConfig(request) {
	const { background } = request;
	const spelling = spellingOf(request.version);
	return {
		version: "v2",
		[addressKey(request.endpoint, spelling)]: request.endpoint.address,
		onboarding: onboardingOf(request),
		storage: { type: "memory" },
		...request.fips ? { fips: true } : {},
		oneshot: background === void 0,
		[spelling.ttl]: formatDuration(request.ttl),
		...background === void 0 ? {} : {
			renewal_interval: formatDuration(background.renewalInterval),
			diag_addr: background.diagnostics
		},
		...servicesOf(request, spelling)
	};
}
/** Returns the lists of services. Before 17, those that serve connections have their own. */
function servicesOf({ services, ttl, background }, spelling) {
	const usual = {
		ttl,
		longestInterval: background?.renewalInterval ?? 1200
	};
	const serving = services.filter((one) => descriptorOf(one.service.type).serves !== void 0);
	const others = services.filter((one) => !serving.includes(one));
	const entries = (list) => list.map((planned) => entryOf(planned, usual));
	if (spelling.services === "services") return { services: entries(services) };
	return {
		outputs: entries(others),
		...serving.length > 0 ? { services: entries(serving) } : {}
	};
}
function entryOf({ service, dir, listen }, usual) {
	return {
		type: service.type,
		...listen === void 0 ? { destination: {
			type: "directory",
			path: dir
		} } : { listen },
		...settingsOf(service, usual)
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
* Returns the settings of a service except its address, in the order of its fields, without those that
* have no effect.
*/
function settingsOf(service, usual) {
	const { fields, lifetime } = descriptorOf(service.type);
	const own = lifetimeSettings(service);
	const completed = {
		...own,
		...lifetime.complete(own, usual)
	};
	const { listen: _, ...settings } = {
		...service,
		...lifetime.within === void 0 ? completed : { [lifetime.within]: completed }
	};
	return written(settings, fields);
}
function written(values, fields) {
	const settings = Object.entries(fields).flatMap(([key, field]) => {
		const value = values[key];
		if (value === void 0 || isRecord(value) && Object.keys(value).length === 0) return [];
		return [[key, writtenValue(value, field)]];
	});
	return Object.fromEntries(settings);
}
function writtenValue(value, field) {
	if (field.kind === "duration") return formatDuration(Number(value));
	return field.kind === "map" && isRecord(value) ? written(value, field.fields) : value;
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
	const them = others.length === 0 ? "it" : "them";
	throw new Problem({
		code: "version",
		what: others.length === 0 ? `${versions} does not support this request: ${first}.` : `${versions} does not support this request:`,
		errors: others.length === 0 ? [] : unsupported.map((clause) => `${clause}.`),
		fix: `Remove ${them} from the inputs, or use versions of tbot and the cluster that support ${them}.`
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
	const descriptor = descriptorOf(service.type);
	const { since, clusterSince, fields, serves } = descriptor;
	const ofCredential = `of credential \`${name}\``;
	const type = `\`${service.type}\` ${ofCredential}`;
	if (!supports(version, since)) return [`${type} requires ${supportingTbot(since)}`];
	const keys = unsupportedKeys(fields, service, version).map(([key, known]) => `\`${key}\` ${ofCredential} requires ${supportingTbot(known)}`);
	if (keys.length > 0) return [...new Set(keys)];
	if (listenAddressOf(descriptor, { ...service })?.kind === "unix") {
		const socket = missing(version, `\`listen: unix://\` ${ofCredential}`, serves?.unixSince);
		if (socket.length > 0) return socket;
	}
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

// src/services/addresses.ts
/** Bytes of the longest path of a Unix socket on macOS, without the final NUL; Linux allows 107. */
const longestPath = 103;
/** Whether a service needs a port that the action chooses. */
function needsPort(service) {
	const address = listenAddressOf(descriptorOf(service.type), { ...service });
	return address?.kind === "tcp" && address.port === 0;
}
/**
* Returns the services with the addresses that they listen on. `ports` are for those without a port; a
* missing one is 0. Throws a Problem `platform` if the path of a Unix socket is too long.
*/
function withAddresses(services, { workdir, ports }) {
	const unused = [...ports];
	return services.map((planned) => {
		const { name, service, dir } = planned;
		const descriptor = descriptorOf(service.type);
		for (const socket of Object.values(descriptor.files(service).sockets ?? {})) checkPath(name, `${dir}/${socket}`);
		const address = listenAddressOf(descriptor, { ...service });
		if (address === void 0) return planned;
		if (address.kind === "unix") return {
			...planned,
			listen: socketUri(checkPath(name, `${workdir}/${name}.sock`))
		};
		const port = address.port === 0 ? unused.shift() ?? 0 : address.port;
		return {
			...planned,
			listen: `tcp://${address.host}:${port}`
		};
	});
}
/** Escapes the characters of a path that end it in a URL, which tbot parses (lib/tbot/internal/listener.go). */
function socketUri(path) {
	return `unix://${path.replaceAll(/[%?#]/g, encodeURIComponent)}`;
}
function checkPath(name, path) {
	const length = new TextEncoder().encode(path).length;
	if (length <= longestPath) return path;
	throw new Problem({
		code: "platform",
		what: `The Unix socket of credential \`${name}\` would have a path of ${length} bytes, but the operating system allows ${longestPath}: ${path}`,
		fix: "Set a shorter `name` in `services`, or use a shorter work directory for the runner."
	});
}

// src/plan.ts
/** Name of the config file in the private directory. */
const configName = "tbot.yaml";
/**
* Returns how many free loopback ports a plan for these inputs needs: in background mode one for tbot's
* diagnostics and one for each tunnel without a port.
*/
function portsNeeded(inputs) {
	if (inputs.mode === "oneshot") return 0;
	return 1 + requestsFor(inputs, newestKubernetes).filter(({ service }) => needsPort(service)).length;
}
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
	const [diagnosticsPort = 0, ...ports] = request.ports;
	const services = withAddresses(requests.map(({ request: { service }, ...names }) => ({
		...names,
		service,
		dir: `${workdir}/${names.name}`
	})), {
		workdir,
		ports
	});
	const background = backgroundOf(inputs, diagnosticsPort);
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
			fips,
			background
		}),
		command: commandOf(request, services),
		...background === void 0 ? {} : { background }
	};
}
function backgroundOf({ mode, certificateTtl, renewalInterval }, port) {
	if (mode === "oneshot") return void 0;
	return {
		diagnostics: `127.0.0.1:${port}`,
		renewalInterval: renewalInterval ?? intervalFor(certificateTtl)
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
		TELEPORT_KEY_AGENT_DIR: credentials.find(({ type }) => type === "identity/key-agent")?.dir ?? "",
		TELEPORT_CLUSTER: leafCluster,
		TELEPORT_TOOLS_VERSION: "off",
		KUBECONFIG: [...new Set(all("kubeconfig"))].join(delimiter),
		AWS_SHARED_CREDENTIALS_FILE: all("aws-credentials")[0] ?? "",
		SPIFFE_ENDPOINT_SOCKET: credentials.find(({ type }) => type === "workload-identity-api")?.listen ?? ""
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
	"TELEPORT_CLUSTER",
	"TELEPORT_KEY_AGENT_DIR"
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
	return credentials.every(({ type }) => type !== "identity" && type !== "identity/key-agent") && earlier.some((one) => one.name === "TELEPORT_IDENTITY_FILE" && one.value === file && one.endpoint === endpoint.address);
}
/**
* Returns the variables that earlier calls of this job exported. Those that were neither restored
* nor changed are still set in the job's environment.
*/
function variablesOfEarlierCalls(calls) {
	return calls.flatMap(({ marker }) => {
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
	const tunnel = tunnelOf(credentials.find(({ listen }) => listen?.startsWith("tcp:")));
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
		"tunnel-uri": tunnel.uri ?? "",
		"tunnel-port": String(tunnel.port ?? ""),
		pid: String(joined.background?.pid ?? ""),
		"log-file": joined.background?.logFile ?? "",
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
	return Object.fromEntries(credentials.map((credential) => [credential.name, {
		type: credential.type,
		dir: credential.dir,
		files: credential.files,
		"expires-at": rfc3339(credential.expiresAt),
		...tunnelOf(credential)
	}]));
}
/** Returns the address of a credential that tbot serves; the port of a Unix socket is absent. */
function tunnelOf(credential) {
	const uri = credential?.listen;
	if (uri === void 0) return {};
	const port = /^tcp:.*:(\d+)$/.exec(uri)?.[1];
	return {
		uri,
		...port === void 0 ? {} : { port: Number(port) }
	};
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
async function publish(joined, workdir, ci, timeline) {
	const outputs = outputsOf(joined);
	const issued = joined.credentials.length > 0;
	const { own: calls } = await callsOf(workdir.marker.job, dirname(workdir.path));
	const exported = issued && joined.inputs.exportEnv ? await variablesOf(joined, outputs, calls, ci) : [];
	const position = 1 + Math.max(0, ...calls.map(positionOf));
	const endpoint = joined.inputs.endpoint.address;
	const expiresAt = joined.background === void 0 ? outputs["expires-at"] : "";
	const expiry = expiresAt === "" ? {} : { expiresAt };
	if (issued || joined.background) await changeMarker(workdir.path, {
		...workdir.marker,
		exported,
		position,
		endpoint,
		...expiry
	});
	setValues(exported, outputs, ci);
	if (issued && joined.inputs.exportEnv && joined.tool.source !== "installed") await addToPath(joined.tool, workdir, ci);
	if (joined.inputs.summary === "always") await writeSummary(`${successSummary(joined, outputs)}${timelineSection(timeline)}`, ci);
	ci.info(sentences(joined, outputs).join(" "));
	ci.debug(timelineSentence(timeline));
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
async function variablesOf({ inputs, credentials, tool }, outputs, calls, ci) {
	const context = {
		installsTctl: (tool.tools ?? []).some((path) => parse(path).name === "tctl"),
		credentials,
		endpoint: inputs.endpoint,
		leafCluster: inputs.leafCluster,
		earlier: variablesOfEarlierCalls(calls)
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
function sentences({ credentials, background }, outputs) {
	const tunnels = credentials.flatMap(({ name, listen }) => listen === void 0 ? [] : [`\`${name}\` at ${listen}`]);
	return [
		issuedSentence(credentials, outputs),
		...tunnels.length > 0 ? [`Opened ${listed(tunnels)}.`] : [],
		...background ? [backgroundSentence(background)] : []
	];
}
function issuedSentence(credentials, outputs) {
	const as = outputs.bot === "" ? "" : ` as bot \`${outputs.bot}\``;
	const joined = `Joined ${outputs.cluster || "the cluster"}${as} with join method \`${outputs["join-method"]}\`.`;
	if (credentials.length === 0) return `${joined} No credentials were requested.`;
	const issued = credentials.filter(({ listen }) => listen === void 0);
	if (issued.length === 0) return joined;
	const until = rfc3339(earliestExpiry(credentials));
	const valid = until === "" ? "" : `, valid until ${until}`;
	return `${joined} Issued ${listed(issued.map(({ name }) => `\`${name}\``))}${valid}.`;
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
		caBundle: void 0,
		ports: []
	});
	for (const warning of plan.warnings) ci.warning("machine-id-action: ttl", warning);
	if (obstacle) ci.notice("machine-id-action", obstacle);
	const heading = `${obstacle ? "If this job could join" : "Without `dry-run`"}, this step would:`;
	const actions = actionsOf(request, identity, plan);
	const config = (await renderConfig(withoutSecrets(plan.config, identity))).trimEnd();
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
			identity: intendedIdentity(inputs, ci),
			obstacle: `This job cannot join. ${error.message}`
		};
	}
}
function actionsOf({ inputs, cluster, tool }, identity, { services, background }) {
	const { address } = inputs.endpoint;
	const token = hasSecretToken(identity) ? "a secret join token" : `join token \`${inputs.token}\``;
	const where = cluster === void 0 ? `through Auth Service ${address} (not contacted by a dry run)` : `${cluster.name} (Teleport ${cluster.serverVersion}) through ${address}`;
	return [
		`use tbot ${tool.version}${tool.fips ? " (FIPS build)" : ""}`,
		`join ${where} with join method \`${identity.method}\` and ${token}`,
		...services.flatMap((planned) => credentialNames(planned).map((name) => actionFor(name, planned))),
		...services.length === 0 ? ["issue no credentials"] : [],
		...background === void 0 ? [] : [`keep tbot running until the job ends, with renewals every ${formatDuration(background.renewalInterval)}`]
	];
}
function actionFor(name, { service: { type }, listen }) {
	const { serves } = descriptorOf(type);
	const at = listen?.replace(/:0$/, " on a free port");
	return `${serves ? "serve" : "issue"} \`${name}\` (${type})${at === void 0 ? "" : ` at ${at}`}`;
}
/** Returns the texts to show in place of inputs that contain secrets. */
async function maskedInputs({ onboarding = {} }, identity) {
	return {
		...hasSecretToken(identity) ? { token: "***" } : {},
		...secretsOf(onboarding).length > 0 ? { onboarding: await renderConfig(withMaskedValues(onboarding)) } : {}
	};
}
/** Returns the config with `***` in place of secrets. */
function withoutSecrets(config, identity) {
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

// src/background/failure.ts
/**
* Returns the failure of a tbot that keeps running, but will not issue its first credentials: it gave up
* until the next interval, or another attempt would fail for the same reason.
*/
function lastingFailure(log, context) {
	for (const { error, exhausted } of failingLoops(log)) {
		const failure = {
			exit: { kind: "running" },
			log: error
		};
		const { code, retryable } = diagnose(failure, context);
		if (exhausted || code !== "tbot" && !retryable) return failure;
	}
}
/** Returns the error that tbot logged last, if its cause is known. */
function knownFailure(log, context) {
	const [loop] = failingLoops(log);
	if (loop === void 0) return void 0;
	const failure = {
		exit: { kind: "running" },
		log: loop.error
	};
	return diagnose(failure, context).code === "tbot" ? void 0 : failure;
}
/** Returns the address (`host:port`) that tbot could not listen on because it is in use. */
function takenAddress(failure, context) {
	const diagnosis = diagnose(failure, context);
	return diagnosis.code === "platform" && diagnosis.reason === "address" ? diagnosis.address : void 0;
}

// src/background/readiness.ts
/** From here on, `/readyz` reports the state of the services (CHANGELOG.md of 17.5.4 and 18.0.2). */
const truthfulReadyz = { since: ["17.5.4", "18.0.2"] };
/** Milliseconds to wait for an answer on the loopback interface. */
const patience = 2e3;
/**
* Returns why tbot is not ready, as clauses; none if it has issued all credentials and accepts
* connections at all addresses. The files are verified afterwards, as in oneshot mode.
*/
async function notReady(expected, log) {
	const { version, services } = expected;
	const unissued = supports(version, truthfulReadyz) ? await unhealthy(expected) : notRenewed(services, log);
	if (unissued.length > 0) return unissued;
	return (await Promise.all(services.map(closedAddresses))).flat();
}
/**
* tbot's own services on which no credential depends (lib/tbot/bot/bot.go). A cluster that rejects the
* heartbeats of its bots can still issue credentials.
*/
const ownServices = /* @__PURE__ */ new Set([
	"ca-rotation",
	"crl-cache",
	"heartbeat",
	"spiffe-trust-bundle-cache"
]);
/** Returns a clause for each service that `/readyz` does not report as healthy. */
async function unhealthy({ diagnostics, services }) {
	const answer = await readyz(diagnostics);
	if (answer === void 0) return ["it has not joined the cluster"];
	if (answer.status === 200) return [];
	const json = property(parseJson(answer.text), "services");
	const states = Object.entries(isRecord(json) ? json : {}).filter(([label]) => !ownServices.has(label));
	if (states.length === 0) return [`/readyz returned HTTP ${answer.status}`];
	return states.flatMap(([label, state]) => {
		const status = property(state, "status");
		if (status === "healthy") return [];
		const reason = property(state, "reason");
		const why = typeof reason === "string" ? `: ${reason.replaceAll(/\s+/g, " ")}` : "";
		return [`${nameOf(label, services)} is ${String(status)}${why}`];
	});
}
/** Requests `/readyz`. Returns undefined if tbot does not answer. */
async function readyz(diagnostics) {
	const { get } = await import("node:http");
	return new Promise((resolve) => {
		const none = () => resolve(void 0);
		const request = get(`http://${diagnostics}/readyz`, {
			agent: false,
			timeout: patience
		});
		request.on("error", none).on("timeout", () => request.destroy());
		request.on("response", (response) => {
			let text = "";
			response.setEncoding("utf8").on("data", (chunk) => text += chunk);
			response.on("end", () => resolve({
				status: response.statusCode,
				text
			})).on("error", none);
		});
	});
}
/** Returns a credential's name for the label of its service, which contains its directory or address. */
function nameOf(label, services) {
	return `\`${services.find(({ dir, listen, name }) => label === name || label.includes(dir) || listen !== void 0 && label.includes(listen))?.name ?? label}\``;
}
/**
* Returns a clause if the log does not contain the first complete renewal. tbot 15 logs one line for all
* outputs, 16 and later one for each (recorded from 15.0.0-dev; lib/tbot/internal/loop.go).
*/
function notRenewed(services, log) {
	if (log.some((line) => line.includes("Renewed outputs."))) return [];
	const outputs = services.filter(({ service }) => !descriptorOf(service.type).serves);
	if (log.filter((line) => /Task succeeded\. .*\btask:output-renewal\b/.test(line)).length >= outputs.length) return [];
	return [`it has not issued ${outputs.map(({ name }) => `\`${name}\``).join(", ")}`];
}
/** Returns a clause for each address at which a service does not accept connections. */
async function closedAddresses(planned) {
	const { name, listen, service, dir } = planned;
	const sockets = Object.values(descriptorOf(service.type).files(service).sockets ?? {});
	const addresses = [...listen === void 0 ? [] : [listen], ...sockets.map((socket) => `unix://${dir}/${socket}`)];
	const closed = [];
	for (const address of addresses) if (!await accepts(optionsOf(address))) closed.push(`\`${name}\` does not accept connections at ${address}`);
	return closed;
}
function optionsOf(listen) {
	if (listen.startsWith("unix://")) return { path: listen.slice(7) };
	const { hostname, port } = new URL(listen);
	return {
		host: hostname.replaceAll(/[[\]]/g, ""),
		port: Number(port)
	};
}
function accepts(options) {
	return new Promise((resolve) => {
		const socket = connect({
			...options,
			timeout: patience
		});
		const settle = (accepted) => {
			socket.destroy();
			resolve(accepted);
		};
		socket.on("connect", () => settle(true)).on("error", () => settle(false));
		socket.on("timeout", () => settle(false));
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
	const child = startTbot(command);
	const log = collect(child, using.onLine);
	const exited = exitOf(child);
	const stop = () => void endGroup(child, exited);
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
/** Starts tbot. Throws a Problem `tbot` if it cannot be started. */
function startTbot(command, output) {
	try {
		return startChild(command, output);
	} catch (error) {
		return notStarted(error);
	}
}
/** Throws a Problem `tbot`. */
function notStarted(error) {
	throw new Problem({
		code: "tbot",
		what: `tbot could not be started: ${messageOf(error)}.`,
		fix: "Check the file in the output `tbot-path`, or remove the input `tbot-path` so that this action downloads tbot.",
		cause: error
	});
}
/** Reads both streams. The returned function waits briefly for pipes that another process holds open. */
function collect(child, onLine) {
	const lines = [];
	const read = async (stream) => {
		if (!stream) return;
		for await (const line of createInterface({ input: stream })) {
			onLine(line);
			lines.push(line);
			if (lines.length > 2e3) lines.shift();
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
/** Ends the process group of tbot: with SIGTERM, and with SIGKILL if tbot does not exit soon. */
async function endGroup(child, exited) {
	signalChild(child, "SIGTERM");
	await Promise.race([exited, setTimeout(grace, void 0, { ref: false })]).catch(() => void 0);
	signalChild(child, "SIGKILL");
}

// src/background/start.ts
/** Milliseconds between two inspections. */
const interval = 50;
/**
* Starts tbot in its own process group, with a log file and without pipes, and waits until it is ready.
* It then outlives this process. Returns the failure of a tbot that exits or cannot become ready, after
* ending its process group. Throws a Problem `tbot` if it cannot be started, `platform` without a log.
*/
async function startInBackground(command, using) {
	using.signal.throwIfAborted();
	const path = join(using.workdir, logName);
	const { child, exited } = await startWithLog(command, path);
	const stop = () => void endGroup(child, exited);
	using.signal.addEventListener("abort", stop);
	try {
		if (child.pid !== void 0) await using.onStart(child.pid);
		const failure = await untilReady(path, exited, using);
		if (failure === void 0) {
			child.unref();
			const end = async () => endGroup(child, exited);
			return {
				pid: child.pid ?? 0,
				logFile: path,
				end
			};
		}
		if (failure.exit.kind === "running") await endGroup(child, exited);
		else signalChild(child, "SIGKILL");
		return failure;
	} catch (error) {
		await endGroup(child, exited);
		throw error;
	} finally {
		using.signal.removeEventListener("abort", stop);
	}
}
async function startWithLog(command, path) {
	try {
		var _usingCtx$2 = _usingCtx();
		const log = _usingCtx$2.a(await createLog(path).catch((error) => {
			throw unwritable(dirname(path), error);
		}));
		const child = startTbot(command, log.fd);
		return {
			child,
			exited: exitOf(child)
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
/** Waits for the first of: ready, exit, failure, abort. */
async function untilReady(path, exited, { signal, inspect, onLine }) {
	try {
		var _usingCtx3 = _usingCtx();
		let exit;
		const ended = exited.then((result) => exit = result).catch(notStarted);
		ended.catch(() => void 0);
		const lines = [];
		const log = _usingCtx3.a(await followLog(path));
		for (;;) {
			const seen = exit;
			for (const line of await log.read(seen !== void 0)) {
				onLine(line);
				lines.push(line);
			}
			lines.splice(0, lines.length - linesKept);
			signal.throwIfAborted();
			if (seen !== void 0) return {
				exit: seen,
				log: lines
			};
			const result = await inspect(lines);
			if (result === "ready") return void 0;
			if (result !== void 0) return result;
			await Promise.race([ended, setTimeout(interval)]);
		}
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}

// src/background/run.ts
/** Milliseconds for the evidence that explains a timeout. */
const explanationTime = 5e3;
/**
* Starts tbot and waits until it has issued all credentials and serves all tunnels. Returns the failure
* of a tbot that exits or cannot issue them. Throws the signal's reason; in place of a timeout, the
* Problem that tbot's log explains.
*/
async function runInBackground({ command, services, background }, context, using) {
	const expected = {
		version: context.tbotVersion,
		diagnostics: background?.diagnostics ?? "",
		services
	};
	let log = [];
	try {
		return await startInBackground(command, {
			...using,
			inspect: async (lines) => {
				log = lines;
				const failure = lastingFailure(lines, context);
				if (failure) return failure;
				const missing = await notReady(expected, lines);
				if (missing.length === 0) return "ready";
				await checkSpace(using.workdir);
				using.during(`waiting for tbot to become ready: ${missing.join(", ")}`);
			}
		});
	} catch (error) {
		const failure = isTimeout(error) ? knownFailure(log, context) : void 0;
		if (failure === void 0) throw error;
		const signal = AbortSignal.timeout(explanationTime);
		const { problem } = await explain(failure, context, {
			...using.probe,
			signal
		});
		throw problem.withoutLog();
	}
}
/**
* Throws a Problem `platform` if the disk is full. tbot retries without end, and its log, which would
* name the cause, is on the same disk.
*/
async function checkSpace(workdir) {
	const { bavail } = await statfs(workdir);
	if (bavail === 0) throw unwritable(workdir, Object.assign(/* @__PURE__ */ new Error(), { code: "ENOSPC" }));
}
function isTimeout(error) {
	return error instanceof Problem && error.code === "timeout";
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
* Runs tbot until it has joined and issued all credentials; in background mode it keeps running.
* Retries retryable failures, never a denial. Throws a Problem, or the signal's reason.
*/
async function join$1(planned, context, using) {
	const { ci, network, signal, retryPolicy = defaultRetryPolicy } = using;
	let plan = planned;
	let earlier;
	for (let count = 1;; count += 1) {
		using.onAttempt?.(count);
		const config = await renderConfig(plan.config);
		await writeToWorkdir(using.workdir.path, configName, config, { reuse: count > 1 });
		const about = {
			...context,
			listeners: listenersOf(plan)
		};
		const result = await runOnce(plan, about, using).catch((error) => {
			throw error === signal.reason ? stopReason(signal, earlier) : error;
		});
		if ("plan" in result) return result;
		const last = count >= retryPolicy.attempts;
		const replanned = last ? void 0 : await replan(result, about, using);
		if (replanned) {
			plan = replanned;
			continue;
		}
		const { env, mask } = ci;
		const { problem, retryable } = await explain(result, about, {
			env,
			mask,
			network,
			signal
		});
		if (signal.aborted) throw stopReason(signal, earlier);
		if (!retryable || last) throw ci.debugging ? problem.withoutLog() : problem;
		earlier = problem;
		const wait = backoff(count, retryPolicy, rateLimits.has(problem.code));
		ci.info(`${problem.message} Retrying in ${(wait / 1e3).toFixed(1)} s.`);
		await rest(wait, signal, earlier);
	}
}
/** Returns the names of the credentials that tbot serves, by their addresses. */
function listenersOf({ services }) {
	return Object.fromEntries(services.flatMap(({ name, listen }) => listen === void 0 ? [] : [[listen.replace(/^\w+:\/\//, ""), name]]));
}
/** Returns a plan with other ports if another process took one that this action chose. */
async function replan(failure, context, { ci, background }) {
	const address = takenAddress(failure, context);
	const plan = address === void 0 ? void 0 : await background?.replan(address);
	if (plan) ci.info(`Another process uses ${address}. Starting tbot again with other ports.`);
	return plan;
}
/**
* Runs tbot once and prints its log; after a failure only with debug logging, because the report of the
* failure contains the end of the log. Masks the keys that tbot wrote before it prints any of the log.
*/
async function runOnce(plan, context, using) {
	const { ci } = using;
	const lines = [];
	const onLine = (line) => void lines.push(line);
	let reported = false;
	let running;
	try {
		const result = await run(plan, context, using, onLine);
		reported = "exit" in result;
		if ("exit" in result) return result;
		({running} = result);
		checkPinned(lines, context);
		return result;
	} catch (error) {
		await running?.end();
		throw error;
	} finally {
		maskWritten(plan.services, ci.mask);
		if (!reported || ci.debugging) ci.group(`Log of tbot ${context.tbotVersion}`, presentableLog(lines, context).filter((line) => ci.debugging || !isDebugLine(line)));
	}
}
async function run(plan, context, { workdir: before, ci, network, signal, background }, onLine) {
	let workdir = before;
	const remember = async (pid, changes) => {
		const processes = [...before.marker.processes, await markProcess(pid)];
		workdir = await changeMarker(before.path, {
			...before.marker,
			processes,
			...changes
		});
	};
	if (background === void 0 || plan.background === void 0) {
		const onStart = async (pid) => remember(pid, {});
		return await runTbot(plan.command, {
			signal,
			onStart,
			onLine
		}) ?? {
			plan,
			workdir: before
		};
	}
	const { during, extraCaFile, summary } = background;
	const recorded = contextForMarker({
		join: context,
		extraCaFile,
		summary
	});
	const mark = {
		log: logName,
		context: recorded,
		ready: false
	};
	await changeMarker(before.path, {
		...before.marker,
		background: mark
	});
	const result = await runInBackground(plan, context, {
		workdir: before.path,
		signal,
		onStart: async (pid) => remember(pid, { background: {
			...mark,
			pid
		} }),
		onLine,
		during,
		probe: {
			env: ci.env,
			mask: ci.mask,
			network
		}
	});
	if ("exit" in result) return result;
	const { pid } = result;
	const marker = {
		...workdir.marker,
		background: {
			...mark,
			pid,
			ready: true
		}
	};
	return {
		plan,
		workdir: {
			...workdir,
			marker
		},
		running: result
	};
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
	if (inputs.mode === "background") checkPlatform(process.platform);
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
/**
* Removes private directories of earlier jobs, and warns about those that cannot be removed, and about
* earlier calls of this job whose renewals fail.
*/
async function sweep(root, ci) {
	const visit = async (call) => reportBackground(call, ci);
	const { removed, left } = await sweepWorkdirs(root, ci.job.key, visit, ci.directories.tempIsShared);
	if (removed > 0) ci.info(removed === 1 ? "Removed a private directory that an earlier job left on this runner." : `Removed ${removed} private directories that earlier jobs left on this runner.`);
	for (const text of left) ci.warning(leftoverTitle, text);
}
async function issue(request) {
	const { inputs, identity, workdir, network, ci, stop } = request;
	maskVariables(identity, ci);
	const { cluster, tool } = await prepare(request);
	const caBundle = await caBundleOf(inputs, network, workdir);
	const joined = await joinWith(request, {
		cluster,
		tool,
		caBundle
	});
	const { plan, running } = joined;
	try {
		stop.during("publishing the credentials", "Publish");
		const credentials = await collect$1(joined, inputs, cluster?.name, ci);
		const interval = plan.background?.renewalInterval ?? 0;
		const result = {
			inputs,
			cluster,
			identity,
			tool,
			credentials,
			caBundle,
			background: running && {
				...running,
				interval
			}
		};
		await publish(result, joined.workdir, ci, stop.timeline);
	} catch (error) {
		await running?.end();
		throw error;
	}
}
/**
* Queries the cluster, chooses the version of tbot and installs it. What does not depend on the
* cluster's answer starts before it.
*/
async function prepare(request) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { inputs, workdir, network, ci, stop } = request;
		const { signal, timeline } = stop;
		const options = {
			...inputs,
			proxy: proxyOf(inputs.endpoint)
		};
		const directory = programsOf(workdir);
		const machine = onThisMachine({
			inputs: options,
			network,
			directory,
			ci,
			signal
		});
		stop.during(`querying ${inputs.endpoint.address}`, "Resolve");
		const early = _usingCtx$1.a(await startEarly(machine));
		const probed = probeCluster(inputs, {
			network,
			signal,
			info: ci.info
		});
		loadYaml().catch(() => void 0);
		const cluster = await probed;
		timeline.add({
			cluster: cluster?.name,
			serverVersion: cluster?.serverVersion
		});
		let downloaded = 0;
		const tool = await install({
			...machine,
			cluster,
			early,
			onVersion: (version) => {
				timeline.add({ version });
				stop.during("installing tbot", "Install");
			},
			onBytes: (count) => timeline.add({ downloaded: downloaded += count })
		});
		timeline.add({ source: tool.source });
		return {
			cluster,
			tool
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** Joins the cluster with free ports, if the plan needs any. */
async function joinWith(request, { cluster, tool, caBundle }) {
	const { inputs, identity, workdir, network, ci, stop } = request;
	const { env, debugging } = ci;
	const serverVersion = cluster?.serverVersion;
	const place = {
		workdir: workdir.path,
		env,
		debugging
	};
	let ports = await freePorts(portsNeeded(inputs));
	const planned = () => makePlan({
		inputs,
		identity,
		tool,
		serverVersion,
		caBundle,
		ports,
		...place
	});
	const plan = planned();
	for (const warning of plan.warnings) ci.warning("machine-id-action: ttl", warning);
	stop.during(`waiting for tbot to join through ${inputs.endpoint.address}`, "Join");
	const context = contextOf(request, plan, cluster, tool.version);
	const replan = async (address) => {
		if (!ports.some((port) => address.endsWith(`:${port}`))) return void 0;
		ports = await freePorts(ports.length);
		return planned();
	};
	const { extraCaFile, summary } = inputs;
	const background = {
		extraCaFile,
		summary: summary !== "never",
		during: stop.during,
		replan
	};
	const onAttempt = (attempts) => stop.timeline.add({ attempts });
	return join$1(plan, context, {
		workdir,
		ci,
		network,
		signal: stop.signal,
		onAttempt,
		background
	});
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

export { runStep };