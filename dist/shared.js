import { a as exportVariable, c as isDebug, d as setOutput, f as setSecret, h as summary, i as error, l as notice, m as warning, n as debug, o as getState, p as startGroup, r as endGroup, s as info, t as addPath, u as saveState } from "./vendor-actions-core.js";

// src/text/input-error.ts
/** What is wrong with the value of one input, without the input's name. Never leaves `readInputs`. */
var InputError = class extends Error {
	name = "Mistake";
	/** The input whose value it is, where that is not the one that was being read. */
	input;
	constructor(what, input) {
		super(what);
		this.input = input;
	}
};
/** Several things that are wrong with the value of one input. Never leaves `readInputs`. */
var InputErrors = class extends Error {
	name = "Mistakes";
	all;
	constructor(all) {
		super(all.join("; "));
		this.all = all;
	}
};

// src/yaml/tree.ts
const start = {
	line: 1,
	column: 1
};
/** Passes complaints on, and knows whether there were any. */
function trackErrors(addError) {
	let hasErrors = false;
	return {
		addError: (at, what) => {
			hasErrors = true;
			return addError(at, what);
		},
		hasErrors: () => hasErrors
	};
}
/** What a part of a text is, for a sentence. */
function nameOf$1(tree) {
	switch (tree.kind) {
		case "scalar": return tree.text === void 0 ? "nothing" : "a single value";
		case "unread": return "something else";
		case "list": return "a list";
		case "map": return "a mapping";
		default: return tree;
	}
}
/** Whether nothing in it is left unread. */
function isWhole(tree) {
	switch (tree.kind) {
		case "scalar": return true;
		case "unread": return false;
		case "list": return tree.items.every(isWhole);
		case "map": return tree.entries.every(({ value }) => isWhole(value));
		default: return tree;
	}
}
function collectErrors() {
	const found = [];
	return {
		addError: (at, what) => {
			found.push({
				at,
				what
			});
		},
		inOrder: () => found.toSorted((one, other) => one.at.line - other.at.line || one.at.column - other.at.column).map(({ at, what }) => `${placeName(at)}: ${what}`)
	};
}
/** A place in the words of a mistake. */
function placeName({ line, column }) {
	return `line ${line}, column ${column}`;
}

// src/yaml/flaw.ts
const advice = "; compare the indentation with the lines around it";
/** The parser's error in the words of those who wrote the text. */
function flawOf({ code, message, pos }, text, { place, discreet }) {
	const at = place(pos[0]);
	if (code === "MULTIPLE_DOCS") return {
		at,
		what: "is more than one document; take the line `---` out"
	};
	if (code === "RESOURCE_EXHAUSTION") return {
		at,
		what: "is nested too deeply"
	};
	const tab = tabBefore(at.line, text);
	if (tab) return {
		at: tab,
		what: "is not YAML: lines are indented by blanks, and here is a tab"
	};
	return {
		at,
		what: `is not YAML${discreet || message.includes("@") ? "" : `: ${firstLine(message)}`}${advice}`
	};
}
/** The most frequent cause, which the parser tells in other words and often further down. */
function tabBefore(last, text) {
	const lines = text.split("\n").slice(0, last);
	const index = lines.findLastIndex((line) => /^ *\t\s*\S/.test(line));
	const column = (lines[index] ?? "").indexOf("	") + 1;
	return index < 0 ? void 0 : {
		line: index + 1,
		column
	};
}
function firstLine(message) {
	return message.split("\n", 1).join().slice(0, 200);
}

// src/yaml/parse.ts
/** Characters: what people write by hand is far shorter. */
const longest$3 = 1e5;
/** No service is nested so deep; the readers of the tree recur. */
const deepest = 50;
/**
* Reads one YAML document of plain data: no aliases (they can grow without bound), tags, merge keys
* or keys that are no texts. `discreet` tells nothing of what stands in the text. Undefined after a
* complaint that leaves nothing to read.
*/
function parseYaml(given, yaml, addError, { discreet = false } = {}) {
	const text = given.replace(/^\uFEFF/, "");
	if (text.length > longest$3) return addError(start, `is longer than ${longest$3} characters`);
	const lineCounter = new yaml.LineCounter();
	const place = (offset) => {
		const { line, col } = lineCounter.linePos(offset);
		return {
			line: Math.max(1, line),
			column: Math.max(1, col)
		};
	};
	const document = yaml.parseDocument(text, {
		lineCounter,
		prettyErrors: false,
		version: "1.2",
		merge: false,
		keepSourceTokens: false,
		uniqueKeys: false,
		logLevel: "error"
	});
	const [error] = document.errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
	if (error) {
		const { at, what } = flawOf(error, text, {
			place,
			discreet
		});
		return addError(at, what);
	}
	const reading = {
		yaml,
		addError,
		place,
		depth: 0
	};
	return document.contents === null ? {
		kind: "scalar",
		at: start,
		text: void 0,
		quoted: false
	} : treeOf(document.contents, reading);
}
function treeOf(node, outer) {
	const { yaml, addError, place, depth } = outer;
	const reading = {
		...outer,
		depth: depth + 1
	};
	if (!yaml.isNode(node)) return {
		kind: "scalar",
		at: start,
		text: void 0,
		quoted: false
	};
	const at = place(node.range?.[0] ?? 0);
	if (yaml.isAlias(node) || node.tag !== void 0) {
		addError(at, yaml.isAlias(node) ? alias : tag);
		return {
			kind: "unread",
			at
		};
	}
	if (yaml.isCollection(node) && depth >= deepest) {
		addError(at, `is nested deeper than ${deepest} times`);
		return {
			kind: "unread",
			at
		};
	}
	if (yaml.isSeq(node)) return {
		kind: "list",
		at,
		items: node.items.map((item) => treeOf(item, reading))
	};
	if (yaml.isMap(node)) return {
		kind: "map",
		at,
		entries: unique(node.items.flatMap((pair) => entryOf(pair, at, reading) ?? []), addError)
	};
	return {
		kind: "scalar",
		at,
		...scalarOf$1(node, reading)
	};
}
const alias = "an alias (`*name`) is not taken; write out what it stands for";
const tag = "a tag (`!name`) is not taken";
function scalarOf$1(node, { yaml }) {
	if (!yaml.isScalar(node) || node.value === null) return {
		text: void 0,
		quoted: false
	};
	const { value, source } = node;
	return {
		text: typeof value === "string" ? value : source,
		quoted: node.type !== "PLAIN"
	};
}
function unique(entries, addError) {
	const seen = /* @__PURE__ */ new Set();
	return entries.filter(({ key, at }) => {
		if (seen.has(key)) addError(at, "this key is there twice");
		return seen.size < seen.add(key).size;
	});
}
function entryOf(pair, around, reading) {
	const { yaml, addError, place } = reading;
	const { key, value } = pair;
	const at = yaml.isNode(key) ? place(key.range?.[0] ?? 0) : around;
	if (!yaml.isScalar(key) || key.value === null || key.tag !== void 0) return addError(at, "a key must be a plain text");
	return {
		key: scalarOf$1(key, reading).text ?? "",
		at,
		value: value === null ? nothingAt(at) : treeOf(value, reading)
	};
}
function nothingAt(at) {
	return {
		kind: "scalar",
		at,
		text: void 0,
		quoted: false
	};
}

// src/text/nearest.ts
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

// src/text/quoted.ts
/** Stands for a value that is not shown. */
const notShown = "(not shown, because it contains `@`)";
/**
* A value that the user gave, in a message. A text with an `@` can hold a password
* (`user:password@host`) and is never repeated; `whole` is the text that the value is a part of.
*/
function quoted(value, whole = value) {
	return whole.includes("@") ? `the value ${notShown}` : `\`${value}\``;
}

// src/text/characters.ts
/** Whether a text is one line, with nothing in it that is not seen. */
function isPrintable(text) {
	return !/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}
/** A line with a blank for each character that is not seen. */
function printable(line) {
	return line.replaceAll(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
}
/** Lines without what is not seen; tabs stay. */
function printableLines(text) {
	return text.replaceAll(/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
}

// src/text/duration.ts
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
const longest$2 = 2 ** 63 / 1e9;
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
	if (text !== "0" && (end === 0 || end !== text.length)) throw new InputError(notADuration(text));
	if (seconds < 1e-9) throw new InputError(`${quoted(text)} is not longer than nothing`);
	if (seconds >= longest$2) throw new InputError(`${quoted(text)} is longer than 292 years`);
	return seconds;
}
function notADuration(text) {
	const days = /^(\d+)d$/.exec(text);
	const bare = /^\d+$/.test(text) && `${text}${Number(text) < 300 ? "m" : "s"}`;
	const instead = days ? `${Number(days[1]) * 24}h` : bare || "1h30m";
	return `${quoted(text)} is not a duration; write for example \`${instead}\` (units: h, m, s, ms)`;
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

// src/yaml/values.ts
/** A value that is one word or more. */
function scalarOf(key, tree, field, addError) {
	const text = textOf$1(key, tree, addError);
	if (text === void 0) return void 0;
	switch (field.kind) {
		case "text": return text;
		case "duration": return durationOf(key, text, tree.at, addError);
		case "boolean": return booleanOf(key, text, tree.at, addError);
		case "choice":
			if (field.words.includes(text)) return text;
			return addError(tree.at, `\`${key}\` must be one of ${field.words.join(", ")}`);
		default: return field;
	}
}
/** Go's YAML takes the words of YAML 1.1 where it wants a boolean (gopkg.in/yaml.v3, resolve.go). */
function booleanOf(key, text, at, addError) {
	if (/^(?:true|yes|on|y)$/i.test(text)) return true;
	if (/^(?:false|no|off|n)$/i.test(text)) return false;
	return addError(at, `\`${key}\` must be true or false`);
}
function durationOf(key, text, at, addError) {
	try {
		return parseDuration(text);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return addError(at, `\`${key}\`: ${error.message}`);
	}
}
function textOf$1(key, tree, addError) {
	if (tree.kind === "unread") return void 0;
	if (tree.kind !== "scalar") return addError(tree.at, mustBe(key, "a single value", tree));
	const { text } = tree;
	if (text === void 0 || text === "") return addError(tree.at, `${quoted(key)} must not be empty`);
	if (isPrintable(text)) return text;
	return addError(tree.at, `${quoted(key)} has a line break or a control character in it`);
}
function textsOf(key, tree, addError) {
	if (tree.kind === "unread") return void 0;
	if (tree.kind !== "list") return addError(tree.at, mustBe(key, "a list", tree));
	return tree.items.map((item) => textOf$1(key, item, addError)).filter((text) => text !== void 0);
}
/** A list of words of a fixed set; each other entry is a complaint at its place. */
function choicesOf(key, tree, words, addError) {
	for (const item of tree.kind === "list" ? tree.items : []) if (item.kind === "scalar" && item.text && !words.includes(item.text)) addError(item.at, `an entry of \`${key}\` must be one of ${words.join(", ")}`);
	return textsOf(key, tree, addError);
}
function labelsOf(key, tree, addError, read) {
	if (tree.kind !== "map") return addError(tree.at, mustBe(key, "a mapping", tree));
	const labels = tree.entries.flatMap(({ key: name, at, value }) => {
		if (!isPrintable(name)) {
			addError(at, `a label of \`${key}\` has a control character in it`);
			return [];
		}
		const label = read(name, value);
		return label === void 0 ? [] : [[name, label]];
	});
	return Object.fromEntries(labels);
}
/** Says of a key what it must be, and what it is. */
function mustBe(key, wanted, tree) {
	return `${quoted(key)} must be ${wanted}, and is ${nameOf$1(tree)}`;
}

// src/yaml/schema.ts
/**
* Reads a mapping by its fields; complains of every key that is unknown, missing or holds something
* else. `what` names the mapping in a sentence; `refused` has words for keys that are known and yet
* not taken. Empty values count as absent, as in tbot; so does a key with a mistake anywhere in it.
*/
function readMapping(map, fields, { what, refused = {}, addError }) {
	const known = Object.keys(fields);
	const meansKey = (entry, key) => !known.includes(entry.key) && nearest(entry.key, known) === key;
	const values = map.entries.flatMap((entry) => {
		const { key, at } = entry;
		const no = Object.hasOwn(refused, key) ? refused[key] : void 0;
		const field = Object.hasOwn(fields, key) ? fields[key] : void 0;
		if (no !== void 0) addError(at, no);
		else if (field === void 0) addError(at, unknownKey(key, fields, what));
		else {
			const within = trackErrors(addError);
			const value = readEntry(entry, field, within.addError);
			if (value !== void 0 && isWhole(entry.value) && !within.hasErrors()) return [[key, value]];
		}
		return [];
	});
	for (const [key, field] of Object.entries(fields)) if (field.required && !map.entries.some((entry) => entry.key === key || meansKey(entry, key))) addError(map.at, `${what} needs \`${key}\``);
	return Object.fromEntries(values);
}
function unknownKey(key, fields, what) {
	const known = Object.keys(fields);
	const meant = nearest(key, known);
	const shown = isPrintable(key) && /^[^@]{1,60}$/.test(key) ? `\`${key}\`` : "of this name";
	return meant === void 0 ? `${what} has no key ${shown}; it has ${known.join(", ")}` : `${what} has no key ${shown}; did you mean \`${meant}\`?`;
}
/** Undefined for what is empty, and for what there was a complaint about. */
function readEntry({ key, at, value }, field, addError) {
	if (value.kind === "scalar" && (value.text === void 0 || value.text === "")) {
		if (field.required) addError(at, `\`${key}\` must not be empty`);
		return;
	}
	if (field.required && value.kind === "list" && value.items.length === 0) return addError(at, `\`${key}\` needs at least one entry`);
	return valueOf$1(key, value, field, addError);
}
function valueOf$1(key, tree, field, addError) {
	if (tree.kind === "unread") return void 0;
	switch (field.kind) {
		case "text":
		case "duration":
		case "boolean":
		case "choice": return scalarOf(key, tree, field, addError);
		case "texts": return textsOf(key, tree, addError);
		case "choices": return choicesOf(key, tree, field.words, addError);
		case "labels": return labelsOf(key, tree, addError, (name, value) => textOf$1(name, value, addError));
		case "label-lists": return labelsOf(key, tree, addError, (name, value) => {
			if (value.kind === "list" && value.items.length === 0) return addError(value.at, `the label ${quoted(name)} needs at least one value`);
			return textsOf(name, value, addError);
		});
		case "map":
			if (tree.kind === "map") return stagingPath(key, tree, field, addError);
			return addError(tree.at, mustBe(key, "a mapping", tree));
		case "maps": return mapsOf(key, tree, field, addError);
		default: return field;
	}
}
/** A mapping within another; which keys it may have beside each other is asked once it is sound. */
function stagingPath(key, map, { fields, oneOf = [] }, addError) {
	const what = `\`${key}\``;
	const within = trackErrors(addError);
	const values = readMapping(map, fields, {
		what,
		addError: within.addError
	});
	if (oneOf.length === 0 || within.hasErrors() || !isWhole(map)) return values;
	const given = oneOf.filter((name) => says(values[name]));
	const names = oneOf.map((name) => `\`${name}\``).join(" or ");
	if (given.length === 0) addError(map.at, `${what} needs ${names}`);
	if (given.length > 1) addError(map.at, `${what} takes ${names}, not both`);
	return values;
}
/** An empty mapping says nothing. */
function says(value) {
	return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : value !== void 0;
}
function mapsOf(key, tree, part, addError) {
	if (tree.kind !== "list") return addError(tree.at, mustBe(key, "a list", tree));
	return tree.items.flatMap((item) => {
		if (item.kind === "map") return [stagingPath(key, item, part, addError)];
		if (item.kind !== "unread") addError(item.at, mustBe(`an entry of ${key}`, "a mapping", item));
		return [];
	});
}

// src/methods/onboarding.ts
const text$1 = { kind: "text" };
const secretText = {
	kind: "text",
	secret: true
};
/** Keys of tbot's `onboarding` that have no input of their own (lib/tbot/bot/onboarding/config.go). */
const onboardingFields = {
	terraform: {
		kind: "map",
		fields: { audience_tag: text$1 }
	},
	gitlab: {
		kind: "map",
		fields: { token_env_var_name: text$1 }
	},
	bound_keypair: {
		kind: "map",
		fields: {
			registration_secret: secretText,
			registration_secret_path: text$1,
			static_private_key_path: text$1
		}
	},
	kubernetes: {
		kind: "map",
		fields: { token_path: text$1 }
	},
	generic_oidc: {
		kind: "map",
		fields: {
			env: text$1,
			command: { kind: "texts" },
			timeout: { kind: "duration" }
		}
	}
};
const refused$1 = {
	token: "`token` is an input of its own",
	join_method: "`join_method` is the input `join-method`",
	azure: "`azure` is the input `azure-client-id`",
	ca_pins: "`ca_pins` is the input `ca-pins`",
	ca_path: "`ca_path` is for joins that do not go through a proxy; `extra-ca-file` is trusted for it"
};
/**
* Reads the input `onboarding`. Secrets may stand in it, so no mistake shows a value, but that of a duration. Throws
* Mistakes with line and column.
*/
function readOnboarding(given, yaml) {
	const collector = collectErrors();
	const { addError } = collector;
	const map = parseYaml(given, yaml, addError, { discreet: true });
	if (map?.kind === "list" || map?.kind === "scalar") addError(map.at, "must be a mapping");
	const values = map?.kind === "map" ? readMapping(map, onboardingFields, {
		what: "`onboarding`",
		refused: refused$1,
		addError
	}) : {};
	const found = collector.inOrder();
	if (found.length > 0) throw new InputErrors(found);
	return values;
}
/** The keys of values that nobody may see. */
const secretKeys = new Set(Object.values(onboardingFields).flatMap(({ fields }) => Object.entries(fields).flatMap(([key, { secret }]) => secret ? [key] : [])));
/** The values that nobody may see. */
function secretsOf(onboarding) {
	return Object.values(onboarding).flatMap((section) => Object.entries(section).flatMap(([key, value]) => secretKeys.has(key) && typeof value === "string" ? [value] : []));
}
/** The part of `onboarding` that belongs to a join method. */
const onboardingKeys = {
	terraform: "terraform_cloud",
	gitlab: "gitlab",
	bound_keypair: "bound_keypair",
	kubernetes: "kubernetes",
	generic_oidc: "generic_oidc"
};

// src/services/service.ts
/** Who asked for it, as a mistake about it begins: `services: line 1, column 3`, or an input. */
function originOf({ input, at }) {
	return at === void 0 ? `\`${input}\`` : `\`${input}\`: ${placeName(at)}`;
}
/** The roles that a service asks for by name. */
function rolesOf(service) {
	return "roles" in service ? service.roles ?? [] : [];
}

// src/services/names.ts
/** A folder's name may have 255 bytes; names of clusters in the cloud are long. */
const longest$1 = 200;
/** Folders of a home that are not a credential's, and names that Windows keeps for devices. */
const taken = /^(?:bin|con|prn|aux|nul|com\d|lpt\d)$/;
/** Names that tbot keeps for its own services (lib/tbot/bot/bot.go). */
const reserved = /* @__PURE__ */ new Set([
	"ca-rotation",
	"crl-cache",
	"heartbeat",
	"spiffe-trust-bundle-cache"
]);
/**
* Why a text can't be the name of a credential; undefined when it can. Lower case alone, because a
* name is a folder, and some file systems take `A` and `a` for one.
*/
function checkName(name) {
	if (!/^[a-z\d_\-+]+$/.test(name)) return "a `name` has nothing but lower-case letters, digits, `-`, `_` and `+`";
	if (name.length > longest$1) return `a \`name\` has ${longest$1} characters at the most`;
	if (taken.test(name) || reserved.has(name)) return `the name \`${name}\` is reserved`;
}
/** The name of a credential whose author gave none: its type, and what it is for. */
function derivedName(service) {
	return folderName(service.type, ...targetOf(service));
}
/** Words as one name that every file system takes. */
function folderName(...words) {
	return words.join("-").toLowerCase().replaceAll(/[^a-z0-9_-]/g, "-");
}
function targetOf(service) {
	switch (service.type) {
		case "identity": return service.cluster === void 0 ? [] : [service.cluster];
		case "application": return [service.app_name];
		case "database": return [
			service.service,
			service.database,
			service.username
		].filter((part) => part !== void 0);
		case "kubernetes": return [service.kubernetes_cluster];
		case "kubernetes/v2": return service.selectors.length === 1 ? nameIn(service.selectors[0]) : [];
		case "ssh_host": return service.principals.slice(0, 1);
		case "workload-identity-x509":
		case "workload-identity-jwt":
		case "workload-identity-aws-roles-anywhere": return nameIn(service.selector);
		default: return service;
	}
}
function nameIn(selector) {
	return selector?.name === void 0 ? [] : [selector.name];
}
function named(requests) {
	return requests.map((request) => ({
		name: request.name ?? derivedName(request.service),
		request
	}));
}
/** Names that two have, or that can't be one. */
function nameErrors(requests) {
	const first = /* @__PURE__ */ new Map();
	return named(requests).flatMap(({ name, request }) => {
		const before = first.get(name);
		first.set(name, before ?? request);
		if (before) return [{
			request,
			what: alike(name, request, before)
		}];
		const why = checkName(name);
		const what = `the credential would be called \`${name}\`, ${why}; ${instead(request)}`;
		return why === void 0 ? [] : [{
			request,
			what
		}];
	});
}
function alike(name, request, before) {
	const listed = [request, before].some(({ at }) => at !== void 0);
	return `the credential would be called \`${name}\`, as is that of ${originOf(before)}; ${listed ? "take one out, or give the one in `services` another `name`" : instead(request)}`;
}
function instead({ at }) {
	return at === void 0 ? "ask for it in `services`, with a `name`" : "give it another `name`";
}

// src/services/shorthands.ts
/** Names, by commas or line breaks; each once. Throws a Mistake. */
function parseNames(text) {
	const names = partsOf(text, /[,\n]/);
	const spaced = names.find((name) => /\s/.test(name));
	if (spaced !== void 0) throw new InputError(`${quoted(spaced, text)} has a space in it; names are separated by commas or lines`);
	return [...new Set(names)];
}
/**
* One database a line: `service`, `service/database` or `service/database/username`. Split at most
* twice, because the names of users hold `/` and `,`. Throws a Mistake.
*/
function parseDatabases(text) {
	return [...new Set(partsOf(text, /\n/))].map((line) => {
		const [, service = "", database, username] = /^([^/]*)(?:\/([^/]*)(?:\/(.*))?)?$/.exec(line) ?? [];
		if (service === "" || database === "" || username === "") throw new InputError(`${quoted(line, text)} is not \`service\`, \`service/database\` or \`service/database/username\``);
		if (/,\s/.test(line) || /,/.test(service + (database ?? ""))) throw new InputError(`${quoted(line, text)} has a comma in it; give one database a line`);
		return {
			service,
			...database === void 0 ? {} : { database },
			...username === void 0 ? {} : { username }
		};
	});
}
function partsOf(text, separator) {
	const parts = text.split(separator).map((part) => part.trim()).filter((part) => part !== "");
	if (parts.length === 0) throw new InputError("names nothing");
	if (!parts.every(isPrintable)) throw new InputError("has a control character in it");
	return parts;
}
/**
* All that is asked for: `services`, and what the shorthands add. An identity is among them when
* nothing else is asked for, and when an input describes it.
*/
function requestsFor(asked, endpoint) {
	const { services, kubernetesCluster, app, database } = asked;
	return [
		...identityOf(asked),
		...services ?? [],
		...kubernetesOf(kubernetesCluster ?? [], endpoint),
		...(app ?? []).map((name) => request("app", {
			type: "application",
			app_name: name
		})),
		...(database ?? []).map((name) => request("database", {
			type: "database",
			...name
		}))
	];
}
function identityOf(asked) {
	const { services, kubernetesCluster, app, database, leafCluster, allowReissue } = asked;
	if (![
		services,
		kubernetesCluster,
		app,
		database
	].every((input) => input === void 0) && leafCluster === void 0 && !allowReissue) return [];
	return [request(leafCluster === void 0 ? "allow-reissue" : "leaf-cluster", {
		type: "identity",
		...leafCluster === void 0 ? {} : { cluster: leafCluster },
		...allowReissue ? { allow_reissue: true } : {}
	})];
}
/** The names do not depend on the way where there is one cluster. */
function kubernetesOf(clusters, endpoint) {
	const plugin = endpoint.selfContained ? { disable_exec_plugin: true } : {};
	if (endpoint.type === "kubernetes" || clusters.length === 0) return clusters.map((name) => request("kubernetes-cluster", {
		type: "kubernetes",
		kubernetes_cluster: name,
		...plugin
	}));
	const selectors = clusters.map((name) => ({ name }));
	const [only = "", ...others] = clusters;
	return [{
		...request("kubernetes-cluster", {
			type: "kubernetes/v2",
			selectors,
			...plugin
		}),
		name: others.length > 0 ? "kubernetes" : folderName("kubernetes", only)
	}];
}
function request(input, service) {
	return {
		service,
		input
	};
}

// src/http/loopback.ts
/** The host of a URL without the brackets of an IPv6 address and without a final dot. */
function bareHost(url) {
	return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
/** Whether a URL leads to this machine, by its address or by the name `localhost`. */
function isLoopback(url) {
	return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(bareHost(url));
}
/** Whether a text is a URL that leads to this machine. */
function namesLoopback(text) {
	return text !== void 0 && URL.canParse(text) && isLoopback(new URL(text));
}

// src/inputs/download.ts
/** `tsh`, `tctl`, or both, by commas, spaces or line breaks; tbot comes anyway. */
function parseTools(text) {
	const words = text.toLowerCase().split(/[\s,]+/).filter((word) => word !== "" && word !== "tbot");
	for (const word of words) if (!isTool(word)) throw new InputError(`${quoted(word, text)} is not one of tsh, tctl`);
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
	throw new InputError(`${quoted(text)} is none of auto, true, false`);
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
	if (!URL.canParse(text)) throw new InputError(`${quoted(text)} is not a URL`);
	const url = new URL(text);
	if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) throw new InputError("a mirror is reached by https");
	if (url.username || url.password) throw new InputError("a mirror has no user name in its address");
	if (url.search || url.hash) throw new InputError("the base URL of a mirror has no `?` and no `#`");
	return url.href.replace(/\/+$/, "");
}
/** Names of repositories: OCI distribution specification, "Pulling manifests". */
const repository = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
function parseRepository(text) {
	const slash = text.indexOf("/");
	const host = text.slice(0, Math.max(slash, 0));
	const name = text.slice(slash + 1);
	if (!(/[.:]|^localhost$/.test(host) && URL.canParse(`https://${host}/`)) || /[@?#\\]/.test(host) || !repository.test(name)) throw new InputError(`${quoted(text)} is neither a base URL of archives (\`https://...\`) nor a repository of the image (\`host[:port]/repository\`, without a tag)`);
	return `${host.toLowerCase()}/${name}`;
}

// src/inputs/download-conflicts.ts
/** Inputs about the download that can't be meant together, a sentence for each. */
function downloadConflicts(inputs, given) {
	const brought = !given.has("tbot-path") ? inputs.version?.kind === "installed" && "`version: installed`" : "`tbot-path`";
	return brought === false ? [...pinConflicts(inputs), ...sourceConflicts(inputs)] : noDownload(inputs, brought);
}
function noDownload(inputs, brought) {
	const useless = (name, given) => given && `\`${name}\`: nothing is downloaded with ${brought}`;
	return [
		useless("edition", (inputs.edition ?? "auto") !== "auto"),
		useless("install-from", (inputs.installFrom ?? "auto") !== "auto"),
		useless("mirror", inputs.mirror !== void 0),
		useless("checksum", inputs.checksum !== void 0),
		useless("tools", (inputs.tools ?? []).length > 0),
		inputs.tbotPath !== void 0 && inputs.version?.kind === "installed" && "`tbot-path`: contradicts `version: installed`, which takes the tbot on PATH"
	];
}
function pinConflicts(inputs) {
	const { checksum, version, installFrom } = inputs;
	if (checksum === void 0) return [];
	return [version !== void 0 && version.kind !== "exact" && "`checksum`: belongs to one release, so it needs an exact `version`", installFrom === "auto" && "`checksum`: is the digest of either the archive or the image, so it needs `install-from`"];
}
function sourceConflicts(inputs) {
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

// src/inputs/values.ts
/** One of a fixed set of words, in any case; `-` and `_` are the same. */
function oneOf(...words) {
	return (text) => {
		const word = words.find((candidate) => plain$1(candidate) === plain$1(text));
		if (word === void 0) throw new InputError(`${quoted(text)} is not one of ${words.join(", ")}${meant(text, words)}`);
		return word;
	};
}
function meant(text, words) {
	const near = nearest(plain$1(text), words);
	return near === void 0 ? "" : `; did you mean \`${near}\`?`;
}
function plain$1(word) {
	return word.toLowerCase().replaceAll("-", "_");
}
/** true and false in any case, 1 and 0, as the field's own actions take them. */
function parseBoolean(text) {
	if (/^(true|1)$/i.test(text)) return true;
	if (/^(false|0)$/i.test(text)) return false;
	throw new InputError(`${quoted(text)} is neither true nor false`);
}
/** The name of a join token. tbot reads a value that starts with `/` as a file (lib/utils). */
function parseTokenName(text) {
	if (text.startsWith("/")) throw new InputError("a value that starts with `/` would be read as a file; give the name of the join token");
	if (!isPrintable(text) || /\s/.test(text)) throw new InputError("the name of a join token has no spaces, line breaks or control characters");
	return text;
}
/** A text on one line, with nothing in it that a terminal or a file format could take for more. */
function parseLine(text) {
	if (!isPrintable(text)) throw new InputError("has a line break or a control character in it");
	return text;
}
/** The path of a file. A URL, which can hold a password, is refused, because errors name the path. */
function parsePath(text) {
	if (/^[a-z][a-z0-9+.-]*:\/\/|^[^/\\]*:[^/\\]*@/i.test(text)) throw new InputError("must be the path of a file, not a URL");
	return parseLine(text);
}
/** One text or more, by commas, spaces or line breaks. */
function parseLines(text) {
	const parts = text.split(/[\s,]+/).filter((part) => part !== "");
	if (parts.length === 0) throw new InputError("names nothing");
	return parts.map(parseLine);
}
/** A UUID, as Azure writes the client id of an identity. */
function parseClientId(text) {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new InputError(`${quoted(text)} is not a client id; it looks like 22222222-2222-2222-2222-222222222222`);
	return text.toLowerCase();
}
/** `auto`, `installed`, or a release such as `18.2.4`; a `v` in front is tolerated. */
function parseVersionWanted(text) {
	const word = text.toLowerCase();
	if (word === "auto" || word === "installed") return { kind: word };
	const release = /^v?(\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?)$/i.exec(text);
	if (!release?.[1]) throw new InputError(`${quoted(text)} is neither \`auto\`, \`installed\` nor a version like \`18.2.4\``);
	return {
		kind: "exact",
		version: release[1]
	};
}
/** SHA-256 digests, `sha256:<hex>` a line, in lower case and without the prefix. */
function parseChecksums(text) {
	return text.split("\n").map((line) => line.trim()).filter((line) => line !== "").map((line) => {
		const hex = /^sha256:([0-9a-f]{64})$/i.exec(line)?.[1];
		if (hex === void 0) throw new InputError(`${quoted(line, text)} is not \`sha256:\` and 64 hexadecimal digits`);
		return hex.toLowerCase();
	});
}
/** Whether a text is the pin of an authority, in any case. */
function isPin(text) {
	return /^sha256:[0-9a-f]{64}$/i.test(text);
}

// src/services/check.ts
/**
* What the fields can't say: keys that exclude each other, limits, names of files. `unread` are keys
* that are there and hold something else than they should: nothing is said about them.
*/
function checkService(service, unread, addError) {
	if ("roles" in service && "delegation_session_id" in service) addError("delegation_session_id", "`roles` and `delegation_session_id` exclude each other");
	if (service.type === "workload-identity-aws-roles-anywhere") {
		checkNames(service, addError);
		if (!unread.has("session_duration")) checkSession(service, addError);
	}
}
const hour = 3600;
/** Length of a session of AWS unless it is given, in seconds (lib/tbot/services/awsra/config.go). */
const defaultSession = 6 * hour;
function checkNames(service, addError) {
	for (const key of [
		"role_arn",
		"profile_arn",
		"trust_anchor_arn"
	]) {
		const arn = service[key];
		if (arn !== void 0 && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn)) addError(key, `\`${key}\` must be an ARN: \`arn:aws:...\``);
	}
	const { artifact_name: file } = service;
	if (file !== void 0 && !/^(?!\.+$)[\w.-]{1,100}$/.test(file)) addError("artifact_name", "`artifact_name` must be the plain name of a file");
}
/** Limits of AWS (IAM Roles Anywhere, CreateSession) and of tbot (lib/tbot/services/awsra). */
function checkSession({ session_duration: duration = defaultSession, session_renewal_interval: renewal }, addError) {
	if (duration > 12 * hour || duration < 900) addError("session_duration", "`session_duration` is 15m at the least and 12h at most");
	if (renewal !== void 0 && renewal >= duration) addError("session_renewal_interval", `\`session_renewal_interval\` (${formatDuration(renewal)}) must be shorter than \`session_duration\` (${formatDuration(duration)})`);
}

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

// src/inputs/input-problem.ts
/** Mistakes in the order of the table, whatever found them: the author reads from the top down. */
function inTableOrder(table, errors) {
	const names = Object.values(table).flatMap(({ name, alias }) => [name, alias?.name]);
	const rank = (inputError) => names.indexOf(/^`([^`]+)`/.exec(inputError)?.[1]);
	return errors.toSorted((one, other) => rank(one) - rank(other));
}
/** A hundred say what a thousand would, and a job summary holds no more than a megabyte. */
const mostTold = 100;
function listOf(errors) {
	const told = errors.slice(0, mostTold).map((inputError) => `- ${inputError}`);
	const more = errors.length - told.length;
	return more > 0 ? [...told, `- and ${more} more`] : told;
}
/** The one Problem for all that is wrong with the inputs. */
function inputProblem(errors) {
	const [first = ""] = errors;
	const names = [...new Set(errors.map((inputError) => inputError.split(":", 1).join()))].join(", ");
	return new Problem({
		code: "inputs",
		what: errors.length === 1 ? `The inputs of this step have a mistake: ${first}${/[.?!]$/.test(first) ? "" : "."}` : `The inputs of this step have ${errors.length} mistakes, in ${names}.`,
		fix: "Correct the `with:` block of the step.",
		details: errors.length === 1 ? [] : listOf(errors)
	});
}

// src/inputs/unknown.ts
/** Inputs that are not in the table: one that is nearly another is a mistake, any other is odd. */
function unknownInputs(table, given) {
	const known = Object.values(table).flatMap((input) => input.alias ? [input.name, input.alias.name] : [input.name]);
	const named = [...given.keys()].filter((name) => !known.includes(name)).map((name) => ({
		name,
		meant: nearest(name, known)
	}));
	return {
		errors: named.flatMap(({ name, meant }) => meant ? [`\`${name}\`: there is no such input; did you mean \`${meant}\`?`] : []),
		warnings: named.flatMap(({ name, meant }) => meant ? [] : [`\`${name}\` is not an input of this action; it is ignored.`])
	};
}

// src/inputs/read-table.ts
/**
* Reads the inputs of an action by its table. `yaml` is needed where one of those given holds YAML.
* Throws one Problem `inputs` that names every mistake.
*/
function readTable(table, check, dictionary, yaml) {
	const given = givenOnes(dictionary);
	const unknown = unknownInputs(table, given);
	const errors = [];
	const values = Object.entries(table).map(([key, input]) => [key, valueOf(input, given, errors, yaml)]);
	const inputs = Object.fromEntries(values);
	errors.push(...check(inputs, given));
	const found = [...unknown.errors, ...inTableOrder(table, errors)];
	if (found.length > 0) throw inputProblem(found);
	return {
		inputs,
		warnings: unknown.warnings
	};
}
/** What is not empty, by names in lower case; blanks at the edges are still there. */
function givenOnes(dictionary) {
	return new Map(Object.entries(dictionary).map(([name, value]) => [name.toLowerCase(), value]).filter(([, value]) => value.trim() !== ""));
}
function valueOf(input, given, errors, yaml) {
	try {
		return "read" in input ? readYaml(input, given, yaml) : parse$1(input, given);
	} catch (error) {
		const found = error instanceof InputErrors ? error.all : error instanceof InputError ? [error.message] : void 0;
		if (!found) throw error;
		const name = error instanceof InputError && error.input || spelling(input, given);
		errors.push(...found.map((what) => `\`${name}\`: ${what}`));
		return;
	}
}
function parse$1(input, given) {
	const text = textOf(input, given) ?? input.defaultValue;
	if (text !== void 0) return input.parse(text);
	if (input.required) throw new InputError("is needed");
}
function readYaml({ name, read }, given, yaml) {
	const text = given.get(name);
	if (text === void 0) return void 0;
	if (!yaml) throw new Error(`\`${name}\` cannot be read without the package yaml`);
	return read(text, yaml);
}
/** The name by which the author gave an input. */
function spelling({ name, alias }, given) {
	return alias && given.has(alias.name) && !given.has(name) ? alias.name : name;
}
/** The value under the input's name, or under its older spelling; undefined when it is absent. */
function textOf(input, given) {
	const text = given.get(input.name)?.trim();
	const { alias } = input;
	const other = alias && given.get(alias.name)?.trim();
	if (alias === void 0 || other === void 0) return text;
	const converted = ofAlias(alias, other);
	if (text !== void 0 && String(input.parse(text)) !== String(input.parse(converted))) throw new InputError(`contradicts \`${alias.name}\`, which is another spelling of it; give one`);
	return converted;
}
/** What the value of an older spelling is in the newer one. */
function ofAlias({ name, convert }, text) {
	if (!convert) return text;
	try {
		return convert(text);
	} catch (error) {
		throw error instanceof InputError ? new InputError(error.message, name) : error;
	}
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
	return parse(text, {
		name: "Teleport Proxy",
		port: 443
	});
}
/** The address of an Auth Service, read the same way; a missing port means 3025. */
function parseAuthServer(text) {
	return parse(text, {
		name: "Teleport Auth Service",
		port: 3025
	});
}
function parse(text, owner) {
	const [rest, scheme] = withoutScheme(text, owner);
	const bare = rest.endsWith("/") ? rest.slice(0, -1) : rest;
	if (bare.includes("@")) throw new InputError("an address holds no user name");
	if (/[/?#]/.test(bare)) throw new InputError(`\`${text}\` has a path; give host and port alone`);
	if (/\s/.test(bare)) throw new InputError(`\`${text}\` has a space in it`);
	if (scheme && bare === "") throw new InputError(`\`${text}\` names no host`);
	const { host, port } = split(bare, owner);
	return `${host}:${port}`;
}
function withoutScheme(text, { name: owner }) {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
	if (!scheme) return [text, void 0];
	const name = scheme[1]?.toLowerCase();
	if (name === "https") return [text.slice(scheme[0].length), name];
	if (name === "http") throw new InputError(`\`http://\` is refused: a ${owner} speaks TLS`);
	throw new InputError(`\`${name}://\` is not the address of a ${owner}; give \`host:port\``);
}
function split(text, owner) {
	const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
	if (bracketed) {
		const host = `[${bracketed[1]}]`;
		if (!URL.canParse(`https://${host}`)) throw new InputError(`\`${bracketed[1]}\` is not an IPv6 address`);
		return {
			host,
			port: portOf(bracketed[2], text, owner)
		};
	}
	const parts = text.split(":");
	if (parts.length > 2) throw new InputError(ipv6.test(text) ? `an IPv6 address stands in brackets: \`[${text}]:${owner.port}\`` : `\`${text}\` is not an address; give \`host:port\``);
	const host = text.replace(/:.*/s, "");
	if (!isHost(host)) throw new InputError(`\`${host}\` is not a host name`);
	return {
		host,
		port: portOf(parts[1], text, owner)
	};
}
/** A URL takes `127.1` and `0x7f.1` for IPv4 addresses, and tbot takes them for names. */
function isHost(host) {
	const url = `https://${host}`;
	return hostname.test(host) && URL.canParse(url) && new URL(url).hostname === host.toLowerCase();
}
function portOf(text, address, owner) {
	if (text === void 0) return owner.port;
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) throw new InputError(`\`${address}\` has no valid port (1 to 65535)`);
	return port;
}

// src/methods/methods.ts
/** tbot's join methods (lib/tbot/bot/onboarding/config.go), the most frequent first. */
const joinMethods = [
	"github",
	"azure",
	"iam",
	"gcp",
	"kubernetes",
	"circleci",
	"gitlab",
	"spacelift",
	"terraform_cloud",
	"azure_devops",
	"bitbucket",
	"env0",
	"tpm",
	"oracle",
	"bound_keypair",
	"generic_oidc",
	"token"
];
/** The chain of the AWS SDK for Go (its documentation, "Configure the SDK"). */
const awsVariables = [
	"AWS_ACCESS_KEY_ID",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AWS_REGION",
	"AWS_DEFAULT_REGION",
	"AWS_PROFILE",
	"AWS_CONFIG_FILE",
	"AWS_SHARED_CREDENTIALS_FILE",
	"AWS_ROLE_ARN",
	"AWS_ROLE_SESSION_NAME",
	"AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	"AWS_CONTAINER_CREDENTIALS_FULL_URI",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	"AWS_DEFAULT_PROFILE",
	"AWS_CA_BUNDLE",
	"AWS_EC2_METADATA_DISABLED",
	"AWS_EC2_METADATA_SERVICE_ENDPOINT",
	"TELEPORT_UNSTABLE_DISABLE_AWS_FIPS"
];
const awsSecrets = [
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN"
];
/** What tbot reads for a method (lib/join, one token source for each). */
function methodVariables(method, onboarding) {
	switch (method) {
		case "circleci": return needs("CIRCLE_OIDC_TOKEN");
		case "gitlab": return needs(onboarding.gitlab?.token_env_var_name ?? "TBOT_GITLAB_JWT");
		case "spacelift": return needs("SPACELIFT_OIDC_TOKEN");
		case "terraform_cloud": return needs(terraformVariable(onboarding));
		case "azure_devops": return needs("SYSTEM_ACCESSTOKEN", "SYSTEM_OIDCREQUESTURI");
		case "bitbucket": return needs("BITBUCKET_STEP_OIDC_TOKEN");
		case "env0": return needs("ENV0_OIDC_TOKEN");
		case "generic_oidc": return onboarding.generic_oidc?.env === void 0 ? needs() : needs(onboarding.generic_oidc.env);
		case "kubernetes": return {
			required: [],
			optional: ["KUBERNETES_TOKEN_PATH"],
			secret: []
		};
		case "iam": return {
			required: [],
			optional: awsVariables,
			secret: awsSecrets
		};
		case "bound_keypair": return keypairProof(onboarding);
		case "gcp":
		case "tpm":
		case "oracle":
		case "token": return needs();
		default: return method;
	}
}
function needs(...required) {
	return {
		required,
		optional: [],
		secret: required
	};
}
function terraformVariable({ terraform }) {
	const tag = terraform?.audience_tag;
	return tag === void 0 ? "TFC_WORKLOAD_IDENTITY_TOKEN" : `TFC_WORKLOAD_IDENTITY_TOKEN_${tag.toUpperCase()}`;
}
const keypairVariables = ["TBOT_BOUND_KEYPAIR_STATIC_KEY", "TBOT_REGISTRATION_SECRET"];
function keypairProof({ bound_keypair: given }) {
	if (!(given !== void 0 && Object.keys(given).length > 0)) return needs(...keypairVariables);
	return {
		required: [],
		optional: keypairVariables,
		secret: keypairVariables
	};
}
/**
* Whether one join uses the proof up: a token of the method `token` is good for one (docs of
* Teleport, "Join methods"), and what a registration secret made is gone with tbot's memory.
*/
function isSpentByJoin(identity) {
	if (identity.method === "token") return true;
	return identity.method === "bound_keypair" && identity.staticKey !== true;
}
/** Whether a job brings the key pair of `bound_keypair`, and tbot need not make one. */
function hasStaticKey({ bound_keypair: keypair }, env) {
	return keypair?.static_private_key_path !== void 0 || Boolean(env["TBOT_BOUND_KEYPAIR_STATIC_KEY"]);
}
/** The variables that a join by `bound_keypair` depends on: those set, and not made useless by a parameter. */
function keypairVariablesOf({ bound_keypair: keypair = {} }, env) {
	const { registration_secret: secret, registration_secret_path: path } = keypair;
	const replaced = secret === void 0 && path === void 0 ? "" : "TBOT_REGISTRATION_SECRET";
	return keypairVariables.filter((name) => env[name] && name !== replaced);
}
/** Variables of a method that the job lacks; of alternatives, all when there is none. */
function missingVariables(method, { required }, env) {
	const missing = required.filter((name) => !env[name]);
	return method === "bound_keypair" && missing.length < required.length ? [] : missing;
}
/** A proof that a variable carries is none of the log's business, whoever set it. */
function maskMethodVariables(identity, { env, mask }) {
	if (identity.method === "github" || identity.method === "azure") return;
	const { secret } = methodVariables(identity.method, identity.onboarding);
	for (const name of secret) if (env[name]) mask(env[name]);
}

// src/services/types.ts
const text = { kind: "text" };
const requiredText = {
	kind: "text",
	required: true
};
const texts = { kind: "texts" };
const boolean = { kind: "boolean" };
const duration = { kind: "duration" };
/** What this one service's certificates shall live; both or none, as tbot wants it. */
const lifetime = {
	credential_ttl: duration,
	renewal_interval: duration
};
/** A part of the bot's roles, and a session that was delegated to it; not both. */
const rights = {
	roles: texts,
	delegation_session_id: text
};
const workloadSelector = {
	kind: "map",
	required: true,
	fields: {
		name: text,
		labels: { kind: "label-lists" }
	},
	oneOf: ["name", "labels"]
};
const kubernetesSelectors = {
	kind: "maps",
	required: true,
	fields: {
		name: text,
		labels: { kind: "labels" },
		default_namespace: text
	},
	oneOf: ["name", "labels"]
};
/**
* Every type that tbot can issue in oneshot and that leaves something to hand over, with all its
* keys but `type`, `name` and `destination` (lib/tbot/config/config.go and the `*_config.go` below
* lib/tbot/services).
*/
const serviceTypes = {
	identity: {
		cluster: text,
		ssh_config: {
			kind: "choice",
			words: ["on", "off"]
		},
		allow_reissue: boolean,
		...rights,
		...lifetime
	},
	application: {
		app_name: requiredText,
		specific_tls_naming: boolean,
		...rights,
		...lifetime
	},
	database: {
		service: requiredText,
		database: text,
		username: text,
		format: {
			kind: "choice",
			words: [
				"tls",
				"mongo",
				"cockroach"
			]
		},
		...rights,
		...lifetime
	},
	kubernetes: {
		kubernetes_cluster: requiredText,
		disable_exec_plugin: boolean,
		...rights,
		...lifetime
	},
	"kubernetes/v2": {
		selectors: kubernetesSelectors,
		disable_exec_plugin: boolean,
		context_name_template: text,
		relay_server: text,
		delegation_session_id: text,
		...lifetime
	},
	ssh_host: {
		principals: {
			kind: "texts",
			required: true
		},
		ca_type: {
			kind: "choice",
			words: ["user", "openssh"]
		},
		roles: texts,
		...lifetime
	},
	"workload-identity-x509": {
		selector: workloadSelector,
		include_federated_trust_bundles: boolean,
		trust_domains: {
			kind: "choices",
			words: ["app_client"]
		},
		...lifetime
	},
	"workload-identity-jwt": {
		selector: workloadSelector,
		audiences: {
			kind: "texts",
			required: true
		},
		...lifetime
	},
	"workload-identity-aws-roles-anywhere": {
		selector: workloadSelector,
		role_arn: requiredText,
		profile_arn: requiredText,
		trust_anchor_arn: requiredText,
		region: text,
		session_duration: duration,
		session_renewal_interval: duration,
		credential_profile_name: text,
		artifact_name: text,
		overwrite_credential_file: boolean
	}
};
/** Types that serve as long as tbot runs; in oneshot tbot skips them and says nothing. */
const longRunningTypes = /* @__PURE__ */ new Set([
	"application-tunnel",
	"application-proxy",
	"database-tunnel",
	"ssh-multiplexer",
	"workload-identity-api",
	"spiffe-workload-api",
	"identity/key-agent",
	"beams/vnet"
]);
/** Types that tbot knows or knew, and why they are not taken. */
const refusedTypes = {
	"kubernetes/argo-cd": "`kubernetes/argo-cd` writes Secrets into the cluster that tbot runs in and leaves nothing to hand over; run tbot there",
	"spiffe-svid": "`spiffe-svid` was superseded by `workload-identity-x509` and `workload-identity-jwt`, and is gone in tbot 19; use those",
	unstable_client_credential: "`unstable_client_credential` is only for programs that have tbot built in",
	example: "`example` is only for tests of tbot"
};
/** What people call them, and what tbot does. */
const otherNames = {
	ssh: "identity",
	app: "application",
	db: "database",
	kube: "kubernetes/v2",
	k8s: "kubernetes/v2",
	spiffe: "workload-identity-x509",
	x509: "workload-identity-x509",
	jwt: "workload-identity-jwt"
};
function isServiceType(type) {
	return Object.hasOwn(serviceTypes, type);
}

// src/services/read.ts
/**
* Reads the input `services`: a YAML list in tbot's own vocabulary, read more strictly than tbot
* does, which ignores what it does not know. Throws Mistakes with line and column, all at once.
*/
function readServices(text, yaml) {
	const collector = collectErrors();
	const list = parseYaml(text, yaml, collector.addError);
	const requests = list ? requestsOf(list, collector.addError) : [];
	if (collector.inOrder().length === 0) return requests;
	for (const { request, what } of nameErrors(requests)) collector.addError(request.at ?? start, what);
	throw new InputErrors(collector.inOrder());
}
function requestsOf(list, addError) {
	if (list.kind === "unread") return [];
	if (list.kind !== "list") {
		addError(list.at, "must be a list of services; each entry begins with `- `");
		return [];
	}
	return list.items.flatMap((item) => {
		if (item.kind === "map") return requestOf(item, addError) ?? [];
		if (item.kind !== "unread") addError(item.at, `a service is a mapping, such as \`type: application\`${blankHint(item)}`);
		return [];
	});
}
/** `type:application` is one word to YAML. */
function blankHint(item) {
	return item.kind === "scalar" && /^\w+:\S/.test(item.text ?? "") ? ", with a blank behind the colon" : "";
}
function requestOf(entry, addError) {
	const type = typeOf(entry, addError);
	const { addError: note, hasErrors } = trackErrors(addError);
	const name = nameOf(entry, note);
	if (type === void 0 || !isServiceType(type)) return void 0;
	const rest = entry.entries.filter(({ key }) => key !== "type" && key !== "name");
	const naming = {
		what: `\`${type}\``,
		refused,
		addError: note
	};
	const settings = readMapping({
		...entry,
		entries: rest
	}, serviceTypes[type], naming);
	const unread = new Set(rest.map(({ key }) => key).filter((key) => !Object.hasOwn(settings, key)));
	checkService(draftOf(type, settings), unread, (key, what) => note(placeOf(entry, key), what));
	if (hasErrors() || !isWhole(entry)) return void 0;
	return {
		service: serviceOf(type, settings),
		input: "services",
		at: entry.at,
		...name === void 0 ? {} : { name }
	};
}
/** The reader has held the settings against the fields of this very type. */
function draftOf(type, settings) {
	return {
		type,
		...settings
	};
}
/** Of settings in which no mistake was found, also none that is missing. */
function serviceOf(type, settings) {
	return {
		type,
		...settings
	};
}
const refused = { destination: "`destination` is not taken: the action chooses the folder, and its outputs say which" };
/** The entry's type when it is one that can be asked for. */
function typeOf(entry, addError) {
	const given = find(entry, "type");
	if (given?.value.kind === "unread") return void 0;
	const type = given?.value.kind === "scalar" ? given.value.text : void 0;
	const at = given?.value.at ?? entry.at;
	if (type === void 0 || type === "") return addError(at, "a service needs a `type`");
	if (isServiceType(type)) return type;
	return addError(at, whyNot(type));
}
function whyNot(type) {
	if (longRunningTypes.has(type)) return `\`${type}\` serves as long as tbot runs, and here tbot ends when all is issued; it would need \`mode: background\`, which this version of the action does not have. Ask for the certificate of an \`application\` or a \`database\` instead, or keep another action for this`;
	const reason = Object.hasOwn(refusedTypes, type) ? refusedTypes[type] : void 0;
	if (reason !== void 0) return reason;
	const known = Object.keys(serviceTypes);
	const meant = Object.hasOwn(otherNames, type) ? otherNames[type] : nearest(type, known);
	return meant === void 0 ? `there is no such type of service; there are ${known.join(", ")}` : `there is no such type of service; did you mean \`${meant}\`?`;
}
function nameOf(entry, addError) {
	const given = find(entry, "name");
	if (given === void 0) return void 0;
	const { value } = given;
	if (value.kind === "scalar" && value.text === void 0) return void 0;
	const name = value.kind === "scalar" ? value.text ?? "" : "";
	const why = checkName(name);
	return why === void 0 ? name : addError(value.at, why);
}
function find(entry, key) {
	return entry.entries.find((candidate) => candidate.key === key);
}
/** Where a key of an entry stands; the entry itself where it lacks the key. */
function placeOf(entry, key) {
	return find(entry, key)?.at ?? entry.at;
}

// src/inputs/table.ts
const required = (name, parse) => ({
	name,
	parse,
	required: true,
	defaultValue: void 0
});
const optional = (name, parse) => ({
	name,
	parse,
	required: false,
	defaultValue: void 0
});
const defaulted = (name, defaultValue, parse) => ({
	name,
	parse,
	required: false,
	defaultValue
});
const yaml = (name, read) => ({
	name,
	read,
	required: false,
	defaultValue: void 0
});
const negated = (text) => String(!parseBoolean(text));
/** Every input of action.yml, in its order. */
const inputTable = {
	proxy: optional("proxy", parseAddress),
	token: required("token", parseTokenName),
	joinMethod: defaulted("join-method", "auto", oneOf("auto", ...joinMethods)),
	azureClientId: optional("azure-client-id", parseClientId),
	onboarding: yaml("onboarding", readOnboarding),
	services: yaml("services", readServices),
	kubernetesCluster: optional("kubernetes-cluster", parseNames),
	app: optional("app", parseNames),
	database: optional("database", parseDatabases),
	leafCluster: optional("leaf-cluster", parseLine),
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
	tbotPath: optional("tbot-path", parsePath),
	authServer: optional("auth-server", parseAuthServer),
	caPins: optional("ca-pins", parseLines),
	extraCaFile: optional("extra-ca-file", parsePath),
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
	dryRun: defaulted("dry-run", "false", parseBoolean),
	anonymousTelemetry: defaulted("anonymous-telemetry", "false", parseBoolean),
	summary: defaulted("summary", "on-failure", oneOf("on-failure", "always", "never"))
};

// src/text/time.ts
/** A moment to the second, in UTC: `2026-11-21T02:53:47Z`. */
function rfc3339(date) {
	return date ? date.toISOString().replace(/\.\d+Z$/, "Z") : "";
}

// src/publish/summary.ts
/** The job summary of a join that went well, in Markdown. */
function successSummary(credentials, outputs) {
	return [
		"### Teleport credentials",
		"",
		"| | |",
		"|---|---|",
		...row("Cluster", outputs.cluster),
		...row("Bot", outputs.bot),
		...row("Joined by", outputs["join-method"]),
		`| tbot | ${code(outputs["tbot-version"])} (${outputs["tbot-source"]}) |`,
		"",
		...catalogue(credentials),
		""
	].join("\n");
}
function catalogue(credentials) {
	if (credentials.length === 0) return ["No credential was asked for."];
	return [
		"| Credential | Type | Valid until |",
		"|---|---|---|",
		...credentials.map(({ name, type, expiresAt }) => `| ${code(name)} | ${code(type)} | ${rfc3339(expiresAt) || "no end"} |`)
	];
}
function row(name, value) {
	return value === "" ? [] : [`| ${name} | ${code(value)} |`];
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
	return text.replaceAll(/\s+/g, " ").split(codeSpan).map((part, index) => index % 2 === 1 ? part : withoutLinks(part)).join("");
}
/** What GitHub links wherever it stands: addresses, mentions, issues and commits. */
const linked = /@|:\/\/|www\.|#\d|GH-\d|[0-9a-f]{7}/i;
function withoutLinks(text) {
	return text.split(" ").map((word) => linked.test(word) ? code(word) : escaped(word)).join(" ");
}
function escaped(text) {
	return text.replaceAll(/[<>&[\]`\\]/g, entity);
}
/**
* Text in code spans. Nothing else keeps GitHub from making links of it: e-mail addresses are looked
* for after entities are decoded (cmark-gfm, extensions/autolink.c), mentions in the finished HTML. What
* would end a span or the cell of a table stands between spans.
*/
function code(text) {
	return text.replaceAll(/\s+/g, " ").replaceAll(/[^`|\\]+|[`|\\]/g, (part) => /[`|\\]/.test(part) ? entity(part) : `\`${part}\``);
}
function entity(character) {
	return `&#${character.codePointAt(0)};`;
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
	let doing = "at its beginning";
	return {
		signal: controller.signal,
		after: (seconds) => {
			const expire = () => controller.abort(expired(seconds, doing));
			timer = setTimeout(expire, Math.min(seconds * 1e3, longest));
		},
		during: (stage) => {
			doing = stage;
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
function expired(seconds, doing) {
	return new Problem({
		code: "timeout",
		what: `The step was not done within ${formatDuration(seconds)}; it was still ${doing}.`,
		fix: "Find out what keeps it waiting, often a firewall that drops packets; give it longer with `timeout` only if that is only slow."
	});
}

// src/http/tls-environment.ts
const variable = "NODE_TLS_REJECT_UNAUTHORIZED";
/**
* Reports that NODE_TLS_REJECT_UNAUTHORIZED has no effect: every connection verifies the certificate
* explicitly. Removes the variable from this process, because Node reads it before the options of a
* connection and would print that the connection is insecure.
*/
function ignoreUnverified({ env, notice }) {
	if (env[variable] !== "0") return;
	delete process.env[variable];
	notice("machine-id-action", `${variable} is 0, but this action always verifies TLS certificates. For a server with a certificate of your own CA, set \`extra-ca-file\` to a PEM file with the CA certificate.`);
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

// src/ci/port.ts
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
		output: (name, value) => byFile(() => setOutput(name, value)),
		exportVariable: (name, value) => byFile(() => exportVariable(name, value)),
		addPath: (directory) => byFile(() => addPath(directory)),
		saveState: (name, value) => byFile(() => saveState(name, value)),
		state: (name) => getState(name),
		summary: async (markdown) => {
			if (env["GITHUB_STEP_SUMMARY"]) await summary.addRaw(markdown, true).write();
		}
	};
}
/** @actions/core has words of its own for a file that is gone; here it is the system's error. */
function byFile(tell) {
	try {
		tell();
	} catch (error) {
		if (error instanceof Error && error.message.startsWith("Missing file at path")) Object.assign(error, {
			code: "ENOENT",
			syscall: "open"
		});
		throw error;
	}
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
	return printableLines(text.replaceAll(escapeSequence, "")).replaceAll(/^([^\S\n]*)::/gm, "$1: :").replaceAll("##[", "# #[");
}
const escapeSequence = /(?:\u001b\[|\u009b)[0-9;]*[A-Za-z]/g;

// src/setup/setup-inputs.ts
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
	extraCaFile: optional("extra-ca-file", parsePath),
	timeout: defaulted("timeout", "5m", parseDuration)
};
/** Reads the inputs of ./setup. Throws one Problem `inputs` that names every mistake. */
function readSetupInputs(dictionary) {
	return readTable(setupTable, conflicts, dictionary);
}
/** The older spelling `enterprise` is an edition. */
function editionOf({ edition, enterprise }) {
	if (edition !== "auto" || enterprise === void 0) return edition;
	return enterprise ? "enterprise" : "oss";
}
function conflicts(inputs, given) {
	const { version, enterprise, edition } = inputs;
	const download = {
		...inputs,
		edition: edition && editionOf({
			edition,
			enterprise
		}),
		tbotPath: void 0
	};
	return [
		version?.kind === "installed" && "`version`: `installed` leaves nothing to do here",
		version?.kind === "auto" && !given.has("proxy") && "`version`: without `proxy` there is nobody to ask, so it must be an exact one",
		enterprise !== void 0 && edition !== void 0 && edition !== "auto" && enterprise !== (edition !== "oss") && "`enterprise`: contradicts `edition`; give one of them",
		...version?.kind === "installed" ? [] : downloadConflicts(download, given)
	].filter((inputError) => inputError !== false);
}

export { requestsFor as A, notShown as B, defaultSession as C, bareHost as D, isImageMirror as E, onboardingKeys as F, secretKeys as I, secretsOf as L, named as M, originOf as N, isLoopback as O, rolesOf as P, formatDuration as R, messageOf as S, downloadConflicts as T, quoted as V, missingVariables as _, ignoreUnverified as a, textOf as b, successSummary as c, serviceTypes as d, hasStaticKey as f, methodVariables as g, maskMethodVariables as h, _usingCtx as i, nameErrors as j, namesLoopback as k, rfc3339 as l, keypairVariablesOf as m, readSetupInputs as n, listenForStop as o, isSpentByJoin as p, githubRunner as r, report as s, editionOf as t, inputTable as u, givenOnes as v, isPin as w, Problem as x, readTable as y, printable as z };