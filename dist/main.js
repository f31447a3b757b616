import { L as secretsOf, R as isJoinMethod, a as report, i as listenForStop, l as readInputs, n as _usingCtx, q as Problem, r as ignoreUnverified, s as holdsYaml, t as githubActions, z as methodOf } from "./shared.js";

// src/main.ts
/** Runs the main step: reads the inputs, acts on them and reports a failure. */
async function main(ci) {
	try {
		var _usingCtx$1 = _usingCtx();
		const stop = _usingCtx$1.u(listenForStop());
		let summary = !/^\s*never\s*$/i.test(ci.inputs["summary"] ?? "");
		try {
			checkNode(process.versions.node);
			maskToken(ci);
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
			await report(aborted && !(error instanceof Problem) ? reason : error, ci, summary);
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}
/** Loads the YAML package only if an input contains YAML: most steps do not wait for it. */
async function yamlFor(inputs) {
	if (!holdsYaml(inputs)) return void 0;
	const { loadYaml } = await import("./load.js");
	return loadYaml();
}
/** Masks a secret join token before anything else happens, also if the inputs are invalid. */
function maskToken({ inputs, mask }) {
	const method = (inputs["join-method"] ?? "").trim().toLowerCase().replaceAll("-", "_");
	if (isJoinMethod(method) && methodOf(method).secretToken) mask((inputs["token"] ?? "").trim());
}
/**
* Throws a Problem `platform` if Node is too old. A runner without `node24` rejects the action itself,
* but act runs it with any Node on PATH.
*/
function checkNode(version) {
	if (Number.parseInt(version, 10) >= 24) return;
	throw new Problem({
		code: "platform",
		what: `This action needs Node 24, and was started by Node ${version}.`,
		fix: "Update the runner to 2.327.1 or newer; under act, put a Node 24 first on PATH."
	});
}

// src/entry/main.ts
await main(githubActions());
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

export {  };