import { A as requestedLifetime, C as requestsFor, D as originOf, F as isJoinMethod, I as methodOf, P as secretsOf, S as newestKubernetes, W as Problem, a as ignoreUnverified, at as quoted, d as nonEmptyInputs, f as readTable, h as downloadConflicts, i as _usingCtx, j as onboardingConflicts, k as descriptorOf, m as isPin, nt as formatDuration, o as listenForStop, r as githubActions, s as report, u as inputTable, w as nameErrors } from "./shared.js";

// src/inputs/conflicts.ts
/** Returns a sentence for each conflict between inputs that are valid on their own. */
function conflicts(inputs, given) {
	const { minTtl = 0, certificateTtl = Infinity } = inputs;
	return [
		...endpointConflicts(inputs, given),
		minTtl > certificateTtl && "`min-ttl`: is longer than `certificate-ttl`, so it can never be reached",
		...onboardingConflicts(inputs, inputs.onboarding !== void 0 || !given.has("onboarding")),
		...serviceConflicts(inputs),
		...downloadConflicts(inputs, given)
	].filter((error) => error !== false);
}
function endpointConflicts(inputs, given) {
	if (!given.has("auth-server")) return [!given.has("proxy") && "`proxy`: is needed"];
	return [
		given.has("proxy") && "`auth-server`: is another way in than `proxy`; take `auth-server` out, or `proxy` if the job is to join the Auth Service directly",
		!given.has("ca-pins") && "`ca-pins`: is needed with `auth-server`, to know the Auth Service by; `tctl status` shows the pin",
		...(inputs.caPins ?? []).map((pin) => !isPin(pin) && `\`ca-pins\`: ${quoted(pin, inputs.caPins?.join())} is not \`sha256:\` and 64 hexadecimal digits`),
		inputs.version?.kind === "auto" && !given.has("tbot-path") && "`version`: must be an exact one with `auth-server`, which does not say what the cluster wants"
	];
}
/** Returns a sentence for each conflict between credentials, regardless of the version of tbot. */
function serviceConflicts(inputs) {
	const rootOnly = [
		"kubernetes-cluster",
		"app",
		"database"
	].filter((name) => inputs[name === "kubernetes-cluster" ? "kubernetesCluster" : name] !== void 0);
	const { allowReissue = false, ...others } = inputs;
	const requests = requestsFor({
		...others,
		allowReissue
	}, newestKubernetes);
	return [
		...rootOnly.filter(() => inputs.leafCluster !== void 0).map((name) => `\`${name}\`: is of the root cluster, and \`leaf-cluster\` of another; through a leaf cluster Teleport gives SSH alone. Use two steps, or write what each is for in \`services\``),
		...lifetimeConflicts(inputs),
		...nameErrors(requests).map(({ request, what }) => `${originOf(request)}: ${what}`)
	];
}
/** Returns a sentence for each service whose own lifetime is shorter than `min-ttl`. */
function lifetimeConflicts({ minTtl = 0, services = [] }) {
	return services.flatMap((request) => {
		const requested = requestedLifetime(request.service);
		if (requested === void 0 || requested >= minTtl) return [];
		const { key } = descriptorOf(request.service.type).lifetime;
		return [`${originOf(request)}: \`${key}\` (${formatDuration(requested)}) is shorter than \`min-ttl\`, which can never be reached`];
	});
}

// src/inputs/inputs.ts
/**
* Reads the inputs of a step. An empty input counts as absent. `yaml` is required if `holdsYaml`
* returns true. Throws one Problem `inputs` with all errors.
*/
function readInputs(dictionary, yaml) {
	const { inputs, warnings } = readTable(inputTable, conflicts, dictionary, yaml);
	const { proxy: _, authServer: __, caPins: ___, ...rest } = inputs;
	return {
		inputs: {
			...rest,
			endpoint: endpointOf(inputs)
		},
		warnings,
		notices: ignoredInputs(inputs)
	};
}
/** Whether an input contains YAML, so that the package `yaml` has to be loaded, which is slow. */
function holdsYaml(dictionary) {
	const names = Object.values(inputTable).flatMap((input) => "read" in input ? [input.name] : []);
	return [...nonEmptyInputs(dictionary).keys()].some((given) => names.some((name) => name === given));
}
function endpointOf({ proxy, authServer, caPins = [] }) {
	if (authServer !== void 0) return {
		kind: "auth-server",
		address: authServer,
		caPins: caPins.map((pin) => pin.toLowerCase())
	};
	if (proxy === void 0) throw new Error("neither `proxy` nor `auth-server` is set");
	return {
		kind: "proxy",
		address: proxy
	};
}
function ignoredInputs({ proxy, caPins }) {
	return proxy !== void 0 && caPins !== void 0 ? ["`ca-pins` is ignored: a join by a proxy takes none."] : [];
}

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