import { U as openHttpClient, V as isRunning, k as programsOf } from "./install.js";
import { l as reportRenewalFailure, ut as rfc3339 } from "./shared.js";
import { A as maskWritten, _ as explain, b as presentableLog, f as contextFromMarker, h as timeOf, i as readLog, m as finalError, p as failingLoops, y as isDebugLine } from "./diagnosis.js";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

// src/background/health.ts
/** Milliseconds for the evidence that explains a failure; the post step has ten seconds in all. */
const explanationTime = 3e3;
/**
* Warns if the tbot of a call has ended or cannot renew the credentials. Prints its log then or with debug
* logging, after masking the keys that tbot wrote.
*/
async function reportHealth(call, ci) {
	const { background, path } = call;
	const context = contextFromMarker(background, ci.job);
	const { pid } = background;
	if (!background.ready || pid === void 0 || context === void 0) return;
	const log = await readLog(join(path, background.log));
	const failure = await failureOf(call.marker, pid, log);
	if (failure === void 0 && !ci.debugging) return;
	await maskKeys(path, ci);
	if (failure) await report(failure, context, ci);
	ci.group(`Log of tbot ${context.join.tbotVersion} (process ${pid})`, presentableLog(log.lines, context.join).filter((line) => line !== "" && (ci.debugging || !isDebugLine(line))).slice(-2e3));
}
/** Returns why the credentials are not renewed; undefined if they are. */
async function failureOf(marker, pid, { lines, changedAt }) {
	const [loop] = failingLoops(lines);
	const mark = marker.processes.find((process) => process.pid === pid);
	const process = `tbot (process ${pid})`;
	const changed = rfc3339(changedAt);
	if (mark && await isRunning(mark)) {
		if (loop === void 0) return void 0;
		return {
			what: loop.since === void 0 ? `${process} cannot renew the credentials; its last attempt failed at ${changed}.` : `${process} has not been able to renew the credentials since ${loop.since}.`,
			exit: { kind: "running" },
			log: loop.error
		};
	}
	const ended = lines.map(timeOf).findLast((time) => time !== void 0) ?? changed;
	const log = finalError(lines);
	return {
		what: `${process} ended before the job did and no longer renews the credentials; its last log entry is from ${ended}.`,
		exit: { kind: "unknown" },
		log: log.length > 0 ? log : loop?.error ?? []
	};
}
async function report(failure, { join: context, extraCaFile, summary }, ci) {
	const { env, mask } = ci;
	const network = openHttpClient({
		env,
		extraCaFile
	});
	try {
		const signal = AbortSignal.timeout(explanationTime);
		const { problem } = await explain(failure, context, {
			env,
			mask,
			network,
			signal
		});
		await reportRenewalFailure(problem.withoutLog(), failure.what, ci, summary);
	} finally {
		network.close();
	}
}
/** Masks the keys in the directories of the credentials. */
async function maskKeys(workdir, { mask }) {
	const dirs = (await readdir(workdir, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => join(workdir, name)).filter((dir) => dir !== programsOf({ path: workdir }));
	maskWritten(dirs.map((dir) => ({ dir })), mask);
}

export { reportHealth };