import { a as exportVariable, c as isDebug, d as setOutput, f as setSecret, h as summary, i as error, l as notice, m as warning, n as debug, o as getState, p as startGroup, r as endGroup, s as info, t as addPath, u as saveState } from "./vendor-actions-core.js";

// src/problem.ts
/** A failure that a user can meet and mend. Anything else that is thrown is a bug of ours. */
var Problem = class extends Error {
	name = "Problem";
	code;
	fix;
	details;
	paste;
	log;
	constructor(text) {
		super(text.what, { cause: text.cause });
		this.code = text.code;
		this.fix = text.fix;
		this.details = text.details ?? [];
		this.paste = text.paste;
		this.log = text.log ?? [];
	}
};
/** What a thrown value says; not everything that is thrown is an Error. */
function messageOf(thrown) {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

// src/inputs/mistake.ts
/** What is wrong with the value of one input, without the input's name. Never leaves `readInputs`. */
var Mistake = class extends Error {
	name = "Mistake";
};

// src/inputs/download.ts
/** `tsh`, `tctl`, or both, by commas, spaces or line breaks; tbot comes anyway. */
function parseTools(text) {
	const words = text.toLowerCase().split(/[\s,]+/).filter((word) => word !== "" && word !== "tbot");
	for (const word of words) if (!isTool(word)) throw new Mistake(`\`${word}\` is not one of tsh, tctl`);
	return [...new Set(words.filter(isTool))];
}
function isTool(word) {
	return word === "tsh" || word === "tctl";
}
/** `auto`, or a boolean. */
function parseFips(text) {
	if (/^auto$/i.test(text)) return "auto";
	if (/^(true|1)$/i.test(text)) return true;
	if (/^(false|0)$/i.test(text)) return false;
	throw new Mistake(`\`${text}\` is none of auto, true, false`);
}
/**
* A mirror: of the archives as a base URL without the `/` at the end (https, or http on a loopback
* address), or of the image as `host[:port]/repository`, the way container tools write it.
*/
function parseMirror(text) {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? parseSite(text) : parseRepository(text);
}
/** Whether a mirror is one of the image. */
function isImageMirror(mirror) {
	return mirror !== void 0 && !/^https?:\/\//.test(mirror);
}
function parseSite(text) {
	if (!URL.canParse(text)) throw new Mistake(`\`${text}\` is not a URL`);
	const url = new URL(text);
	const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
	if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) throw new Mistake("a mirror is reached by https");
	if (url.username || url.password) throw new Mistake("a mirror has no user name in its address");
	if (url.search || url.hash) throw new Mistake("the base URL of a mirror has no `?` and no `#`");
	return url.href.replace(/\/+$/, "");
}
/** Names of repositories: OCI distribution specification, "Pulling manifests". */
const repository = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
function parseRepository(text) {
	const slash = text.indexOf("/");
	const host = text.slice(0, Math.max(slash, 0));
	const name = text.slice(slash + 1);
	if (!(/[.:]|^localhost$/.test(host) && URL.canParse(`https://${host}/`)) || /[@?#\\]/.test(host) || !repository.test(name)) throw new Mistake(`\`${text}\` is neither a base URL of archives (\`https://...\`) nor a repository of the image (\`host[:port]/repository\`, without a tag)`);
	return `${host.toLowerCase()}/${name}`;
}

// src/inputs/download-contradictions.ts
/** Inputs about the download that can't be meant together, a sentence for each. */
function downloadContradictions(inputs) {
	const brought = inputs.tbotPath === void 0 ? inputs.version.kind === "installed" && "`version: installed`" : "`tbot-path`";
	return brought === false ? [...pinContradictions(inputs), ...sourceContradictions(inputs)] : noDownload(inputs, brought);
}
function noDownload(inputs, brought) {
	const useless = (name, given) => given && `\`${name}\`: nothing is downloaded with ${brought}`;
	return [
		useless("edition", inputs.edition !== "auto"),
		useless("install-from", inputs.installFrom !== "auto"),
		useless("mirror", inputs.mirror !== void 0),
		useless("checksum", inputs.checksum !== void 0),
		useless("tools", (inputs.tools ?? []).length > 0),
		inputs.tbotPath !== void 0 && inputs.version.kind === "installed" && "`tbot-path`: contradicts `version: installed`, which takes the tbot on PATH"
	];
}
function pinContradictions(inputs) {
	const { checksum, version, installFrom } = inputs;
	if (checksum === void 0) return [];
	return [version.kind !== "exact" && "`checksum`: belongs to one release, so it needs an exact `version`", installFrom === "auto" && "`checksum`: is the digest of either the archive or the image, so it needs `install-from`"];
}
function sourceContradictions(inputs) {
	const { mirror, installFrom, tools = [], edition, fips } = inputs;
	const image = isImageMirror(mirror);
	const onlyTbot = tools.length > 0 && (installFrom === "image" || image);
	return [
		installFrom === "archive" && image && "`mirror`: is one of the image, and `install-from: archive` wants the base URL of archives",
		installFrom === "image" && mirror !== void 0 && !image && "`mirror`: is one of archives, and `install-from: image` wants `host[:port]/repository`",
		onlyTbot && "`tools`: the image holds tbot alone; tsh and tctl come from the archive",
		edition === "oss" && fips === true && "`fips`: FIPS builds are of the enterprise edition only"
	];
}

// src/inputs/contradictions.ts
/** Inputs that are each right and can't be meant together, a sentence for each. */
function contradictions$1(inputs) {
	return [
		inputs.azureClientId !== void 0 && inputs.joinMethod === "github" && "`azure-client-id`: has no meaning with `join-method: github`",
		inputs.minTtl !== void 0 && inputs.minTtl > inputs.certificateTtl && "`min-ttl`: is longer than `certificate-ttl`, so it can never be reached",
		...downloadContradictions(inputs)
	].filter((mistake) => mistake !== false);
}

// src/inputs/nearest.ts
/**
* The candidate that a misspelt word most likely meant: the same letters but for case, `-` and `_`,
* or at most one change in three letters (two at the most). Undefined when none is that near.
*/
function nearest(word, candidates) {
	const allowed = Math.min(2, Math.floor(plain$2(word).length / 3));
	let best;
	for (const candidate of candidates) {
		const changes = distance(plain$2(word), plain$2(candidate));
		if (changes <= allowed && (!best || changes < best.distance)) best = {
			candidate,
			distance: changes
		};
	}
	return best?.candidate;
}
function plain$2(text) {
	return text.toLowerCase().replaceAll(/[-_ ]/g, "");
}
/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function distance(a, b) {
	let beforeLast = [];
	let last = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i += 1) {
		const current = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const same = a[i - 1] === b[j - 1];
			const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			current[j] = Math.min(cost(last, j) + 1, cost(current, j - 1) + 1, cost(last, j - 1) + (same ? 0 : 1), cost(beforeLast, j - 2) + (swapped ? 1 : Number.POSITIVE_INFINITY));
		}
		beforeLast = last;
		last = current;
	}
	return cost(last, b.length);
}
/** There is no way through what lies outside the table. */
function cost(row, index) {
	return row[index] ?? Number.POSITIVE_INFINITY;
}

// src/inputs/address.ts
const hostname = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const ipv6 = /^[0-9a-f:.]+$/i;
/**
* A Teleport Proxy address as `host:port`, the form tbot wants (one without a port fails in tbot).
* `https://` in front and one `/` behind are tolerated, a missing port means 443, an IPv6 address
* stands in brackets. Throws a Mistake.
*/
function parseAddress(text) {
	const [rest, scheme] = withoutScheme(text);
	const bare = rest.endsWith("/") ? rest.slice(0, -1) : rest;
	if (bare.includes("@")) throw new Mistake("an address holds no user name");
	if (/[/?#]/.test(bare)) throw new Mistake(`\`${text}\` has a path; give host and port alone`);
	if (/\s/.test(bare)) throw new Mistake(`\`${text}\` has a space in it`);
	if (scheme && bare === "") throw new Mistake(`\`${text}\` names no host`);
	const { host, port } = split(bare);
	return `${host}:${port}`;
}
function withoutScheme(text) {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
	if (!scheme) return [text, void 0];
	const name = scheme[1]?.toLowerCase();
	if (name === "https") return [text.slice(scheme[0].length), name];
	if (name === "http") throw new Mistake("`http://` is refused: a Teleport Proxy speaks TLS");
	throw new Mistake(`\`${name}://\` is not a proxy address; give \`host:port\``);
}
function split(text) {
	const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
	if (bracketed) {
		const host = `[${bracketed[1]}]`;
		if (!URL.canParse(`https://${host}`)) throw new Mistake(`\`${bracketed[1]}\` is not an IPv6 address`);
		return {
			host,
			port: portOf(bracketed[2], text)
		};
	}
	const parts = text.split(":");
	if (parts.length > 2) throw new Mistake(ipv6.test(text) ? `an IPv6 address stands in brackets: \`[${text}]:443\`` : `\`${text}\` is not an address; give \`host:port\``);
	const host = text.replace(/:.*/s, "");
	if (!isHost(host)) throw new Mistake(`\`${host}\` is not a host name`);
	return {
		host,
		port: portOf(parts[1], text)
	};
}
/** A URL takes `127.1` and `0x7f.1` for IPv4 addresses, and tbot takes them for names. */
function isHost(host) {
	const url = `https://${host}`;
	return hostname.test(host) && URL.canParse(url) && new URL(url).hostname === host.toLowerCase();
}
function portOf(text, address) {
	if (text === void 0) return 443;
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) throw new Mistake(`\`${address}\` has no valid port (1 to 65535)`);
	return port;
}

// src/inputs/duration.ts
const secondsPerUnit = {
	ns: 1e-9,
	us: 1e-6,
	µs: 1e-6,
	μs: 1e-6,
	ms: .001,
	s: 1,
	m: 60,
	h: 3600
};
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
/** Go counts nanoseconds in 63 bits. */
const longest$1 = 2 ** 63 / 1e9;
/**
* A duration as Go's `time.ParseDuration` reads it (`90s`, `1h30m`, `1.5h`), in seconds. There is no
* unit for a day. Throws a Mistake for anything that is not a positive duration.
*/
function parseDuration(text) {
	part.lastIndex = 0;
	let seconds = 0;
	let end = 0;
	for (let match = part.exec(text); match; match = part.exec(text)) {
		seconds += Number(match[1]) * Number(secondsPerUnit[String(match[2])]);
		end = part.lastIndex;
	}
	if (text !== "0" && (end === 0 || end !== text.length)) throw new Mistake(notADuration(text));
	if (seconds < 1e-9) throw new Mistake(`\`${text}\` is not longer than nothing`);
	if (seconds >= longest$1) throw new Mistake(`\`${text}\` is longer than 292 years`);
	return seconds;
}
function notADuration(text) {
	const days = /^(\d+)d$/.exec(text);
	return `\`${text}\` is not a duration; write for example \`${days ? `${Number(days[1]) * 24}h` : /^\d+$/.test(text) ? `${text}m` : "1h30m"}\` (units: h, m, s, ms)`;
}
/** Seconds in Go's spelling without a part that is zero: `1h30m`, `45s`, `1.5s`, `250ms`. */
function formatDuration(seconds) {
	if (seconds < 1) return `${Math.round(seconds * 1e9) / 1e6}ms`;
	const whole = Math.floor(Math.round(seconds * 1e6) / 1e6);
	const hours = Math.floor(whole / 3600);
	const minutes = Math.floor(whole % 3600 / 60);
	const fraction = Math.max(0, Math.round((seconds - whole) * 1e6) / 1e6);
	const rest = Math.round((whole % 60 + fraction) * 1e6) / 1e6;
	return `${hours ? `${hours}h` : ""}${minutes ? `${minutes}m` : ""}${rest ? `${rest}s` : ""}`;
}

// src/inputs/values.ts
/** One of a fixed set of words, in any case; `-` and `_` are the same. */
function oneOf(...words) {
	return (text) => {
		const word = words.find((candidate) => plain$1(candidate) === plain$1(text));
		if (word === void 0) throw new Mistake(`\`${text}\` is not one of ${words.join(", ")}`);
		return word;
	};
}
function plain$1(word) {
	return word.toLowerCase().replaceAll("-", "_");
}
/** true and false in any case, 1 and 0, as the field's own actions take them. */
function parseBoolean(text) {
	if (/^(true|1)$/i.test(text)) return true;
	if (/^(false|0)$/i.test(text)) return false;
	throw new Mistake(`\`${text}\` is neither true nor false`);
}
/** The name of a join token. tbot reads a value that starts with `/` as a file (lib/utils). */
function parseTokenName(text) {
	if (text.startsWith("/")) throw new Mistake("a value that starts with `/` would be read as a file; give the name of the join token");
	if (!printable(text) || /\s/.test(text)) throw new Mistake("the name of a join token has no spaces, line breaks or control characters");
	return text;
}
/** A text on one line, with nothing in it that a terminal or a file format could take for more. */
function parseLine(text) {
	if (!printable(text)) throw new Mistake("has a line break or a control character in it");
	return text;
}
/** A UUID, as Azure writes the client id of an identity. */
function parseClientId(text) {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new Mistake(`\`${text}\` is not a client id; it looks like 22222222-2222-2222-2222-222222222222`);
	return text.toLowerCase();
}
/** `auto`, `installed`, or a release such as `18.2.4`; a `v` in front is tolerated. */
function parseVersionWanted(text) {
	const word = text.toLowerCase();
	if (word === "auto" || word === "installed") return { kind: word };
	const release = /^v?(\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?)$/i.exec(text);
	if (!release?.[1]) throw new Mistake(`\`${text}\` is neither \`auto\`, \`installed\` nor a version like \`18.2.4\``);
	return {
		kind: "exact",
		version: release[1]
	};
}
/** SHA-256 digests, `sha256:<hex>` a line, in lower case and without the prefix. */
function parseChecksums(text) {
	return text.split("\n").map((line) => line.trim()).filter((line) => line !== "").map((line) => {
		const hex = /^sha256:([0-9a-f]{64})$/i.exec(line)?.[1];
		if (hex === void 0) throw new Mistake(`\`${line}\` is not \`sha256:\` and 64 hexadecimal digits`);
		return hex.toLowerCase();
	});
}
/** `[]`: join, report, issue nothing. */
function parseServices(text) {
	if (/^\[\s*\]$/.test(text)) return "none";
	throw new Mistake("only `[]` (join and issue nothing) is understood; leave it out for an identity");
}
function printable(text) {
	return !/[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(text);
}

// src/inputs/table.ts
const needed = (name, parse) => ({
	name,
	parse,
	needed: true,
	fallback: void 0
});
const optional = (name, parse) => ({
	name,
	parse,
	needed: false,
	fallback: void 0
});
const defaulted = (name, fallback, parse) => ({
	name,
	parse,
	needed: false,
	fallback
});
const negated = (text) => String(!parseBoolean(text));
/** Every input of action.yml, in its order. */
const inputTable = {
	proxy: needed("proxy", parseAddress),
	token: needed("token", parseTokenName),
	joinMethod: defaulted("join-method", "auto", oneOf("auto", "github", "azure")),
	azureClientId: optional("azure-client-id", parseClientId),
	services: optional("services", parseServices),
	allowReissue: defaulted("allow-reissue", "false", parseBoolean),
	certificateTtl: {
		...defaulted("certificate-ttl", "1h", parseDuration),
		alias: { name: "credential-ttl" }
	},
	version: defaulted("version", "auto", parseVersionWanted),
	edition: defaulted("edition", "auto", oneOf("auto", "oss", "enterprise", "cloud")),
	fips: defaulted("fips", "auto", parseFips),
	installFrom: defaulted("install-from", "auto", oneOf("auto", "image", "archive")),
	mirror: optional("mirror", parseMirror),
	checksum: optional("checksum", parseChecksums),
	tools: optional("tools", parseTools),
	tbotPath: optional("tbot-path", parseLine),
	extraCaFile: optional("extra-ca-file", parseLine),
	expectedCluster: optional("expected-cluster", parseLine),
	minTtl: optional("min-ttl", parseDuration),
	timeout: defaulted("timeout", "5m", parseDuration),
	exportEnv: {
		...defaulted("export-env", "true", parseBoolean),
		alias: {
			name: "disable-env-vars",
			convert: negated
		}
	},
	anonymousTelemetry: defaulted("anonymous-telemetry", "false", parseBoolean),
	summary: defaulted("summary", "on-failure", oneOf("on-failure", "always", "never"))
};

// src/inputs/inputs.ts
/**
* Reads the inputs of a step. An empty input is an absent one. Throws one Problem `inputs` that
* names every mistake.
*/
function readInputs(dictionary) {
	return readTable(inputTable, contradictions$1, dictionary);
}
/** The same for the inputs of another action. */
function readTable(table, contradicting, dictionary) {
	const given = presentOnes(dictionary);
	const unknown = unknownInputs(table, given);
	const mistakes = [...unknown.mistakes];
	const values = Object.entries(table).map(([key, input]) => [key, valueOf(input, given, mistakes)]);
	const inputs = Object.fromEntries(values);
	if (mistakes.length === 0) mistakes.push(...contradicting(inputs));
	if (mistakes.length > 0) throw mistakesFound(mistakes);
	return {
		inputs,
		warnings: unknown.warnings
	};
}
function presentOnes(dictionary) {
	return new Map(Object.entries(dictionary).map(([name, value]) => [name.toLowerCase(), value.trim()]).filter(([, value]) => value !== ""));
}
function valueOf(input, given, mistakes) {
	try {
		const text = textOf(input, given) ?? input.fallback;
		if (text !== void 0) return input.parse(text);
		if (input.needed) throw new Mistake("is needed");
		return;
	} catch (error) {
		if (!(error instanceof Mistake)) throw error;
		mistakes.push(`\`${spelling(input, given)}\`: ${error.message}`);
		return;
	}
}
/** The name by which the author gave an input. */
function spelling({ name, alias }, given) {
	return alias && given.has(alias.name) && !given.has(name) ? alias.name : name;
}
/** The value under the input's name, or under its older spelling. */
function textOf(input, given) {
	const text = given.get(input.name);
	const { alias } = input;
	const other = alias && given.get(alias.name);
	if (alias === void 0 || other === void 0) return text;
	const converted = alias.convert ? alias.convert(other) : other;
	if (text !== void 0 && String(input.parse(text)) !== String(input.parse(converted))) throw new Mistake(`contradicts \`${alias.name}\`, which is another spelling of it; give one`);
	return converted;
}
function unknownInputs(table, given) {
	const known = Object.values(table).flatMap((input) => input.alias ? [input.name, input.alias.name] : [input.name]);
	const named = [...given.keys()].filter((name) => !known.includes(name)).map((name) => ({
		name,
		meant: nearest(name, known)
	}));
	return {
		mistakes: named.flatMap(({ name, meant }) => meant ? [`\`${name}\`: there is no such input; did you mean \`${meant}\`?`] : []),
		warnings: named.flatMap(({ name, meant }) => meant ? [] : [`\`${name}\` is not an input of this action; it is ignored.`])
	};
}
function mistakesFound(mistakes) {
	const [first = ""] = mistakes;
	const names = mistakes.map((mistake) => mistake.split(":", 1).join()).join(", ");
	return new Problem({
		code: "inputs",
		what: mistakes.length === 1 ? `The inputs of this step have a mistake: ${first}.` : `The inputs of this step have ${mistakes.length} mistakes: ${names}.`,
		fix: "Correct the `with:` block of the step.",
		details: mistakes.length === 1 ? [] : mistakes.map((mistake) => `- ${mistake}`)
	});
}

// src/publish/summary.ts
/** The job summary of a join that went well, in Markdown. */
function successSummary(credentials, outputs) {
	const issued = credentials.map(({ name }) => name).join(", ") || "none asked for";
	return [
		"### Teleport credentials",
		"",
		"| | |",
		"|---|---|",
		...row("Cluster", outputs.cluster),
		...row("Bot", outputs.bot),
		...row("Joined by", outputs["join-method"]),
		...row("Credentials", issued),
		...row("Valid until", outputs["expires-at"]),
		...row("tbot", `${outputs["tbot-version"]} (${outputs["tbot-source"]})`),
		""
	].join("\n");
}
function row(name, value) {
	return value === "" ? [] : [`| ${name} | ${cell(value)} |`];
}
/** The job summary of a Problem, in Markdown. */
function problemSummary(problem, link) {
	return [
		`### Teleport credentials: [\`${problem.code}\`](${link})`,
		"",
		plain(problem.message),
		"",
		plain(problem.fix),
		"",
		...fenced("text", problem.details.join("\n")),
		...fenced("yaml", problem.paste ?? "")
	].join("\n");
}
function fenced(language, text) {
	if (text === "") return [];
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
	const fence = "`".repeat(longest + 1);
	return [
		`${fence}${language}`,
		text,
		fence,
		""
	];
}
const codeSpan = /((?<!`)`[^`]+`(?!`))/;
/**
* Text that Markdown shows as it is, without links, images or HTML; code spans are kept. An input or
* a name from the network may be in it.
*/
function plain(text) {
	return text.replaceAll(/\s+/g, " ").split(codeSpan).map((part, index) => index % 2 === 1 ? part : escaped(part)).join("");
}
function escaped(text) {
	return text.replaceAll(/[<>&[\]`\\]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
function cell(text) {
	return escaped(text.replaceAll(/\s+/g, " ")).replaceAll("|", "&#124;");
}

// src/report.ts
const title = "machine-id-action";
/**
* The one place that tells the user of a failure: one annotation, what there is to read and to paste
* below it, the end of the failed program's log in a group. Anything but a Problem is a bug of ours.
*/
async function report(failure, runner, summary) {
	if (!(failure instanceof Problem)) {
		reportBug(failure, runner);
		return;
	}
	const link = linkTo(failure.code, runner.env);
	runner.fail(`${title}: ${failure.code}`, [
		failure.message,
		failure.fix,
		`See ${link}`
	].join("\n"));
	for (const line of failure.details) runner.info(line);
	if (failure.paste !== void 0) runner.info(`\n${failure.paste}\n`);
	if (failure.log.length > 0) runner.group("The end of the log", failure.log);
	if (failure.cause !== void 0) runner.debug(stackOf(failure.cause));
	if (summary) await runner.summary(problemSummary(failure, link)).catch(() => void 0);
}
function reportBug(error, runner) {
	runner.fail(`${title}: a bug`, `This is a bug of the action, not of your workflow: ${messageOf(error)}\nPlease report it with the lines below: ${repositoryOf(runner.env)}/issues`);
	runner.group("Where it happened", stackOf(error).split("\n"));
}
/** Where docs/problems.md explains a code, for the version of the action that runs. */
function linkTo(code, env) {
	return `${repositoryOf(env)}/blob/${env["GITHUB_ACTION_REF"] || "main"}/docs/problems.md#${code}`;
}
function repositoryOf(env) {
	const repository = env["GITHUB_ACTION_REPOSITORY"] || "org/machine-id-action";
	return `${env["GITHUB_SERVER_URL"] || "https://github.com"}/${repository}`;
}
function stackOf(error) {
	return error instanceof Error ? error.stack ?? error.message : String(error);
}

// src/stop.ts
/** Node's timers end at 2^31 - 1 milliseconds; a job ends long before. */
const longest = 2147483647;
/**
* Listens for the signals by which a runner cancels: SIGINT, 7.5 s later SIGTERM
* (actions/runner, src/Runner.Sdk/ProcessInvoker.cs).
*/
function listenForStop() {
	const controller = new AbortController();
	const cancel = () => controller.abort(cancelled());
	process.on("SIGINT", cancel).on("SIGTERM", cancel);
	let timer;
	return {
		signal: controller.signal,
		after: (seconds) => {
			const expire = () => controller.abort(expired(seconds));
			timer = setTimeout(expire, Math.min(seconds * 1e3, longest));
		},
		[Symbol.dispose]: () => {
			clearTimeout(timer);
			process.off("SIGINT", cancel).off("SIGTERM", cancel);
		}
	};
}
function cancelled() {
	return new Problem({
		code: "cancelled",
		what: "The job was cancelled while this step was at work.",
		fix: "Nothing is to be done: the post step removes what was made so far."
	});
}
function expired(seconds) {
	return new Problem({
		code: "timeout",
		what: `The step was not done within ${formatDuration(seconds)}.`,
		fix: "Read in the log what it waited for last; give it longer with `timeout` only if that is only slow."
	});
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

// src/runner.ts
/** GitHub's runner, spoken to through @actions/core. */
function githubRunner(env = process.env) {
	return {
		inputs: inputsOf(env),
		env,
		debugging: isDebug(),
		mask: (secret) => secret !== "" && setSecret(secret),
		info: (text) => info(harmless(text)),
		debug: (text) => debug(harmless(text)),
		group: (title, lines) => {
			startGroup(title);
			for (const line of lines) info(harmless(line));
			endGroup();
		},
		notice: (title, text) => notice(harmless(text), { title }),
		warning: (title, text) => warning(harmless(text), { title }),
		fail: (title, text) => {
			process.exitCode = 1;
			error(harmless(text), { title });
		},
		output: (name, value) => setOutput(name, value),
		exportVariable: (name, value) => exportVariable(name, value),
		addPath: (directory) => addPath(directory),
		saveState: (name, value) => saveState(name, value),
		state: (name) => getState(name),
		summary: async (markdown) => {
			if (env["GITHUB_STEP_SUMMARY"]) await summary.addRaw(markdown, true).write();
		}
	};
}
/** The runner delivers an input `join-method` as INPUT_JOIN-METHOD. */
function inputsOf(env) {
	return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => name.startsWith("INPUT_") && value !== void 0 ? [[name.slice(6).toLowerCase(), value]] : []));
}
/**
* Text that the runner can't take for a command: it reads `::name::` at the start of a line, after
* any white space, and `##[name]` anywhere in one (actions/runner, src/Runner.Common/ActionCommand.cs).
* Escape sequences and control characters go first: a terminal would obey them, and U+0085 is white
* space to .NET, not to a regular expression.
*/
function harmless(text) {
	return text.replaceAll(escapeSequence, "").replaceAll(controlCharacter, "").replaceAll(/^([^\S\n]*)::/gm, "$1: :").replaceAll("##[", "# #[");
}
const escapeSequence = /(?:\u001b\[|\u009b)[0-9;]*[A-Za-z]/g;
/** All but tab and line feed; a carriage return would begin a line. */
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

// src/setup/inputs.ts
/** Every input of setup/action.yml, in its order; the first three are those of teleport-actions/setup. */
const setupTable = {
	version: defaulted("version", "auto", parseVersionWanted),
	proxy: optional("proxy", parseAddress),
	enterprise: optional("enterprise", parseBoolean),
	edition: defaulted("edition", "auto", oneOf("auto", "oss", "enterprise", "cloud")),
	fips: defaulted("fips", "auto", parseFips),
	tools: defaulted("tools", "tsh, tctl", parseTools),
	installFrom: defaulted("install-from", "auto", oneOf("auto", "image", "archive")),
	mirror: optional("mirror", parseMirror),
	checksum: optional("checksum", parseChecksums),
	extraCaFile: optional("extra-ca-file", parseLine),
	timeout: defaulted("timeout", "5m", parseDuration)
};
/** Reads the inputs of ./setup. Throws one Problem `inputs` that names every mistake. */
function readSetupInputs(dictionary) {
	return readTable(setupTable, contradictions, dictionary);
}
/** The older spelling `enterprise` is an edition. */
function editionOf({ edition, enterprise }) {
	if (edition !== "auto" || enterprise === void 0) return edition;
	return enterprise ? "enterprise" : "oss";
}
function contradictions(inputs) {
	const { version, proxy, enterprise, edition } = inputs;
	const download = {
		...inputs,
		edition: editionOf(inputs),
		tbotPath: void 0
	};
	return [
		version.kind === "installed" && "`version`: `installed` leaves nothing to do here",
		version.kind === "auto" && proxy === void 0 && "`version`: without `proxy` there is nobody to ask, so it must be an exact one",
		enterprise !== void 0 && edition !== "auto" && enterprise !== (edition !== "oss") && "`enterprise`: contradicts `edition`; give one of them",
		...version.kind === "installed" ? [] : downloadContradictions(download)
	].filter((mistake) => mistake !== false);
}

export { listenForStop as a, readInputs as c, Problem as d, messageOf as f, _usingCtx as i, formatDuration as l, readSetupInputs as n, report as o, githubRunner as r, successSummary as s, editionOf as t, isImageMirror as u };