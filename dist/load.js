import { r as __toESM } from "./rolldown-runtime.js";

// src/yaml/load.ts
/**
* Loads the package `yaml`, which is slow. A separate file, because this import needs helpers of the
* bundler that most steps do not have to load.
*/
async function loadYaml() {
	return import("./dist.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
}

export { loadYaml };