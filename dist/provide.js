import { A as unwritable, M as workdirRoot, O as deliver, U as openHttpClient, a as startEarly, n as onThisMachine, r as install, u as fetchCluster } from "./install.js";
import { s as _usingCtx } from "./shared.js";
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
		try {
			var _usingCtx$1 = _usingCtx();
			const { proxy } = inputs;
			const machine = onThisMachine({
				inputs,
				network,
				directory,
				ci,
				signal
			});
			if (proxy !== void 0) stop.during(`querying ${proxy}`);
			const early = _usingCtx$1.a(await startEarly(machine));
			const cluster = proxy === void 0 ? void 0 : await fetchCluster(proxy, {
				network,
				signal,
				info: ci.info
			});
			stop.during("installing Teleport");
			publishTool(await install({
				...machine,
				cluster,
				early
			}), ci);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
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