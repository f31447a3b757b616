import { b as writingBelow, g as unwritable, i as install, k as fetchCluster, r as onThisMachine, t as openHttpClient, v as workdirRoot } from "./install.js";
import { t as editionOf } from "./shared.js";
import { mkdtemp, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";

// src/setup/provide.ts
/** Installs what the inputs say and puts it on PATH. Throws a Problem, or the signal's reason. */
async function provide(inputs, runner, stop) {
	const { env } = runner;
	const { signal } = stop;
	const root = await workdirRoot(env);
	const directory = await mkdtemp(join(root, "teleport-")).catch((error) => {
		throw unwritable(root, error);
	});
	const network = openHttpClient({
		env,
		extraCaFile: inputs.extraCaFile
	});
	try {
		const { proxy } = inputs;
		if (proxy !== void 0) stop.during(`asking ${proxy} for its cluster`);
		const cluster = proxy === void 0 ? void 0 : await fetchCluster(proxy, {
			network,
			signal,
			info: runner.info
		});
		stop.during("getting Teleport");
		const options = {
			...inputs,
			edition: editionOf(inputs),
			tbotPath: void 0
		};
		tell(await install(onThisMachine({
			inputs: options,
			cluster,
			network,
			directory,
			runner,
			signal
		})), runner);
	} finally {
		network.close();
		await rmdir(directory).catch(() => void 0);
	}
}
/** The outputs of ./setup, in the order of setup/action.yml. */
const setupOutputNames = ["version", "path"];
function tell({ path, version, source }, runner) {
	const folder = dirname(path);
	const outputs = {
		version,
		path: folder
	};
	writingBelow(dirname(runner.env["GITHUB_OUTPUT"] ?? ""), () => {
		runner.addPath(folder);
		for (const name of setupOutputNames) runner.output(name, outputs[name]);
	});
	runner.info(`Teleport ${version} is on PATH: ${folder} (${source}).`);
}

export { provide };