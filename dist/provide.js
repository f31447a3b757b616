import { A as openHttpClient, b as workdirRoot, c as fetchCluster, g as deliver, n as install, t as onThisMachine, v as unwritable } from "./install.js";
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
		if (proxy !== void 0) stop.during(`querying ${proxy}`);
		const cluster = proxy === void 0 ? void 0 : await fetchCluster(proxy, {
			network,
			signal,
			info: ci.info
		});
		stop.during("installing Teleport");
		publishTool(await install(onThisMachine({
			inputs,
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
function publishTool({ path, version, source }, ci) {
	const folder = dirname(path);
	deliver(() => {
		ci.addPath(folder);
		ci.output("version", version);
		ci.output("path", folder);
	});
	ci.info(`Teleport ${version} is on PATH: ${folder} (${source}).`);
}

export { provide };