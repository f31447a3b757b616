import { X as messageOf, Y as Problem, _t as nearest, a as plainLines, c as report, dt as isRecord, ft as parseJson, g as inputTable, gt as parseBoolean, i as secretSet, n as setupTable, o as main, s as _usingCtx, t as setup, yt as listed } from "./shared.js";
import { A as unwritable, D as createWorkdir, M as workdirRoot, N as workdirState, O as deliver, R as writeMarker, S as removeWorkdir, T as leftoverTitle, W as codeOf, _ as positionOf, b as endProcessesOf, g as callsOf, w as leftoverText, y as reportBackgroundAt, z as writePrivately } from "./install.js";
import { l as isTaken, s as exists } from "./diagnosis.js";
import { createHash, randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { appendFileSync, closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, readdirSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import { link, lstat, readFile, rename, unlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { homedir, tmpdir } from "node:os";
import { spawnSync } from "node:child_process";

// src/ci/azure/command.ts
/**
* Returns a logging command, which the agent reads in the output of a task. The escape sequences are
* those of azure-pipelines-task-lib (taskcommand.js).
*/
function loggingCommand(name, properties, data) {
	const list = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value).replaceAll("]", "%5D").replaceAll(";", "%3B")};`);
	return `##vso[${[`task.${name}`, ...list.length > 0 ? [list.join("")] : []].join(" ")}]${escaped(data)}`;
}
function escaped(text) {
	return text.replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
/**
* Returns a text in which the agent finds no commands: `##vso[` anywhere in a line, or `##[` to format
* one. The agent compares by the rules of a culture, which ignore the joiners U+200C and U+200D
* (microsoft/azure-pipelines-agent, class Command); other invisible characters are already removed.
*/
function withoutCommands(text) {
	return text.replaceAll(hashes, "$1 ");
}
const hashes = /(#)(?=[\u200c\u200d]*#[\u200c\u200d]*(?:v[\u200c\u200d]*s[\u200c\u200d]*o[\u200c\u200d]*)?\[)/gi;

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

// src/ci/azure/words.ts
/** Inputs whose names in `task.json` differ, because names there consist of letters and digits. */
const renamed = [
	"allow-reissue",
	"anonymous-telemetry",
	"application-tunnel",
	"auth-server",
	"azure-client-id",
	"ca-pins",
	"certificate-ttl",
	"database-tunnel",
	"dry-run",
	"expected-cluster",
	"export-env",
	"extra-ca-file",
	"install-from",
	"join-method",
	"kubernetes-cluster",
	"leaf-cluster",
	"min-ttl",
	"renewal-interval",
	"signature-extension",
	"signature-key",
	"tbot-path"
];
/** Returns the name of an input or output in `task.json`. */
function inCamelCase(name) {
	return name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());
}
/** The words of an Azure Pipelines task. */
const azureWords = [
	...renamed.map((name) => [new RegExp(`\`${name}(?=[\`:])`, "g"), `\`${inCamelCase(name)}`]),
	[/\bInput `(\w+)`/g, "The input `$1`"],
	["Correct the `with:` block of the step.", "Correct the `inputs` of the task."],
	["Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.", "Add it to the `inputs` of the task. If it is already there, its value is empty."],
	["in the `with:` block of the step", "in the `inputs` of the task"],
	["An expression with an undefined variable is empty.", "A macro with an undefined variable, such as `$(NAME)`, is not replaced."],
	["with debug logging enabled", "with the variable `system.debug` set to `true`"],
	["in the `env:` of the step", "in the `env` of the task"],
	["Run this action on a GitHub Actions runner, which sets RUNNER_TEMP.", "Run the task on an agent of Azure Pipelines, which sets AGENT_TEMPDIRECTORY."],
	["the runner's temporary directory (RUNNER_TEMP)", "Agent.TempDirectory"],
	["RUNNER_TEMP", "AGENT_TEMPDIRECTORY"],
	["RUNNER_TOOL_CACHE", "AGENT_TOOLSDIRECTORY"],
	["No action is needed: the post step removes what this step created.", "No action is needed: the task removes what it has created."],
	["If a private directory remains, the post step tries again when the job ends.", "Agent.TempDirectory is emptied when the job ends."],
	[/\b(T|t)he post step\b/g, "$1he post-job step"],
	["before the next step", "before the next step of the job"],
	["use this action again", "use the task again"],
	[/\b(T|t)his step\b/g, "$1his task"],
	["of this action", "of this task"],
	["so that this action downloads tbot", "so that this task downloads tbot"],
	["This action requires", "This task requires"],
	["this action always verifies", "this task always verifies"],
	["the action creates", "the task creates"],
	...shellWords
];

// src/ci/azure/azure.ts
/** A job of Azure Pipelines. The agent reads logging commands in both output streams of a task. */
const azure = {
	name: "azure-pipelines",
	detect: (env) => env["TF_BUILD"] !== void 0 && env["AGENT_TEMPDIRECTORY"] !== void 0,
	job: (env) => ({
		key: `azure-pipelines ${keyVariables.map((name) => env[name] ?? "").join(" ")}`,
		repository: env["BUILD_REPOSITORY_NAME"] || void 0,
		ref: env["BUILD_SOURCEBRANCH"] || void 0,
		eventName: env["BUILD_REASON"] || void 0,
		fromFork: isTrue(env["SYSTEM_PULLREQUEST_ISFORK"]),
		publicRepository: true,
		enterpriseServer: void 0
	}),
	directories,
	autoJoin: {
		methods: ["azure_devops"],
		obtain: {
			what: "SYSTEM_ACCESSTOKEN or SYSTEM_OIDCREQUESTURI is not set, so this task cannot request an OIDC token of the job.",
			fix: "Add the `env` below to the task, which maps the access token of the job.",
			notes: ["Azure DevOps sets SYSTEM_OIDCREQUESTURI itself.", "On a machine with a managed identity, set `join-method` to `azure` instead."],
			paste: "env:\n  SYSTEM_ACCESSTOKEN: $(System.AccessToken)"
		}
	},
	words: azureWords,
	debugging: (env) => isTrue(env["SYSTEM_DEBUG"]),
	inert: withoutCommands,
	mask,
	group: (title, lines, { write }) => {
		write(`##[group]${title}`);
		for (const line of lines) write(line);
		write("##[endgroup]");
	},
	annotationsAreLogged: true,
	annotate,
	summary: async (markdown, context) => uploadSummary(markdown, context),
	pass: pass$2,
	keepState: (name, value, { write }) => write(loggingCommand("settaskvariable", { variable: `${statePrefix}${name}` }, value)),
	keptState: (name, env) => env[`VSTS_TASKVARIABLE_${statePrefix}${name}`.toUpperCase()]
};
/** The id of a job is the same in each run of its pipeline. */
const keyVariables = [
	"SYSTEM_COLLECTIONID",
	"SYSTEM_PLANID",
	"SYSTEM_JOBID",
	"SYSTEM_STAGEATTEMPT",
	"SYSTEM_JOBATTEMPT"
];
const statePrefix = "machine_id_";
function isTrue(value) {
	return value?.toLowerCase() === "true";
}
function directories(env) {
	return {
		temp: env["AGENT_TEMPDIRECTORY"] || void 0,
		workspace: env["BUILD_SOURCESDIRECTORY"] || env["SYSTEM_DEFAULTWORKINGDIRECTORY"] || void 0,
		toolCache: env["AGENT_TOOLSDIRECTORY"] || void 0
	};
}
/** The agent accepts secrets of one line. */
function mask(secret, { write }) {
	for (const line of new Set(secret.split(/[\r\n]+/))) if (line.trim() !== "") write(loggingCommand("setsecret", {}, line));
}
/** There are issues for errors and warnings only. The agent adds them to the log as well. */
function annotate({ level, title, text }, { write }) {
	const lines = `${title}: ${text}`;
	if (level === "notice") for (const line of lines.split("\n")) write(line);
	else write(loggingCommand("logissue", { type: level }, lines));
}
/** The agent uploads the file after the command, and removes it with its temporary directory. */
function uploadSummary(markdown, { env, write }) {
	const { temp } = directories(env);
	if (temp === void 0) return;
	const path = join(temp, `machine-id-summary-${randomBytes(8).toString("hex")}.md`);
	writeFileSync(path, markdown, {
		mode: 384,
		flag: "wx"
	});
	write(loggingCommand("uploadsummary", {}, path));
}
function pass$2({ variables, path, outputs }, { write }) {
	for (const [variable, value] of Object.entries(variables)) write(loggingCommand("setvariable", { variable }, value));
	for (const [variable, value] of Object.entries(outputs)) write(loggingCommand("setvariable", {
		variable: inCamelCase(variable),
		isOutput: "true"
	}, value));
	for (const folder of path.toReversed()) write(loggingCommand("prependpath", {}, folder));
}

// src/ci/buildkite/agent.ts
/** Milliseconds. A job that is cancelled has ten seconds by default to end. */
const patience = 5e3;
/** Masks a text in the rest of the job's log. The agent ignores texts of less than six characters. */
function maskInLog(secret, context) {
	if (!runAgent(["redactor", "add"], secret, context)) context.write("warning: buildkite-agent redactor add failed: the agent does not mask a secret.");
}
/** Adds Markdown to the annotation of this job on the page of the build. */
async function annotateBuild(markdown, context) {
	const failed = /^### .*\bfailed\b/.test(markdown);
	if (!runAgent([
		"annotate",
		"--context",
		`machine-id-${context.env["BUILDKITE_JOB_ID"] ?? ""}`,
		"--style",
		failed ? "error" : "info",
		"--append"
	], `${markdown}\n`, context)) context.write("warning: buildkite-agent annotate failed: the build has no annotation.");
}
/** Runs a command of the agent, and returns whether it succeeded. */
function runAgent(args, input, { env }) {
	const { status } = spawnSync("buildkite-agent", args, {
		input,
		env,
		stdio: [
			"pipe",
			"ignore",
			"ignore"
		],
		timeout: patience
	});
	return status === 0;
}

// src/ci/buildkite/buildkite.ts
/** Buildkite, in a hook of the plugin in `buildkite` or in a command. */
const buildkite = {
	name: "buildkite",
	detect: (env) => env["BUILDKITE"] === "true",
	job: (env) => ({
		key: `buildkite ${env["BUILDKITE_JOB_ID"] ?? ""}`,
		repository: void 0,
		ref: void 0,
		eventName: void 0,
		fromFork: false,
		publicRepository: true,
		enterpriseServer: void 0
	}),
	directories: (env) => ({
		temp: env["TMPDIR"] || tmpdir(),
		tempIsShared: true,
		workspace: env["BUILDKITE_BUILD_CHECKOUT_PATH"] || process.cwd(),
		toolCache: void 0
	}),
	autoJoin: {
		methods: ["generic_oidc"],
		obtain: {
			what: "The variable that `onboarding` names contains no OIDC token, so this job cannot join.",
			fix: "Remove `onboarding`: without it, `buildkite-agent oidc request-token` requests the OIDC token."
		}
	},
	defaults,
	debugging: (env) => env["BUILDKITE_AGENT_DEBUG"] === "true",
	inert: (text) => text.replaceAll(/^(?=\+\+\+|---|~~~|\^\^\^)/gm, " "),
	mask: maskInLog,
	summary: annotateBuild,
	words: [
		[/\bInput `([a-z-]+)`/g, "Option `$1`"],
		["Correct the `with:` block of the step.", "Correct the options of the plugin, or those of the command."],
		["Correct the value in the `with:` block of the step.", "Correct the option of the plugin, or that of the command."],
		["Correct the name in the `with:` block of the step.", "Correct the name of the option of the plugin, or that of the command."],
		["Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.", "Add the option to the plugin or the command. An empty value counts as not set."],
		...shellWords
	]
};
/**
* Returns the settings with which tbot requests the OIDC token from the agent. As Teleport recommends, the
* audience identifies the cluster and the join token (documentation, "Generic OIDC").
*/
function defaults(given) {
	const method = (given["join-method"] ?? "").trim().toLowerCase();
	if (method !== "" && method !== "auto" || given["azure-client-id"]) return {};
	if (given["onboarding"]) return { "join-method": "generic_oidc" };
	const [, host] = hostIn.exec(given["proxy"] || given["auth-server"] || "") ?? [];
	if (host === void 0) return {};
	const command = [
		"buildkite-agent",
		"oidc",
		"request-token",
		"--audience",
		`${host}/${(given["token"] ?? "").trim()}`
	];
	return {
		"join-method": "generic_oidc",
		onboarding: JSON.stringify({ generic_oidc: { command } })
	};
}
/** Captures the host of `host`, `host:port` or `https://host:port`. */
const hostIn = /^\s*(?:https?:\/\/)?(\[[^\]\s]+\]|[^:/\s[\]]+)/;

// src/ci/circleci/circleci.ts
/** CircleCI, in a command of the orb in `circleci` or in a `run` step. Its log contains no commands. */
const circleci = {
	name: "circleci",
	detect: (env) => env["CIRCLECI"] === "true",
	job: (env) => ({
		key: `circleci ${env["CIRCLE_WORKFLOW_JOB_ID"] ?? ""} ${env["CIRCLE_NODE_INDEX"] ?? ""}`,
		repository: void 0,
		ref: void 0,
		eventName: void 0,
		fromFork: Boolean(env["CIRCLE_PR_USERNAME"]),
		publicRepository: true,
		enterpriseServer: void 0
	}),
	directories: (env) => ({
		temp: env["TMPDIR"] || tmpdir(),
		tempIsShared: true,
		workspace: workspaceOf(env),
		toolCache: void 0
	}),
	autoJoin: {
		methods: ["circleci"],
		obtain: {
			what: "This job has no OIDC token: CIRCLE_OIDC_TOKEN is not set, so it cannot join.",
			fix: "Run the job in a workflow with a `context`, and pass CIRCLE_OIDC_TOKEN into containers that it starts.",
			notes: ["A pull request from a fork has an OIDC token only if the project passes secrets to builds of forks. Do not turn this on for a job that joins."],
			paste: "workflows:\n  deploy:\n    jobs:\n      - deploy:\n          context: teleport"
		}
	},
	words: shellWords,
	pass: pass$1
};
/** The variable can begin with `~`, as `working_directory` does. */
function workspaceOf(env) {
	const folder = env["CIRCLE_WORKING_DIRECTORY"] || process.cwd();
	return /^~(\/|$)/.test(folder) ? join(env["HOME"] || homedir(), folder.slice(1)) : folder;
}
/** Appends the variables to the file that bash reads before each later step. Throws the system's error. */
function pass$1({ variables, path, outputs }, { env, write }) {
	const file = env["BASH_ENV"];
	if (!file) {
		write("warning: BASH_ENV is not set, so no variables are passed on to later steps.");
		return;
	}
	const lines = [...[...Object.entries(variables), ...Object.entries(outputs).filter(([, value]) => value !== "").map(([name, value]) => [variableOf$1(name), value])].map(([name, value]) => value === "" ? `unset ${name}` : `export ${name}=${quoted(value)}`), ...path.map((folder) => `export PATH=${quoted(folder)}"\${PATH:+:$PATH}"`)];
	if (lines.length > 0) appendFileSync(file, `\n${lines.join("\n")}\n`, { mode: 384 });
}
function variableOf$1(output) {
	return `MACHINE_ID_OUTPUT_${output.toUpperCase().replaceAll("-", "_")}`;
}
/** In single quotes, bash interprets nothing. */
function quoted(value) {
	return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

// src/ci/gitlab/words.ts
/** The words of GitLab, before those of a plain shell. */
const gitlabWords = [
	["in the `env:` of the step", "in the `variables:` of the job"],
	["Correct the `with:` block of the step.", "Correct the `variables:` of the job (`MACHINE_ID_` and the name), or the options of the command."],
	["Run this action on a GitHub Actions runner, which sets RUNNER_TEMP.", "Run machine-id in a job, for which GitLab sets CI_PROJECT_DIR."],
	["the runner's temporary directory (RUNNER_TEMP)", "the folder $CI_PROJECT_DIR.tmp"],
	["RUNNER_TEMP", "$CI_PROJECT_DIR.tmp"],
	...shellWords
];

// src/ci/gitlab/gitlab.ts
/**
* GitLab CI/CD. It has no annotations, no job summary and no masking at run time, so values that are not in
* the settings of the project must never be printed.
*/
const gitlab = {
	name: "gitlab",
	detect: (env) => env["GITLAB_CI"] === "true",
	job: jobFacts,
	directories: directoriesOf,
	autoJoin: {
		methods: ["gitlab"],
		obtain: {
			what: "This job has no OIDC token (TBOT_GITLAB_JWT is not set), so it cannot join.",
			fix: "Add the lines below to the job, with the name of the Teleport cluster.",
			notes: ["GitLab 15.7 or newer issues OIDC tokens.", "If the token is in another variable, set `onboarding` to `gitlab: { token_env_var_name: VARIABLE }`."],
			paste: "id_tokens:\n  TBOT_GITLAB_JWT:\n    aud: CLUSTER-NAME # `tctl status` shows the name"
		}
	},
	words: gitlabWords,
	debugging: (env) => env["CI_DEBUG_TRACE"] === "true",
	inert: (text) => text.replaceAll(/section_(start|end):/g, "section_$1 :"),
	group: (title, lines, { write }) => {
		const name = `machine_id_${randomBytes(4).toString("hex")}`;
		write(section("start", `${name}[collapsed=true]`) + title);
		for (const line of lines) write(line);
		write(section("end", name));
	}
};
/** A command for a section of the log (GitLab's documentation, "CI/CD job logs"). */
function section(end, name) {
	return `\u001b[0Ksection_${end}:${Math.floor(Date.now() / 1e3)}:${name}\r\u001b[0K`;
}
function jobFacts(env) {
	const source = env["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"];
	return {
		key: `gitlab ${env["CI_SERVER_HOST"] ?? ""} ${env["CI_JOB_ID"] ?? ""}`,
		repository: env["CI_PROJECT_PATH"] || void 0,
		ref: env["CI_COMMIT_REF_NAME"] || void 0,
		eventName: env["CI_PIPELINE_SOURCE"] || void 0,
		fromFork: source ? source !== env["CI_MERGE_REQUEST_PROJECT_ID"] : false,
		publicRepository: env["CI_PROJECT_VISIBILITY"] !== "private",
		enterpriseServer: void 0
	};
}
/**
* The folder beside the project, in which the runner keeps files of the job. No other job uses it at the same
* time. Runners create it only if they need it.
*/
function directoriesOf(env) {
	const workspace = env["CI_PROJECT_DIR"] || void 0;
	const temp = workspace === void 0 ? void 0 : folder(`${workspace}.tmp`);
	return {
		...temp === void 0 ? {
			temp: tmpdir(),
			tempIsShared: true
		} : { temp },
		workspace,
		toolCache: void 0
	};
}
/** Returns the path of a folder, which is created unless it exists; undefined if that is not possible. */
function folder(path) {
	try {
		mkdirSync(path, {
			recursive: true,
			mode: 448
		});
		return path;
	} catch {
		return;
	}
}

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
	for (const name of namesIn(temp).filter((one) => stateName.test(one))) try {
		const path = join(temp ?? "", name);
		const { uid, mtimeMs } = lstatSync(path);
		if (!isUser(uid) || Date.now() - mtimeMs <= day) continue;
		if (read(path).every(({ value }) => !existsSync(value))) unlinkSync(path);
	} catch {}
}
function namesIn(folder) {
	try {
		return folder === void 0 ? [] : readdirSync(folder);
	} catch {
		return [];
	}
}
const stateName = /^machine-id-[0-9a-f]{16}\.state$/;
/** Other users share the directory, and their jobs can have the same name. */
function stateFile(temp, job) {
	const key = JSON.stringify([process.getuid?.(), job]);
	return join(temp, `machine-id-${createHash("sha256").update(key).digest("hex").slice(0, 16)}.state`);
}
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
/** One write for each value, because commands of a job can run at the same time. */
function append(path, line) {
	const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 384);
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
		const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
		try {
			return (isOwn(file) ? readFileSync(file, "utf8").split("\n") : []).map(parseJson).filter(isSavedValue);
		} finally {
			closeSync(file);
		}
	} catch {
		return [];
	}
}
/** Another user can create a hard link to a file of this user. */
function isOwn(file) {
	const stats = fstatSync(file);
	return stats.isFile() && stats.nlink === 1 && isUser(stats.uid);
}
/** Windows has no user ids. */
function isUser(uid) {
	return uid === (process.getuid?.() ?? uid);
}
function isSavedValue(json) {
	return isRecord(json) && typeof json["name"] === "string" && typeof json["value"] === "string";
}

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
	return contentOf$1(`/proc/${pid}/cmdline`);
}
/** Returns fields 4 and 22 of /proc/<pid>/stat (proc(5)); the second field may contain spaces. */
function statOf(pid) {
	const text = contentOf$1(`/proc/${pid}/stat`);
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const [parent, started] = [fields[1], fields[19]];
	return parent === void 0 || started === void 0 ? {} : {
		parent,
		started
	};
}
function contentOf$1(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

// src/ci/systems.ts
/** The systems that the command line supports. The plain shell is last, because every job runs in one. */
const systems = [
	azure,
	buildkite,
	circleci,
	gitlab,
	shell
];
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
function annotations({ annotate, annotationsAreLogged }, context, { safe, worded, print }) {
	const at = (level) => (title, text) => {
		const topic = title.replace(/^machine-id-action(: )?/, "");
		const said = worded(text);
		if (!annotationsAreLogged) print(`${level}${topic === "" ? "" : ` (${topic})`}: ${said}`);
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
			...inputs,
			...system.defaults?.(inputs, env)
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
		saveState: (name, value) => {
			saved.save(name, value);
			system.keepState?.(name, value, context);
		},
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
/**
* Returns a failure as one line of JSON, in the words of the system and without secrets. Escapes `#`, with
* which the commands of a log begin (`##vso[`), because texts can come from the network.
*/
function failureJson(port) {
	return JSON.stringify(contentOf(port)).replaceAll("#", String.raw`\u0023`);
}
function contentOf({ failed, worded, redact }) {
	const { failure, section } = failed ?? {
		failure: void 0,
		section: void 0
	};
	if (!(failure instanceof Problem)) return {
		code: "bug",
		message: redact(messageOf(failure)),
		errors: [],
		fix: "Report it with the stack trace from the log.",
		notes: []
	};
	const { code, message, errors, fix, notes, paste } = failure;
	return {
		code,
		message: worded(message),
		errors: errors.map(worded),
		fix: worded(fix),
		notes: notes.map(worded),
		...paste === void 0 ? {} : { paste: redact(paste) },
		documentation: section
	};
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
	const all = /* @__PURE__ */ new Set([...saved.values(workdirState), ...own.map(({ path }) => path)]);
	const kept = port.system.keptState?.(workdirState, port.env);
	const paths = [...all].filter((path) => kept === void 0 || path === kept);
	const ci = restores ? port : {
		...port,
		env: {}
	};
	const remains = await cleanUp({
		paths,
		root,
		moment: "this command"
	}, ci);
	for (const path of saved.values(exportsState)) await removeExports(path);
	if (remains.length === 0 && ![...all].some(existsSync)) saved.clear();
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