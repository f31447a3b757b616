import { a as exportVariable, c as isDebug, d as setOutput, f as setSecret, h as summary, i as error, l as notice, m as warning, n as debug, o as getState, p as startGroup, r as endGroup, s as info, t as addPath, u as saveState } from "./vendor-actions-core.js";
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";

// src/text/input-error.ts
/** Formats a position for an error message. */
function placeName({ line, column }) {
	return `line ${line}, column ${column}`;
}
/** An error in the value of one input. Caught by `readTable`. */
var InputError = class extends Error {
	name = "InputError";
	/** The input with the error, if it is not the one being read. */
	input;
	constructor(message, input) {
		super(message);
		this.input = input;
	}
};
/** Several errors in the value of one input. Caught by `readTable`. */
var InputErrors = class extends Error {
	name = "InputErrors";
	all;
	constructor(all) {
		super(all.map(({ message }) => message).join("; "));
		this.all = all;
	}
};
/** Parses every entry of a list. Throws InputErrors with the errors of all entries. */
function parseEach(entries, parse) {
	const errors = [];
	const values = entries.flatMap((entry, index) => {
		try {
			return [parse(entry, index + 1)];
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			errors.push({ message: error.message });
			return [];
		}
	});
	if (errors.length > 0) throw new InputErrors(errors);
	return values;
}

// src/text/display.ts
/** The replacement for a hidden value. */
const notShown = "(not shown, because it contains `@`)";
/**
* Formats a user's value for a message. Hides it if `whole`, the text that contains the value, has an
* `@`, because it can contain a password (`user:password@host`).
*/
function quoted(value, whole = value) {
	return whole.includes("@") ? `the value ${notShown}` : `\`${value}\``;
}
/** Formats an entry of a list for a message. Names its number if `list` contains an `@`. */
function entryName(entry, number, list = entry) {
	return list.includes("@") ? `entry ${number} ${notShown}` : `\`${entry}\``;
}
/** Returns a shell command as Markdown code, with words quoted where necessary. */
function command(...words) {
	return `\`${words.map(shellWord).join(" ")}\``;
}
function shellWord(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
/** Whether a text is one line without invisible characters. */
function isPrintable(text) {
	return !/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}
/** Replaces each invisible character with a space. */
function printable(line) {
	return line.replaceAll(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
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

// src/text/nearest.ts
/**
* Returns the candidate most similar to a misspelled word: equal except for case, `-` and `_`, or with
* at most one edit per three letters and two in total. Undefined if no candidate is similar enough.
*/
function nearest(word, candidates) {
	const allowed = Math.min(2, Math.floor(normalized$1(word).length / 3));
	let best;
	for (const candidate of candidates) {
		const edits = distance(normalized$1(word), normalized$1(candidate));
		if (edits <= allowed && (!best || edits < best.distance)) best = {
			candidate,
			distance: edits
		};
	}
	return best?.candidate;
}
function normalized$1(text) {
	return text.toLowerCase().replaceAll(/[-_ ]/g, "");
}
/** Returns the number of insertions, deletions, substitutions and swaps between two texts. */
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
/** Returns infinity outside the table. */
function cost(row, index) {
	return row[index] ?? Number.POSITIVE_INFINITY;
}

// src/inputs/parsers.ts
/**
* Returns a parser for one of several words, which ignores case and treats `-` and `_` as equal. The
* parser throws an InputError.
*/
function oneOf(...words) {
	return (text) => {
		const word = words.find((candidate) => normalized(candidate) === normalized(text));
		if (word !== void 0) return word;
		const meant = nearest(normalized(text), words);
		throw new InputError(meant === void 0 ? `${quoted(text)} is not one of ${words.join(", ")}` : `${quoted(text)} is not a known value. Did you mean \`${meant}\`?`);
	};
}
function normalized(word) {
	return word.toLowerCase().replaceAll("-", "_");
}
/** Parses `true`, `false`, `1` or `0`, as Teleport's own actions do. Throws an InputError. */
function parseBoolean(text) {
	if (/^(true|1)$/i.test(text)) return true;
	if (/^(false|0)$/i.test(text)) return false;
	throw new InputError(`${quoted(text)} is not \`true\` or \`false\``);
}
/**
* Parses the name of a join token. Rejects a leading `/`, because tbot would read the value as the path
* of a file (lib/utils). Throws an InputError.
*/
function parseTokenName(text) {
	if (text.startsWith("/")) throw new InputError("it starts with `/`, so tbot would read it as a file. Specify the name of the join token");
	if (!isPrintable(text) || /\s/.test(text)) throw new InputError("the name of a join token must not contain whitespace or control characters");
	return text;
}
/** Accepts one line without control characters. Throws an InputError. */
function parseLine(text) {
	if (!isPrintable(text)) throw new InputError("it contains a line break or a control character");
	return text;
}
/**
* Accepts the path of a file. Rejects a URL, because it can contain a password and messages show the
* path. Throws an InputError.
*/
function parsePath(text) {
	if (/^[a-z][a-z0-9+.-]*:\/\/|^[^/\\]*:[^/\\]*@/i.test(text)) throw new InputError("it is a URL. Specify the path of a file");
	return parseLine(text);
}
/** Parses one or more values, separated by commas or whitespace. Throws InputErrors. */
function parseLines(text) {
	const parts = text.split(/[\s,]+/).filter((part) => part !== "");
	if (parts.length === 0) throw new InputError("it contains only separators");
	return parseEach(parts, parseLine);
}
/** Parses the client ID of an Azure identity, a UUID. Throws an InputError. */
function parseClientId(text) {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new InputError(`${quoted(text)} is not a client ID, which is a UUID such as \`22222222-2222-2222-2222-222222222222\``);
	return text.toLowerCase();
}
/**
* Parses `auto`, `installed` or a version such as `18.2.4`, with or without a leading `v`. Throws an
* InputError.
*/
function parseVersionInput(text) {
	const word = text.toLowerCase();
	if (word === "auto" || word === "installed") return { kind: word };
	const release = /^v?(\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?)$/i.exec(text);
	if (!release?.[1]) throw new InputError(`${quoted(text)} is not \`auto\`, \`installed\` or an exact version such as \`18.2.4\``);
	return {
		kind: "exact",
		version: release[1]
	};
}
/**
* Parses SHA-256 digests, one `sha256:<hex>` per line. Returns them in lower case without the prefix.
* Throws InputErrors.
*/
function parseChecksums(text) {
	const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
	return parseEach(lines, (line, number) => {
		if (!isPin(line)) throw new InputError(notADigest(line, number, text));
		return line.slice(line.indexOf(":") + 1).toLowerCase();
	});
}
/** Whether a text is the pin of a CA certificate or another SHA-256 digest, in any case. */
function isPin(text) {
	return /^sha256:[0-9a-f]{64}$/i.test(text);
}
/** Returns the error for an entry of a list of digests. */
function notADigest(entry, number, list) {
	return `${entryName(entry, number, list)} is not \`sha256:\` followed by 64 hexadecimal digits`;
}

// src/inputs/public-keys.ts
/** Parses public keys in PEM, or the path of a file. Throws an InputError or InputErrors. */
function parseSignatureKey(text) {
	if (text.includes("-----")) return {
		kind: "keys",
		keys: parsePublicKeys(text)
	};
	if (text.includes("\n") || bareBase64.test(text)) throw new InputError("it is neither a public key in PEM nor the path of a file");
	return {
		kind: "file",
		path: parsePath(text)
	};
}
const mostKeys = 10;
const rsaBits = [
	2048,
	3072,
	4096,
	6144,
	8192
];
/**
* Parses one or more public keys in PEM: ECDSA on the curve P-256, and RSA. Blank lines and lines that
* begin with `#` can separate them. Throws InputErrors with the position of each error, which repeat no
* part of the text, because it can be a private key.
*/
function parsePublicKeys(text) {
	const hidden = /-----BEGIN [^\n-]*PRIVATE KEY/.exec(text);
	if (hidden) throw new InputErrors([privateKey(positionOf(text, hidden.index))]);
	const blocks = [...text.matchAll(pemBlock)];
	const errors = strayLines(text);
	const keys = blocks.flatMap((block) => {
		const key = keyIn(block);
		if (typeof key !== "string") return [key];
		errors.push({
			message: key,
			at: positionOf(text, block.index)
		});
		return [];
	});
	if (blocks.length + errors.length === 0) errors.push({ message: "it contains no public key in PEM" });
	if (blocks.length > mostKeys) errors.push({ message: `it contains more than ${mostKeys} keys` });
	if (errors.length > 0) throw new InputErrors(errors.toSorted(byLine));
	return keys;
}
/** Returns the lines of private keys in the value of the input, so that they can be masked. */
function privateKeyLines(text) {
	const lines = [...text.matchAll(/-----BEGIN [^\n-]*PRIVATE KEY-----([^]*?)(?:-----|$)/g)].flatMap(([, body = ""]) => body.split(/\s+/));
	const bare = bareBase64.test(text.trim()) ? [text.trim()] : [];
	return [...lines.filter((line) => line.length >= 16), ...bare];
}
/** A key in DER as base64 without PEM, which begins with `M`. It can be a private key. */
const bareBase64 = /^M[A-Za-z0-9+/=]{79,}$/;
function byLine({ at: one }, { at: other }) {
	return (one?.line ?? 0) - (other?.line ?? 0);
}
const pemBlock = /-----BEGIN ([^\n-]*)-----([^-]*)-----END ([^\n-]*)-----/g;
function privateKey(at) {
	return {
		message: "it is a private key. Specify the public key that belongs to it, and replace the key pair if others can read this workflow or its log",
		at
	};
}
/** Returns an error for the first line that is neither part of a complete PEM block nor a comment. */
function strayLines(text) {
	const blanked = text.replaceAll(pemBlock, (block) => block.replaceAll(/\S/g, " "));
	const stray = /^[^\S\n]*(?!#)\S/m.exec(blanked);
	if (stray === null) return [];
	return [{
		message: "a line is not part of a complete PEM block (`-----BEGIN PUBLIC KEY-----`)",
		at: positionOf(text, stray.index)
	}];
}
/** Returns the key in a PEM block, or why there is none. */
function keyIn([, label = "", body = "", end]) {
	if (end !== label) return "the end of the PEM block does not match its beginning";
	if (label === "CERTIFICATE") return "it is a certificate. Extract its public key with `openssl x509 -pubkey -noout`";
	if (label !== "PUBLIC KEY") return "the PEM block is not a `PUBLIC KEY`";
	const base64 = body.replaceAll(/\s+/g, "");
	const der = Buffer.from(base64, "base64");
	if (base64 === "" || der.toString("base64") !== base64) return "the PEM block is not valid base64";
	const key = decoded(der);
	if (key === void 0) return "the PEM block does not contain a valid public key";
	const flaw = unsupported(key);
	if (flaw !== void 0) return flaw;
	return {
		key,
		fingerprint: createHash("sha256").update(der).digest("hex")
	};
}
function decoded(der) {
	try {
		const key = createPublicKey({
			key: der,
			format: "der",
			type: "spki"
		});
		return der.equals(key.export({
			format: "der",
			type: "spki"
		})) ? key : void 0;
	} catch {
		return;
	}
}
const accepted = "ECDSA keys on the curve P-256 and RSA keys are accepted";
function unsupported({ asymmetricKeyType, asymmetricKeyDetails }) {
	const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {};
	if (asymmetricKeyType === "ec") return namedCurve === "prime256v1" ? void 0 : `the curve of the key is ${namedCurve ?? "unnamed"}; ${accepted}`;
	if (asymmetricKeyType !== "rsa") return `the type of the key is ${asymmetricKeyType ?? "unknown"}; ${accepted}`;
	return rsaBits.includes(modulusLength) ? void 0 : `the RSA key has ${modulusLength} bits; ${rsaBits.join(", ")} are accepted`;
}
function positionOf(text, index) {
	const before = text.slice(0, index).split("\n");
	return {
		line: before.length,
		column: (before.at(-1)?.length ?? 0) + 1
	};
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

// src/yaml/syntax-error.ts
/** The error about nesting that the parser does not survive. */
const tooManyLevels = "the text has too many levels";
/**
* Returns the first syntax error of a document, in words that do not quote it; undefined if there is
* none. Later errors are consequences of the first.
*/
function syntaxError(document, source) {
	const [error, ...others] = document.errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
	if (error === void 0) return void 0;
	const at = source.place(error.pos[0]);
	if (error.code === "RESOURCE_EXHAUSTION") return {
		at,
		message: tooManyLevels
	};
	return tabError(at, source.text) ?? unclosed(error, document, source) ?? misaligned(error, others, source) ?? {
		at,
		message: messageOf$1(error, source.text)
	};
}
const tab = "the indentation contains a tab. Use spaces, not tabs";
/** Finds a tab in the indentation: a frequent cause, which the parser reports later or differently. */
function tabError(until, text) {
	const lines = text.split("\n").slice(0, until.line);
	const index = lines.findLastIndex((line) => /^ *(?:- *)*\t\s*\S/.test(line));
	if (index < 0) return void 0;
	const column = (lines[index] ?? "").indexOf("	") + 1;
	return {
		at: {
			line: index + 1,
			column
		},
		message: tab
	};
}
/** Describes a missing bracket or quotation mark. */
function unclosed({ message, pos: [end] }, document, { text, yaml, place }) {
	const mark = /(?:end with a |closing )(["'}\]])/.exec(message)?.[1];
	if (mark === void 0) return void 0;
	const ending = nodesOf(document.contents, yaml).filter(({ range }) => range?.[1] === end);
	if (mark === "\"" || mark === "'") return {
		at: place(ending.findLast((node) => yaml.isScalar(node))?.range?.[0] ?? end),
		message: `missing closing quotation mark (${mark}) of the text that begins here`
	};
	const collections = ending.filter((node) => yaml.isCollection(node) && node.flow === true);
	const open = /[\]}]/.test(text.charAt(end - 1)) ? collections.slice(0, -1) : collections;
	const kind = mark === "]" ? "list" : "mapping";
	const { line } = place(open.at(-1)?.range?.[0] ?? end);
	return {
		at: place(end),
		message: `missing \`${mark}\` in the ${kind} opened on line ${line}`
	};
}
/** Returns all nodes, each before those within it. */
function nodesOf(root, yaml) {
	const nodes = [];
	const pending = [root];
	while (pending.length > 0) {
		const node = pending.pop();
		if (yaml.isPair(node)) pending.push(node.value, node.key);
		else if (yaml.isNode(node)) nodes.push(node);
		if (yaml.isCollection(node)) pending.push(...node.items.toReversed());
	}
	return nodes;
}
/** Describes a line with the wrong indentation, which the parser takes for a part of the one above. */
function misaligned({ code, pos: [start], message }, others, { text, place }) {
	const continued = others.find((other) => other.code === "MULTILINE_IMPLICIT_KEY" && other.pos[0] === start);
	const offset = code === "BLOCK_AS_IMPLICIT_KEY" && continued !== void 0 ? continued.pos[1] - 1 : /without - indicator|at node end|same column|may not be used as/.test(message) && isIndentation(text, start) ? start : void 0;
	if (offset === void 0) return void 0;
	const { line } = place(offset);
	const content = text.split("\n")[line - 1] ?? "";
	return {
		at: {
			line,
			column: content.search(/\S/) + 1
		},
		message: /^\s*-[^\s-]/.test(content) ? "missing space after `-`" : "the indentation does not match the lines above"
	};
}
/** Whether only spaces precede an offset in its line. */
function isIndentation(text, offset) {
	return /(?:^|\n) *$/.test(text.slice(0, offset));
}
function messageOf$1({ code, message, pos: [offset] }, text) {
	if (code === "BAD_SCALAR_START") return `a value that begins with ${characterName(text.charAt(offset))} must be in quotes`;
	return Object.entries(wordsByMessage).find(([part]) => message.includes(part))?.[1] ?? wordsByCode[code] ?? "the text is not valid YAML here";
}
function characterName(character) {
	return character === "`" ? "a backtick" : `\`${character}\``;
}
/** Words for a part of the parser's message, where its code has several meanings. */
const wordsByMessage = {
	"Nested mappings": "a value that contains `: ` must be in quotes, and each key must be on its own line",
	"followed by map values": "missing `: ` after the key",
	"Comments must be separated": "missing space before `#`",
	"Missing space after :": "missing space after `:`",
	"Missing , ": "missing `,` between two entries",
	"Unexpected , ": "missing value before `,`",
	"Unexpected flow-map-end": "`}` without a matching `{`",
	"Unexpected flow-seq-end": "`]` without a matching `[`",
	"on same line with key": "a list must begin on the line below its key",
	"Block scalar header": "the text of a block (`|` or `>`) must begin on the next line",
	"at node end": "unexpected text after the end of a value",
	"directives-end": "remove `---` and lines that begin with `%`"
};
const anchor = "anchors (`&name`) and aliases (`*name`) are not supported";
const tag$1 = "tags (`!name`) are not supported";
/** Words for the codes that mean one thing. */
const wordsByCode = {
	MULTIPLE_DOCS: "remove the line `---`; only one document is supported",
	TAB_AS_INDENT: tab,
	BAD_INDENT: "the indentation does not match the lines above",
	BLOCK_AS_IMPLICIT_KEY: "the indentation does not match the lines above",
	MULTILINE_IMPLICIT_KEY: "missing `: ` after the key",
	BLOCK_IN_FLOW: "missing `,` between two entries",
	BAD_DQ_ESCAPE: "unknown escape sequence. In double quotes, write a backslash as `\\\\`",
	KEY_OVER_1024_CHARS: "a key must not have more than 1024 characters",
	BAD_DIRECTIVE: "remove `---` and lines that begin with `%`",
	DUPLICATE_KEY: "this key is a duplicate",
	ALIAS_PROPS: anchor,
	BAD_ALIAS: anchor,
	MULTIPLE_ANCHORS: anchor,
	BAD_PROP_ORDER: tag$1,
	BAD_COLLECTION_TYPE: tag$1,
	MULTIPLE_TAGS: tag$1,
	NON_STRING_KEY: tag$1,
	TAG_RESOLVE_FAILED: tag$1
};

// src/yaml/tree.ts
const start = {
	line: 1,
	column: 1
};
/** Wraps `addError` and remembers whether it was called. */
function trackErrors(addError) {
	let hasErrors = false;
	return {
		addError: (at, message) => {
			hasErrors = true;
			return addError(at, message);
		},
		hasErrors: () => hasErrors
	};
}
/** Returns the kind of a node, to complete "but is". */
function nameOf$1(tree) {
	switch (tree.kind) {
		case "scalar": return tree.text === void 0 ? "empty" : "a single value";
		case "unread": return "something else";
		case "list": return "a list";
		case "map": return "a mapping";
		default: return tree;
	}
}
/** Whether a node and all nodes below it could be read. */
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
	const errors = [];
	return {
		addError: (at, message) => {
			errors.push({
				at,
				message
			});
		},
		inOrder: () => errors.toSorted((one, other) => one.at.line - other.at.line || one.at.column - other.at.column)
	};
}

// src/yaml/parse.ts
/** Characters. Hand-written documents are far shorter. */
const maxLength = 1e5;
/** Levels. No service is nested as deeply, and the functions that read the tree are recursive. */
const maxDepth = 50;
/**
* Parses one YAML document of plain data: no aliases (they can expand without bound), tags, merge keys
* or keys other than text. Errors do not quote the document. Undefined if an error leaves nothing to
* read.
*/
function parseYaml(given, yaml, addError) {
	const text = given.replace(/^\uFEFF/, "");
	if (text.length > maxLength) return addError(start, `the text is longer than ${maxLength} characters`);
	const lineCounter = new yaml.LineCounter();
	const place = (offset) => {
		const { line, col } = lineCounter.linePos(offset);
		return {
			line: Math.max(1, line),
			column: Math.max(1, col)
		};
	};
	const document = parsed(text, yaml, lineCounter);
	if (document === void 0) return addError(start, tooManyLevels);
	const error = syntaxError(document, {
		text,
		yaml,
		place
	});
	if (error) return addError(error.at, error.message);
	const context = {
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
	} : treeOf(document.contents, context);
}
/** Returns undefined if the package's parser, which is recursive, runs out of stack. */
function parsed(text, yaml, lineCounter) {
	try {
		return yaml.parseDocument(text, {
			lineCounter,
			prettyErrors: false,
			version: "1.2",
			merge: false,
			keepSourceTokens: false,
			uniqueKeys: false,
			logLevel: "error"
		});
	} catch (error) {
		if (error instanceof RangeError) return void 0;
		throw error;
	}
}
function treeOf(node, parent) {
	const { yaml, addError, place, depth } = parent;
	const context = {
		...parent,
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
	if (yaml.isCollection(node) && depth >= maxDepth) {
		addError(at, `the text has more than ${maxDepth} levels`);
		return {
			kind: "unread",
			at
		};
	}
	if (yaml.isSeq(node)) return {
		kind: "list",
		at,
		items: node.items.map((item) => treeOf(item, context))
	};
	if (yaml.isMap(node)) return {
		kind: "map",
		at,
		entries: unique(node.items.flatMap((pair) => entryOf(pair, at, context) ?? []), addError)
	};
	return {
		kind: "scalar",
		at,
		...scalarOf$1(node, context)
	};
}
const alias = "aliases (`*name`) are not supported. Repeat the value instead";
const tag = "tags (`!name`) are not supported";
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
	const first = /* @__PURE__ */ new Map();
	return entries.filter(({ key, at }) => {
		const before = first.get(key);
		if (before === void 0) first.set(key, at);
		else addError(at, `this key is a duplicate of the one at ${placeName(before)}`);
		return before === void 0;
	});
}
function entryOf(pair, around, context) {
	const { yaml, addError, place } = context;
	const { key, value } = pair;
	const at = yaml.isNode(key) ? place(key.range?.[0] ?? 0) : around;
	if (!yaml.isScalar(key) || key.value === null || key.tag !== void 0) return addError(at, "a key must be text. Put a value that begins with `{`, `[` or `?` in quotes");
	return {
		key: scalarOf$1(key, context).text ?? "",
		at,
		value: value === null ? nothingAt(at) : treeOf(value, context)
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

// src/text/time.ts
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
/** Seconds. Go stores a duration as nanoseconds in 63 bits. */
const longest$1 = 2 ** 63 / 1e9;
/**
* Parses a duration as Go's `time.ParseDuration` does (`90s`, `1h30m`, `1.5h`; there is no unit for
* days). Returns seconds. Throws an InputError if the text is not a positive duration.
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
	if (seconds < 1e-9) throw new InputError("the duration must be greater than zero");
	if (seconds >= longest$1) throw new InputError(`${quoted(text)} is too long for a Go duration (292 years)`);
	return seconds;
}
function notADuration(text) {
	const days = /^(\d+)d$/.exec(text);
	const bare = /^\d+$/.test(text) && `${text}${Number(text) < 300 ? "m" : "s"}`;
	const suggestion = days ? `${Number(days[1]) * 24}h` : bare;
	const fix = suggestion ? `Use \`${suggestion}\`` : "Use for example `1h30m`";
	return `${quoted(text)} is not a Go duration (units: h, m, s, ms). ${fix}`;
}
/** Formats seconds as a Go duration without zero parts: `1h30m`, `45s`, `1.5s`, `250ms`. */
function formatDuration(seconds) {
	if (seconds < 1) return `${Math.round(seconds * 1e9) / 1e6}ms`;
	const whole = Math.floor(Math.round(seconds * 1e6) / 1e6);
	const hours = Math.floor(whole / 3600);
	const minutes = Math.floor(whole % 3600 / 60);
	const fraction = Math.max(0, Math.round((seconds - whole) * 1e6) / 1e6);
	const rest = Math.round((whole % 60 + fraction) * 1e6) / 1e6;
	return `${hours ? `${hours}h` : ""}${minutes ? `${minutes}m` : ""}${rest ? `${rest}s` : ""}`;
}
/** Formats a date as `2026-11-21T02:53:47Z`. Returns an empty string for undefined. */
function rfc3339(date) {
	return date ? date.toISOString().replace(/\.\d+Z$/, "Z") : "";
}

// src/yaml/values.ts
/** Reads a single value. Reports an error and returns undefined if it is invalid. */
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
/** Accepts the booleans of YAML 1.1, as tbot's YAML package does (gopkg.in/yaml.v3, resolve.go). */
function booleanOf(key, text, at, addError) {
	if (/^(?:true|yes|on|y)$/i.test(text)) return true;
	if (/^(?:false|no|off|n)$/i.test(text)) return false;
	return addError(at, `\`${key}\` must be \`true\` or \`false\``);
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
	if (tree.kind !== "scalar") return addError(tree.at, mustBe(quoted(key), "a single value", tree));
	const { text } = tree;
	if (text === void 0 || text === "") return addError(tree.at, `${quoted(key)} must not be empty`);
	if (isPrintable(text)) return text;
	return addError(tree.at, `${quoted(key)} contains a line break or a control character`);
}
function textsOf(key, tree, addError) {
	if (tree.kind === "unread") return void 0;
	if (tree.kind !== "list") return addError(tree.at, mustBe(quoted(key), "a list", tree));
	return tree.items.map((item) => textOf$1(key, item, addError)).filter((text) => text !== void 0);
}
/** Reads a list of words from a fixed set. Reports each entry that is not in the set, at its position. */
function choicesOf(key, tree, words, addError) {
	for (const item of tree.kind === "list" ? tree.items : []) if (item.kind === "scalar" && item.text && !words.includes(item.text)) addError(item.at, `an entry of \`${key}\` must be one of ${words.join(", ")}`);
	return textsOf(key, tree, addError);
}
function labelsOf(key, tree, addError, read) {
	if (tree.kind !== "map") return addError(tree.at, mustBe(quoted(key), "a mapping", tree));
	const labels = tree.entries.flatMap(({ key: name, at, value }) => {
		if (!isPrintable(name)) {
			addError(at, `the name of a label in \`${key}\` contains a control character`);
			return [];
		}
		const label = read(name, value);
		return label === void 0 ? [] : [[name, label]];
	});
	return Object.fromEntries(labels);
}
/** Returns the error for a value of the wrong kind. */
function mustBe(what, wanted, tree) {
	return `${what} must be ${wanted}, but is ${nameOf$1(tree)}`;
}

// src/yaml/schema.ts
/**
* Reads a mapping by its fields. Reports every key that is unknown, missing or invalid. Empty values
* count as absent, as in tbot. Omits keys with an error anywhere in their value.
*/
function readMapping(map, fields, { what, refused = {}, hint = "", addError }) {
	const misspells = (entry, key) => !Object.hasOwn(fields, entry.key) && meantKey(entry.key, fields) === key;
	const values = map.entries.flatMap((entry) => {
		const { key, at } = entry;
		const refusal = Object.hasOwn(refused, key) ? refused[key] : void 0;
		const field = Object.hasOwn(fields, key) ? fields[key] : void 0;
		if (refusal !== void 0) addError(at, refusal);
		else if (field === void 0) addError(at, unknownKey(key, fields, what));
		else {
			const within = trackErrors(addError);
			const value = readEntry(entry, field, within.addError);
			if (value !== void 0 && isWhole(entry.value) && !within.hasErrors()) return [[key, value]];
		}
		return [];
	});
	for (const [key, field] of Object.entries(fields)) if (field.required && !map.entries.some((entry) => entry.key === key || misspells(entry, key))) addError(map.at, `${what} requires \`${key}\`${hint}`);
	return Object.fromEntries(values);
}
function unknownKey(key, fields, what) {
	const meant = meantKey(key, fields);
	const shown = isPrintable(key) && /^[^@]{1,60}$/.test(key) ? `key \`${key}\`` : "such key";
	return meant === void 0 ? `${what} has no ${shown}. Known keys: ${Object.keys(fields).join(", ")}` : `${what} has no ${shown}. Did you mean \`${meant}\`?`;
}
/** Returns the known key that an unknown one most likely stands for. */
function meantKey(key, fields) {
	return Object.entries(fields).find(([, { aliases }]) => aliases?.includes(key))?.[0] ?? nearest(key, Object.keys(fields));
}
/** Returns the value of a key. Undefined if it is empty or invalid. */
function readEntry({ key, at, value }, field, addError) {
	if (value.kind === "scalar" && (value.text === void 0 || value.text === "")) {
		if (field.required) addError(at, `\`${key}\` must not be empty`);
		return;
	}
	if (field.required && value.kind === "list" && value.items.length === 0) return addError(at, `\`${key}\` must have at least one entry`);
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
			if (value.kind === "list" && value.items.length === 0) return addError(value.at, `the label ${quoted(name)} must have at least one value`);
			return textsOf(name, value, addError);
		});
		case "map":
			if (tree.kind === "map") return readNested(key, tree, field, addError);
			return addError(tree.at, mustBe(`\`${key}\``, "a mapping", tree));
		case "maps": return mapsOf(key, tree, field, addError);
		default: return field;
	}
}
/** Reads a nested mapping. Checks `oneOf` only if the keys are valid. */
function readNested(key, map, { fields, oneOf = [] }, addError) {
	const what = `\`${key}\``;
	const within = trackErrors(addError);
	const values = readMapping(map, fields, {
		what,
		addError: within.addError
	});
	if (oneOf.length === 0 || within.hasErrors() || !isWhole(map)) return values;
	const given = oneOf.filter((name) => isSet(values[name]));
	const names = oneOf.map((name) => `\`${name}\``).join(" or ");
	if (given.length === 0) addError(map.at, `${what} requires ${names}`);
	if (given.length > 1) addError(map.at, `${what} must have ${names}, not both`);
	return values;
}
/** Whether a value is set. An empty mapping counts as absent. */
function isSet(value) {
	return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : value !== void 0;
}
function mapsOf(key, tree, shape, addError) {
	if (tree.kind !== "list") return addError(tree.at, mustBe(`\`${key}\``, "a list", tree));
	return tree.items.flatMap((item) => {
		if (item.kind === "map") return [readNested(key, item, shape, addError)];
		if (item.kind !== "unread") addError(item.at, mustBe(`an entry of \`${key}\``, "a mapping", item));
		return [];
	});
}

// src/versions/semantic.ts
const pattern = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9a-z-]+(?:\.[0-9a-z-]+)*))?(?:\+[0-9a-z.-]+)?$/i;
/** Parses a version such as `18.2.4`, `v18.2.4` or `17.0.0-aa`. Returns undefined for anything else. */
function parseVersion(text) {
	const match = text.length <= 100 ? pattern.exec(text) : null;
	if (!match) return void 0;
	const [, major, minor, patch, prerelease] = match;
	return {
		major: Number(major),
		minor: Number(minor),
		patch: Number(patch),
		prerelease: prerelease === void 0 ? [] : prerelease.split(".")
	};
}
/** Formats a version as in Teleport's file names: without `v` and build metadata. */
function formatVersion(version) {
	const release = `${version.major}.${version.minor}.${version.patch}`;
	return version.prerelease.length > 0 ? `${release}-${version.prerelease.join(".")}` : release;
}
/** Returns a negative number if `a` precedes `b` in semantic versioning. */
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

// src/versions/releases.ts
/** Every release that this action supports. */
const always = { since: ["0.0.0"] };
/** Whether a version such as `18.2.4` or `15.0.0-dev` supports a feature. */
function supports(version, { since, gone }) {
	if (gone !== void 0 && !isBefore(version.replace(/-.*/, ""), gone)) return false;
	const major = majorOf(version);
	const firstOfMajor = since.find((first) => majorOf(first) === major);
	if (firstOfMajor !== void 0) return !isBefore(version, firstOfMajor);
	return since.every((first) => majorOf(first) < major);
}
/** Whether a version precedes a release, as its prereleases do. */
function isBefore(version, release) {
	const [one, other] = [parseVersion(version), parseVersion(release)];
	return one === void 0 || other !== void 0 && compareVersions(one, other) < 0;
}
function majorOf(version) {
	return Number.parseInt(version, 10);
}
/** Returns the supporting releases for a sentence: `tbot 17.7.4, 18.1.7 or newer`. */
function supportingTbot(known) {
	return known.gone === void 0 ? `tbot ${orNewer(known)}` : `a tbot before ${known.gone}`;
}
/** Returns the releases for a sentence: `17.7.4, 18.1.7 or newer`. */
function orNewer({ since }) {
	return `${since.join(", ")} or newer`;
}

// src/methods/method.ts
/** Whether the claims of the job's OIDC token can explain a failure. */
function needsClaims({ code }) {
	return code === "claims-denied" || code === "token-unknown";
}
/** Returns variables that are all required and secret. */
function requires(...required) {
	return {
		required,
		optional: [],
		secret: required
	};
}
/** Whether tbot may read a token from this variable. Excludes those of tbot, Go and the dynamic loader. */
function isOrdinaryVariable(name) {
	return /^[A-Za-z_]\w*$/.test(name) && !/^(?:TELEPORT_|_?TBOT_(?!GITLAB_JWT$)|SSL_CERT_|GO|LD_|DYLD_|PATH$)/i.test(name);
}
/** Returns the error message for a parameter that names such a variable. */
function variableConflict(name) {
	return name !== void 0 && !isOrdinaryVariable(name) && "a variable name must consist of letters, digits and `_`, and must not be a variable that configures tbot itself";
}

// src/methods/azure-devops.ts
/** The access token of the job, and the endpoint for OIDC tokens (Teleport, lib/join/azuredevops/token_source.go). */
const accessToken = "SYSTEM_ACCESSTOKEN";
const requestUri = "SYSTEM_OIDCREQUESTURI";
const azureDevops = {
	since: { since: ["17.5.1"] },
	identifiedBy: "claims",
	ruleSubject: "this job's project, pipeline and ref",
	variables: () => requires(accessToken, requestUri),
	needsEvidence: needsClaims,
	issuerFix: (edit) => `Run ${edit} and set \`organization_id\` in \`spec.azure_devops\` to the ID of the organization, which \`$(System.CollectionId)\` contains.`
};

// src/yaml/scalar.ts
/**
* Returns a text as a double-quoted YAML scalar. Escapes line breaks and characters that hide or
* reorder text, so that the reader sees what the scalar contains.
*/
function yamlScalar(text) {
	const wellFormed = text.replace(/\p{Surrogate}/gu, "�");
	return `"${Array.from(wellFormed, (character) => plain$1.test(character) ? character : escaped$1(character)).join("")}"`;
}
/** Printable and visible characters except `"` and `\`. */
const plain$1 = /^(?!["\\])[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
function escaped$1(character) {
	if (character === "\"" || character === "\\") return `\\${character}`;
	const code = Number(character.codePointAt(0)).toString(16);
	return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}

// src/methods/azure.ts
/** Joins with the managed identity of an Azure virtual machine. */
const azure = {
	since: always,
	automatic: true,
	identifiedBy: "machine",
	parameters: {
		key: "azure",
		fields: { client_id: { kind: "text" } },
		input: "azure-client-id",
		passedBy: "config"
	},
	metadataService: {
		variable: "AZURE_POD_IDENTITY_AUTHORITY_HOST",
		urlPrefix: ""
	},
	privateMachine: true,
	needsEvidence: ({ code }, { publicRepository }) => code === "no-imds" || !publicRepository && (code === "azure-denied" || code === "token-unknown"),
	tokenRules: ({ imds }, { publicRepository }) => {
		return ["allow:", ...(imds?.kind === "machine" && !publicRepository ? azureAllowEntry(imds.machine) : placeholder).map((line) => `  ${line}`)];
	}
};
const placeholder = ["- subscription: ID-OF-THE-SUBSCRIPTION", "  resource_groups: [RESOURCE-GROUP-OF-THE-VM]"];
/** Returns the entry for `spec.azure.allow` that matches this machine, YAML lines, not indented. */
function azureAllowEntry(machine) {
	return [`- subscription: ${yamlScalar(machine.subscriptionId)}`, `  resource_groups: [${yamlScalar(machine.resourceGroupName)}]`];
}
/** The path of the machine's description in the instance metadata service. */
const computePath = "/metadata/instance/compute?api-version=2021-02-01&format=json";
/** Prints subscription, resource group and ID of the machine on which it runs. */
const imdsCommand = `curl -s --noproxy '*' -H Metadata:true 'http://169.254.169.254${computePath}'`;

// src/methods/bound-keypair.ts
const fields$4 = {
	registration_secret: {
		kind: "text",
		secret: true
	},
	registration_secret_path: { kind: "text" },
	static_private_key_path: { kind: "text" }
};
const staticKey = "TBOT_BOUND_KEYPAIR_STATIC_KEY";
const registrationSecret = "TBOT_REGISTRATION_SECRET";
const variables$2 = [staticKey, registrationSecret];
/** Pull request 60031; older releases ignore these parameters and variables. */
const secondRelease = { since: ["18.2.10"] };
const boundKeypair = {
	since: { since: ["17.7.5", "18.1.0"] },
	identifiedBy: "claims",
	parameters: {
		key: "bound_keypair",
		fields: fields$4,
		passedBy: "config",
		paths: ["registration_secret_path", "static_private_key_path"],
		conflicts: (given) => [given.registration_secret !== void 0 && given.registration_secret_path !== void 0 && "`registration_secret` and `registration_secret_path` cannot be combined"]
	},
	newer: {
		registration_secret_path: secondRelease,
		static_private_key_path: secondRelease,
		[registrationSecret]: secondRelease,
		[staticKey]: secondRelease
	},
	variables: (given) => {
		const { registration_secret: secret, registration_secret_path: path } = given;
		if (Object.keys(given).length === 0) return {
			...requires(...variables$2),
			alternatives: true
		};
		return {
			required: [],
			optional: variables$2,
			secret: variables$2,
			unused: secret === void 0 && path === void 0 ? [] : [registrationSecret]
		};
	},
	isSingleUse: ({ static_private_key_path: path }, given) => path === void 0 && !given.includes(staticKey),
	repeatable: "a static key (`static_private_key_path` in `onboarding`)"
};

// src/methods/circleci.ts
/** Joins with the OIDC token of a CircleCI job. */
const circleci = {
	since: always,
	identifiedBy: "claims",
	ruleSubject: "this job's project and contexts",
	variables: () => requires("CIRCLE_OIDC_TOKEN"),
	needsEvidence: needsClaims,
	audience: "the ID of the organization, as in `CIRCLE_OIDC_TOKEN` by default",
	issuerFix: (edit) => `Run ${edit} and set \`organization_id\` in \`spec.circleci\` to the ID of the organization, which the settings of the organization show.`
};

// src/methods/generic-oidc.ts
const fields$3 = {
	env: { kind: "text" },
	command: { kind: "texts" },
	timeout: { kind: "duration" }
};
/**
* What `buildkite-agent oidc request-token` reads. tbot starts the command with its own variables
* (lib/join/genericoidc/token_source.go).
*/
const commandVariables = [
	"BUILDKITE_AGENT_ACCESS_TOKEN",
	"BUILDKITE_AGENT_ENDPOINT",
	"BUILDKITE_JOB_ID"
];
/** Joins with the OIDC token of any issuer, from a variable or a command. */
const genericOidc = {
	since: { since: ["18.11.0"] },
	identifiedBy: "claims",
	parameters: {
		key: "generic_oidc",
		fields: fields$3,
		passedBy: "config",
		paths: ["command"],
		conflicts: ({ env, command }, chosen) => [
			chosen && env === void 0 === (command === void 0) && "`join-method: generic_oidc` requires `generic_oidc` with either `env` or `command`",
			command?.length === 0 && "`command` must contain the program to run",
			variableConflict(env)
		]
	},
	variables: ({ env }) => env === void 0 ? requires() : requires(env),
	environment: ({ command }, env) => Object.fromEntries((command === void 0 ? [] : commandVariables).flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]])),
	staticKeys: true,
	needsEvidence: needsClaims
};

// src/problem.ts
/** A failure that the user can fix. Any other error is a bug of the action. */
var Problem = class Problem extends Error {
	name = "Problem";
	code;
	errors;
	fix;
	notes;
	facts;
	paste;
	log;
	#text;
	constructor(text) {
		super(text.what, { cause: text.cause });
		this.#text = text;
		this.code = text.code;
		this.errors = text.errors ?? [];
		this.fix = text.fix;
		this.notes = text.notes ?? [];
		this.facts = text.facts;
		this.paste = text.paste;
		this.log = text.log ?? [];
	}
	/** Returns a copy without the log, if the log was already printed. */
	withoutLog() {
		return new Problem({
			...this.#text,
			log: []
		});
	}
};
/** Returns the message of a thrown value, which need not be an Error. */
function messageOf(thrown) {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

// src/methods/claims.ts
/** Returns the list item of a rule, without absent claims. */
function ruleLines$1(rule) {
	return Object.entries(rule).flatMap(([key, value]) => value ? [`${key}: ${yamlScalar(value)}`] : []).map((line, index) => index === 0 ? `- ${line}` : `  ${line}`);
}
/** Returns the claims with these names as lines `name: "value"`, without absent ones. */
function claimLines(claims, names) {
	return (names === "all" ? Object.keys(claims) : names).flatMap((name) => {
		const value = claims[name];
		return value ? [`${printableName(name)}: ${yamlScalar(value)}`] : [];
	});
}
/** Quotes a name that is more than letters, digits and the separators that issuers use. */
function printableName(name) {
	return /^[\w./:-]+$/.test(name) ? name : yamlScalar(name);
}
/** Whether a rule would read the value as a pattern: rules have no escape for `*` and `?`. */
function isPattern(value) {
	return value !== void 0 && /[*?]/.test(value);
}

// src/methods/github-allow.ts
/** Claims of a job's OIDC token that allow rules can match (`lib/githubactions`). */
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
* Returns the entry for `spec.github.allow` that matches the job with these claims and as few others
* as rules permit: by repository, ref, workflow, and environment if the job names one. Teleport reads
* `*` and `?` in rules as patterns (`joinRuleGlobMatch`, lib/auth), so no value that contains one is
* written.
*/
function allowEntry(claims) {
	const { repository, ref } = claims;
	const why = reasonForNone(claims);
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
		lines: ruleLines$1(rule),
		notes: notesFor(claims)
	};
}
function reasonForNone({ repository, ref, workflow, environment }) {
	if (!repository || !ref) return "The OIDC token has no `repository` or no `ref` claim, so no allow rule can match only this job.";
	if (ref.startsWith("refs/pull/")) return "An allow rule for a pull request would let unreviewed code join. Join in a job that runs on the target branch, after the merge.";
	if (ref.startsWith("refs/heads/gh-readonly-queue/")) return "A merge queue uses each branch only once, so an allow rule for it would never match again. Join in a job that runs on the target branch, after the merge.";
	if ([
		repository,
		ref,
		workflow,
		environment
	].some(isPattern)) return "A claim contains `*` or `?`, which are wildcards in allow rules, so no allow rule can match only this job. Rename the branch, workflow or environment.";
}
function notesFor(claims) {
	if (!hasImmutableSubject(claims)) return [];
	return ["The `sub` claim of this repository contains IDs, so rules for `sub` in the old format do not match it; the rule below uses `repository` instead."];
}
/** The form `repo:org@ID/repo@ID:...` of repositories created, renamed or moved since 2026-07-15. */
function hasImmutableSubject({ sub }) {
	return sub !== void 0 && /^repo:[^/:]+@\d+\/[^/:]+@\d+:/.test(sub);
}

// src/methods/github.ts
/** The runner sets both variables if the job has `permissions: id-token: write`, otherwise neither. */
const variables$1 = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
/** Joins with the OIDC token of the GitHub Actions job. */
const github = {
	since: always,
	automatic: true,
	identifiedBy: "claims",
	ruleSubject: "this job's repository, ref, workflow and environment",
	variables: () => ({
		required: variables$1,
		optional: [],
		secret: []
	}),
	problemWithout: noIdToken,
	staticKeys: true,
	needsEvidence: ({ code, page }) => code === "tbot" ? page : code === "claims-denied" || code === "token-unknown" || code === "id-token-refused",
	tokenRules: (evidence, { enterpriseServer: server }) => [
		...server === void 0 ? [] : [`enterprise_server_host: ${yamlScalar(server)}`],
		"allow:",
		...ruleLines(evidence).map((line) => `  ${line}`)
	],
	issuerFix: (edit, { enterpriseServer }) => enterpriseServer ? `Run ${edit} and set \`spec.github.enterprise_server_host\` to \`${enterpriseServer}\` (requires Teleport Enterprise).` : `Run ${edit} and remove \`enterprise_server_host\` from \`spec.github\`, or correct \`enterprise_slug\`.`,
	licenseFix: (edit, { enterpriseServer }) => enterpriseServer === void 0 ? `For jobs on github.com, run ${edit} and remove \`enterprise_server_host\` and \`enterprise_slug\`.` : ""
};
/** Whether the job can request an OIDC token. */
function hasIdTokenEndpoint(env) {
	return variables$1.every((name) => Boolean(env[name]));
}
const idTokenPermissions = "permissions:\n  id-token: write\n  contents: read";
/** The fix for a job without these permissions, after `Add` or `add`. */
const permissionsToAdd = "the permissions below to the job. If it belongs to a reusable workflow, add them to the calling job as well.";
/** The fix for pull requests from forks, which never get an OIDC token. */
const onlyOwnPullRequests = "Run this job only for branches of this repository (`if: github.event.pull_request.head.repo.full_name == github.repository`), or on `push`. Do not move it to `pull_request_target`.";
/** Returns the Problem of a job that cannot request the OIDC token it must join with. */
function noIdToken(job) {
	if (job.fromFork) return new Problem({
		code: "no-id-token",
		what: "GitHub does not issue OIDC tokens to pull requests from forks, so this job cannot join with `github`.",
		fix: onlyOwnPullRequests
	});
	return new Problem({
		code: "no-id-token",
		what: "This job cannot request an OIDC token: it lacks the permission `id-token: write`.",
		fix: `Add ${permissionsToAdd}`,
		notes: job.eventName === "pull_request" ? ["Pull requests from forks never get an OIDC token, regardless of permissions."] : [],
		paste: idTokenPermissions
	});
}
/** Returns the allow entry for this job, or placeholders in capitals, which match nothing. */
function ruleLines({ idToken }) {
	const claims = idToken?.kind === "claims" ? idToken.claims : {};
	const entry = allowEntry(claims);
	if (entry.kind === "entry") return entry.lines;
	const { repository } = claims;
	return [`- repository: ${repository !== void 0 && !/[*?]/.test(repository) ? yamlScalar(repository) : "OWNER/REPOSITORY"}`, "  ref: refs/heads/BRANCH"];
}

// src/methods/gitlab.ts
const fields$2 = { token_env_var_name: { kind: "text" } };
const defaultVariable = "TBOT_GITLAB_JWT";
const gitlab = {
	since: always,
	identifiedBy: "claims",
	parameters: {
		key: "gitlab",
		fields: fields$2,
		passedBy: "variable",
		conflicts: ({ token_env_var_name: name }) => [variableConflict(name)]
	},
	variables: ({ token_env_var_name: name = defaultVariable }) => requires(name),
	environment: ({ token_env_var_name: name = defaultVariable }, env) => {
		const token = env[name];
		return token === void 0 ? {} : { [defaultVariable]: token };
	},
	staticKeys: true,
	ruleSubject: "this job's project, ref, pipeline source and environment",
	needsEvidence: needsClaims,
	issuerFix: (edit) => `Run ${edit} and set \`domain\` in \`spec.gitlab\` to the host name of the GitLab instance, or remove it for gitlab.com.`
};

// src/methods/iam.ts
/** The credential chain of the AWS SDK for Go (its documentation, "Configure the SDK"). */
const variables = [
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
const secret = [
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN"
];
const iam = {
	since: always,
	identifiedBy: "machine",
	variables: () => ({
		required: [],
		optional: variables,
		secret
	})
};

// src/methods/kubernetes.ts
const fields$1 = { token_path: { kind: "text" } };
const pathVariable = "KUBERNETES_TOKEN_PATH";
const kubernetes$1 = {
	since: always,
	identifiedBy: "machine",
	parameters: {
		key: "kubernetes",
		fields: fields$1,
		passedBy: "variable",
		paths: ["token_path"]
	},
	variables: () => ({
		required: [],
		optional: [pathVariable],
		secret: []
	}),
	environment: ({ token_path: path }) => path === void 0 ? {} : { [pathVariable]: path },
	staticKeys: true
};

// src/methods/terraform-cloud.ts
const fields = { audience_tag: { kind: "text" } };
const terraformCloud = {
	since: { since: ["16.4.0"] },
	identifiedBy: "claims",
	parameters: {
		key: "terraform",
		fields,
		passedBy: "config"
	},
	variables: ({ audience_tag: tag }) => requires(tag === void 0 ? "TFC_WORKLOAD_IDENTITY_TOKEN" : `TFC_WORKLOAD_IDENTITY_TOKEN_${tag.toUpperCase()}`)
};

// src/methods/index.ts
/**
* tbot's join methods (lib/tbot/bot/onboarding/config.go), the most frequent first. Releases: CHANGELOG.md.
*/
const methods = {
	github,
	azure,
	iam,
	gcp: {
		since: always,
		identifiedBy: "machine",
		metadataService: {
			variable: "GCE_METADATA_HOST",
			urlPrefix: "http://"
		}
	},
	kubernetes: kubernetes$1,
	circleci,
	gitlab,
	spacelift: tokenIn(always, "SPACELIFT_OIDC_TOKEN"),
	terraform_cloud: terraformCloud,
	azure_devops: azureDevops,
	bitbucket: tokenIn({ since: ["16.4.9", "17.0.2"] }, "BITBUCKET_STEP_OIDC_TOKEN"),
	env0: tokenIn({ since: ["18.4.0"] }, "ENV0_OIDC_TOKEN"),
	tpm: {
		since: { since: ["14.3.17", "15.2.5"] },
		identifiedBy: "machine"
	},
	oracle: {
		since: { since: ["17.7.7", "18.2.1"] },
		identifiedBy: "machine"
	},
	bound_keypair: boundKeypair,
	generic_oidc: genericOidc,
	token: {
		since: always,
		identifiedBy: "claims",
		secretToken: true,
		isSingleUse: () => true
	}
};
/** Describes a method that reads an OIDC token from required variables. */
function tokenIn(since, ...names) {
	return {
		since,
		identifiedBy: "claims",
		variables: () => requires(...names)
	};
}
const joinMethods = Object.keys(methods).filter(isJoinMethod);
/** Whether a text is the name of a join method. */
function isJoinMethod(name) {
	return Object.hasOwn(methods, name);
}
/** Returns the description of a join method. */
function methodOf(name) {
	return methods[name];
}

// src/methods/onboarding.ts
const sections = joinMethods.flatMap((method) => {
	const { parameters } = methodOf(method);
	return parameters === void 0 ? [] : [{
		method,
		...parameters
	}];
});
/** Keys of the input `onboarding` (lib/tbot/bot/onboarding/config.go). */
const onboardingFields = Object.fromEntries(sections.filter(({ input }) => input === void 0).map(({ key, fields }) => [key, {
	kind: "map",
	fields
}]));
const refused$1 = {
	onboarding: "paste only the mapping under `onboarding:`",
	token: "set the input `token` instead",
	join_method: "set the input `join-method` instead",
	ca_pins: "set the input `ca-pins` instead",
	ca_path: "set the input `extra-ca-file` instead",
	...Object.fromEntries(sections.flatMap(({ key, input }) => input === void 0 ? [] : [[key, `set the input \`${input}\` instead`]]))
};
/**
* Reads the input `onboarding`. It can contain secrets, so no error shows a value, except that of a
* duration. Throws InputErrors with the positions of all errors.
*/
function readOnboarding(given, yaml) {
	const collector = collectErrors();
	const { addError } = collector;
	const map = parseYaml(given, yaml, addError);
	if (map?.kind === "list" || map?.kind === "scalar") addError(map.at, "the value must be a mapping, such as `gitlab: {...}`");
	const values = map?.kind === "map" ? readMapping(map, onboardingFields, {
		what: "`onboarding`",
		refused: refused$1,
		addError
	}) : {};
	const errors = collector.inOrder();
	if (errors.length > 0) throw new InputErrors(errors);
	return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => isRecord(value) ? [[key, value]] : []));
}
/** Returns the parameters of all join methods, including those that have their own input. */
function onboardingOf({ onboarding = {}, azureClientId }) {
	return azureClientId === void 0 ? onboarding : {
		...onboarding,
		azure: { client_id: azureClientId }
	};
}
/**
* Returns errors for parameters of other join methods, and for contradictory ones. `readable`: the
* input `onboarding` is absent or valid.
*/
function onboardingConflicts(inputs, readable) {
	const { joinMethod } = inputs;
	const onboarding = onboardingOf(inputs);
	return sections.filter(({ input }) => readable || input !== void 0).flatMap(({ key, method, input, conflicts }) => [key in onboarding && joinMethod !== void 0 && method !== joinMethod && foreignParameter(key, {
		method,
		input,
		joinMethod
	}), ...(conflicts?.(onboarding[key] ?? {}, method === joinMethod) ?? []).map((message) => message !== false && {
		input: input ?? "onboarding",
		message
	})]).filter((error) => error !== false);
}
function foreignParameter(key, { method, input, joinMethod }) {
	if (input === void 0) return {
		input: "onboarding",
		message: `\`${key}\` requires \`join-method: ${method}\``
	};
	return joinMethod !== "auto" && {
		input,
		message: `it has no effect with \`join-method: ${joinMethod}\``
	};
}
/** The keys of secret values. */
const secretKeys = new Set(sections.flatMap(({ fields }) => Object.entries(fields).flatMap(([key, { secret }]) => secret ? [key] : [])));
/** Returns the secret values. */
function secretsOf(onboarding) {
	return Object.values(onboarding).flatMap((section) => Object.entries(section ?? {}).flatMap(([key, value]) => secretKeys.has(key) && typeof value === "string" ? [value] : []));
}

// src/services/client-certificate.ts
/** Lifetime of the certificates of one service. */
const lifetimeFields = {
	credential_ttl: {
		kind: "duration",
		since: { since: ["17.2.8"] },
		aliases: ["ttl", "certificate_ttl"]
	},
	renewal_interval: {
		kind: "duration",
		since: { since: ["17.2.8"] }
	}
};
/** Some of the bot's roles (lib/tbot/internal/deprecated_roles.go). */
const rolesField = { roles: {
	kind: "texts",
	since: {
		since: ["0.0.0"],
		gone: "19.0.0"
	}
} };
/**
* A session that was delegated to the bot. Backported to 18 in releases that are not known, so 19 is
* the first that is certain (pull requests 64900 and 66701).
*/
const delegationField = { delegation_session_id: {
	kind: "text",
	since: { since: ["19.0.0"] }
} };
/** The rights of a certificate; `checkRights` rejects both together. */
const rightsFields = {
	...rolesField,
	...delegationField
};
function checkRights(draft, addError) {
	if ("roles" in draft && "delegation_session_id" in draft) addError("delegation_session_id", "`delegation_session_id` cannot be combined with `roles`");
}
/** tbot's own interval between renewals; seconds. */
const longestInterval = 1200;
const certificateLifetime = {
	key: "credential_ttl",
	limitedByTbot: true,
	/** tbot accepts both keys or neither (lib/tbot/bot/credential_lifetime.go). */
	complete: ({ credential_ttl: given, renewal_interval: interval }, usual) => {
		if (given === void 0 && interval === void 0) return {};
		const ttl = typeof given === "number" ? given : usual.ttl;
		return {
			credential_ttl: ttl,
			renewal_interval: typeof interval === "number" ? interval : intervalFor(ttl, usual.longestInterval)
		};
	}
};
/** Returns the default time between renewals: a third of the lifetime, with an upper limit; seconds. */
function intervalFor(ttl, longest = longestInterval) {
	return Math.max(.001, Math.min(longest, ttl / 3));
}
/** lib/tbot/identity/identity.go and lib/tbot/internal/constants.go */
const certificateFiles = {
	identity: "identity",
	key: "key",
	"ssh-certificate": "key-cert.pub",
	certificate: "tlscert"
};
const publicKeyFile = { "public-key": "key.pub" };
const hostCaFile = { "host-ca": "teleport-host-ca.crt" };
/** CA certificates that verify users and databases, which a client of this certificate does not need. */
const otherCaFiles = {
	"user-ca": "teleport-user-ca.crt",
	"database-ca": "teleport-database-ca.crt"
};
/** Copies with the file names that some programs require. */
const tlsFiles = {
	"tls-certificate": "tls.crt",
	"tls-key": "tls.key",
	"tls-ca": "tls.cas"
};
/**
* `ca-file` is the CA file that tbot wrote for this type of service, otherwise the host CA, which signs
* for the proxy that all connections go through (as in tbot's lib/tbot/services/database).
*/
const clientRoles = {
	certificate: "certificate",
	key: "key",
	ca: [
		"tls-ca",
		"mongo-ca",
		"host-ca"
	],
	dedicated: false
};

// src/services/listen.ts
/** The key of types that listen on an address. */
const listenField = { listen: {
	kind: "text",
	aliases: [
		"address",
		"addr",
		"listen_addr",
		"port"
	]
} };
/** Reports a `listen` that is not an address of this machine. */
function checkListen(draft, addError) {
	if (draft.listen === void 0) return;
	try {
		parseListen(draft.listen);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		addError("listen", `\`listen\`: ${error.message}`);
	}
}
/** Returns the address of a service; undefined if its type does not listen on an address. */
function listenAddressOf({ serves }, { listen }) {
	if (serves === void 0 || serves.at === "directory") return void 0;
	if (typeof listen === "string") return parseListen(listen);
	return serves.at === "unix" ? { kind: "unix" } : {
		kind: "tcp",
		host: "127.0.0.1",
		port: 0
	};
}
/**
* Parses `tcp://HOST:PORT` with a loopback address, or `unix://`. A path is refused: every user can
* connect to tbot's sockets (mode 0777, lib/tbot/internal/listener.go), and only the private directory
* restricts this. Throws an InputError.
*/
function parseListen(text) {
	const [, scheme, rest = ""] = /^([a-z]+):(?:\/\/)?(.*)$/i.exec(text) ?? [];
	if (scheme === "unix") {
		if (rest === "") return { kind: "unix" };
		throw new InputError("set `unix://` without a path: the action creates the socket in its private directory and reports the path in the outputs");
	}
	if (scheme === "tcp") return parseTcp(text, rest);
	const meant = /^(?:127\.0\.0\.1|localhost)?:?(\d+)$/.exec(text)?.[1];
	throw new InputError(meant === void 0 ? `\`${text}\` is not \`tcp://127.0.0.1:PORT\` or \`unix://\`` : `\`${text}\` has no scheme. Specify \`tcp://127.0.0.1:${meant}\``);
}
function parseTcp(text, rest) {
	const [, host = "", digits = "0"] = /^(\[[^\]]*\]|[^:/]*)(?::(\d{1,5}))?\/?$/.exec(rest) ?? [];
	const port = Number(digits);
	if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host)) throw new InputError(`\`${text}\` is not a loopback address. A tunnel does not authenticate its clients, so other machines could use it. Specify \`tcp://127.0.0.1:${port}\``);
	if (port > 65535) throw new InputError(`\`${digits}\` is not a port number`);
	return {
		kind: "tcp",
		host,
		port
	};
}

// src/services/service.ts
/** Returns the files of a type whose credentials stay in the memory of tbot. */
function noFiles() {
	return {
		essential: {},
		optional: {}
	};
}
/** Returns the descriptor as it is; derives the type of the settings from the fields. */
function defineService(descriptor) {
	return descriptor;
}

// src/services/application-proxy.ts
/** A local HTTP proxy that reaches every application of the bot. */
const applicationProxy = defineService({
	type: "application-proxy",
	aliases: ["app-proxy"],
	since: { since: ["17.7.7", "18.2.3"] },
	serves: { at: "tcp" },
	fields: {
		...listenField,
		credential_lifetime: {
			kind: "map",
			aliases: [
				"credential_ttl",
				"renewal_interval",
				"ttl"
			],
			fields: {
				credential_ttl: {
					kind: "duration",
					aliases: ["ttl", "certificate_ttl"]
				},
				renewal_interval: { kind: "duration" }
			}
		}
	},
	lifetime: {
		...certificateLifetime,
		within: "credential_lifetime"
	},
	target: () => [],
	files: noFiles,
	check: checkListen
});

// src/services/application-tunnel.ts
/** A local address that reaches one application. */
const applicationTunnel = defineService({
	type: "application-tunnel",
	aliases: ["app-tunnel"],
	since: { since: ["15.4.10", "16.1.1"] },
	serves: { at: "tcp" },
	fields: {
		app_name: {
			kind: "text",
			required: true,
			aliases: ["app", "application"]
		},
		...listenField,
		...rightsFields,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	target: ({ app_name: name }) => [name],
	files: noFiles,
	check(draft, addError) {
		checkListen(draft, addError);
		checkRights(draft, addError);
	}
});

// src/services/application.ts
/** A client certificate for one web application. */
const application = defineService({
	type: "application",
	aliases: ["app"],
	since: always,
	fields: {
		app_name: {
			kind: "text",
			required: true,
			aliases: ["app", "application"]
		},
		specific_tls_naming: { kind: "boolean" },
		...rightsFields,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	client: {
		...clientRoles,
		dedicated: true
	},
	target: ({ app_name: name }) => [name],
	files: ({ specific_tls_naming: specific }) => ({
		essential: {
			...certificateFiles,
			...hostCaFile,
			...specific ? tlsFiles : {}
		},
		optional: {
			...publicKeyFile,
			...otherCaFiles
		}
	}),
	check: checkRights
});

// src/services/database.ts
/** What each format adds (lib/client/identityfile). */
const formatFiles = {
	none: {},
	tls: tlsFiles,
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
/** A client certificate for one database. */
const database = defineService({
	type: "database",
	aliases: ["db"],
	since: always,
	fields: {
		service: {
			kind: "text",
			required: true,
			aliases: ["service_name", "database_service"]
		},
		database: {
			kind: "text",
			aliases: [
				"db",
				"db_name",
				"database_name"
			]
		},
		username: {
			kind: "text",
			aliases: [
				"user",
				"db_user",
				"database_user"
			]
		},
		format: {
			kind: "choice",
			words: [
				"tls",
				"mongo",
				"cockroach"
			]
		},
		...rightsFields,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	client: {
		...clientRoles,
		dedicated: true
	},
	target: ({ service, database: name, username }) => [
		service,
		name,
		username
	].filter((part) => part !== void 0),
	files: ({ format }) => ({
		essential: {
			...certificateFiles,
			...hostCaFile,
			...formatFiles[format ?? "none"]
		},
		optional: {
			...publicKeyFile,
			...otherCaFiles
		}
	}),
	check: checkRights
});

// src/services/database-tunnel.ts
/** A local address that reaches one database as one user (lib/tbot/services/database). */
const databaseTunnel = defineService({
	type: "database-tunnel",
	aliases: ["db-tunnel"],
	since: { since: ["14.3.15", "15.2.1"] },
	serves: {
		at: "tcp",
		unixSince: { since: ["14.3.18", "15.3.1"] }
	},
	fields: {
		service: {
			kind: "text",
			required: true,
			aliases: ["service_name", "database_service"]
		},
		database: {
			kind: "text",
			required: true,
			aliases: [
				"db",
				"db_name",
				"database_name"
			]
		},
		username: {
			kind: "text",
			required: true,
			aliases: [
				"user",
				"db_user",
				"database_user"
			]
		},
		...listenField,
		...rolesField,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	target: ({ service, database, username }) => [
		service,
		database,
		username
	],
	files: noFiles,
	check: checkListen
});

// src/services/identity-key-agent.ts
/**
* An identity whose private key stays in the memory of tbot (lib/tbot/services/identity and
* lib/hardwarekey/agent.go).
*/
const identityKeyAgent = defineService({
	type: "identity/key-agent",
	aliases: ["key-agent"],
	since: { since: ["18.8.3"] },
	serves: { at: "directory" },
	fields: {
		cluster: {
			kind: "text",
			aliases: [
				"leaf",
				"leaf_cluster",
				"cluster_name"
			]
		},
		allow_reissue: { kind: "boolean" },
		...rolesField,
		delegation_session_id: { kind: delegationField.delegation_session_id.kind },
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	target: ({ cluster }) => cluster === void 0 ? [] : [cluster],
	files: () => ({
		essential: {
			identity: "identity",
			"key-agent-certificate": "cert.pem"
		},
		optional: {},
		sockets: { "key-agent": "agent.sock" }
	}),
	check: checkRights
});

// src/services/identity.ts
/** For `ssh`, `tsh` and `tctl`; the default credential. */
const identity = defineService({
	type: "identity",
	aliases: ["ssh"],
	since: always,
	fields: {
		cluster: {
			kind: "text",
			aliases: [
				"leaf",
				"leaf_cluster",
				"cluster_name"
			]
		},
		ssh_config: {
			kind: "choice",
			words: ["on", "off"],
			since: { since: ["14.3.17", "15.2.5"] }
		},
		allow_reissue: {
			kind: "boolean",
			since: { since: ["17.2.8"] }
		},
		...rightsFields,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	client: clientRoles,
	target: ({ cluster }) => cluster === void 0 ? [] : [cluster],
	files: ({ ssh_config: ssh }) => ({
		essential: certificateFiles,
		optional: {
			...publicKeyFile,
			...hostCaFile,
			...otherCaFiles,
			...ssh === "off" ? {} : {
				"ssh-config": "ssh_config",
				"known-hosts": "known_hosts"
			}
		}
	}),
	check: checkRights
});

// src/services/kubernetes.ts
/** A kubeconfig that works without tbot on the machine where it is used. */
const selfContainedField = { disable_exec_plugin: {
	kind: "boolean",
	since: { since: ["14.3.15", "15.2.1"] }
} };
const kubeconfigFile = { kubeconfig: "kubeconfig.yaml" };
/** A kubeconfig for one cluster. */
const kubernetes = defineService({
	type: "kubernetes",
	since: always,
	fields: {
		kubernetes_cluster: {
			kind: "text",
			required: true,
			aliases: [
				"cluster",
				"cluster_name",
				"kube_cluster"
			]
		},
		...selfContainedField,
		...rightsFields,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	client: clientRoles,
	target: ({ kubernetes_cluster: cluster }) => [cluster],
	files: () => ({
		essential: {
			...kubeconfigFile,
			...certificateFiles
		},
		optional: {
			...publicKeyFile,
			...hostCaFile,
			...otherCaFiles
		}
	}),
	check: checkRights
});

// src/services/workload-identity.ts
/** Which workload identity is issued. */
const selectorField = { selector: {
	kind: "map",
	required: true,
	aliases: ["workload_identity", "labels"],
	fields: {
		name: { kind: "text" },
		labels: { kind: "label-lists" }
	},
	oneOf: ["name", "labels"]
} };
/** Returns the name in a selector, if it has one. */
function selectedName(selector) {
	return selector?.name === void 0 ? [] : [selector.name];
}
/** tbot sets no limit for SVIDs. */
const svidLifetime = {
	...certificateLifetime,
	limitedByTbot: false,
	shortenedBy: "Teleport limits SVIDs to the maximum lifetime of the workload identity and to a maximum of its own."
};
/**
* The release that announced the resource `workload_identity`: earlier releases spell one of the keys
* differently (pull requests 51054, 51161 and 51288).
*/
const sinceWorkloadIdentity = { since: ["17.2.7"] };

// src/services/kubernetes-v2.ts
const since = { since: ["17.2.7"] };
/**
* One kubeconfig for several clusters. The cluster must support the type as well (documentation, "Machine
* & Workload Identity FAQ").
*/
const kubernetesV2 = defineService({
	type: "kubernetes/v2",
	aliases: ["kube", "k8s"],
	since,
	clusterSince: since,
	fields: {
		selectors: {
			kind: "maps",
			required: true,
			aliases: [
				"cluster",
				"clusters",
				"kubernetes_cluster",
				"kube_cluster",
				"labels"
			],
			fields: {
				name: { kind: "text" },
				labels: { kind: "labels" },
				default_namespace: {
					kind: "text",
					since: { since: ["17.7.4", "18.2.0"] }
				}
			},
			oneOf: ["name", "labels"]
		},
		...selfContainedField,
		context_name_template: {
			kind: "text",
			since: { since: ["17.7.8", "18.2.4"] }
		},
		relay_server: {
			kind: "text",
			since: { since: ["18.5.0"] }
		},
		...delegationField,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	client: clientRoles,
	target: ({ selectors }) => selectors.length === 1 ? selectedName(selectors[0]) : [],
	files: () => ({
		essential: {
			...kubeconfigFile,
			...certificateFiles
		},
		optional: {
			...publicKeyFile,
			...hostCaFile
		}
	})
});

// src/services/ssh-host.ts
/** A host certificate for an OpenSSH server (lib/tbot/ssh/ssh.go). */
const sshHost = defineService({
	type: "ssh_host",
	since: always,
	fields: {
		principals: {
			kind: "texts",
			required: true,
			aliases: ["hosts", "hostnames"]
		},
		ca_type: {
			kind: "choice",
			words: ["user", "openssh"],
			since: { since: ["18.7.6"] }
		},
		...rolesField,
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	target: ({ principals }) => principals.slice(0, 1),
	files: () => ({
		essential: {
			"ssh-host-key": "ssh_host",
			"ssh-host-certificate": "ssh_host-cert.pub",
			"ssh-host-user-ca": "ssh_host-user-ca.pub"
		},
		optional: {}
	})
});

// src/services/ssh-multiplexer.ts
/** Connections of `ssh` through one tbot that stays connected (lib/tbot/services/ssh). */
const sshMultiplexer = defineService({
	type: "ssh-multiplexer",
	aliases: ["multiplexer", "ssh-proxy"],
	since: { since: ["15.4.3", "16.0.0"] },
	serves: { at: "directory" },
	fields: {
		enable_resumption: { kind: "boolean" },
		proxy_command: { kind: "texts" },
		proxy_templates_path: { kind: "text" },
		relay_server: {
			kind: "text",
			since: { since: ["18.3.0"] }
		},
		...lifetimeFields
	},
	lifetime: certificateLifetime,
	target: () => [],
	files: () => ({
		essential: {
			"ssh-config": "ssh_config",
			"known-hosts": "known_hosts"
		},
		optional: {},
		sockets: {
			"multiplexer-socket": "v1.sock",
			"ssh-agent": "agent.sock"
		}
	}),
	check({ proxy_templates_path: path }, addError) {
		if (path !== void 0 && !path.startsWith("/")) addError("proxy_templates_path", "`proxy_templates_path` must be an absolute path, because tbot runs in the private directory");
	}
});

// src/services/workload-identity-api.ts
const enabled = { enabled: { kind: "boolean" } };
const container = {
	...enabled,
	addr: { kind: "text" }
};
/** The SPIFFE Workload API, which issues SVIDs to the programs that connect to it. */
const workloadIdentityApi = defineService({
	type: "workload-identity-api",
	aliases: ["workload-api", "spiffe-api"],
	since: sinceWorkloadIdentity,
	serves: { at: "unix" },
	fields: {
		...selectorField,
		...listenField,
		attestors: {
			kind: "map",
			fields: {
				docker: {
					kind: "map",
					fields: container
				},
				podman: {
					kind: "map",
					fields: container
				},
				kubernetes: {
					kind: "map",
					fields: enabled
				},
				systemd: {
					kind: "map",
					fields: enabled
				}
			}
		},
		trust_domains: {
			kind: "choices",
			words: ["app_client"],
			since: { since: ["19.0.0"] }
		},
		...lifetimeFields
	},
	lifetime: svidLifetime,
	target: ({ selector }) => selectedName(selector),
	files: noFiles,
	check: checkListen
});

// src/services/workload-identity-aws-roles-anywhere.ts
const hour = 3600;
/** The default of `session_duration`, in seconds (lib/tbot/services/awsra/config.go). */
const defaultSession = 6 * hour;
/** tbot's own renewal interval; tbot rejects one that is not shorter than the session. */
const defaultRenewal = hour;
const sessionLifetime = {
	key: "session_duration",
	defaultSeconds: defaultSession,
	limitedByTbot: false,
	shortenedBy: "AWS limits sessions to the maximum duration of the role and of the profile.",
	outlivesJob: "AWS session",
	complete: ({ session_duration: duration, session_renewal_interval: renewal }) => typeof duration !== "number" || renewal !== void 0 || duration > defaultRenewal ? {} : { session_renewal_interval: duration / 2 }
};
/** Pull request 54260. */
const sinceNamedFile = { since: ["17.4.7"] };
/** An AWS session, through IAM Roles Anywhere. */
const workloadIdentityAwsRolesAnywhere = defineService({
	type: "workload-identity-aws-roles-anywhere",
	since: { since: ["17.4.0"] },
	fields: {
		...selectorField,
		role_arn: {
			kind: "text",
			required: true,
			aliases: ["role"]
		},
		profile_arn: {
			kind: "text",
			required: true,
			aliases: ["profile"]
		},
		trust_anchor_arn: {
			kind: "text",
			required: true,
			aliases: ["trust_anchor"]
		},
		region: { kind: "text" },
		session_duration: {
			kind: "duration",
			aliases: [
				"duration",
				"ttl",
				"credential_ttl"
			]
		},
		session_renewal_interval: { kind: "duration" },
		credential_profile_name: {
			kind: "text",
			since: sinceNamedFile
		},
		artifact_name: {
			kind: "text",
			since: sinceNamedFile
		},
		overwrite_credential_file: {
			kind: "boolean",
			since: sinceNamedFile
		}
	},
	lifetime: sessionLifetime,
	variables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
	target: ({ selector }) => selectedName(selector),
	files: ({ artifact_name: name = "aws_credentials" }) => ({
		essential: { "aws-credentials": name },
		optional: {}
	}),
	check(draft, addError, unread) {
		checkNames(draft, addError);
		if (!unread.has("session_duration")) checkSession(draft, addError);
	}
});
function checkNames(draft, addError) {
	for (const key of [
		"role_arn",
		"profile_arn",
		"trust_anchor_arn"
	]) {
		const arn = draft[key];
		if (arn !== void 0 && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn)) addError(key, `\`${key}\` must be an ARN, such as \`arn:aws:...\``);
	}
	const { artifact_name: file } = draft;
	if (file !== void 0 && !/^(?!\.+$)[\w.-]{1,100}$/.test(file)) addError("artifact_name", "`artifact_name` must be a file name without a directory");
}
/** The limits of AWS (IAM Roles Anywhere, CreateSession) and of tbot (lib/tbot/services/awsra). */
function checkSession({ session_duration: duration = defaultSession, session_renewal_interval: renewal }, addError) {
	if (duration > 12 * hour || duration < 900) addError("session_duration", "`session_duration` must be from `15m` to `12h`");
	if (renewal !== void 0 && renewal >= duration) addError("session_renewal_interval", `\`session_renewal_interval\` (${formatDuration(renewal)}) must be shorter than \`session_duration\` (${formatDuration(duration)})`);
}

// src/services/workload-identity-jwt.ts
/** A SPIFFE identity (SVID) as a JWT. */
const workloadIdentityJwt = defineService({
	type: "workload-identity-jwt",
	aliases: ["jwt"],
	since: sinceWorkloadIdentity,
	fields: {
		...selectorField,
		audiences: {
			kind: "texts",
			required: true,
			aliases: ["aud"]
		},
		...lifetimeFields
	},
	lifetime: svidLifetime,
	target: ({ selector }) => selectedName(selector),
	files: () => ({
		essential: { "jwt-svid": "jwt_svid" },
		optional: {}
	})
});

// src/services/workload-identity-x509.ts
/** A SPIFFE identity (SVID) as an X.509 certificate. */
const workloadIdentityX509 = defineService({
	type: "workload-identity-x509",
	aliases: ["spiffe", "x509"],
	since: sinceWorkloadIdentity,
	fields: {
		...selectorField,
		include_federated_trust_bundles: { kind: "boolean" },
		trust_domains: {
			kind: "choices",
			words: ["app_client"],
			since: { since: ["19.0.0"] }
		},
		...lifetimeFields
	},
	lifetime: svidLifetime,
	client: {
		certificate: "svid",
		key: "svid-key",
		ca: ["svid-bundle"],
		dedicated: true
	},
	target: ({ selector }) => selectedName(selector),
	files: () => ({
		essential: {
			svid: "svid.pem",
			"svid-key": "svid_key.pem",
			"svid-bundle": "svid_bundle.pem"
		},
		optional: { "svid-crl": "svid_crl.pem" }
	})
});

// src/services/index.ts
/** Every type that issues files or serves connections on this machine (lib/tbot/config/config.go). */
const serviceTypes = [
	identity,
	application,
	database,
	kubernetes,
	kubernetesV2,
	sshHost,
	workloadIdentityX509,
	workloadIdentityJwt,
	workloadIdentityAwsRolesAnywhere,
	applicationTunnel,
	applicationProxy,
	databaseTunnel,
	sshMultiplexer,
	identityKeyAgent,
	workloadIdentityApi
];
const byType = Object.fromEntries(serviceTypes.map((descriptor) => [descriptor.type, descriptor]));
function descriptorOf(type) {
	return byType[type];
}
function isServiceType(type) {
	return Object.hasOwn(byType, type);
}
/** Returns the lifetime that a service sets itself, in seconds; undefined if `certificate-ttl` applies. */
function requestedLifetime(service) {
	const { key, defaultSeconds } = descriptorOf(service.type).lifetime;
	const given = lifetimeSettings(service)[key];
	return typeof given === "number" ? given : defaultSeconds;
}
/** Returns the mapping of a service that has the keys of its lifetime. */
function lifetimeSettings(service) {
	const { within } = descriptorOf(service.type).lifetime;
	const settings = { ...service };
	if (within === void 0) return settings;
	const nested = settings[within];
	return isRecord(nested) ? nested : {};
}
/** Other types of current and older tbot releases, and why the action rejects them. */
const refusedTypes = {
	"kubernetes/argo-cd": "`kubernetes/argo-cd` creates Secrets in the cluster that tbot runs in, and no files. Run tbot in that cluster instead",
	"spiffe-svid": "`spiffe-svid` is deprecated, and tbot 19 does not have it. Use `workload-identity-x509` or `workload-identity-jwt`",
	"spiffe-workload-api": "`spiffe-workload-api` is deprecated, and tbot 19 does not have it. Use `workload-identity-api`",
	"beams/vnet": "`beams/vnet` changes the network of the machine and requires Teleport Beams. Use `application-tunnel`",
	unstable_client_credential: "`unstable_client_credential` is only for programs that embed tbot",
	example: "`example` is only for tests of tbot"
};

// src/services/requests.ts
/** Returns where a request comes from, for a sentence: `services` at line 1, column 3. */
function originOf({ input, at }) {
	return at === void 0 ? `\`${input}\`` : `\`${input}\` at ${placeName(at)}`;
}
/** Returns the names of all credentials that a service stands for. */
function credentialNames({ name, otherNames = [] }) {
	return [name, ...otherNames];
}
/** Returns the roles that a service lists. */
function rolesOf(service) {
	return "roles" in service ? service.roles ?? [] : [];
}

// src/services/names.ts
/** A directory name has at most 255 bytes, and the names of cloud clusters can be long. */
const longest = 200;
/** Another directory in the private directory, and names that Windows reserves for devices. */
const unusable = /^(?:bin|con|prn|aux|nul|com\d|lpt\d)$/;
/** Names that tbot reserves for its own services (lib/tbot/bot/bot.go). */
const reserved = /* @__PURE__ */ new Set([
	"ca-rotation",
	"crl-cache",
	"heartbeat",
	"spiffe-trust-bundle-cache"
]);
/**
* Returns why a text cannot be the name of a credential; undefined if it can. Only lower case, because
* the name is also that of a directory, and some file systems do not distinguish `A` and `a`.
*/
function checkName(name) {
	if (!/^[a-z\d_\-+]+$/.test(name)) return "a credential name may contain only lowercase letters, digits, `-`, `_` and `+`";
	if (name.length > longest) return `a credential name has at most ${longest} characters`;
	if (unusable.test(name) || reserved.has(name)) return `the credential name \`${name}\` is reserved`;
}
/** Returns the default name of a credential: its type and what distinguishes it, such as a database. */
function derivedName(service) {
	return folderName(service.type, ...descriptorOf(service.type).target(service));
}
/** Joins words into a name that every file system accepts. */
function folderName(...words) {
	return words.join("-").toLowerCase().replaceAll(/[^a-z0-9_-]/g, "-");
}
function named(requests) {
	return requests.map((request) => ({
		name: request.name ?? derivedName(request.service),
		...request.otherNames === void 0 ? {} : { otherNames: request.otherNames },
		request
	}));
}
/** Returns an error for each name that is not allowed or that an earlier credential already has. */
function nameErrors(requests) {
	const first = /* @__PURE__ */ new Map();
	return named(requests).flatMap((one) => credentialNames(one).map((name) => ({
		name,
		request: one.request
	}))).flatMap(({ name, request }) => {
		const before = first.get(name);
		first.set(name, before ?? request);
		if (before) return [{
			request,
			message: duplicate(name, request, before)
		}];
		const why = checkName(name);
		if (why === void 0) return [];
		return [{
			request,
			message: `\`${name}\`: ${why}. ${remedy(request)}`
		}];
	});
}
function duplicate(name, request, before) {
	const listed = [request, before].some(({ at }) => at !== void 0);
	return `the credential name \`${name}\` is ${listed || request.input !== before.input ? `already used by ${originOf(before)}` : "used twice"}. ${listed ? "Remove one of them, or set another `name` in `services`" : remedy(request)}`;
}
function remedy({ at }) {
	return at === void 0 ? "Request this credential in `services`, with a `name`" : "Set another `name`";
}

// src/services/shorthands.ts
/** What the newest tbot and cluster support. */
const newestKubernetes = {
	type: kubernetesV2.type,
	selfContained: true
};
/**
* Returns what a tbot and a cluster of these versions support. An undefined version of the cluster
* counts as that of tbot: a cluster accepts no tbot of a newer major version than its own.
*/
function kubernetesSupport(version, serverVersion = version) {
	const { type, since, clusterSince = since } = kubernetesV2;
	return {
		type: supports(version, since) && supports(serverVersion, clusterSince) ? type : kubernetes.type,
		selfContained: supports(version, selfContainedField.disable_exec_plugin.since)
	};
}
/**
* Returns the requests of `services` and of the shorthands. Includes an identity if nothing else is
* requested, or if an input describes one. The names of the credentials do not depend on `support`.
*/
function requestsFor(inputs, support) {
	const { services, kubernetesCluster, app, database, applicationTunnel, databaseTunnel } = inputs;
	return [
		...identityOf(inputs),
		...services ?? [],
		...kubernetesOf(kubernetesCluster ?? [], support),
		...(app ?? []).map((name) => request("app", {
			type: "application",
			app_name: name
		})),
		...(database ?? []).map((name) => request("database", {
			type: "database",
			...name
		})),
		...(applicationTunnel ?? []).map((name) => request("application-tunnel", {
			type: "application-tunnel",
			app_name: name
		})),
		...(databaseTunnel ?? []).map((name) => request("database-tunnel", {
			type: "database-tunnel",
			...name
		}))
	];
}
function identityOf(inputs) {
	const { leafCluster, allowReissue } = inputs;
	if (![
		inputs.services,
		inputs.kubernetesCluster,
		inputs.app,
		inputs.database,
		inputs.applicationTunnel,
		inputs.databaseTunnel
	].every((input) => input === void 0) && leafCluster === void 0 && !allowReissue) return [];
	return [request(leafCluster === void 0 ? "allow-reissue" : "leaf-cluster", {
		type: "identity",
		...leafCluster === void 0 ? {} : { cluster: leafCluster },
		...allowReissue ? { allow_reissue: true } : {}
	})];
}
/** One credential for each cluster; with `kubernetes/v2` they share one service and its files. */
function kubernetesOf(clusters, { type, selfContained }) {
	const input = "kubernetes-cluster";
	const plugin = selfContained ? { disable_exec_plugin: true } : {};
	if (type === kubernetes.type) return clusters.map((name) => request(input, {
		type,
		kubernetes_cluster: name,
		...plugin
	}));
	const selectors = clusters.map((name) => ({ name }));
	const [name, ...otherNames] = clusters.map((cluster) => folderName(kubernetes.type, cluster));
	if (name === void 0) return [];
	return [{
		...request(input, {
			type,
			selectors,
			...plugin
		}),
		name,
		otherNames
	}];
}
function request(input, service) {
	return {
		service,
		input
	};
}

// src/http/hosts.ts
/** Returns the host of a URL without the brackets of an IPv6 address and without a final dot. */
function bareHost(url) {
	return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
/** Returns whether the host of a URL is a loopback address or `localhost`. */
function isLoopback(url) {
	return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(bareHost(url));
}
/** Returns whether a text is a URL on loopback. */
function namesLoopback(text) {
	return text !== void 0 && URL.canParse(text) && isLoopback(new URL(text));
}
/**
* Hosts of the cloud metadata services. They return the identity of the machine that sends the
* request, which would be the machine of an HTTP proxy.
*/
const metadataHosts = [
	"169.254.169.254",
	"169.254.170.2",
	"169.254.170.23",
	"fd00:ec2::254",
	"metadata.google.internal"
];

// src/inputs/download-inputs.ts
/**
* Parses `tsh` and `tctl`, separated by commas or whitespace. Ignores `tbot`, which is always
* installed. Throws InputErrors.
*/
function parseTools(text) {
	const words = text.toLowerCase().split(/[\s,]+/).filter((word) => word !== "" && word !== "tbot");
	const tools = parseEach(words, (word, number) => {
		if (isTool(word)) return word;
		throw new InputError(`${entryName(word, number, text)} is not \`tsh\` or \`tctl\``);
	});
	return [...new Set(tools)];
}
function isTool(word) {
	return word === "tsh" || word === "tctl";
}
/** Parses `auto` or a boolean. Throws an InputError. */
function parseFips(text) {
	if (/^auto$/i.test(text)) return "auto";
	if (/^(true|1)$/i.test(text)) return true;
	if (/^(false|0)$/i.test(text)) return false;
	throw new InputError(`${quoted(text)} is not \`auto\`, \`true\` or \`false\``);
}
/**
* Parses a mirror of the archives (a base URL: https, or http on a loopback address) or of the image
* (`host[:port]/repository`, as in container tools). Removes a trailing `/` of the URL. Throws an
* InputError.
*/
function parseMirror(text) {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? parseBaseUrl(text) : parseRepository(text);
}
/**
* Parses the extension of a signature file, with or without its leading dot, which is removed. Throws
* an InputError.
*/
function parseSignatureExtension(text) {
	const [, extension] = /^\.?([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)$/.exec(text) ?? [];
	if (extension !== void 0 && extension.length <= 50) return extension;
	throw new InputError(`${quoted(text)} is not a file extension such as \`sig\``);
}
/** Whether a mirror, as returned by `parseMirror`, serves the image. */
function isImageMirror(mirror) {
	return mirror !== void 0 && !/^https?:\/\//.test(mirror);
}
function parseBaseUrl(text) {
	if (!URL.canParse(text)) throw new InputError(`${quoted(text)} is not a URL`);
	const url = new URL(text);
	if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) throw new InputError("the URL of a mirror must begin with `https://`");
	if (url.username || url.password) throw new InputError("the URL of a mirror must not contain a user name");
	if (url.search || url.hash) throw new InputError("the URL of a mirror must not contain `?` or `#`");
	return url.href.replace(/\/+$/, "");
}
/** The name of a repository: OCI distribution specification, "Pulling manifests". */
const repository = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
function parseRepository(text) {
	const slash = text.indexOf("/");
	const host = text.slice(0, Math.max(slash, 0));
	const name = text.slice(slash + 1);
	if (!(/[.:]|^localhost$/.test(host) && URL.canParse(`https://${host}/`)) || /[@?#\\]/.test(host) || !repository.test(name)) throw new InputError(`${quoted(text)} is neither the base URL of release archives (\`https://...\`) nor an image repository (\`host[:port]/repository\`, without a tag)`);
	return `${host.toLowerCase()}/${name}`;
}

// src/inputs/download-conflicts.ts
/** Returns the conflicts between the inputs of the download. */
function downloadConflicts(inputs, given) {
	const existing = !given.has("tbot-path") ? inputs.version?.kind === "installed" && "`version: installed`" : "`tbot-path`";
	return existing === false ? [
		...pinConflicts(inputs),
		...signatureConflicts(inputs, given),
		...sourceConflicts(inputs)
	] : noDownload(inputs, existing, given);
}
function noDownload(inputs, existing, names) {
	const message = `it has no effect with ${existing}, because nothing is downloaded`;
	const unused = (input, given) => given && {
		input,
		message
	};
	return [
		unused("edition", (inputs.edition ?? "auto") !== "auto"),
		unused("install-from", (inputs.installFrom ?? "auto") !== "auto"),
		unused("mirror", inputs.mirror !== void 0),
		unused("checksum", inputs.checksum !== void 0),
		unused("signature-key", names.has("signature-key")),
		unused("signature-extension", names.has("signature-extension")),
		unused("tools", (inputs.tools ?? []).length > 0),
		inputs.tbotPath !== void 0 && inputs.version?.kind === "installed" && {
			input: "tbot-path",
			message: "it cannot be combined with `version: installed`, which uses the tbot on PATH"
		}
	];
}
function pinConflicts(inputs) {
	const { checksum, version, installFrom } = inputs;
	const input = "checksum";
	if (checksum === void 0) return [];
	return [version !== void 0 && version.kind !== "exact" && {
		input,
		message: "it requires an exact `version`, because each release has its own digests"
	}, installFrom === "auto" && {
		input,
		message: "it requires `install-from`, because archive and image have different digests"
	}];
}
function signatureConflicts({ installFrom, mirror }, given) {
	const input = "signature-extension";
	if (!given.has(input)) return [];
	return [!given.has("signature-key") && {
		input,
		message: "it has no effect without `signature-key`"
	}, (installFrom === "image" || isImageMirror(mirror)) && {
		input,
		message: "it applies only to release archives. The signature of an image has a tag in its repository"
	}];
}
function sourceConflicts(inputs) {
	const { mirror, installFrom, tools = [], edition, fips } = inputs;
	const image = isImageMirror(mirror);
	const toolsFromImage = tools.length > 0 && (installFrom === "image" || image);
	return [
		installFrom === "archive" && image && {
			input: "mirror",
			message: "`install-from: archive` requires a base URL (`https://...`)"
		},
		installFrom === "image" && mirror !== void 0 && !image && {
			input: "mirror",
			message: "`install-from: image` requires a repository (`host[:port]/repository`)"
		},
		toolsFromImage && {
			input: "tools",
			message: "tsh and tctl are only in the release archive, not in the image"
		},
		edition === "oss" && fips === true && {
			input: "fips",
			message: "FIPS builds exist only for the enterprise edition"
		}
	];
}

// src/inputs/mode-conflicts.ts
/** Returns the conflicts between the mode and other inputs. `requests` has all requested services. */
function modeConflicts(inputs, given, requests) {
	if (inputs.mode === void 0) return [];
	return inputs.mode === "oneshot" ? oneshotConflicts(given, requests) : [...backgroundConflicts(inputs, requests), ...addressConflicts(requests)];
}
function oneshotConflicts(given, requests) {
	const serving = requests.filter(({ service }) => descriptorOf(service.type).serves !== void 0);
	return [given.has("renewal-interval") && {
		input: "renewal-interval",
		message: "it requires `mode: background`, because oneshot mode renews nothing"
	}, ...[...new Map(serving.map((one) => [originOf(one), one])).values()].map(({ service: { type }, input, at }) => ({
		input,
		at,
		message: `${at === void 0 ? "it" : `\`${type}\``} works only while tbot runs, but in oneshot mode tbot exits when it has issued the credentials. Set \`mode: background\``
	}))];
}
function backgroundConflicts({ renewalInterval = 0, certificateTtl = Infinity }, requests) {
	return [
		requests.length === 0 && {
			input: "services",
			message: "`[]` cannot be combined with `mode: background`, because there is nothing to renew"
		},
		renewalInterval > certificateTtl && {
			input: "renewal-interval",
			message: `it is longer than \`certificate-ttl\` (${formatDuration(certificateTtl)}), so credentials would expire before they are renewed`
		},
		...requests.map((request) => renewalConflict(request, certificateTtl))
	];
}
/** tbot rejects a service whose certificates expire before they are renewed. */
function renewalConflict({ service, input, at }, certificateTtl) {
	const { renewal_interval: interval, credential_ttl: ttl = certificateTtl } = lifetimeSettings(service);
	if (typeof interval !== "number" || typeof ttl !== "number" || interval <= ttl) return false;
	return {
		input,
		at,
		message: `\`renewal_interval\` (${formatDuration(interval)}) is longer than the certificate lifetime (${formatDuration(ttl)})`
	};
}
/** Two services cannot listen on the same port. */
function addressConflicts(requests) {
	const first = /* @__PURE__ */ new Map();
	return requests.flatMap((request) => {
		const { service, input, at } = request;
		const address = listenAddressOf(descriptorOf(service.type), { ...service });
		if (address?.kind !== "tcp" || address.port === 0) return [];
		const before = first.get(address.port);
		first.set(address.port, before ?? request);
		if (before === void 0) return [];
		return [{
			input,
			at,
			message: `port ${address.port} is already used by ${originOf(before)}`
		}];
	});
}

// src/inputs/conflicts.ts
/** Returns the conflicts between inputs that are valid on their own. */
function conflicts$1(inputs, given) {
	const { minTtl = 0, certificateTtl = Infinity, allowReissue = false } = inputs;
	const requests = requestsFor({
		...inputs,
		allowReissue
	}, newestKubernetes);
	return [
		...endpointConflicts(inputs, given),
		minTtl > certificateTtl && {
			input: "min-ttl",
			message: `it is longer than \`certificate-ttl\` (${formatDuration(certificateTtl)})`
		},
		...onboardingConflicts(inputs, inputs.onboarding !== void 0 || !given.has("onboarding")),
		...serviceConflicts(inputs, requests),
		...modeConflicts(inputs, given, requests),
		...downloadConflicts(inputs, given)
	].filter((error) => error !== false);
}
function endpointConflicts(inputs, given) {
	if (!given.has("auth-server")) return [!given.has("proxy") && {
		input: "proxy",
		state: "required",
		message: "set it to the address of the Teleport Proxy"
	}];
	return [
		given.has("proxy") && {
			input: "auth-server",
			message: "it cannot be combined with `proxy`. Remove `auth-server`, or remove `proxy` to join through the Auth Service directly"
		},
		!given.has("ca-pins") && {
			input: "ca-pins",
			state: "required with `auth-server`",
			message: "set it to the CA pins that `tctl status` shows"
		},
		...(inputs.caPins ?? []).map((pin, index) => !isPin(pin) && {
			input: "ca-pins",
			message: notADigest(pin, index + 1, inputs.caPins?.join())
		}),
		inputs.version?.kind === "auto" && !given.has("tbot-path") && {
			input: "version",
			message: "`auto` requires `proxy`, because an Auth Service does not report its version. Set an exact version"
		}
	];
}
/** The inputs whose resources bots can access only in the root cluster. */
const rootOnlyInputs = [
	{
		input: "kubernetes-cluster",
		key: "kubernetesCluster"
	},
	{
		input: "app",
		key: "app"
	},
	{
		input: "database",
		key: "database"
	},
	{
		input: "application-tunnel",
		key: "applicationTunnel"
	},
	{
		input: "database-tunnel",
		key: "databaseTunnel"
	}
];
/** Returns the conflicts between credentials, regardless of the version of tbot. */
function serviceConflicts(inputs, requests) {
	return [
		...rootOnlyInputs.filter(({ key }) => inputs[key] !== void 0).filter(() => inputs.leafCluster !== void 0).map(({ input }) => ({
			input,
			message: "it cannot be combined with `leaf-cluster`, which is for SSH only. Use two steps, or list all credentials in `services`"
		})),
		...lifetimeConflicts(inputs),
		...nameErrors(requests).map(({ request: { input, at }, message }) => ({
			input,
			at,
			message
		}))
	];
}
/** Returns an error for each service whose own lifetime is shorter than `min-ttl`. */
function lifetimeConflicts({ minTtl = 0, services = [] }) {
	return services.flatMap(({ service, input, at }) => {
		const requested = requestedLifetime(service);
		if (requested === void 0 || requested >= minTtl) return [];
		const { key } = descriptorOf(service.type).lifetime;
		return [{
			input,
			at,
			message: `\`${key}\` (${formatDuration(requested)}) is shorter than \`min-ttl\` (${formatDuration(minTtl)})`
		}];
	});
}

// src/inputs/notices.ts
/** Returns a sentence for each input that is valid, but probably not what the user intends. */
function noticesOf(inputs) {
	const { proxy, caPins } = inputs;
	return [...proxy !== void 0 && caPins !== void 0 ? ["`ca-pins` is ignored, because it applies only to `auth-server`."] : [], ...shortLifetimes(inputs)];
}
/** Seconds. Starting the next step can take as long. */
const shortLifetime = 60;
function shortLifetimes({ mode, certificateTtl, services = [] }) {
	if (mode === "background") return [];
	const lifetimes = services.map((request) => ({
		name: `\`${descriptorOf(request.service.type).lifetime.key}\` of ${originOf(request)}`,
		seconds: requestedLifetime(request.service) ?? Infinity
	}));
	return [{
		name: "`certificate-ttl`",
		seconds: certificateTtl
	}, ...lifetimes].flatMap(({ name, seconds }) => seconds < shortLifetime ? [`${name} is ${formatDuration(seconds)}: the credentials will probably expire before the next step.`] : []);
}

// src/inputs/invalid-input.ts
/** A limit, because a job summary holds at most 1 MiB. */
const maxListed = 100;
/** Returns the Problem that reports invalid inputs. */
function inputProblem(errors) {
	const [first, ...others] = errors;
	if (first === void 0 || others.length > 0) return severalErrors(errors);
	return new Problem({
		code: "inputs",
		what: `Input ${asSentence(first)}`,
		fix: fixOf(first)
	});
}
function severalErrors(errors) {
	const [name, ...names] = new Set(errors.map(({ input }) => input));
	const several = names.length > 0;
	const listed = errors.slice(0, maxListed).map(several ? asListItem : withoutName);
	const more = errors.length - listed.length;
	const missing = errors.some(({ state }) => state?.startsWith("required"));
	return new Problem({
		code: "inputs",
		what: several ? `${names.length + 1} inputs are invalid:` : `Input \`${name}\` has ${errors.length} errors:`,
		errors: more > 0 ? [...listed, `and ${more} more`] : listed,
		fix: "Correct the `with:` block of the step.",
		notes: missing ? ["An empty input is treated as not set. An expression with an undefined variable is empty."] : []
	});
}
function fixOf({ state = "invalid" }) {
	if (state === "invalid") return "Correct the value in the `with:` block of the step.";
	if (state === "unknown") return "Correct the name in the `with:` block of the step.";
	return "Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.";
}
function asSentence({ input, state = "invalid", at, message }) {
	return ended(`\`${input}\` is ${state}${at === void 0 ? "" : ` at ${placeName(at)}`}: ${message}`);
}
function asListItem(error) {
	const { input, state, at, message } = error;
	if (state !== void 0) return asSentence(error);
	return ended(`\`${input}\`${at === void 0 ? "" : `, ${placeName(at)}`}: ${message}`);
}
function withoutName({ at, message }) {
	const text = at === void 0 ? message : `${placeName(at)}: ${message}`;
	return ended(text.charAt(0).toUpperCase() + text.slice(1));
}
/** Adds a period, except after a question. */
function ended(text) {
	return text.endsWith("?") ? text : `${text}.`;
}

// src/inputs/read-table.ts
/**
* Reads the inputs of an action by its table. `yaml` is required if an input that is set contains
* YAML. Throws one Problem `inputs` with all errors.
*/
function readTable(table, check, dictionary, yaml) {
	const given = nonEmptyInputs(dictionary);
	const unknown = unknownInputs(table, given);
	const errors = [];
	const values = Object.entries(table).map(([key, input]) => [key, valueOf(input, given, errors, yaml)]);
	const inputs = Object.fromEntries(values);
	errors.push(...check(inputs, given));
	const all = [...unknown.errors, ...inTableOrder(table, errors)];
	if (all.length > 0) throw inputProblem(all);
	return {
		inputs,
		warnings: unknown.warnings
	};
}
/** Returns the values that are not blank, untrimmed, by names in lower case. */
function nonEmptyInputs(dictionary) {
	return new Map(Object.entries(dictionary).map(([name, value]) => [name.toLowerCase(), value]).filter(([, value]) => value.trim() !== ""));
}
/** Reports names that are not in the table: an error if one resembles an input, otherwise a warning. */
function unknownInputs(table, given) {
	const known = Object.values(table).flatMap((input) => input.alias ? [input.name, input.alias.name] : [input.name]);
	const unknown = [...given.keys()].filter((name) => !known.includes(name)).map((name) => ({
		name,
		meant: nearest(name, known)
	}));
	return {
		errors: unknown.flatMap(({ name, meant }) => meant ? [{
			input: name,
			state: "unknown",
			message: `did you mean \`${meant}\`?`
		}] : []),
		warnings: unknown.flatMap(({ name, meant }) => meant ? [] : [`\`${name}\` is not an input of this action and is ignored.`])
	};
}
function valueOf(input, given, errors, yaml) {
	if (input.required && !given.has(input.name)) {
		errors.push({
			input: input.name,
			state: "required",
			message: `set it to ${input.expected}`
		});
		return;
	}
	try {
		return "read" in input ? readYaml(input, given, yaml) : parse$1(input, given);
	} catch (error) {
		if (!(error instanceof InputError || error instanceof InputErrors)) throw error;
		const all = error instanceof InputErrors ? error.all : [{ message: error.message }];
		const name = error instanceof InputError && error.input || givenName(input, given);
		errors.push(...all.map((one) => ({
			...one,
			input: name
		})));
		return;
	}
}
function parse$1(input, given) {
	const text = textOf(input, given) ?? input.defaultValue;
	return text === void 0 ? void 0 : input.parse(text);
}
function readYaml({ name, read }, given, yaml) {
	const text = given.get(name);
	if (text === void 0) return void 0;
	if (!yaml) throw new Error(`\`${name}\` cannot be read without the package yaml`);
	return read(text, yaml);
}
/** Returns the name under which the workflow sets an input. */
function givenName({ name, alias }, given) {
	return alias && given.has(alias.name) && !given.has(name) ? alias.name : name;
}
/** Returns the value of an input or of its alias. Undefined if neither is set. */
function textOf(input, given) {
	const text = given.get(input.name)?.trim();
	const { alias } = input;
	const aliased = alias && given.get(alias.name)?.trim();
	if (alias === void 0 || aliased === void 0) return text;
	const converted = convertAlias(alias, aliased);
	if (text !== void 0 && String(input.parse(text)) !== String(input.parse(converted))) throw new InputError(`it contradicts its alias \`${alias.name}\`. Set only one of them`);
	return converted;
}
/** Converts the value of an alias. */
function convertAlias({ name, convert }, text) {
	if (!convert) return text;
	try {
		return convert(text);
	} catch (error) {
		throw error instanceof InputError ? new InputError(error.message, name) : error;
	}
}
/** Sorts errors in the order of the table, which is the order of the documentation. */
function inTableOrder(table, errors) {
	const names = Object.values(table).flatMap(({ name, alias }) => [name, alias?.name]);
	return errors.toSorted((one, other) => names.indexOf(one.input) - names.indexOf(other.input));
}

// src/inputs/address.ts
const hostname = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const ipv6 = /^[0-9a-f:.]+$/i;
/**
* Parses the address of a Teleport Proxy. Returns `host:port`, because tbot rejects an address without
* a port. Accepts a leading `https://` and one trailing `/`; the port defaults to 443. An IPv6 address
* must be in brackets. Throws an InputError.
*/
function parseAddress(text) {
	return parse(text, {
		name: "Teleport Proxy",
		defaultPort: 443
	});
}
/** Parses the address of an Auth Service in the same way; the port defaults to 3025. */
function parseAuthServer(text) {
	return parse(text, {
		name: "Teleport Auth Service",
		defaultPort: 3025
	});
}
function parse(text, server) {
	const [rest, scheme] = withoutScheme(text, server);
	const bare = rest.endsWith("/") ? rest.slice(0, -1) : rest;
	if (bare.includes("@")) throw new InputError("it contains `@`. Specify only host and port");
	if (/\s/.test(bare)) throw new InputError("it contains whitespace. Specify one `host:port`");
	if (/[/?#]/.test(bare)) throw new InputError(`\`${text}\` contains a path. Specify only host and port`);
	if (scheme && bare === "") throw new InputError(`\`${text}\` has no host name`);
	const { host, port } = split(bare, server);
	return `${host}:${port}`;
}
function withoutScheme(text, { name: kind }) {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
	if (!scheme) return [text, void 0];
	const name = scheme[1]?.toLowerCase();
	if (name === "https") return [text.slice(scheme[0].length), name];
	if (name === "http") throw new InputError(`\`http://\` is not supported, because a ${kind} requires TLS`);
	throw new InputError(`\`${name}://\` is not supported. Specify the ${kind} as \`host:port\``);
}
function split(text, server) {
	const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
	if (bracketed) {
		const host = `[${bracketed[1]}]`;
		if (!URL.canParse(`https://${host}`)) throw new InputError(`\`${bracketed[1]}\` is not an IPv6 address`);
		return {
			host,
			port: portOf(bracketed[2], text, server)
		};
	}
	const parts = text.split(":");
	if (parts.length > 2) throw new InputError(ipv6.test(text) ? `an IPv6 address must be in brackets: \`[${text}]:${server.defaultPort}\`` : `\`${text}\` is not an address. Specify \`host:port\``);
	const host = text.replace(/:.*/s, "");
	if (!isHost(host)) throw new InputError(`\`${host}\` is not a host name`);
	return {
		host,
		port: portOf(parts[1], text, server)
	};
}
/** Rejects `127.1` and `0x7f.1`, which a URL resolves to IPv4 addresses but tbot to host names. */
function isHost(host) {
	const url = `https://${host}`;
	return hostname.test(host) && URL.canParse(url) && new URL(url).hostname === host.toLowerCase();
}
function portOf(text, address, server) {
	if (text === void 0) return server.defaultPort;
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) throw new InputError(`the port of \`${address}\` must be a number from 1 to 65535`);
	return port;
}

// src/services/read.ts
/**
* Reads the input `services`, a YAML list with the keys of tbot's own `services`. Rejects unknown keys,
* which tbot ignores. Throws InputErrors with the positions of all errors.
*/
function readServices(text, yaml) {
	const collector = collectErrors();
	const list = parseYaml(text, yaml, collector.addError);
	const requests = list ? requestsOf(list, collector.addError) : [];
	if (collector.inOrder().length === 0) return requests;
	for (const { request, message } of nameErrors(requests)) collector.addError(request.at ?? start, message);
	throw new InputErrors(collector.inOrder());
}
function requestsOf(list, addError) {
	if (list.kind === "unread") return [];
	if (list.kind !== "list") {
		notAList(list, addError);
		return [];
	}
	return list.items.flatMap((item) => {
		if (item.kind === "map") return requestOf(item, addError) ?? [];
		if (item.kind !== "unread") addError(item.at, `an entry must be a mapping, such as \`type: application\`${spaceHint(item)}`);
		return [];
	});
}
/** Reports a value that is not a list, such as a whole tbot.yaml. */
function notAList(tree, addError) {
	const pasted = tree.kind === "map" && tree.entries.find(({ key }) => key === "services" || key === "outputs");
	if (pasted) addError(pasted.at, `the value is a mapping, not a list. Paste only the list under \`${pasted.key}:\``);
	else addError(tree.at, "the value must be a list. Begin each entry with `- `");
}
/** Without a space, `type:application` is one YAML string, not a mapping. */
function spaceHint(item) {
	return item.kind === "scalar" && /^\w+:\S/.test(item.text ?? "") ? ". Add a space after the colon" : "";
}
function requestOf(entry, addError) {
	const type = typeOf(entry, addError);
	const { addError: note, hasErrors } = trackErrors(addError);
	const name = nameOf(entry, note);
	if (type === void 0) return void 0;
	const rest = entry.entries.filter(({ key }) => key !== "type" && key !== "name");
	const descriptor = descriptorOf(type);
	const hint = name === void 0 ? "" : ". `name` is only the name of the credential";
	const naming = {
		what: `\`${type}\``,
		refused,
		hint,
		addError: note
	};
	const settings = readMapping({
		...entry,
		entries: rest
	}, descriptor.fields, naming);
	const unread = new Set(rest.map(({ key }) => key).filter((key) => !Object.hasOwn(settings, key)));
	descriptor.check?.(settings, (key, message) => note(placeOf(entry, key), message), unread);
	if (hasErrors() || !isWhole(entry)) return void 0;
	return {
		service: serviceOf(type, settings),
		input: "services",
		at: entry.at,
		...name === void 0 ? {} : { name }
	};
}
/** Settings that were read with the fields of this type, without an error. */
function serviceOf(type, settings) {
	return {
		type,
		...settings
	};
}
const refused = { destination: "remove `destination`: the action chooses the directory and reports it in the outputs" };
/** Returns the type of an entry, if the action supports it. */
function typeOf(entry, addError) {
	const given = find(entry, "type");
	if (given?.value.kind === "unread") return void 0;
	const type = given?.value.kind === "scalar" ? given.value.text : void 0;
	const at = given?.value.at ?? entry.at;
	if (type === void 0 || type === "") return addError(at, "a service requires `type`");
	if (isServiceType(type)) return type;
	return addError(at, whyNot(type));
}
function whyNot(type) {
	const reason = Object.hasOwn(refusedTypes, type) ? refusedTypes[type] : void 0;
	if (reason !== void 0) return reason;
	const known = serviceTypes.map((descriptor) => descriptor.type);
	const meant = aliased(type) ?? nearest(type, known);
	return meant === void 0 ? `unknown service type. Known types: ${known.join(", ")}` : `unknown service type. Did you mean \`${meant}\`?`;
}
function aliased(alias) {
	return serviceTypes.find(({ type }) => descriptorOf(type).aliases?.includes(alias))?.type;
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
/** Returns the place of a key of an entry, or of the entry itself if it lacks the key. */
function placeOf(entry, key) {
	return find(entry, key)?.at ?? entry.at;
}

// src/services/targets.ts
/**
* Parses comma- or newline-separated names of applications or Kubernetes clusters; drops duplicates.
* Errors do not show a name, because it can be a password. Throws InputErrors.
*/
function parseNames(text) {
	return [...new Set(parseEach(partsOf(text, /[,\n]/), parseName))];
}
/**
* The names of Kubernetes clusters have only these characters (api/types/kubernetes.go), and those of
* applications become a part of a host name.
*/
function parseName(name, number) {
	const foreign = /[^\w.-]/u.exec(name)?.[0];
	if (foreign === void 0) return name;
	if (/\s/.test(foreign)) throw new InputError(`entry ${number} contains a space. Separate names with commas or line breaks`);
	const shown = isPrintable(foreign) ? `\`${foreign}\`` : "a control character";
	throw new InputError(`entry ${number} contains ${shown}. A name consists of letters, digits, \`.\`, \`_\` and \`-\``);
}
/**
* Parses one database per line: `service`, `service/database` or `service/database/username`. Throws
* InputErrors.
*/
function parseDatabases(text) {
	return parseEach(linesOf(text), (line, number) => parseDatabase(line, number, text));
}
/**
* Parses one database per line: `service/database/username`. All parts are required, because tbot
* connects as this user. Throws InputErrors.
*/
function parseDatabaseTunnels(text) {
	return parseEach(linesOf(text), (line, number) => {
		const { service, database, username } = parseDatabase(line, number, text);
		if (database !== void 0 && username !== void 0) return {
			service,
			database,
			username
		};
		throw new InputError(`${entryName(line, number, text)} is not \`service/database/username\`. A tunnel requires all three`);
	});
}
function linesOf(text) {
	return [...new Set(partsOf(text, /\n/))];
}
/** Splits at most twice, because user names contain `/` and `,`. */
function parseDatabase(line, number, text) {
	const shown = entryName(line, number, text);
	if (!isPrintable(line)) throw new InputError(`entry ${number} contains a control character`);
	const [, service = "", database, username] = /^([^/]*)(?:\/([^/]*)(?:\/(.*))?)?$/.exec(line) ?? [];
	if (service === "" || database === "" || username === "") throw new InputError(`${shown} is not \`service\`, \`service/database\` or \`service/database/username\``);
	if (/,\s/.test(line) || /,/.test(service + (database ?? ""))) throw new InputError(`${shown} contains a comma. Specify one database per line`);
	return {
		service,
		...database === void 0 ? {} : { database },
		...username === void 0 ? {} : { username }
	};
}
function partsOf(text, separator) {
	const parts = text.split(separator).map((part) => part.trim()).filter((part) => part !== "");
	if (parts.length === 0) throw new InputError("it contains only separators");
	return parts;
}

// src/inputs/table.ts
const required = (name, expected, parse) => ({
	name,
	parse,
	required: true,
	expected,
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
	token: required("token", "the name of a join token", parseTokenName),
	joinMethod: defaulted("join-method", "auto", oneOf("auto", ...joinMethods)),
	azureClientId: optional("azure-client-id", parseClientId),
	onboarding: yaml("onboarding", readOnboarding),
	services: yaml("services", readServices),
	kubernetesCluster: optional("kubernetes-cluster", parseNames),
	app: optional("app", parseNames),
	database: optional("database", parseDatabases),
	applicationTunnel: optional("application-tunnel", parseNames),
	databaseTunnel: optional("database-tunnel", parseDatabaseTunnels),
	leafCluster: optional("leaf-cluster", parseLine),
	allowReissue: defaulted("allow-reissue", "false", parseBoolean),
	certificateTtl: {
		...defaulted("certificate-ttl", "1h", parseDuration),
		alias: { name: "credential-ttl" }
	},
	mode: defaulted("mode", "oneshot", oneOf("oneshot", "background")),
	renewalInterval: optional("renewal-interval", parseDuration),
	version: defaulted("version", "auto", parseVersionInput),
	edition: defaulted("edition", "auto", oneOf("auto", "oss", "enterprise", "cloud")),
	fips: defaulted("fips", "auto", parseFips),
	installFrom: defaulted("install-from", "auto", oneOf("auto", "image", "archive")),
	mirror: optional("mirror", parseMirror),
	checksum: optional("checksum", parseChecksums),
	signatureKey: optional("signature-key", parseSignatureKey),
	signatureExtension: defaulted("signature-extension", "sig", parseSignatureExtension),
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

// src/inputs/inputs.ts
/**
* Reads the inputs of a step. An empty input counts as absent. `yaml` is required if `holdsYaml`
* returns true. Throws one Problem `inputs` with all errors.
*/
function readInputs(dictionary, yaml) {
	const { inputs, warnings } = readTable(inputTable, conflicts$1, dictionary, yaml);
	const { proxy: _, authServer: __, caPins: ___, ...rest } = inputs;
	return {
		inputs: {
			...rest,
			endpoint: endpointOf(inputs)
		},
		warnings,
		notices: noticesOf(inputs)
	};
}
/** Whether an input contains YAML, so that the package `yaml` has to be loaded, which is slow. */
function holdsYaml(dictionary) {
	const names = Object.values(inputTable).flatMap((input) => "read" in input ? [input.name] : []);
	return [...nonEmptyInputs(dictionary).keys()].some((given) => names.some((name) => name === given));
}
function endpointOf({ proxy, authServer, caPins = [] }) {
	if (authServer !== void 0) return {
		kind: "auth-server",
		address: authServer,
		caPins: caPins.map((pin) => pin.toLowerCase())
	};
	if (proxy === void 0) throw new Error("neither `proxy` nor `auth-server` is set");
	return {
		kind: "proxy",
		address: proxy
	};
}
/**
* Returns a line for each input with the value that applies, such as `certificate-ttl: 1h (default)`,
* and the lines of inputs that contain YAML. Omits absent inputs without a default. `masked` contains
* the texts that replace values with secrets.
*/
function inputLines(dictionary, masked) {
	const given = nonEmptyInputs(dictionary);
	return Object.values(inputTable).flatMap((input) => {
		const { name } = input;
		if ("read" in input) return yamlLines(name, masked[name] ?? given.get(name));
		const text = textOf(input, given);
		const value = text ?? input.defaultValue;
		if (value === void 0) return [];
		return [`${name}: ${masked[name] ?? withoutPassword(value.split(/\s*\n\s*/).join(", "))}${text === void 0 ? " (default)" : ""}`];
	});
}
function yamlLines(name, text) {
	if (text === void 0) return [];
	const lines = withoutPassword(text).trimEnd().split("\n");
	return [`${name}:`, ...lines.map((line) => `  ${line}`)];
}
function withoutPassword(text) {
	return text.includes("@") ? notShown : text;
}

// src/publish/markdown.ts
/** Returns the lines of a list and an empty line; nothing for no sentences. */
function bullets$1(sentences) {
	return sentences.length === 0 ? [] : [...sentences.map((text) => `- ${text}`), ""];
}
/** Returns the lines of a code block that `text` cannot end, and an empty line; nothing for no text. */
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
* Returns text that Markdown displays literally, without links, images or HTML, because it can contain
* an input or a name from the network. Keeps code spans.
*/
function plain(text) {
	return text.replaceAll(/\s+/g, " ").split(codeSpan).map((part, index) => index % 2 === 1 ? part : withoutLinks(part)).join("");
}
/** Text that GitHub turns into links: addresses, mentions, issues and commits. */
const linked = /@|:\/\/|www\.|#\d|GH-\d|[0-9a-f]{7}/i;
function withoutLinks(text) {
	return text.split(" ").map((word) => linked.test(word) ? codeInSentence(word) : escaped(word)).join(" ");
}
/** Keeps the punctuation around a word, such as the period after a URL, out of the code span. */
function codeInSentence(word) {
	const [, before = "", inner = word, after = ""] = /^(["(]*)(.+?)([")]*[.,:;]*)$/.exec(word) ?? [];
	return `${escaped(before)}${code(inner)}${escaped(after)}`;
}
function escaped(text) {
	return text.replaceAll(/[<>&[\]`\\]/g, entity);
}
/**
* Returns text in code spans, the only form in which GitHub makes no links: it searches for e-mail
* addresses after decoding entities (cmark-gfm, extensions/autolink.c), and for mentions in the
* final HTML. Characters that would end a span or a table cell are written between spans, as
* entities.
*/
function code(text) {
	return text.replaceAll(/\s+/g, " ").replaceAll(/[^`|\\]+|[`|\\]/g, (part) => /[`|\\]/.test(part) ? entity(part) : `\`${part}\``);
}
function entity(character) {
	return `&#${character.codePointAt(0)};`;
}

// src/publish/summary.ts
/** Returns the job summary of a successful join, in Markdown. */
function successSummary({ credentials, background }, outputs) {
	return [
		"### Teleport credentials",
		"",
		joinSentence(outputs),
		"",
		...credentialTable(credentials),
		"",
		...background ? [backgroundSentence(background), ""] : []
	].join("\n");
}
/** Returns a sentence about the tbot that keeps running. */
function backgroundSentence({ pid, interval }) {
	return `tbot keeps running in the background (process ${pid}) and renews the credentials every ${formatDuration(interval)} until the job ends.`;
}
function credentialTable(credentials) {
	if (credentials.length === 0) return ["No credentials were requested."];
	const tunnels = credentials.some(({ listen }) => listen !== void 0);
	const row = (cells) => `| ${(tunnels ? cells : cells.slice(0, -1)).join(" | ")} |`;
	return [
		row([
			"Credential",
			"Type",
			"Expires",
			"Address"
		]),
		row([
			"",
			"",
			"",
			""
		]).replaceAll(/\| +(?=\|)/g, "|---"),
		...credentials.map(({ name, type, expiresAt, listen }) => row([
			code(name),
			code(type),
			rfc3339(expiresAt) || (listen === void 0 ? "never" : ""),
			listen === void 0 ? "" : code(listen)
		]))
	];
}
function joinSentence(outputs) {
	const { cluster, bot, "join-method": method } = outputs;
	const joined = `Joined ${cluster === "" ? "the cluster" : code(cluster)}`;
	const as = bot === "" ? "" : ` as bot ${code(bot)}`;
	const tbot = `tbot ${code(outputs["tbot-version"])} (source: ${code(outputs["tbot-source"])})`;
	return `${joined}${as} with join method ${code(method)} and ${tbot}.`;
}
/** Returns the job summary of a dry run, in Markdown. `obstacle`: why this job cannot join. */
function dryRunSummary({ obstacle, heading, actions, config }) {
	return [
		"### Teleport credentials: dry run",
		"",
		"This step did not join the cluster and issued no credentials.",
		"",
		...obstacle === void 0 ? [] : [plain(obstacle), ""],
		heading,
		"",
		...bullets$1(actions),
		"Configuration of tbot:",
		"",
		...fenced("yaml", config)
	].join("\n");
}
/**
* Returns the job summary of a Problem, in Markdown. `section` explains its code: a URL, or a path
* in the repository of the action. `redact` removes secrets, which the CI system does not recognize
* once they are escaped. With `renewal`, a sentence, the credentials could not be renewed.
*/
function problemSummary(problem, section, redact = (text) => text, renewal) {
	const { code: name, message, errors, fix, notes, facts, paste } = problem;
	const shown = (text) => plain(redact(text));
	return [
		renewal === void 0 ? `### Teleport credentials failed: \`${name}\`` : `### Teleport credentials: renewal failed: \`${name}\``,
		"",
		...renewal === void 0 ? [] : [shown(renewal), ""],
		shown(message),
		"",
		...bullets$1(errors.map(shown)),
		shown(fix),
		"",
		...bullets$1(notes.map(shown)),
		...fenced("yaml", paste ?? ""),
		...facts ? [
			shown(facts.title),
			"",
			...fenced("text", facts.lines.join("\n"))
		] : [],
		URL.canParse(section) ? `[More about \`${name}\`](${section})` : `See \`${section}\`.`,
		""
	].join("\n");
}

// src/text/size.ts
/** Formats a number of bytes: `24.1 MB`, `3.5 kB`. */
function formatSize(bytes) {
	return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// src/publish/timeline-section.ts
/**
* Returns the part of a job summary that shows where the time went, in Markdown; nothing before the
* first phase. After a failure, marks the last phase. `redact` removes secrets, which the CI system
* does not recognize once they are escaped.
*/
function timelineSection({ phases, findings, seconds }, end = "succeeded", redact = (text) => text) {
	if (phases.length === 0) return "";
	const shown = (text) => code(redact(text));
	const last = phases.length - 1;
	return [
		"",
		`<details><summary>Duration: ${seconds.toFixed(1)} s</summary>`,
		"",
		"| Phase | Duration | Details |",
		"|---|---|---|",
		...phases.map(({ phase, seconds: taken }, index) => {
			const details = [...end === "failed" && index === last ? ["failed"] : [], ...detailsOf(phase, findings, shown)].join(", ");
			return `| ${phase} | ${taken.toFixed(2)} s | ${details} |`;
		}),
		"",
		"</details>",
		""
	].join("\n");
}
/** Returns the phases and their durations as a sentence, for the log. */
function timelineSentence({ phases, seconds }) {
	const list = phases.map(({ phase, seconds: taken }) => `${phase.toLowerCase()} ${taken.toFixed(2)} s`);
	return `Duration: ${seconds.toFixed(1)} s (${list.join(", ")}).`;
}
function detailsOf(phase, { cluster, serverVersion, version, source, downloaded, attempts = 1 }, shown) {
	switch (phase) {
		case "Resolve": return [
			...cluster === void 0 ? [] : [`cluster ${shown(cluster)}`],
			...serverVersion === void 0 ? [] : [`Teleport ${shown(serverVersion)}`],
			...version === void 0 ? [] : [`tbot ${shown(version)}`]
		];
		case "Install": return [...source === void 0 ? [] : [shown(source)], ...downloaded === void 0 ? [] : [`${formatSize(downloaded)} downloaded`]];
		case "Join": return attempts > 1 ? [`${attempts} attempts`] : [];
		case "Publish": return [];
		default: return phase;
	}
}

// src/report.ts
const title = "machine-id-action";
/** The page with a section for each code of a Problem. */
const problemsPage = "docs/problems.md";
/** The number of errors that the annotation lists; the log lists all of them. */
const maxAnnotated = 5;
/**
* Reports a failure as one annotation, followed by notes, the text to paste, facts and, in a group, the
* end of the failed program's log. No other file reports failures. An error that is not a Problem is a
* bug of the action. `summary` adds a job summary, with the phases of the timeline.
*/
async function report(failure, ci, summary, timeline) {
	if (!(failure instanceof Problem)) {
		ci.failure?.(failure, void 0);
		reportBug(failure, ci);
		return;
	}
	const section = sectionOf(failure, ci);
	ci.failure?.(failure, section);
	ci.fail(`${title}: ${failure.code}`, annotationOf(failure, section));
	printDetails(failure, ci);
	if (!summary) return;
	const text = problemSummary(failure, section, ci.redact);
	const phases = timeline === void 0 ? "" : timelineSection(timeline, "failed", ci.redact);
	await ci.summary(`${text}${phases}`).catch(() => void 0);
}
/**
* Reports as a warning that a tbot in the background cannot renew the credentials. `what` is a sentence
* about the consequence.
*/
async function reportRenewalFailure(problem, what, ci, summary) {
	const section = sectionOf(problem, ci);
	ci.warning(`${title}: ${problem.code}`, `${what}\n${annotationOf(problem, section)}`);
	printDetails(problem, ci);
	const text = problemSummary(problem, section, ci.redact, what);
	if (summary) await ci.summary(text).catch(() => void 0);
}
/** Returns the section that explains a code: a URL, or a path in the repository of the action. */
function sectionOf({ code }, { documentationUrl }) {
	return documentationUrl(problemsPage, code) ?? `${problemsPage}#${code}`;
}
/** Prints what the annotation does not contain. */
function printDetails(failure, ci) {
	const { errors, notes, facts, paste, log } = failure;
	if (errors.length > maxAnnotated) for (const line of bullets(errors)) ci.info(line);
	for (const note of notes) ci.info(note);
	if (paste !== void 0) ci.info(`\n${paste}\n`);
	if (facts) for (const line of [facts.title, ...indented(facts.lines)]) ci.info(line);
	if (log.length > 0) ci.group("End of tbot's log", log);
	if (failure.cause !== void 0) ci.debug(stackOf(failure.cause));
}
function annotationOf({ message, errors, fix }, section) {
	const more = errors.length - maxAnnotated;
	return [
		message,
		...bullets(errors.slice(0, maxAnnotated)),
		...more > 0 ? [`- and ${more} more in the log`] : [],
		fix,
		`See ${section}`
	].join("\n");
}
function indented(lines) {
	return lines.map((line) => `  ${line}`);
}
function bullets(errors) {
	return errors.map((error) => `- ${error}`);
}
function reportBug(error, ci) {
	const at = ci.issuesUrl === void 0 ? "" : ` at ${ci.issuesUrl}`;
	ci.fail(`${title}: bug`, `This is a bug in the action, not in your workflow: ${messageOf(error)}\nReport it${at} with the stack trace from the log.`);
	ci.group("Stack trace", stackOf(error).split("\n"));
}
function stackOf(error) {
	return error instanceof Error ? error.stack ?? error.message : String(error);
}

// src/timeline.ts
/** Measures how long the phases of a step take, from its creation on. */
var Timeline = class {
	#start = performance.now();
	#phases = [];
	#findings = {};
	/** Ends the current phase and starts another one. */
	enter(phase) {
		this.#phases.push({
			phase,
			start: performance.now()
		});
	}
	/** Adds findings; later ones replace earlier ones. */
	add(findings) {
		this.#findings = {
			...this.#findings,
			...findings
		};
	}
	get findings() {
		return this.#findings;
	}
	/** The phases until now; none before the first request. */
	get phases() {
		const now = performance.now();
		return this.#phases.map(({ phase, start }, index) => {
			return {
				phase,
				seconds: ((this.#phases[index + 1]?.start ?? now) - start) / 1e3
			};
		});
	}
	/** Seconds since the step started. */
	get seconds() {
		return (performance.now() - this.#start) / 1e3;
	}
};

// src/process/stop.ts
/** The longest timer of Node in milliseconds, which is far longer than a job. */
const longestTimer = 2147483647;
/**
* Listens for the signals by which a CI system cancels a job. GitHub's runner sends SIGINT, and
* SIGTERM 7.5 s later (actions/runner, src/Runner.Sdk/ProcessInvoker.cs).
*/
function listenForStop() {
	const controller = new AbortController();
	const cancel = () => controller.abort(cancelled());
	process.on("SIGINT", cancel).on("SIGTERM", cancel);
	let timer;
	let stage = "starting";
	const timeline = new Timeline();
	return {
		signal: controller.signal,
		after: (seconds) => {
			const expire = () => controller.abort(expired(seconds, stage));
			timer = setTimeout(expire, Math.min(seconds * 1e3, longestTimer));
		},
		during: (next, phase) => {
			stage = next;
			if (phase !== void 0) timeline.enter(phase);
		},
		timeline,
		[Symbol.dispose]: () => {
			clearTimeout(timer);
			process.off("SIGINT", cancel).off("SIGTERM", cancel);
		}
	};
}
function cancelled() {
	return new Problem({
		code: "cancelled",
		what: "The job was cancelled during this step.",
		fix: "No action is needed: the post step removes what this step created."
	});
}
function expired(seconds, stage) {
	return new Problem({
		code: "timeout",
		what: `The step timed out after ${formatDuration(seconds)} while ${stage}.`,
		fix: "Check firewalls and HTTP proxies between the runner and the cluster; increase `timeout` if the connection is only slow."
	});
}

// src/http/tls-environment.ts
const variable = "NODE_TLS_REJECT_UNAUTHORIZED";
/**
* Reports that NODE_TLS_REJECT_UNAUTHORIZED has no effect, because every connection verifies the
* certificate explicitly. Removes the variable from this process, because Node would print that the
* connections are insecure.
*/
function ignoreUnverified({ env, notice }) {
	if (env[variable] !== "0") return;
	delete process.env[variable];
	notice("machine-id-action", `${variable} is 0, but this action always verifies TLS certificates. To trust your own CA, set \`extra-ca-file\` to a PEM file with its certificate.`);
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

// src/main.ts
/** Runs the main step: reads the inputs, acts on them and reports a failure. */
async function main(ci) {
	try {
		var _usingCtx$2 = _usingCtx();
		const stop = _usingCtx$2.u(listenForStop());
		let summary = !/^\s*never\s*$/i.test(ci.inputs["summary"] ?? "");
		try {
			checkNode(process.versions.node);
			maskToken(ci);
			maskPasswords(ci);
			for (const line of privateKeyLines(ci.inputs["signature-key"] ?? "")) ci.mask(line);
			const { inputs, warnings, notices } = readInputs(ci.inputs, await yamlFor(ci.inputs));
			for (const secret of secretsOf(inputs.onboarding ?? {})) ci.mask(secret);
			for (const warning of warnings) ci.warning("machine-id-action", warning);
			for (const notice of notices) ci.notice("machine-id-action", notice);
			ignoreUnverified(ci);
			summary = inputs.summary !== "never";
			stop.after(inputs.timeout);
			const { runStep } = await import("./step.js");
			await runStep(inputs, ci, stop);
		} catch (error) {
			const { aborted, reason } = stop.signal;
			const failure = aborted && !(error instanceof Problem) ? reason : error;
			await report(failure, ci, summary, stop.timeline);
		}
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		_usingCtx$2.d();
	}
}
/** Loads the YAML package only if an input contains YAML, because it is slow to load. */
async function yamlFor(inputs) {
	if (!holdsYaml(inputs)) return void 0;
	const { loadYaml } = await import("./load.js");
	return loadYaml();
}
/** Masks a secret join token before the inputs are read, because they may be invalid. */
function maskToken({ inputs, mask }) {
	const method = (inputs["join-method"] ?? "").trim().toLowerCase().replaceAll("-", "_");
	if (isJoinMethod(method) && methodOf(method).secretToken) mask((inputs["token"] ?? "").trim());
}
/** A password in a URL. A shorter one could be any word, and masking it would garble the log. */
const urlPassword = /:\/\/[^\s/:@]*:([^\s/@]{4,})@/g;
/**
* Masks passwords in the URLs of inputs and HTTP proxies: one in an unexpected input, such as `token`,
* reaches the cluster and tbot, which repeat it.
*/
function maskPasswords({ inputs, env, mask }) {
	const proxies = Object.entries(env).filter(([name]) => /_proxy$/i.test(name));
	for (const value of [...Object.values(inputs), ...proxies.map(([, proxy]) => proxy ?? "")]) for (const [, password = ""] of value.matchAll(urlPassword)) mask(password);
}
/**
* Throws a Problem `platform` if Node is too old. A runner without `node24` rejects the action, but act
* runs it with any Node on PATH.
*/
function checkNode(version) {
	if (Number.parseInt(version, 10) >= 24) return;
	throw new Problem({
		code: "platform",
		what: `This action requires Node 24, but it was started with Node ${version}.`,
		fix: "Update the runner to 2.327.1 or newer. With act, put Node 24 first on PATH."
	});
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

// src/setup/setup.ts
/** Runs the step of ./setup: puts tbot, tsh and tctl on PATH, without a join. */
async function setup(ci) {
	try {
		var _usingCtx$1 = _usingCtx();
		const stop = _usingCtx$1.u(listenForStop());
		try {
			for (const line of privateKeyLines(ci.inputs["signature-key"] ?? "")) ci.mask(line);
			const { inputs, warnings } = readSetupInputs(ci.inputs);
			for (const warning of warnings) ci.warning("machine-id-action", warning);
			ignoreUnverified(ci);
			stop.after(inputs.timeout);
			const { provide } = await import("./provide.js");
			await provide({
				...inputs,
				edition: editionOf(inputs),
				tbotPath: void 0
			}, ci, stop);
		} catch (error) {
			const { aborted, reason } = stop.signal;
			await report(aborted && !(error instanceof Problem) ? reason : error, ci, false);
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}
/** All inputs of setup/action.yml in their order; the first three exist in teleport-actions/setup. */
const setupTable = {
	version: defaulted("version", "auto", parseVersionInput),
	proxy: optional("proxy", parseAddress),
	enterprise: optional("enterprise", parseBoolean),
	edition: defaulted("edition", "auto", oneOf("auto", "oss", "enterprise", "cloud")),
	fips: defaulted("fips", "auto", parseFips),
	tools: defaulted("tools", "tsh, tctl", parseTools),
	installFrom: defaulted("install-from", "auto", oneOf("auto", "image", "archive")),
	mirror: optional("mirror", parseMirror),
	checksum: optional("checksum", parseChecksums),
	signatureKey: optional("signature-key", parseSignatureKey),
	signatureExtension: defaulted("signature-extension", "sig", parseSignatureExtension),
	extraCaFile: optional("extra-ca-file", parsePath),
	timeout: defaulted("timeout", "5m", parseDuration)
};
/** Reads the inputs of ./setup. Throws one Problem `inputs` with all errors. */
function readSetupInputs(dictionary) {
	return readTable(setupTable, conflicts, dictionary);
}
/** Returns the edition; the input `enterprise` is its older form. */
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
		version?.kind === "installed" && {
			input: "version",
			message: "`installed` is not supported here. Set `auto` or an exact version"
		},
		version?.kind === "auto" && !given.has("proxy") && {
			input: "version",
			message: "`auto` requires `proxy`. Set `proxy` or an exact version"
		},
		enterprise !== void 0 && edition !== void 0 && edition !== "auto" && enterprise !== (edition !== "oss") && {
			input: "enterprise",
			message: "it contradicts `edition`. Set only one of them"
		},
		...version?.kind === "installed" ? [] : downloadConflicts(download, given)
	].filter((error) => error !== false);
}

export { imdsCommand as $, requestedLifetime as A, idTokenPermissions as B, newestKubernetes as C, placeName as Ct, rolesOf as D, credentialNames as E, secretKeys as F, claimNames as G, onlyOwnPullRequests as H, secretsOf as I, ruleLines$1 as J, claimLines as K, isJoinMethod as L, intervalFor as M, longestInterval as N, descriptorOf as O, onboardingOf as P, computePath as Q, methodOf as R, kubernetesSupport as S, InputErrors as St, named as T, permissionsToAdd as U, noIdToken as V, allowEntry as W, messageOf as X, Problem as Y, azureAllowEntry as Z, isImageMirror as _, nearest as _t, plainLines as a, supports as at, metadataHosts as b, printable as bt, report as c, parseVersion as ct, timelineSentence as d, isRecord as dt, yamlScalar as et, backgroundSentence as f, parseJson as ft, inputTable as g, parseBoolean as gt, inputLines as h, privateKeyLines as ht, secretSet as i, supportingTbot as it, listenAddressOf as j, lifetimeSettings as k, reportRenewalFailure as l, formatDuration as lt, successSummary as m, parsePublicKeys as mt, setupTable as n, requestUri as nt, main as o, compareVersions as ot, dryRunSummary as p, property as pt, isPattern as q, githubActions as r, orNewer as rt, _usingCtx as s, formatVersion as st, setup as t, accessToken as tt, timelineSection as u, rfc3339 as ut, bareHost as v, command as vt, requestsFor as w, namesLoopback as x, quoted as xt, isLoopback as y, listed as yt, hasIdTokenEndpoint as z };