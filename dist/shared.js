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
const longest = 2 ** 63 / 1e9;
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
	if (seconds >= longest) throw new Mistake(`\`${text}\` is longer than 292 years`);
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

export { Mistake as a, parseDuration as i, successSummary as n, Problem as o, formatDuration as r, messageOf as s, problemSummary as t };