import { T as fetchCluster, _ as workdirRoot, h as unwritable, n as onThisMachine, p as deliver, r as install, t as openHttpClient } from "./install.js";
import { t as editionOf } from "./shared.js";
import { mkdtemp, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";

// src/setup/provide.ts
/** Installs the requested programs and adds them to PATH. Throws a Problem, or the signal's reason. */
async function provide(inputs, ci, stop) {
	const { directories, env } = ci;
	const { signal } = stop;
	const root = await workdirRoot(directories);
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
			info: ci.info
		});
		stop.during("getting Teleport");
		const options = {
			...inputs,
			edition: editionOf(inputs),
			tbotPath: void 0
		};
		publishTool(await install(onThisMachine({
			inputs: options,
			cluster,
			network,
			directory,
			ci,
			signal
		})), ci);
	} finally {
		network.close();
		await rmdir(directory).catch(() => void 0);
	}
}
/** The outputs of ./setup, in the order of setup/action.yml. */
const setupOutputNames = ["version", "path"];
function publishTool({ path, version, source }, ci) {
	const folder = dirname(path);
	const outputs = {
		version,
		path: folder
	};
	deliver(() => {
		ci.addPath(folder);
		for (const name of setupOutputNames) ci.output(name, outputs[name]);
	});
	ci.info(`Teleport ${version} is on PATH: ${folder} (${source}).`);
}

export { provide };