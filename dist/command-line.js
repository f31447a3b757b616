import { J as messageOf, a as plainLines, c as report, ct as parseJson, ft as parseBoolean, g as inputTable, ht as listed, i as secretSet, n as setupTable, o as main, pt as nearest, q as Problem, s as _usingCtx, st as isRecord, t as setup } from "./shared.js";
import { A as unwritable, D as createWorkdir, M as workdirRoot, N as workdirState, O as deliver, R as writeMarker, S as removeWorkdir, T as leftoverTitle, W as codeOf, _ as positionOf, b as endProcessesOf, g as callsOf, w as leftoverText, y as reportBackgroundAt, z as writePrivately } from "./install.js";
import { l as isTaken, s as exists } from "./diagnosis.js";
import { createHash, randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readFileSync, readdirSync, unlinkSync, writeSync } from "node:fs";
import { link, lstat, readFile, rename, unlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { tmpdir } from "node:os";

// src/ci/shell/saved-state.ts
function savedState(temp, job) {
	const path = temp === void 0 ? void 0 : stateFile(temp, job);
	return {
		save: (name, value) => append(path ?? "", `${JSON.stringify({
			name,
			value
		})}\n`),
		values: (name) => (path === void 0 ? [] : read(path)).flatMap((one) => one.name === name ? [one.value] : []),
		exists: () => path !== void 0 && read(path).length > 0,
		clear: () => {
			if (path !== void 0 && read(path).length > 0) unlinkSync(path);
		}
	};
}
/** Milliseconds. */
const day = 864e5;
/**
* Removes the files of jobs that were killed: those that are older than a day and name nothing that still
* exists. Never throws.
*/
function sweepStates(temp) {
	if (temp === void 0) return;
	try {
		for (const name of readdirSync(temp).filter((one) => stateName.test(one))) {
			const path = join(temp, name);
			if (read(path).every(({ value }) => !existsSync(value)) && Date.now() - lstatSync(path).mtimeMs > day) unlinkSync(path);
		}
	} catch {}
}
const stateName = /^machine-id-[0-9a-f]{16}\.state$/;
/** Other users share the directory, and their jobs can have the same name. */
function stateFile(temp, job) {
	const key = JSON.stringify([process.getuid?.(), job]);
	return join(temp, `machine-id-${createHash("sha256").update(key).digest("hex").slice(0, 16)}.state`);
}
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** One write for each value, because commands of a job can run at the same time. */
function append(path, line) {
	const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 384);
	try {
		if (!isOwn(file)) throw Object.assign(/* @__PURE__ */ new Error(`${path} belongs to another user`), {
			code: "EACCES",
			syscall: "open",
			path
		});
		writeSync(file, line);
	} finally {
		closeSync(file);
	}
}
function read(path) {
	try {
		const file = openSync(path, O_RDONLY | O_NOFOLLOW);
		try {
			return (isOwn(file) ? readFileSync(file, "utf8").split("\n") : []).map(parseJson).filter(isSavedValue);
		} finally {
			closeSync(file);
		}
	} catch {
		return [];
	}
}
function isOwn(file) {
	const stats = fstatSync(file);
	return stats.isFile() && stats.uid === (process.getuid?.() ?? stats.uid);
}
function isSavedValue(json) {
	return isRecord(json) && typeof json["name"] === "string" && typeof json["value"] === "string";
}

// src/ci/shell/words.ts
/**
* Replaces GitHub's words in a message. The messages of `src` are written for GitHub Actions; a test
* translates all of them and fails if a word of GitHub remains.
*/
function translated(text, words) {
	return words.reduce((rest, [phrase, other]) => rest.replaceAll(phrase, other), text);
}
/** The words of a plain shell. Other systems put their own in front. */
const shellWords = [
	[/\bInput `([a-z-]+)`/g, "Option `--$1`"],
	["Correct the `with:` block of the step.", "Correct the options of the command."],
	["Correct the value in the `with:` block of the step.", "Correct the option, or its variable (`MACHINE_ID_` and the name)."],
	["Correct the name in the `with:` block of the step.", "Correct the name of the option or variable."],
	["Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.", "Add the option to the command, or set its variable (`MACHINE_ID_` and the name). An empty value counts as not set."],
	["An empty input is treated as not set. An expression with an undefined variable is empty.", "An option with an empty value counts as not set."],
	["in the `env:` of the step", "in the environment of the command"],
	["Run this action on a GitHub Actions runner, which sets RUNNER_TEMP.", "Set TMPDIR to a directory that this user can write to."],
	["the runner's temporary directory (RUNNER_TEMP)", "the temporary directory (TMPDIR)"],
	["RUNNER_TEMP", "TMPDIR"],
	["run the job again with debug logging enabled", "run the command again with `--debug`"],
	["RUNNER_TOOL_CACHE is not set", "this system has no tool cache"],
	["No action is needed: the post step removes what this step created.", "No action is needed: this command removes what it has created."],
	["If a private directory remains, the post step tries again when the job ends.", "Run `machine-id scrub` again once the cause is removed."],
	["If a step of this job created the directory, the post step of that step removes it.", "If a command of this job created the directory, `machine-id scrub` removes it."],
	["the post step restores", "`machine-id scrub --exports FILE` restores"],
	["The post step cannot revoke", "`machine-id scrub` cannot revoke"],
	[/\b(T|t)he post step\b/g, "`machine-id scrub`"],
	["before the next step", "before the next command"],
	["use this action again before the steps that need them", "run this command again before they are needed"],
	["Use two steps", "Use two commands"],
	["in an earlier step", "before this command"],
	["during this step", "during this command"],
	["for this step only", "for this command only"],
	["private directory of this step", "private directory of this command"],
	["from the step", "from the command"],
	[/\bThe step\b/g, "The command"],
	["the whole step", "the whole command"],
	["later steps", "later commands"],
	[/\b(T|t)his step\b/g, "$1his command"],
	["a bug in the action, not in your workflow", "a bug in machine-id, not in your job"],
	["in a workflow with a public log", "in a job with a public log"],
	["; or join with `github` and `permissions: id-token: write`", "; or choose another `join-method`"],
	[/\b[Tt](?:his|he) action\b/g, "machine-id"]
];

// src/ci/shell/shell.ts
/**
* A plain shell, and systems without a port of their own: the job is the script that runs the commands,
* unless a variable names the job.
*/
const shell = {
	name: "shell",
	detect: () => true,
	job: (env) => ({
		key: jobKey(env),
		repository: void 0,
		ref: void 0,
		eventName: void 0,
		fromFork: false,
		publicRepository: true,
		enterpriseServer: void 0
	}),
	directories: (env) => ({
		temp: tempOf(env),
		tempIsShared: true,
		workspace: process.cwd(),
		toolCache: void 0
	}),
	autoJoin: {
		methods: [
			"github",
			"gitlab",
			"circleci",
			"azure_devops",
			"bitbucket",
			"spacelift",
			"terraform_cloud",
			"env0"
		],
		obtain: {
			what: "No variable contains an OIDC token of this job and `azure-client-id` is not set, so it cannot join.",
			fix: "Set `join-method` to a method that this machine can join with.",
			notes: ["On a machine with a managed identity or an instance profile, set `join-method` to `azure`, `iam` or `gcp`.", "With an OIDC token in a variable, set `join-method: generic_oidc` and, in `onboarding`, `generic_oidc: { env: VARIABLE }`."]
		}
	},
	words: shellWords
};
/** Variables of systems without a port of their own, each unique to a job. */
const jobVariables = ["BITBUCKET_STEP_UUID", "BUILD_TAG"];
function jobKey(env) {
	const job = jobVariables.map((name) => env[name]).find(Boolean);
	if (job !== void 0) return `job ${job}`;
	const own = keyOf(process.pid);
	return savedState(tempOf(env), own).exists() ? own : keyOf(scriptOf(process.ppid));
}
function tempOf(env) {
	return resolve(env["TMPDIR"] || tmpdir());
}
/** Ids are reused, so the start time belongs to the key. */
function keyOf(pid) {
	return `shell ${pid} ${statOf(pid).started ?? ""}`;
}
/**
* Returns the shell of a script, from one of its subshells: a pipeline or `( )` runs in a copy of the shell
* with the same command line. Returns the process itself on systems without /proc.
*/
function scriptOf(pid) {
	const command = commandOf(pid);
	const parent = Number(statOf(pid).parent ?? 0);
	return command !== "" && parent > 1 && commandOf(parent) === command ? scriptOf(parent) : pid;
}
function commandOf(pid) {
	return contentOf(`/proc/${pid}/cmdline`);
}
/** Returns fields 4 and 22 of /proc/<pid>/stat (proc(5)); the second field may contain spaces. */
function statOf(pid) {
	const text = contentOf(`/proc/${pid}/stat`);
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const [parent, started] = [fields[1], fields[19]];
	return parent === void 0 || started === void 0 ? {} : {
		parent,
		started
	};
}
function contentOf(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

// src/ci/systems.ts
/** The systems that the command line supports. The plain shell is last, because every job runs in one. */
const systems = [shell];
const systemNames = systems.map(({ name }) => name);
/** The environment of this process. */
function environment() {
	return process.env;
}
/** Returns the system with a name, or the one that runs this job. */
function systemFor(env, name = "") {
	if (name !== "") return systems.find((system) => system.name === name);
	return systems.find((system) => system.detect(env));
}
/** Returns the system that a misspelled name probably stands for. */
function similarSystem(name) {
	return nearest(name, systemNames);
}

// src/ci/shell/text-log.ts
function textLog(system, context, debugging) {
	const { redact, add } = secretSet();
	const safe = (text) => {
		const plain = redact(plainLines(redact(text)));
		return system.inert?.(plain) ?? plain;
	};
	const worded = (text) => redact(translated(text, system.words));
	const print = (text) => {
		for (const line of safe(text).split("\n")) context.write(line);
	};
	return {
		mask: (secret) => {
			if (secret === "") return;
			add(secret);
			system.mask?.(secret, context);
		},
		redact,
		worded,
		info: (text) => print(worded(text)),
		debug: (text) => void (debugging && print(`debug: ${text}`)),
		group: (title, lines) => {
			const safeLines = lines.flatMap((line) => safe(line).split("\n"));
			if (system.group) return system.group(safe(worded(title)), safeLines, context);
			print(`${worded(title)}:`);
			for (const line of safeLines) context.write(`  ${line}`);
		},
		...annotations(system, context, {
			safe,
			worded,
			print
		})
	};
}
function annotations({ annotate }, context, { safe, worded, print }) {
	const at = (level) => (title, text) => {
		const topic = title.replace(/^machine-id-action(: )?/, "");
		const said = worded(text);
		print(`${level}${topic === "" ? "" : ` (${topic})`}: ${said}`);
		annotate?.({
			level,
			title: safe(title),
			text: safe(said)
		}, context);
	};
	return {
		notice: at("notice"),
		warning: at("warning"),
		fail: at("error")
	};
}

// src/ci/shell/text-port.ts
/** Returns the port to a system. */
function textPort(system, options) {
	const { env, inputs, write } = options;
	const context = {
		env,
		write
	};
	const job = jobOf(system, options);
	const directories = system.directories(env);
	const debugging = options.debugging || (system.debugging?.(env) ?? false);
	const saved = savedState(directories.temp, job.key);
	let failed;
	return {
		system,
		inputs: {
			...system.defaults?.(inputs, env),
			...inputs
		},
		env,
		debugging,
		job,
		directories,
		autoJoin: system.autoJoin,
		documentationUrl: () => void 0,
		issuesUrl: void 0,
		...textLog(system, context, debugging),
		...collected(),
		failure: (failure, section) => failed = {
			failure,
			section
		},
		get failed() {
			return failed;
		},
		saved,
		write,
		saveState: saved.save,
		state: (name) => saved.values(name).at(-1) ?? "",
		summary: async (markdown) => system.summary?.(markdown, context)
	};
}
function jobOf(system, { env, jobName }) {
	const job = system.job(env);
	return jobName === "" ? job : {
		...job,
		key: `${system.name} ${jobName}`
	};
}
function collected() {
	const variables = /* @__PURE__ */ new Map();
	const outputs = /* @__PURE__ */ new Map();
	const path = /* @__PURE__ */ new Set();
	return {
		output: (name, value) => void outputs.set(name, value),
		exportVariable: (name, value) => void variables.set(name, value),
		addPath: (directory) => void path.add(directory),
		passed: () => ({
			variables: Object.fromEntries(variables),
			path: [...path],
			outputs: Object.fromEntries(outputs)
		})
	};
}

// src/cli/commands.ts
const formats = [
	"sh",
	"dotenv",
	"json"
];
const common = [
	{
		name: "ci",
		value: "NAME",
		description: "CI system, such as `shell`. Default: detected from the environment."
	},
	{
		name: "job",
		value: "NAME",
		description: "Name of the job, if its commands run in different scripts. Default: the job of the CI system, or the script that runs the command."
	},
	{
		name: "json",
		description: "Print a failure as one JSON object on standard output."
	},
	{
		name: "debug",
		description: "Show debug messages."
	},
	{
		name: "help",
		description: "Show the options of the command."
	}
];
const exported = [{
	name: "exports",
	value: "FILE",
	description: "File for the variables and outputs, created with mode 0600."
}, {
	name: "format",
	value: "FORMAT",
	values: formats,
	description: "Format of that file: `sh`, `dotenv` or `json`. Default: `sh`."
}];
const { dryRun: _, ...dryRunInputs } = inputTable;
const commands = {
	join: {
		summary: "Join the cluster and issue credentials.",
		inputs: inputTable,
		options: [...exported, ...common]
	},
	setup: {
		summary: "Install tbot, tsh and tctl without a join.",
		inputs: setupTable,
		options: [...exported, ...common]
	},
	scrub: {
		summary: "Remove the credentials of this job.",
		inputs: {},
		options: [
			{
				name: "strict",
				description: "Exit with code 1 if something could not be removed."
			},
			...exported,
			...common
		]
	},
	"dry-run": {
		summary: "Show what `join` would do, without a join.",
		inputs: dryRunInputs,
		options: common
	}
};
const commandNames = [
	"join",
	"setup",
	"scrub",
	"dry-run"
];
function isCommand(name) {
	return Object.hasOwn(commands, name);
}
/** Returns all options of a command, inputs first. */
function optionsOf({ inputs, options }) {
	return [...Object.values(inputs).flatMap((input) => {
		const flag = "parse" in input && input.parse === parseBoolean;
		return [input.name, ...input.alias ? [input.alias.name] : []].map((name) => ({
			name,
			flag,
			input: true
		}));
	}), ...options.map(({ name, value }) => ({
		name,
		flag: value === void 0,
		input: false
	}))];
}

// src/cli/arguments.ts
const prefix = "MACHINE_ID_";
/** Variables that `--exports` writes, which are no options. */
const outputPrefix = `${prefix}OUTPUT_`;
/** Reads the options of a command, and for those that are absent its variables. */
function readArguments(command, args, env) {
	const known = optionsOf(command);
	const { given, errors } = readFlags(known, args);
	const isOption = (name) => known.some((option) => option.name === name && !option.input);
	const all = Object.entries({
		...variablesFor(known, env),
		...given
	});
	return {
		inputs: Object.fromEntries(all.filter(([name]) => !isOption(name))),
		options: Object.fromEntries(all.filter(([name]) => isOption(name))),
		errors
	};
}
function readFlags(known, args) {
	const { tokens } = parseArgs({
		args: joined(known, args),
		options: Object.fromEntries(known.map(({ name }) => [name, { type: "boolean" }])),
		strict: false,
		allowPositionals: true,
		tokens: true
	});
	const given = {};
	const errors = [];
	for (const [position, token] of tokens.entries()) {
		if (token.kind === "positional" && !isUnknown(tokens[position - 1], known)) errors.push("An argument belongs to no option: the names of options begin with `--`.");
		if (token.kind !== "option") continue;
		const { name, value, rawName } = token;
		const option = known.find((one) => one.name === name);
		if (option === void 0) errors.push(unknownOption(rawName, known));
		else if (value === void 0 && !option.flag) errors.push(`Option \`--${name}\` requires a value.`);
		else if (Object.hasOwn(given, name)) errors.push(`Option \`--${name}\` is set more than once.`);
		else given[name] = value ?? "true";
	}
	return {
		given,
		errors
	};
}
function isUnknown(token, known) {
	return token?.kind === "option" && !known.some(({ name }) => name === token.name);
}
/**
* Writes `--name value` as `--name=value`, because parseArgs would take the next option for a missing value,
* and no value for a boolean.
*/
function joined(known, args) {
	const result = [];
	for (let index = 0; index < args.length; index += 1) {
		const arg = args[index] ?? "";
		const next = args[index + 1];
		const option = known.find(({ name }) => arg === `--${name}`);
		const isValue = option?.flag === true ? /^(true|false)$/i.test(next ?? "") : next !== void 0 && !next.startsWith("--");
		if (option && isValue) {
			result.push(`${arg}=${next}`);
			index += 1;
		} else result.push(arg === "-h" ? "--help" : arg);
	}
	return result;
}
function unknownOption(raw, known) {
	const meant = nearest(raw.replace(/^-+/, ""), known.map(({ name }) => name));
	return `Option \`${raw}\` is unknown${meant === void 0 ? "." : `: did you mean \`--${meant}\`?`}`;
}
/**
* Returns the values of variables by the names of their options. Skips those of other commands; unknown
* ones are kept, so that a misspelled input is reported.
*/
function variablesFor(known, env) {
	const inputs = known.some(({ input }) => input);
	const own = new Set(known.map(({ name }) => name));
	const others = new Set(commandNames.flatMap((name) => optionsOf(commands[name]).map((option) => option.name)));
	return Object.fromEntries(Object.entries(env).flatMap(([variable, value]) => {
		if (!variable.startsWith(prefix) || variable.startsWith("MACHINE_ID_OUTPUT_")) return [];
		if (value === void 0 || value === "") return [];
		const name = variable.slice(11).toLowerCase().replaceAll("_", "-");
		return own.has(name) || inputs && !others.has(name) ? [[name, value]] : [];
	}));
}

// src/cli/exports.ts
/** The first line, or the value of the key `format`. A file without it is never replaced or removed. */
const mark = "machine-id-exports/1";
/** Returns the content of a file with everything that a command passes on. */
function renderExports(passed, format, env) {
	const variables = Object.entries(passed.variables);
	const outputs = Object.entries(passed.outputs).filter(([, value]) => value !== "");
	if (format === "json") {
		const cleared = variables.map(([name, value]) => [name, value === "" ? null : value]);
		const content = {
			format: mark,
			variables: Object.fromEntries(cleared),
			path: passed.path,
			outputs: Object.fromEntries(outputs)
		};
		return `${JSON.stringify(content, void 0, 2)}\n`;
	}
	const lines = [...variables, ...outputs.map(([name, value]) => [variableOf(name), value])].map(([name, value]) => format === "sh" ? shellLine(name, value) : `${name}=${dotenvValue(value)}`);
	return [
		`# ${mark}`,
		...lines,
		...pathLines(passed.path, format, env),
		""
	].join("\n");
}
/** The variable of an output, such as MACHINE_ID_OUTPUT_TUNNEL_URI. */
function variableOf(output) {
	return `${outputPrefix}${output.toUpperCase().replaceAll("-", "_")}`;
}
function shellLine(name, value) {
	return value === "" ? `unset ${name}` : `export ${name}=${shellWord(value)}`;
}
/** In single quotes, a POSIX shell interprets nothing. */
function shellWord(value) {
	return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
/**
* Quotes a value only if it is necessary, because some readers of dotenv files do not remove quotes. In
* single quotes nothing is interpreted; a value with a line break needs double quotes.
*/
function dotenvValue(value) {
	if (/^[\w@%+=:,./-]*$/.test(value)) return value;
	if (!/['\r\n]/.test(value)) return `'${value}'`;
	return `"${value.replaceAll(/[\\"$`]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`).replaceAll("\r", String.raw`\r`)}"`;
}
function pathLines(folders, format, env) {
	if (folders.length === 0) return [];
	const first = folders.join(delimiter);
	if (format === "sh") return [`export PATH=${shellWord(first)}"\${PATH:+:$PATH}"`];
	return [`PATH=${dotenvValue([first, ...env["PATH"] ? [env["PATH"]] : []].join(delimiter))}`];
}
/** Throws a Problem `inputs` if the file cannot be created, or its path is in use by something else. */
async function checkExports(path) {
	const folder = dirname(resolve(path));
	if (!await exists(folder)) throw new Problem({
		code: "inputs",
		what: `Option \`--exports\` names a file in ${folder}, which does not exist.`,
		fix: "Create the directory, or set `--exports` to another path."
	});
	if (await occupantOf(path) === "other") throw new Problem({
		code: "inputs",
		what: `Option \`--exports\` names ${resolve(path)}, which exists and was not written by machine-id.`,
		fix: "Remove the file, or set `--exports` to another path."
	});
}
/** An empty file, such as one of mktemp, counts as written by this program. */
async function occupantOf(path) {
	const stats = await lstat(path).catch(() => void 0);
	if (stats === void 0) return "none";
	if (!stats.isFile() || stats.uid !== (process.getuid?.() ?? stats.uid)) return "other";
	if (stats.size === 0) return "own";
	const text = stats.size > 1e6 ? "" : await readFile(path, "utf8").catch(() => "");
	return text.startsWith(`# ${mark}\n`) || text.startsWith(`{\n  "format": "${mark}",\n`) ? "own" : "other";
}
/** Writes the file atomically with mode 0600. Throws a Problem `inputs` or `platform`. */
async function writeExports(path, text) {
	const suffix = randomBytes(8).toString("hex");
	const temporary = join(dirname(path), `.${basename(path)}.${suffix}`);
	try {
		await writePrivately(temporary, text);
		await moveTo(path, temporary);
	} catch (error) {
		await unlink(temporary).catch(() => void 0);
		throw error instanceof Problem ? error : unwritable(dirname(resolve(path)), error);
	}
}
/** A link, unlike a rename, does not replace a file that another process has created. */
async function moveTo(path, temporary) {
	if (await occupantOf(path) === "own") return rename(temporary, path);
	await link(temporary, path).catch(async (error) => {
		if (codeOf(error) === "EEXIST") await checkExports(path);
		throw error;
	});
	await unlink(temporary);
}
/** Removes a file of an earlier command, unless something else has replaced it. Never throws. */
async function removeExports(path) {
	if (await occupantOf(path) !== "own") return false;
	return unlink(path).then(() => true, () => false);
}

// src/cli/help.ts
/** Returns the help of the program. */
function programHelp() {
	return lines([
		"Usage: machine-id COMMAND [OPTION]...",
		"",
		"Short-lived Teleport credentials for a job.",
		"",
		"Commands:",
		...columns([...commandNames.map((name) => [name, commands[name].summary]), ["completion SHELL", "Print the completion for `bash` or `zsh`."]]),
		"",
		"machine-id COMMAND --help shows the options of a command; machine-id --version shows the version."
	]);
}
/** Returns the help of a command. */
function commandHelp(name) {
	const command = commands[name];
	const flags = new Set(optionsOf(command).flatMap((option) => option.flag ? [option.name] : []));
	const inputs = Object.values(command.inputs).map((input) => [optionName(input.name, flags), describe(input)]);
	return lines([
		`Usage: machine-id ${name} [OPTION]...`,
		"",
		command.summary,
		"",
		...inputs.length === 0 ? [] : [
			"Inputs, with the names and values of action.yml:",
			...columns(inputs),
			""
		],
		"Options:",
		...columns(command.options.map((option) => [`--${option.name}${option.value === void 0 ? "" : ` ${option.value}`}`, option.description])),
		"",
		"Each option can be set as a variable: MACHINE_ID_ and its name in capitals, with _ for -."
	]);
}
function optionName(name, flags) {
	return flags.has(name) ? `--${name}` : `--${name} VALUE`;
}
function describe({ required, expected, defaultValue, alias }) {
	return [
		required ? `Required: ${expected}.` : "",
		defaultValue === void 0 ? "" : `Default: ${defaultValue}.`,
		alias === void 0 ? "" : `Also --${alias.name}.`
	].filter((part) => part !== "").join(" ");
}
function columns(rows) {
	const width = Math.max(...rows.map(([first]) => first.length));
	return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`.trimEnd());
}
function lines(all) {
	return `${all.join("\n")}\n`;
}

// package.json
var version = "1.0.0";

// src/cli/completion.ts
const shells = ["bash", "zsh"];
/** Returns the completion of a shell, to be sourced. */
function completion(shell) {
	return shell === "bash" ? bash() : zsh();
}
function bash() {
	return `# Completion of machine-id for bash: source this file.
_machine_id() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=''
  case $COMP_CWORD:$previous in
    1:*) words='${[
		...commandNames,
		"completion",
		"--help",
		"--version"
	].join(" ")}' ;;
    *:--ci) words='${systemNames.join(" ")}' ;;
    *:--format) words='sh dotenv json' ;;
    2:completion) words='${shells.join(" ")}' ;;
    *) case \${COMP_WORDS[1]} in
${commandNames.map((name) => `      ${name}) words='${flagsOf(name).join(" ")}' ;;`).join("\n")}
    esac ;;
  esac
  case $previous in --exports|--extra-ca-file|--tbot-path)
    COMPREPLY=($(compgen -f -- "$current"))
    return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _machine_id machine-id
`;
}
function zsh() {
	return `#compdef machine-id
# Completion of machine-id for zsh: source this file after compinit.
_machine_id() {
  if (( CURRENT == 2 )); then
    compadd -- ${[
		...commandNames,
		"completion",
		"--help",
		"--version"
	].join(" ")}
    return
  fi
  case \${words[CURRENT-1]} in
    --ci) compadd -- ${systemNames.join(" ")}; return ;;
    --format) compadd -- sh dotenv json; return ;;
    --exports|--extra-ca-file|--tbot-path) _files; return ;;
    completion) compadd -- ${shells.join(" ")}; return ;;
  esac
  case \${words[2]} in
${commandNames.map((name) => `    ${name}) compadd -- ${flagsOf(name).join(" ")} ;;`).join("\n")}
  esac
}
compdef _machine_id machine-id
`;
}
function flagsOf(name) {
	return optionsOf(commands[name]).map((option) => `--${option.name}`);
}

// src/cli/failure.ts
/** The exit codes of the command line. Those for signals are 128 and the number of the signal. */
const exitCodes = {
	done: 0,
	problem: 1,
	usage: 2,
	bug: 70,
	SIGINT: 130,
	SIGTERM: 143
};
/** Returns the exit code for a failure. */
function exitCodeOf(failure, signal) {
	if (!(failure instanceof Problem)) return exitCodes.bug;
	if (failure.code === "cancelled") return exitCodes[signal ?? "SIGTERM"];
	return failure.code === "inputs" ? exitCodes.usage : exitCodes.problem;
}
/** Returns a failure as one line of JSON, in the words of the system and without secrets. */
function failureJson({ failed, worded, redact }) {
	const { failure, section } = failed ?? {
		failure: void 0,
		section: void 0
	};
	if (!(failure instanceof Problem)) return JSON.stringify({
		code: "bug",
		message: redact(messageOf(failure)),
		errors: [],
		fix: "Report it with the stack trace from the log.",
		notes: []
	});
	const { code, message, errors, fix, notes, paste } = failure;
	return JSON.stringify({
		code,
		message: worded(message),
		errors: errors.map(worded),
		fix: worded(fix),
		notes: notes.map(worded),
		...paste === void 0 ? {} : { paste: redact(paste) },
		documentation: section
	});
}

// src/cli/other.ts
/** Runs what is not a command with options: help, version, completion. Returns the exit code. */
function other(name, rest, { out, err }) {
	if (name === "--help" || name === "-h" || name === "help") {
		out(programHelp());
		return exitCodes.done;
	}
	if (name === "--version") {
		out(`${version}\n`);
		return exitCodes.done;
	}
	const shell = shells.find((one) => one === rest[0]);
	if (name === "completion" && shell !== void 0 && rest.length === 1) {
		out(completion(shell));
		return exitCodes.done;
	}
	err(`${usageError(name)}\nRun machine-id --help.\n`);
	return exitCodes.usage;
}
function usageError(name) {
	if (name === "completion") return "machine-id completion requires `bash` or `zsh`.";
	if (name === "") return "machine-id requires a command.";
	const meant = nearest(name, [...commandNames, "completion"]);
	return `\`${name}\` is not a command of machine-id.${meant === void 0 ? "" : ` Did you mean \`${meant}\`?`}`;
}

// src/workdir/restore.ts
/**
* Returns the variables to restore after the removal of one call, each with its previous value, or
* with an empty one to clear it. Skips variables that another step has changed or a later call has
* set, and drops paths in private directories that no longer exist. `calls` are all calls of the
* job, in their order.
*/
async function restoredVariables(marker, calls, env) {
	const later = laterThan(marker, calls).flatMap((call) => call.marker.exported);
	const unchanged = marker.exported.filter(({ name, value }) => env[name] === value && !later.some((one) => one.name === name && one.value === value));
	return (await Promise.all(unchanged.map(async ({ name, before }) => ({
		name,
		value: await withoutRemovedPaths(before)
	})))).filter(({ name, value }) => value !== env[name]);
}
/**
* Corrects the markers of later calls that would restore a value of a removed call: they restore
* the value from before the removed call instead. Ignores errors: paths that no longer exist are
* never restored.
*/
async function correctLaterCalls(marker, calls) {
	const removed = new Map(marker.exported.map((variable) => [variable.name, variable]));
	for (const { path, marker: later } of laterThan(marker, calls)) {
		const exported = later.exported.map((variable) => {
			const previous = removed.get(variable.name);
			removed.delete(variable.name);
			return previous?.value === variable.before ? {
				...variable,
				before: previous.before
			} : variable;
		});
		if (exported.some((variable, index) => variable !== later.exported[index])) await writeMarker(path, {
			...later,
			exported
		}).catch(() => void 0);
	}
}
function laterThan(marker, calls) {
	return calls.filter((call) => positionOf(call) > positionOf({ marker }));
}
/** Drops removed paths from a value, which like KUBECONFIG may be a list. */
async function withoutRemovedPaths(value) {
	const kept = [];
	for (const path of value.split(delimiter)) if (!await isInRemovedWorkdir(path)) kept.push(path);
	return kept.join(delimiter);
}
async function isInRemovedWorkdir(path) {
	const workdir = /^(.*[\\/]machine-id-[0-9a-f]{16})(?:[\\/]|$)/.exec(path);
	return workdir?.[1] !== void 0 && !await isTaken(workdir[1]);
}

// src/cleanup.ts
/** Printed if there was nothing to remove, restore or stop. */
const nothing = "Nothing to clean up.";
/**
* Removes private directories of this job and restores its variables; other calls are not affected.
* Prints what it has done, or nothing if no directory exists. Returns a text for everything that
* remains. Never throws.
*/
async function cleanUp({ paths, root, moment }, ci) {
	const removed = [];
	const restored = [];
	const remains = [];
	for (const path of paths) await reportBackgroundAt(path, root, ci);
	const ended = await Promise.all(paths.map(async (path) => endProcessesOf(path, root)));
	for (const path of paths) {
		const removal = await removeWorkdir(path, root, async (marker) => {
			try {
				restored.push(...await restore(marker, root, ci));
			} catch (error) {
				remains.push(`The exported variables could not be restored: ${messageOf(error)}`);
			}
		});
		if (removal.kind === "removed") removed.push(removal);
		remains.push(...remainsOf$1(path, removal));
	}
	if (removed.length > 0) ci.info(sentence(removed, restored, ended.flat()));
	for (const { expiresAt } of removed) noticeExpired(expiresAt, moment, ci);
	return remains;
}
/** Sets variables for later steps, and returns them. */
async function restore(marker, root, { job, env, exportVariable }) {
	const { own: calls } = await callsOf(job.key, root);
	await correctLaterCalls(marker, calls);
	const variables = await restoredVariables(marker, calls, env);
	for (const { name, value } of variables) exportVariable(name, value);
	return variables;
}
function remainsOf$1(path, removal) {
	return [...removal.kind === "left" ? [leftoverText(path, removal)] : [], ..."markerLost" in removal ? [lostText(path)] : []];
}
function lostText(path) {
	return `The marker file in ${path} was missing or damaged. Variables that this step exported were not restored, and processes that it started were not stopped.`;
}
/** Explains why an earlier step failed: with expired credentials it reports only `access denied`. */
function noticeExpired(expiresAt, moment, ci) {
	const minutes = Math.floor((Date.now() - Date.parse(expiresAt ?? "")) / 6e4);
	if (!(minutes >= 0)) return;
	const ago = minutes < 1 ? "less than a minute" : minutes === 1 ? "1 minute" : `${minutes} minutes`;
	ci.notice("machine-id-action: ttl", `The credentials expired ${ago} before ${moment}, at ${expiresAt}. Set a longer \`certificate-ttl\` (the bot's \`max_session_ttl\` must allow it), or use this action again before the steps that need them.`);
}
function sentence(removed, variables, stopped) {
	const files = removed.reduce((sum, removal) => sum + removal.files, 0);
	const ended = [...stopped, ...removed.flatMap((removal) => removal.ended)];
	const restored = variables.filter(({ value }) => value !== "").map(({ name }) => name);
	const cleared = variables.filter(({ value }) => value === "").map(({ name }) => name);
	const parts = [
		files > 0 && `removed ${files} ${files === 1 ? "file" : "files"}`,
		restored.length > 0 && `restored ${listed(restored)}`,
		cleared.length > 0 && `cleared ${listed(cleared)}`,
		ended.length > 0 && `stopped ${ended.length === 1 ? "process" : "processes"} ${listed(ended.map(String))}`
	].filter((part) => part !== false);
	const text = listed(parts);
	return text === "" ? nothing : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

// src/cli/scrub.ts
/** Name of the saved value with the path of a file of `--exports`. */
const exportsState = "exports";
/**
* Removes everything that the commands of this job have created, and sets the variables to restore.
* Prints nothing if there is nothing to remove. Returns whether nothing remains. Never throws.
*/
async function scrub(port, restores) {
	const remains = await remainsOf(port, restores).catch((error) => [messageOf(error)]);
	for (const text of remains) port.warning(leftoverTitle, text);
	return remains.length === 0;
}
async function remainsOf(port, restores) {
	const { directories, job, saved } = port;
	const root = await workdirRoot(directories);
	const { own } = await callsOf(job.key, root);
	const paths = /* @__PURE__ */ new Set([...saved.values(workdirState), ...own.map(({ path }) => path)]);
	const ci = restores ? port : {
		...port,
		env: {}
	};
	const remains = await cleanUp({
		paths: [...paths],
		root,
		moment: "this command"
	}, ci);
	for (const path of saved.values(exportsState)) await removeExports(path);
	if (remains.length === 0) saved.clear();
	return remains;
}
/** Removes what a failed command has created, but nothing of earlier commands. Never throws. */
async function undo(port, earlier) {
	const { directories, saved } = port;
	const paths = saved.values(workdirState).filter((path) => !earlier.includes(path));
	try {
		const root = await workdirRoot(directories);
		const ci = {
			...port,
			env: {}
		};
		const remains = await cleanUp({
			paths,
			root,
			moment: "the end of this command"
		}, ci);
		for (const text of remains) port.warning(leftoverTitle, text);
		if (remains.length === 0 && earlier.length === 0) saved.clear();
	} catch (error) {
		if (paths.length > 0) port.warning(leftoverTitle, messageOf(error));
	}
}

// src/cli/signals.ts
/** Remembers the first signal. Until it is disposed of, no signal ends this process before the cleanup. */
function listenForSignals() {
	let received;
	const interrupt = () => void (received ??= "SIGINT");
	const terminate = () => void (received ??= "SIGTERM");
	process.on("SIGINT", interrupt).on("SIGTERM", terminate);
	return {
		get received() {
			return received;
		},
		[Symbol.dispose]: () => {
			process.off("SIGINT", interrupt).off("SIGTERM", terminate);
		}
	};
}

// src/cli/command-line.ts
/** Runs the command line and returns the exit code. */
async function run(args, streams, env = environment()) {
	try {
		var _usingCtx$1 = _usingCtx();
		const [name = "", ...rest] = args;
		if (!isCommand(name)) return other(name, rest, streams);
		const read = readArguments(commands[name], rest, env);
		if (read.options["help"] === "true") {
			streams.out(commandHelp(name));
			return exitCodes.done;
		}
		const signals = _usingCtx$1.u(listenForSignals());
		const port = portFor(name, read, env, streams);
		await execute({
			name,
			read,
			port,
			signals
		}).catch(async (error) => report(error, port, false));
		const { failed } = port;
		if (failed === void 0) return exitCodes.done;
		if (isOn(read, "json")) streams.out(`${failureJson(port)}\n`);
		return exitCodeOf(failed.failure, signals.received);
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}
function isOn({ options }, name) {
	return options[name] === "true" || options[name] === "1";
}
function portFor(name, read, env, { err }) {
	const { options, inputs } = read;
	const system = systemFor(env, options["ci"]) ?? shell;
	return textPort(system, {
		inputs: name === "dry-run" ? {
			...inputs,
			"dry-run": "true"
		} : inputs,
		env,
		debugging: isOn(read, "debug"),
		jobName: options["job"] ?? "",
		write: (line) => err(`${line}\n`)
	});
}
/** Runs a command. A failure is reported to the port, or thrown. */
async function execute({ name, read, port, signals }) {
	checkUsage(name, read);
	const { exports: path } = read.options;
	const format = formats.find((one) => one === read.options["format"]) ?? "sh";
	if (path !== void 0) await checkExports(path);
	sweepStates(port.directories.temp);
	if (name === "scrub") {
		const done = await scrub(port, path !== void 0 || port.system.pass !== void 0);
		if (path !== void 0) await writeExports(path, renderExports(port.passed(), format, port.env));
		pass(port);
		if (!done && isOn(read, "strict")) throw incomplete();
		return;
	}
	const earlier = port.saved.values(workdirState);
	try {
		await (name === "setup" ? setupIn(port) : main(port));
		if (port.failed === void 0 && signals.received) throw cancelled();
		if (port.failed === void 0 && name !== "dry-run") await passOn(port, path, format);
	} catch (error) {
		await report(error, port, false);
	}
	if (port.failed !== void 0) await undo(port, earlier);
}
/** Installs the programs in a private directory, which `scrub` removes. */
async function setupIn(port) {
	const { path } = await createWorkdir(port);
	await setup({
		...port,
		directories: {
			...port.directories,
			temp: path
		}
	});
}
async function passOn(port, path, format) {
	if (path !== void 0) {
		port.saveState(exportsState, resolve(path));
		await writeExports(path, renderExports(port.passed(), format, port.env));
	} else if (!port.system.pass) port.notice("machine-id-action", "Without `--exports FILE`, no variables and outputs are passed on to later commands.");
	pass(port);
}
/** Passes everything on to later steps in the way of the system, if it has one. */
function pass({ system, passed, env, write }) {
	deliver(() => system.pass?.(passed(), {
		env,
		write
	}));
}
/** Throws a Problem `inputs` with all errors of the options. */
function checkUsage(name, { errors, options }) {
	const { ci, format } = options;
	const all = [
		...errors,
		...ci === void 0 || systemNames.includes(ci) ? [] : [notAmong("ci", ci, systemNames, similarSystem(ci))],
		...format === void 0 || formats.some((one) => one === format) ? [] : [notAmong("format", format, formats, nearest(format, formats))]
	];
	const [first = "", ...others] = all;
	if (all.length === 0) return;
	const fix = `Run \`machine-id ${name} --help\` to see all options.`;
	throw new Problem(others.length === 0 ? {
		code: "inputs",
		what: first,
		fix
	} : {
		code: "inputs",
		what: `${all.length} options are invalid:`,
		errors: all,
		fix
	});
}
function notAmong(option, value, values, meant) {
	return `Option \`--${option}\` is \`${value}\`, but must be one of ${values.map((one) => `\`${one}\``).join(", ")}.${meant === void 0 ? "" : ` Did you mean \`${meant}\`?`}`;
}
function incomplete() {
	return new Problem({
		code: "leftover",
		what: "The cleanup is incomplete, as the warnings above describe.",
		fix: "Remove the cause, and run `machine-id scrub` again."
	});
}
function cancelled() {
	return new Problem({
		code: "cancelled",
		what: "The job was cancelled during this command.",
		fix: "No action is needed: this command removes what it has created."
	});
}

export { run };