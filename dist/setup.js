import { a as ignoreUnverified, i as _usingCtx, n as readSetupInputs, o as listenForStop, r as githubRunner, s as report, x as Problem } from "./shared.js";

// src/setup/setup.ts
/** The step of ./setup: tbot, tsh and tctl on PATH, and no join. */
async function setup(runner) {
	try {
		var _usingCtx$1 = _usingCtx();
		const stop = _usingCtx$1.u(listenForStop());
		try {
			const { inputs, warnings } = readSetupInputs(runner.inputs);
			for (const warning of warnings) runner.warning("machine-id-action", warning);
			ignoreUnverified(runner);
			stop.after(inputs.timeout);
			const { provide } = await import("./provide.js");
			await provide(inputs, runner, stop);
		} catch (error) {
			const { aborted, reason } = stop.signal;
			await report(aborted && !(error instanceof Problem) ? reason : error, runner, false);
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}

// src/entry/setup.ts
await setup(githubRunner());
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

export {  };