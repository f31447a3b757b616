import { A as requestsFor, C as defaultSession, F as onboardingKeys, L as secretsOf, N as originOf, R as formatDuration, T as downloadConflicts, V as quoted, a as ignoreUnverified, i as _usingCtx, j as nameErrors, o as listenForStop, r as githubRunner, s as report, u as inputTable, v as givenOnes, w as isPin, x as Problem, y as readTable } from "./shared.js";

// src/inputs/endpoint-inputs.ts
/** The way that the inputs say, once nothing is wrong with them. */
function endpointOf({ proxy, authServer, caPins = [] }) {
	if (authServer !== void 0) return {
		kind: "auth-server",
		address: authServer,
		caPins: caPins.map((pin) => pin.toLowerCase())
	};
	if (proxy === void 0) throw new Error("no way was given, and nobody noticed");
	return {
		kind: "proxy",
		address: proxy
	};
}
/** What is wrong with the way, a sentence for each; also beside values that can't be read. */
function endpointErrors(values, given) {
	if (!given.has("auth-server")) return given.has("proxy") ? [] : ["`proxy`: is needed"];
	return [
		given.has("proxy") && "`auth-server`: is another way in than `proxy`; take `auth-server` out, or `proxy` if the job is to join the Auth Service directly",
		!given.has("ca-pins") && "`ca-pins`: is needed with `auth-server`, to know the Auth Service by; `tctl status` shows the pin",
		...(values.caPins ?? []).map((pin) => !isPin(pin) && `\`ca-pins\`: ${quoted(pin, values.caPins?.join())} is not \`sha256:\` and 64 hexadecimal digits`),
		versionMistake(values, given)
	].filter((inputError) => inputError !== false);
}
/**
* Only a proxy says which version its cluster wants. A tbot that is there already (`tbot-path`,
* `version: installed`) has one version as well as an exact `version` does, so it serves, too.
*/
function versionMistake({ version }, given) {
	return version?.kind === "auto" && !given.has("tbot-path") && "`version`: must be an exact one with `auth-server`, which does not say what the cluster wants";
}
/** What was given and has no use, a sentence for each. */
function ignoredInputs({ proxy, caPins }) {
	return proxy !== void 0 && caPins !== void 0 ? ["`ca-pins` is ignored: a join by a proxy takes none."] : [];
}

// src/inputs/conflicts.ts
/** Inputs that are each right and can't be meant together, a sentence for each. */
function conflicts(inputs, given) {
	const { joinMethod = "auto", minTtl = 0, certificateTtl = Infinity } = inputs;
	return [
		...endpointErrors(inputs, given),
		inputs.azureClientId !== void 0 && joinMethod !== "auto" && joinMethod !== "azure" && `\`azure-client-id\`: has no meaning with \`join-method: ${joinMethod}\``,
		minTtl > certificateTtl && "`min-ttl`: is longer than `certificate-ttl`, so it can never be reached",
		...onboardingConflicts(inputs, given),
		...serviceConflicts(inputs),
		...downloadConflicts(inputs, given)
	].filter((inputError) => inputError !== false);
}
/** Parameters of another join method than the one that is used. */
function onboardingConflicts({ joinMethod, onboarding: read }, given) {
	if (read === void 0 && given.has("onboarding")) return [];
	const onboarding = read ?? {};
	const { generic_oidc: oidc, bound_keypair: keypair } = onboarding;
	return [
		...Object.entries(onboardingKeys).map(([key, method]) => key in onboarding && joinMethod !== void 0 && method !== joinMethod && `\`onboarding\`: \`${key}\` belongs to \`join-method: ${method}\``),
		joinMethod === "generic_oidc" && oidc?.env === void 0 === (oidc?.command === void 0) && "`onboarding`: `join-method: generic_oidc` needs `generic_oidc` with `env` or `command`, not both",
		oidc?.command?.length === 0 && "`onboarding`: `command` needs at least the program to run",
		keypair?.registration_secret !== void 0 && keypair.registration_secret_path !== void 0 && "`onboarding`: `registration_secret` and `registration_secret_path` exclude each other",
		...[oidc?.env, onboarding.gitlab?.token_env_var_name].map((name) => name !== void 0 && !isOrdinaryVariable(name) && "`onboarding`: what names a variable must be letters, digits and `_`, and none that steers tbot itself")
	].filter((inputError) => inputError !== false);
}
/** Variables that would override the config, or be taken by Go or the loader. */
function isOrdinaryVariable(name) {
	return /^[A-Za-z_]\w*$/.test(name) && !/^(?:TELEPORT_|_?TBOT_(?!GITLAB_JWT$)|SSL_CERT_|GO|LD_|DYLD_|PATH$)/i.test(name);
}
/** Services whose own lifetime is below what the step must have. */
function shortLived({ minTtl = 0, services = [] }) {
	return services.flatMap((request) => {
		const { service } = request;
		const isSession = service.type === "workload-identity-aws-roles-anywhere";
		const asked = isSession ? service.session_duration ?? 21600 : "credential_ttl" in service && service.credential_ttl;
		if (typeof asked !== "number" || asked >= minTtl) return [];
		const key = isSession ? "session_duration" : "credential_ttl";
		return [`${originOf(request)}: \`${key}\` (${formatDuration(asked)}) is shorter than \`min-ttl\`, which can never be reached`];
	});
}
/** Credentials of one step that are at odds with each other, whatever tbot there will be. */
function serviceConflicts(inputs) {
	const rooted = [
		"kubernetes-cluster",
		"app",
		"database"
	].filter((name) => inputs[name === "kubernetes-cluster" ? "kubernetesCluster" : name] !== void 0);
	const { allowReissue = false, ...others } = inputs;
	const asked = {
		...others,
		allowReissue
	};
	const ways = [{
		type: "kubernetes/v2",
		selfContained: true
	}, {
		type: "kubernetes",
		selfContained: true
	}];
	return [
		...rooted.filter(() => inputs.leafCluster !== void 0).map((name) => `\`${name}\`: is of the root cluster, and \`leaf-cluster\` of another; through a leaf cluster Teleport gives SSH alone. Use two steps, or write what each is for in \`services\``),
		...shortLived(inputs),
		...new Set(ways.flatMap((endpoint) => nameErrors(requestsFor(asked, endpoint)).map(({ request, what }) => `${originOf(request)}: ${what}`)))
	];
}

// src/inputs/inputs.ts
/**
* Reads the inputs of a step. An empty input is an absent one. `yaml` is needed when `holdsYaml`
* says so. Throws one Problem `inputs` that names every mistake.
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
/** Whether an input has to be read as YAML; the package for that is slow to load. */
function holdsYaml(dictionary) {
	const names = Object.values(inputTable).flatMap((input) => "read" in input ? [input.name] : []);
	return [...givenOnes(dictionary).keys()].some((given) => names.some((name) => name === given));
}

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
			ignoreUnverified(runner);
			summary = inputs.summary !== "never";
			stop.after(inputs.timeout);
			const { runStep } = await import("./step.js");
			await runStep(inputs, runner, stop);
		} catch (error) {
			const { aborted, reason } = stop.signal;
			await report(aborted && !(error instanceof Problem) ? reason : error, runner, summary);
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