import { A as Problem, D as secretsOf, a as listenForStop, d as readInputs, i as _usingCtx, o as report, r as githubRunner, u as holdsYaml } from "./shared.js";

// src/main.ts
/** One step: reads its inputs, does what they say, tells of a failure. */
async function main(runner) {
	try {
		var _usingCtx$1 = _usingCtx();
		const stop = _usingCtx$1.u(listenForStop());
		let summary = !/^\s*never\s*$/i.test(runner.inputs["summary"] ?? "");
		try {
			checkNode(process.versions.node);
			maskToken(runner);
			const { inputs, warnings, notices } = readInputs(runner.inputs, await yamlFor(runner.inputs));
			for (const secret of secretsOf(inputs.onboarding ?? {})) runner.mask(secret);
			for (const warning of warnings) runner.warning("machine-id-action", warning);
			for (const notice of notices) runner.notice("machine-id-action", notice);
			summary = inputs.summary !== "never";
			stop.after(inputs.timeout);
			const { runStep } = await import("./step.js");
			await runStep(inputs, runner, stop);
		} catch (error) {
			await report(stop.signal.aborted ? stop.signal.reason : error, runner, summary);
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}
/** Most steps have no YAML among their inputs, and none of them waits for the package then. */
async function yamlFor(inputs) {
	if (!holdsYaml(inputs)) return void 0;
	const { loadYaml } = await import("./load.js");
	return loadYaml();
}
/** With the method `token` the token is a secret; nothing else is done before it is masked. */
function maskToken({ inputs, mask }) {
	if (/^\s*token\s*$/i.test(inputs["join-method"] ?? "")) mask((inputs["token"] ?? "").trim());
}
/** A runner that can't say `node24` refuses by itself; act takes whatever Node is on PATH. */
function checkNode(version) {
	if (Number.parseInt(version, 10) >= 24) return;
	throw new Problem({
		code: "platform",
		what: `This action needs Node 24, and was started by Node ${version}.`,
		fix: "Update the runner to 2.327.1 or newer; under act, put a Node 24 first on PATH."
	});
}

// src/entry/main.ts
await main(githubRunner());
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

export {  };