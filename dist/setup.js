import { C as parseSignatureExtension, Ct as parseChecksums, S as parseMirror, St as parseBoolean, Tt as parseVersionInput, _ as parseAddress, a as report, bt as privateKeyLines, et as Problem, g as optional, h as defaulted, i as listenForStop, n as _usingCtx, pt as parseDuration, r as ignoreUnverified, t as githubActions, v as readTable, w as parseTools, wt as parsePath, x as parseFips, xt as oneOf, y as downloadConflicts, yt as parseSignatureKey } from "./shared.js";

// src/setup/setup.ts
/** Runs the step of ./setup: puts tbot, tsh and tctl on PATH, without a join. */
async function setup(ci) {
	try {
		var _usingCtx$1 = _usingCtx();
		const stop = _usingCtx$1.u(listenForStop());
		try {
			for (const line of privateKeyLines(ci.inputs["signature-key"] ?? "")) ci.mask(line);
			const { inputs, warnings } = readSetupInputs(ci.inputs);
			for (const warning of warnings) ci.warning("machine-id-action", warning);
			ignoreUnverified(ci);
			stop.after(inputs.timeout);
			const { provide } = await import("./provide.js");
			await provide({
				...inputs,
				edition: editionOf(inputs),
				tbotPath: void 0
			}, ci, stop);
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
/** All inputs of setup/action.yml in their order; the first three exist in teleport-actions/setup. */
const setupTable = {
	version: defaulted("version", "auto", parseVersionInput),
	proxy: optional("proxy", parseAddress),
	enterprise: optional("enterprise", parseBoolean),
	edition: defaulted("edition", "auto", oneOf("auto", "oss", "enterprise", "cloud")),
	fips: defaulted("fips", "auto", parseFips),
	tools: defaulted("tools", "tsh, tctl", parseTools),
	installFrom: defaulted("install-from", "auto", oneOf("auto", "image", "archive")),
	mirror: optional("mirror", parseMirror),
	checksum: optional("checksum", parseChecksums),
	signatureKey: optional("signature-key", parseSignatureKey),
	signatureExtension: defaulted("signature-extension", "sig", parseSignatureExtension),
	extraCaFile: optional("extra-ca-file", parsePath),
	timeout: defaulted("timeout", "5m", parseDuration)
};
/** Reads the inputs of ./setup. Throws one Problem `inputs` with all errors. */
function readSetupInputs(dictionary) {
	return readTable(setupTable, conflicts, dictionary);
}
/** Returns the edition; the input `enterprise` is its older form. */
function editionOf({ edition, enterprise }) {
	if (edition !== "auto" || enterprise === void 0) return edition;
	return enterprise ? "enterprise" : "oss";
}
function conflicts(inputs, given) {
	const { version, enterprise, edition } = inputs;
	const download = {
		...inputs,
		edition: edition && editionOf({
			edition,
			enterprise
		}),
		tbotPath: void 0
	};
	return [
		version?.kind === "installed" && {
			input: "version",
			message: "`installed` is not supported here. Set `auto` or an exact version"
		},
		version?.kind === "auto" && !given.has("proxy") && {
			input: "version",
			message: "`auto` requires `proxy`. Set `proxy` or an exact version"
		},
		enterprise !== void 0 && edition !== void 0 && edition !== "auto" && enterprise !== (edition !== "oss") && {
			input: "enterprise",
			message: "it contradicts `edition`. Set only one of them"
		},
		...version?.kind === "installed" ? [] : downloadConflicts(download, given)
	].filter((error) => error !== false);
}

// src/entry/setup.ts
await setup(githubActions());
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit();

export {  };