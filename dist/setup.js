import { W as Problem, a as ignoreUnverified, i as _usingCtx, n as readSetupInputs, o as listenForStop, r as githubActions, s as report } from "./shared.js";

// src/setup/setup.ts
/** Runs the step of ./setup: puts tbot, tsh and tctl on PATH, without a join. */
async function setup(ci) {
	try {
		var _usingCtx$1 = _usingCtx();
		const stop = _usingCtx$1.u(listenForStop());
		try {
			const { inputs, warnings } = readSetupInputs(ci.inputs);
			for (const warning of warnings) ci.warning("machine-id-action", warning);
			ignoreUnverified(ci);
			stop.after(inputs.timeout);
			const { provide } = await import("./provide.js");
			await provide(inputs, ci, stop);
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

// src/entry/setup.ts
await setup(githubActions());
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

export {  };