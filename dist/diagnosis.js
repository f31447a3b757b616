import { $ as imdsCommand, G as claimNames, I as secretsOf$1, J as ruleLines, K as claimLines, L as isJoinMethod, Q as computePath, R as methodOf, V as noIdToken, W as allowEntry$1, Y as Problem, Z as azureAllowEntry, bt as printable, dt as isRecord, et as yamlScalar, ft as parseJson, lt as formatDuration, nt as requestUri, pt as property, q as isPattern, s as _usingCtx, tt as accessToken, ut as rfc3339, vt as command, x as namesLoopback, z as hasIdTokenEndpoint } from "./shared.js";
import { constants, readFileSync, readdirSync } from "node:fs";
import { access, constants as constants$1, lstat, open, realpath, rm, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, relative, sep } from "node:path";
import { StringDecoder } from "node:string_decoder";

// src/services/secrets.verify.ts
/** A private key in PEM, also a truncated one that is followed by another block. */
const privateKey$1 = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----|$)/gs;
/** A key or a token on one line of a kubeconfig or of AWS's shared credentials file. */
const oneLine = /^[ \t-]*(?:client-key-data|token|aws_access_key_id|aws_secret_access_key|aws_session_token)\s*[:=]\s*["']?([^\s"']+)/gm;
const jwt = /(?<![\w-])eyJ[\w-]*\.[\w-]+\.[\w-]+/g;
/** A shorter text could be any word, and masking it would garble the log. */
const shortest = 8;
/** Returns the secrets in a file that tbot wrote, line by line, because a mask covers one line. */
function secretsIn(text) {
	const keys = [...text.matchAll(privateKey$1)].flatMap(([, body = ""]) => body.split("\n"));
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

// src/methods/claim-table.ts
/** The reason for a merge request or pull request, which is `what`. */
function unreviewed(what) {
	return `An allow rule for a ${what} would let unreviewed code join. Join in a job that runs on the target branch, after the merge.`;
}
/** Returns how the allow rules in a table match claims. */
function claimRules(table) {
	const { names, list = "allow" } = table;
	const entryFor = (claims) => allowEntry(table, claims);
	return {
		names,
		list,
		allowEntry: entryFor,
		tokenRules: (claims) => {
			const entry = entryFor(claims);
			const lines = entry.kind === "entry" ? entry.lines : placeholders(table, claims);
			return [
				...table.head(claims),
				`${list}:`,
				...lines.map((line) => `  ${line}`)
			];
		}
	};
}
function allowEntry(table, given) {
	const claims = {
		...given,
		...table.derived?.(given)
	};
	const why = reasonForNone(table, claims);
	if (why !== void 0) return {
		kind: "none",
		why
	};
	const rule = Object.entries(table.fields).flatMap(([name, { claim }]) => {
		const value = claims[claim];
		return value ? [[name, value]] : [];
	});
	const { format = ruleLines } = table;
	return {
		kind: "entry",
		lines: format(Object.fromEntries(rule)),
		notes: table.notes?.(claims) ?? []
	};
}
function reasonForNone(table, claims) {
	const fields = Object.values(table.fields);
	const missing = fields.filter(({ claim, optional }) => !optional && !claims[claim]).map(({ claim }) => `no \`${claim}\``);
	if (missing.length > 0) return `The OIDC token has ${missing.join(" and ")} claim, so no allow rule can match only this job.`;
	const untrusted = table.untrusted?.(claims);
	if (untrusted !== void 0) return untrusted;
	if (fields.some(({ claim, pattern }) => pattern && isPattern(claims[claim]))) return "A claim contains `*` or `?`, which are wildcards in allow rules, so no allow rule can match only this job. Rename the branch or tag.";
}
/** Returns an entry with placeholders, which matches nothing. */
function placeholders({ fields, format = ruleLines }, claims) {
	const rule = Object.entries(fields).flatMap(([name, { claim, placeholder, keptIfKnown }]) => {
		const value = (keptIfKnown && !isPattern(claims[claim]) ? claims[claim] : void 0) ?? placeholder;
		return value === void 0 ? [] : [[name, value]];
	});
	return format(Object.fromEntries(rule));
}

// src/methods/azure-devops-allow.ts
/**
* The claims that allow rules match, and the organization (lib/join/azuredevops/azuredevops.go). Pipelines
* in different folders can have the same name, so the rule contains the ID of the definition, too.
*/
const azureDevopsTable = {
	names: [
		"sub",
		"org_id",
		"prj_id",
		"def_id",
		"rpo_uri",
		"rpo_ver",
		"rpo_ref"
	],
	fields: {
		project_name: {
			claim: "project_name",
			placeholder: "PROJECT"
		},
		pipeline_name: {
			claim: "pipeline_name",
			placeholder: "PIPELINE"
		},
		definition_id: {
			claim: "def_id",
			optional: true
		},
		repository_ref: {
			claim: "rpo_ref",
			placeholder: "REF"
		}
	},
	derived: ({ sub }) => pipelineIn(sub),
	untrusted: ({ rpo_ref: ref }) => ref?.startsWith("refs/pull/") ? unreviewed("pull request") : void 0,
	head: ({ org_id: id }) => [`organization_id: ${id === void 0 ? "ORGANIZATION_ID" : yamlScalar(id)}`]
};
/** Returns the names in a subject `p://ORGANIZATION/PROJECT/PIPELINE`; none if it has another form. */
function pipelineIn(subject) {
	const [, project, pipeline] = /^p:\/\/[^/]+\/([^/?#]+)\/([^/?#]+)$/.exec(subject ?? "") ?? [];
	if (project === void 0 || pipeline === void 0) return {};
	try {
		return {
			project_name: decodeURIComponent(project),
			pipeline_name: decodeURIComponent(pipeline)
		};
	} catch {
		return {};
	}
}

// src/methods/claims.evidence.ts
/** Masks a token and its parts; a part shorter than 8 characters could be any word. */
function maskToken(token, mask) {
	for (const secret of [token, ...token.split(".")]) if (secret.length >= 8) mask(secret);
}
/** Returns the claims of a token, which is masked before it is decoded, and not kept. Never throws. */
async function claimsIn(token, names, mask) {
	maskToken(token, mask);
	const claims = await decoded(token, names);
	return claims ? {
		kind: "claims",
		claims
	} : { kind: "no-token" };
}
async function decoded(token, names) {
	const { decodeJwt } = await import("./webapi.js");
	try {
		const payload = decodeJwt(token);
		if (names === "all") return Object.fromEntries(flat(payload).slice(0, most));
		return Object.fromEntries(names.flatMap((name) => textClaim(name, payload[name])));
	} catch {
		return;
	}
}
/** Claims in a message. */
const most = 40;
/** Values that differ in every token or that are personal. */
const hidden = /^(?:exp|iat|nbf|jti|nonce|auth_time|[ac]_hash|sid)$|e-?mail/i;
/** Returns the claims with their nested ones, as rules name them (lib/join/genericoidc). */
function flat(claims, prefix = "") {
	return Object.entries(claims).flatMap(([key, value]) => {
		const name = `${prefix}${key}`;
		if (hidden.test(name)) return [];
		if (isRecord(value) && !Array.isArray(value)) return flat(value, `${name}.`);
		if (typeof value === "number" || typeof value === "boolean") return [[name, `${value}`]];
		return textClaim(name, value);
	});
}
/** Returns a text, or a list of texts; nothing for an empty one. */
function textClaim(name, value) {
	const texts = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string" && item !== "");
	return texts.length === 0 ? [] : [[name, texts.join(",")]];
}

// src/methods/azure-devops.evidence.ts
/** Milliseconds; the deadline of the step is usually near. */
const timeout$2 = 5e3;
/** Bytes; an OIDC token has about 2000. */
const longest$2 = 65536;
/**
* Requests an OIDC token for its claims. It is masked before it is decoded, and not kept. Never throws.
*/
async function requestPipelineToken({ env, network, mask, signal }) {
	try {
		const url = new URL(env["SYSTEM_OIDCREQUESTURI"] ?? "");
		url.searchParams.set("api-version", "7.1");
		const reply = await network.get(url.href, {
			method: "POST",
			signal: AbortSignal.any([signal, AbortSignal.timeout(timeout$2)]),
			headers: {
				authorization: `Bearer ${env[accessToken]}`,
				"content-type": "application/json"
			}
		});
		const text = await reply.text(longest$2);
		if (reply.status !== 200) return {
			kind: "status",
			status: reply.status
		};
		const token = property(parseJson(text), "oidcToken");
		if (typeof token !== "string") return { kind: "no-token" };
		return await claimsIn(token, azureDevopsTable.names, mask);
	} catch {
		return { kind: "unreachable" };
	}
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
async function read(text, mask) {
	const body = parseJson(text);
	if (typeof body !== "object" || body === null) return { kind: "not-github" };
	const token = property(body, "value");
	if (typeof token !== "string" || token === "") return { kind: "no-token" };
	return claimsIn(token, claimNames, mask);
}

// src/methods/circleci-allow.ts
const claim = (name) => `oidc.circleci.com/${name}`;
/** The claims that allow rules match, the organization, and where the code comes from (lib/join/circleci/circleci.go). */
const circleciTable = {
	names: [
		"iss",
		"aud",
		"sub",
		...[
			"project-id",
			"context-ids",
			"vcs-origin",
			"vcs-ref"
		].map(claim)
	],
	fields: {
		project_id: {
			claim: claim("project-id"),
			placeholder: "PROJECT-ID"
		},
		context_id: {
			claim: "context_id",
			optional: true
		}
	},
	derived: (claims) => {
		const [first = ""] = (claims[claim("context-ids")] ?? "").split(",");
		return { context_id: first };
	},
	untrusted: (claims) => /^refs\/(?:heads\/)?pull\//.test(claims[claim("vcs-ref")] ?? "") ? unreviewed("pull request") : void 0,
	notes: (claims) => [claims["context_id"] ? "Rules for `circleci` cannot match a branch: this one lets every job of the project join that uses the context." : "Rules for `circleci` cannot match a branch: this one lets every job of the project join. To let fewer jobs join, use a context that is restricted to them, and add its ID as `context_id`."],
	head: ({ iss: issuer }) => {
		const id = /\/org\/([^/]+)$/.exec(issuer ?? "")?.[1];
		return [`organization_id: ${id === void 0 ? "ORGANIZATION-ID" : yamlScalar(id)}`];
	}
};

// src/methods/generic-oidc-allow.ts
/**
* Rules can match any claim (lib/join/genericoidc). `sub` identifies the job at most issuers; the other
* claims are those of issuers that put the repository and the ref into claims of their own.
*/
const genericOidcTable = {
	names: "all",
	list: "allow_any",
	fields: {
		sub: {
			claim: "sub",
			placeholder: "SUBJECT-OF-THE-JOB"
		},
		repository: {
			claim: "repository",
			optional: true
		},
		ref: {
			claim: "ref",
			optional: true
		},
		workflow: {
			claim: "workflow",
			optional: true
		},
		environment: {
			claim: "environment",
			optional: true
		}
	},
	untrusted: ({ sub = "", ref = "", event_name: event = "" }) => /^refs\/(?:heads\/)?(?:pull|merge-requests)\//.test(ref) || /pull_request|merge_request/.test(event) || /:pull_request\b/.test(sub) ? unreviewed("pull request") : void 0,
	notes: () => ["If `sub` changes with every job, replace it by claims that stay the same and belong only to this job."],
	format: (rule) => Object.entries(rule).flatMap(([name, value], index) => [
		...index === 0 ? ["- conditions:"] : [],
		`    - attribute: ${name}`,
		"      eq:",
		`        value: ${yamlScalar(value)}`
	]),
	head: ({ iss: issuer, aud: audience }) => [`issuer: ${issuer === void 0 ? "URL-OF-THE-ISSUER" : yamlScalar(issuer)}`, `audience: ${audience === void 0 ? "AUDIENCE" : yamlScalar(audience)}`]
};

// src/methods/gitlab-allow.ts
/**
* The fields of allow rules (lib/join/gitlab/gitlab.go) except IDs and the email address, and the issuer,
* which is the `domain` of the join token. The pipeline source distinguishes a branch from a branch of the
* same name in a fork, whose pipeline for a merge request can run in this project.
*/
const gitlabTable = {
	names: [
		"iss",
		"sub",
		"project_path",
		"namespace_path",
		"ref",
		"ref_type",
		"ref_protected",
		"pipeline_source",
		"environment",
		"environment_protected",
		"user_login"
	],
	fields: {
		project_path: {
			claim: "project_path",
			pattern: true,
			placeholder: "GROUP/PROJECT",
			keptIfKnown: true
		},
		ref: {
			claim: "ref",
			pattern: true,
			placeholder: "BRANCH"
		},
		ref_type: {
			claim: "ref_type",
			optional: true,
			placeholder: "branch"
		},
		pipeline_source: {
			claim: "pipeline_source",
			placeholder: "push"
		},
		environment: {
			claim: "environment",
			optional: true
		}
	},
	untrusted: ({ pipeline_source: source }) => source === "merge_request_event" || source === "external_pull_request_event" ? unreviewed("merge request") : void 0,
	notes: ({ ref_protected: isProtected, pipeline_source: source }) => [...isProtected === "true" ? [] : ["The branch or tag is not protected, so every Developer of the project can change what this job runs."], ...source === "parent_pipeline" ? ["A pipeline for a merge request can also start child pipelines. Where possible, join in the parent pipeline."] : []],
	head: ({ iss: issuer }) => {
		const domain = issuer?.replace(/^https?:\/\//, "");
		return domain === void 0 || domain === "gitlab.com" ? [] : [`domain: ${yamlScalar(domain)}`];
	}
};

// src/methods/claim-rules.ts
const rules = {
	github: {
		names: claimNames,
		allowEntry: allowEntry$1
	},
	gitlab: claimRules(gitlabTable),
	circleci: claimRules(circleciTable),
	azure_devops: claimRules(azureDevopsTable),
	generic_oidc: claimRules(genericOidcTable)
};
/** Returns how the allow rules of a method match claims. Only a failed join loads this. */
function claimRulesOf(method) {
	return rules[method];
}

// src/methods/join-identity.ts
/** Returns the parameters of the join method. */
function parametersOf({ method, onboarding }) {
	const key = methodOf(method).parameters?.key;
	return (key === void 0 ? void 0 : onboarding?.[key]) ?? {};
}
/** Returns the variables that tbot reads for the join method. */
function variablesOf(identity) {
	return methodOf(identity.method).variables?.(parametersOf(identity)) ?? {
		required: [],
		optional: [],
		secret: []
	};
}
/** Returns the names of the variables that are set and that no parameter replaces. */
function variablesInUse(identity, env) {
	const { required, optional, unused = [] } = variablesOf(identity);
	return [...required, ...optional].filter((name) => env[name] && !unused.includes(name));
}
/** Returns required variables that are not set; of alternatives, all if none is set. */
function missingVariables(identity, env) {
	const { required, alternatives = false } = variablesOf(identity);
	const missing = required.filter((name) => !env[name]);
	return alternatives && missing.length < required.length ? [] : missing;
}
/** Masks the secret variables of the join method. */
function maskVariables(identity, { env, mask }) {
	for (const name of variablesOf(identity).secret) if (env[name]) mask(env[name]);
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
	const { required, optional } = variablesOf(identity);
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

// src/methods/gather.evidence.ts
const sources = {
	github: async (using) => ({ idToken: await requestIdToken(using) }),
	gitlab: inVariable,
	circleci: inVariable,
	generic_oidc: inVariable,
	azure_devops: async (using) => ({ idToken: await requestPipelineToken(using) }),
	azure: async (using) => ({ imds: await probeImds(using) })
};
/** Requests evidence if tbot's error does not explain the failure. Never throws. */
async function gatherEvidence(identity, { failure, job }, using) {
	const { method } = identity;
	if (!methodOf(method).needsEvidence?.(failure, job)) return noEvidence;
	return {
		...noEvidence,
		...await sources[method]?.(using, identity)
	};
}
/** Reads the claims of the OIDC token in a variable. No request is necessary. */
async function inVariable({ env, mask }, identity) {
	const [token] = variablesOf(identity).required.map((name) => env[name]);
	const { names = [] } = claimRulesOf(identity.method) ?? {};
	const wanted = names === "all" ? names : [...names, "aud"];
	return token ? { idToken: await claimsIn(token, wanted, mask) } : {};
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
	return text.replace(privateKey, "[key removed]").replace(/eyJ[\w+/=-]*(?:\.[\w+/=-]*)*/g, "[token removed]").replace(/\b(bearer)\s+[\w.~+/=-]{8,}/gi, "$1 [token removed]");
}
const privateKey = /-----BEGIN[^-]*PRIVATE KEY-----(?:(?:\s|\\n)*[\w+/=]{32,})*(?:(?:\s|\\n|[\w+/=])*-----END[^-]*-----)?/g;
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
		pattern: /(?:[\w ]{0,60}requires (?:\S+ )?MFA|MFA (?:\w+ )?(?:is )?required|multi-factor authentication|[\w ]{0,60}trusted device|unauthorized device|private key policy not (?:met|satisfied)|pinned IP (?:is required|doesn't match)).*/i,
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
		pattern: /preventive lock-out/i,
		cause: () => ({
			code: "locked",
			target: void 0
		}),
		retryable: () => true
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
		pattern: /(?:did not|failed to) match any allow rules/i,
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
		pattern: /listen tcp (\S+): bind: address already in use/i,
		cause: ([, address = ""]) => ({
			code: "platform",
			reason: "address",
			address
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
	const { endpoint, identity } = context;
	switch (cause.code) {
		case "proxy-unreachable": return unreachable(endpoint, cause.message);
		case "proxy-untrusted": return cause.reason === "expired" ? expired(endpoint, cause.times) : untrusted(endpoint, cause.reason);
		case "rate-limited": return {
			what: `${names$1[endpoint.kind]} ${endpoint.address} is rate-limiting this IP address${cause.message === void 0 ? " (HTTP 429)." : `: ${sentence(cause.message)}`}`,
			fix: "Run the job again later, or start fewer jobs at once behind this IP address."
		};
		case "clock": return {
			what: "An OIDC token or a certificate is outside its validity period; the clocks of the runner and the cluster disagree.",
			fix: "Correct the clock of the runner (`timedatectl status`). If you host Teleport yourself, also check the clock of its Auth Service.",
			notes: earlierTokenNotes(identity)
		};
		default: return cause;
	}
}
/** Explains that a token that the CI system put into a variable can be older than this step. */
function earlierTokenNotes(identity) {
	const { required, secret } = variablesOf(identity);
	const [variable] = required;
	return variable !== void 0 && required.length === 1 && secret.includes(variable) ? [`The OIDC token in ${variable} was issued before this step, so it can also have expired since: join earlier in the job.`] : [];
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
		fix: "Correct the host name in `proxy`, or the runner's DNS configuration."
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
		fix: "If you trust the CA, set `extra-ca-file` to a PEM file with its certificate."
	};
}
/** tbot could not reach the Auth Service, or the proxy that the Auth Service announces. */
function authServerUnreachable({ address }, message) {
	const what = `tbot could not connect to the Auth Service ${address}: ${sentence(message)}`;
	if (/no such host|lookup \S+/.test(message)) return {
		what,
		fix: "Correct the host name in `auth-server`, or the runner's DNS configuration."
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
/** The other messages of `generic_oidc` name a claim in `must_match_fields` (lib/join/genericoidc/field_rules.go). */
const isOfRules = /claims matched no/i;
function claimsText(message, { context, evidence }) {
	const what = message === void 0 ? `${theJoinToken(context)} exists, but none of its allow rules match this job.` : `${theJoinToken(context)} exists, but its allow rules do not match this job: ${sentence(message)}`;
	const show = command("tctl", "get", tokenRef(context));
	const { method } = context.identity;
	const rules = claimRulesOf(method);
	if (evidence.idToken?.kind !== "claims" || !rules) return {
		what,
		fix: `Compare the allow rules in ${show} with ${ruleSubjectOf(method)}.`
	};
	const { claims } = evidence.idToken;
	const facts = {
		title: claimsTitle,
		lines: claimLines(claims, rules.names)
	};
	if (message !== void 0 && !isOfRules.test(message)) return {
		what,
		fix: `Correct the claim in \`must_match_fields\`, which every job must match: run ${command("tctl", "edit", tokenRef(context))} and compare it with the claims below.`,
		facts
	};
	const entry = rules.allowEntry(claims);
	if (entry.kind === "none") return {
		what,
		fix: `Compare the allow rules in ${show} with the claims below.`,
		notes: [entry.why],
		facts
	};
	return {
		what,
		fix: `To allow this job to join, run ${command("tctl", "edit", tokenRef(context))} and add the rule below to \`spec.${method}.${rules.list ?? "allow"}\`.`,
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
		fix: `To allow every job on every VM in this resource group to join, run ${edit} and add the rule below to \`spec.azure.allow\`.`,
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
	const { audience } = methodOf(method);
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
			fix: `Request the OIDC token for the audience that the join token requires: ${audience ?? `the cluster name, unless ${command("tctl", "get", tokenRef(context))} shows another \`audience\``}.`,
			...issuedFor(facts)
		};
		default: return reason;
	}
}
/** Returns the issuer and the audience of the job's OIDC token, as far as they are known. */
function issuedFor({ evidence: { idToken } }) {
	const lines = idToken?.kind === "claims" ? claimLines(idToken.claims, [
		"iss",
		"aud",
		"org_id"
	]) : [];
	return lines.length === 0 ? {} : { facts: {
		title: claimsTitle,
		lines
	} };
}
const claimsTitle = "Claims in this job's OIDC token:";
function issuerText$1(facts) {
	const { context } = facts;
	const { job, identity } = context;
	const edit = command("tctl", "edit", tokenRef(context));
	const fix = methodOf(identity.method).issuerFix?.(edit, job);
	return {
		what: `${theJoinToken(context)} does not accept the issuer of this job's OIDC token.`,
		fix: fix ?? `Run ${edit} and correct the issuer in \`spec.${identity.method}\`.`,
		...issuedFor(facts)
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
		what: `More than one resource matches the request${inCredential(credential)}, but a credential can contain only one.`,
		fix: "Set the full name of the resource, or labels that only one resource has.",
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
function entryNotes({ context, evidence }) {
	if (evidence.imds?.kind === "machine" && !context.job.publicRepository) return ["The rule allows every job on every VM in this resource group to join."];
	if (evidence.idToken?.kind !== "claims") return [];
	const entry = claimRulesOf(context.identity.method)?.allowEntry(evidence.idToken.claims);
	if (!entry) return [];
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
	const claims = evidence.idToken?.kind === "claims" ? evidence.idToken.claims : {};
	const rules = claimRulesOf(method)?.tokenRules?.(claims) ?? methodOf(method).tokenRules?.(evidence, context.job);
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
		case "platform": return cause.reason === "address" ? addressText(cause.address, context) : platform[cause.reason];
		case "tbot": return {
			what: `tbot ${tbotVersion} ${ended(cause)}${cause.message ? `: ${sentence(cause.message)}` : "."}`,
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
function addressText(address, { listeners = {} }) {
	const port = address.slice(address.lastIndexOf(":"));
	const name = listeners[address] ?? Object.entries(listeners).find(([one]) => one.endsWith(port))?.[1];
	if (name === void 0) return {
		what: `tbot could not listen on ${address}: another process uses this address.`,
		fix: "Run the job again."
	};
	return {
		what: `Credential \`${name}\` cannot listen on ${address}: another process uses this address.`,
		fix: "Set another port in `listen`, or remove `listen` so that this action chooses a free port."
	};
}
function ended({ exit, message }) {
	switch (exit.kind) {
		case "signal": return `was killed by ${exit.signal}`;
		case "code": return `failed with exit code ${exit.code}`;
		case "running": return "reported an error";
		case "unknown": return message ? "ended" : "ended without logging an error";
		default: return exit;
	}
}
/** A shell reports a signal as 128 plus its number. */
function outOfMemory(exit) {
	return exit.kind === "signal" ? exit.signal === "SIGKILL" : exit.kind === "code" && exit.code === 137;
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
		case "mfa-required": return /pinned IP/i.test(cause.message) ? ipPinned(cause.message) : {
			what: `The cluster requires MFA, a trusted device or a hardware key, which a bot cannot provide: ${sentence(cause.message)}`,
			fix: `Ask the Teleport administrator to give the bot roles without \`require_session_mfa\` and \`device_trust_mode\`, and to check these settings in ${command("tctl", "get", "cluster_auth_preference")}.`
		};
		case "locked": return locked(cause);
		default: return cause;
	}
}
/** Teleport pins the IP address only in the certificates of users who log in. */
function ipPinned(message) {
	return {
		what: `A role of the bot pins certificates to an IP address, which a bot cannot use: ${sentence(message)}`,
		fix: "Ask the Teleport administrator to give the bot roles without `pin_source_ip`."
	};
}
function locked(cause) {
	const remove = `find the lock with ${command("tctl", "get", "locks")} and remove it with ${command("tctl", "rm", "locks/ID")}.`;
	if ("target" in cause && cause.target === void 0) return {
		what: "The cluster uses the locking mode `strict` and cannot read its locks at the moment, so it denies all access. The bot is not locked.",
		fix: "Run the job again. If the error remains, ask the Teleport administrator to check the Auth Service."
	};
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
		fix: `Ask the Teleport administrator to compare the roles of the bot (${command("tctl", "get", `bot/${nameOf(facts)}`)}) with those that exist (${command("tctl", "get", "roles")}), and to create the missing role or remove it from the bot.`,
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
	const evidence = await gatherEvidence(identity, {
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

// src/tbot/diagnosis/renewals.ts
/**
* Recorded from tbot 15.0.0-dev, except that of a renewed identity; the texts with `Task` and the last
* one are from lib/tbot/internal/loop.go, which later releases use.
*/
const results = [
	{
		kind: "succeeded",
		pattern: /Renewed (?:bot identity|outputs)\. /
	},
	{
		kind: "succeeded",
		pattern: /Task succeeded\. /
	},
	{
		kind: "exhausted",
		pattern: /(?:bot identity renewals failed|exhausted renewing outputs)\. /
	},
	{
		kind: "exhausted",
		pattern: /All retry attempts exhausted\. /
	},
	{
		kind: "failed",
		pattern: /(?:identity|Output) renewal attempt \d+ of \d+ failed\. /
	},
	{
		kind: "failed",
		pattern: /Task failed\. /
	}
];
/** Returns the loops whose last attempt failed, that of the identity first. */
function failingLoops(log) {
	const loops = /* @__PURE__ */ new Map();
	for (const entry of entriesOf(plain(log))) {
		const [line = ""] = entry;
		const result = results.find(({ pattern }) => pattern.test(line));
		if (result === void 0) continue;
		const loop = loopOf(line);
		if (result.kind === "succeeded") loops.delete(loop);
		else loops.set(loop, failing(entry, result.kind, loops.get(loop)));
	}
	return [...loops.values()].toSorted((one, other) => Number(other.ofIdentity) - Number(one.ofIdentity));
}
function failing(entry, kind, before) {
	const [line = ""] = entry;
	const error = errorIn(entry);
	return {
		ofIdentity: loopOf(line) === identityLoop,
		since: before === void 0 ? timeOf(line) : before.since,
		exhausted: kind === "exhausted",
		error: error.length > 0 ? error : before?.error ?? []
	};
}
const identityLoop = "identity";
/** Returns what distinguishes a loop: the older release names it, later ones name their component. */
function loopOf(line) {
	if (/\bbot identity\b|task:bot-identity-renewal|\[TBOT:IDEN/i.test(line)) return identityLoop;
	return /\[[\w:/-]+\]?/.exec(line)?.[0] ?? "";
}
/** Returns the lines of the error that ended tbot; empty if its log does not end with one. */
function finalError(log) {
	const [, ...lines] = entriesOf(plain(log)).at(-1) ?? [];
	const start = lines.findIndex((line) => line.startsWith("ERROR:"));
	return start < 0 ? [] : lines.slice(start);
}
/** Returns the time at which tbot logged a line (RFC 3339, in seconds); older releases log none. */
function timeOf(line) {
	const time = new Date(/^\d{4}-\d\d-\d\dT\S+/.exec(line)?.[0] ?? "");
	return Number.isNaN(time.getTime()) ? void 0 : rfc3339(time);
}
/** Splits a log into its entries, each with the lines that follow its first one. */
function entriesOf(lines) {
	const entries = [];
	for (const line of lines) {
		const last = entries.at(-1);
		if (last === void 0 || isLogLine(line)) entries.push([line]);
		else last.push(line);
	}
	return entries;
}
/** Returns the attribute `error` of an entry, without the caller at its end; empty if it has none. */
function errorIn([first = "", ...rest]) {
	const start = /\berror:\[?(.*)$/.exec(first)?.[1];
	if (start === void 0) return [];
	return (start.trim() === "" ? rest : [`ERROR: ${start}`, ...rest]).map((line) => line.replace(/\]\s+\S+\.go(?::\d+)?\s*$/, ""));
}

// src/background/context.ts
/** Returns the context as the marker records it. Leaves out the facts that each step knows itself. */
function contextForMarker({ join: { endpoint, cluster, token, tbotVersion, identity }, extraCaFile, summary }) {
	const { method, onboarding = {} } = identity;
	return {
		endpoint,
		cluster,
		token,
		identity: {
			method,
			...secretsOf$1(onboarding).length > 0 ? {} : { onboarding }
		},
		tbotVersion,
		extraCaFile,
		summary
	};
}
/** Reads the context from a marker. Returns undefined if it is damaged. */
function contextFromMarker({ context }, job) {
	const endpoint = endpointIn(context["endpoint"]);
	const identity = identityIn(context["identity"]);
	const tbotVersion = context["tbotVersion"];
	if (!endpoint || !identity || typeof tbotVersion !== "string") return void 0;
	const [cluster, token, extraCaFile] = [
		"cluster",
		"token",
		"extraCaFile"
	].map((name) => textIn(context[name]));
	return {
		join: {
			endpoint,
			identity,
			tbotVersion,
			cluster,
			token,
			job
		},
		extraCaFile,
		summary: context["summary"] !== false
	};
}
function textIn(json) {
	return typeof json === "string" ? json : void 0;
}
function endpointIn(json) {
	const [kind, address] = [property(json, "kind"), property(json, "address")];
	if (typeof address !== "string") return void 0;
	if (kind === "proxy") return {
		kind,
		address
	};
	return kind === "auth-server" ? {
		kind,
		address,
		caPins: []
	} : void 0;
}
function identityIn(json) {
	const method = textIn(property(json, "method"));
	if (method === void 0 || !isJoinMethod(method)) return void 0;
	const onboarding = property(json, "onboarding");
	return isOnboarding(onboarding) ? {
		method,
		onboarding
	} : { method };
}
function isOnboarding(json) {
	return isRecord(json) && Object.values(json).every(isRecord);
}

// src/files/files.ts
/** Returns whether a file or a folder exists; symbolic links are followed. */
async function exists(path) {
	return access(path).then(() => true, () => false);
}
/** Returns whether a path is in use, even by a broken symbolic link. */
async function isTaken(path) {
	return lstat(path).then(() => true, () => false);
}
/** Reads `size` bytes from an offset; returns fewer at the end of the file. */
async function bytesAt(handle, offset, size) {
	const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
	return buffer.subarray(0, bytesRead);
}
/** Returns the path of the first program with this name on PATH, or undefined. */
async function findOnPath(program, env, platform = process.platform) {
	const [first] = await allOnPath(program, env, platform);
	return first;
}
/**
* Returns the paths of all programs with this name on PATH, in its order. Relative entries are
* ignored: they are resolved in the workspace, whose content a pull request controls.
*/
async function allOnPath(program, env, platform) {
	const name = platform === "win32" ? `${program}.exe` : program;
	const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
	const paths = [];
	for (const folder of folders) {
		const path = join(folder, name);
		if (await isProgram(path)) paths.push(path);
	}
	return paths;
}
async function isProgram(path) {
	try {
		await access(path, constants$1.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}
/** Returns whether a path is below a folder, or is that folder; symbolic links are resolved. */
async function liesBelow(path, folder) {
	const [inner, outer] = await Promise.all([realpath(path), realpath(folder)]);
	const inside = relative(outer, inner);
	return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

// src/background/log-file.ts
/** Name of tbot's log file in the private directory. */
const logName = "tbot.log";
/** The end of a log that is read later, in bytes. */
const tailSize = 1048576;
/** Creates an empty log file with mode 0600, in place of that of an earlier attempt. */
async function createLog(path) {
	await rm(path, { force: true });
	const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 384);
}
/** Opens a log file to read it while it grows. */
async function followLog(path) {
	const file = await openLog(path);
	const decoder = new StringDecoder("utf8");
	let offset = 0;
	let unfinished = "";
	return {
		read: async (ended) => {
			const lines = [];
			for (;;) {
				const bytes = await bytesAt(file, offset, 65536);
				if (bytes.length === 0) return ended && unfinished !== "" ? [...lines, unfinished] : lines;
				offset += bytes.length;
				const [first = "", ...rest] = decoder.write(bytes).split("\n");
				lines.push(...[unfinished + first, ...rest].map(withoutReturn));
				unfinished = lines.pop() ?? "";
			}
		},
		[Symbol.asyncDispose]: async () => file.close()
	};
}
/** Reads the end of a log file. Returns no lines if it cannot be read. */
async function readLog(path) {
	try {
		try {
			var _usingCtx$1 = _usingCtx();
			const file = _usingCtx$1.a(await openLog(path));
			const { size, mtime } = await file.stat();
			const lines = (await bytesAt(file, Math.max(0, size - tailSize), tailSize)).toString("utf8").split("\n").map(withoutReturn);
			return {
				lines: size > tailSize ? lines.slice(1) : lines,
				changedAt: mtime
			};
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	} catch {
		return {
			lines: [],
			changedAt: void 0
		};
	}
}
async function openLog(path) {
	return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}
function withoutReturn(line) {
	return line.replace(/\r$/, "");
}

export { maskWritten as A, maskVariables as C, parametersOf as D, missingVariables as E, variablesInUse as O, isSingleUse as S, methodEnvironment as T, explain as _, allOnPath as a, presentableLog as b, findOnPath as c, contextForMarker as d, contextFromMarker as f, checkPinned as g, timeOf as h, readLog as i, variablesOf as k, isTaken as l, finalError as m, followLog as n, bytesAt as o, failingLoops as p, logName as r, exists as s, createLog as t, liesBelow as u, diagnose as v, methodConfig as w, hasSecretToken as x, isDebugLine as y };